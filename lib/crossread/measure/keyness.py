"""Which words set a document, or a group of documents, apart: effects with limits first, and tests on the same footing.

Words are no independent draws. Of one document against others, passages are the units: a word that stands in one
passage is as surprising as one passage. Of groups, whole documents are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.lexicon.stop_words import FUNCTION_WORDS
from crossread.measure.clumping import LEAST_FREEDOM
from crossread.measure.collocation import term_facts
from crossread.measure.comparisons import GROWTH, Side, agree_with_test, compare_rates, rate_ratio
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, SUPPORTED, TOO_FEW
from crossread.measure.dispersion import known_documents
from crossread.measure.families import SURE, adjust, check_draws, draws_needed, levels_to_join
from crossread.measure.frequency import by_document, plain, segment_inflation, segment_matrix
from crossread.measure.groups import (
    Groups,
    between_documents,
    count_arrangements,
    deal_to_groups,
    inflation_when_weighed,
    weigh_documents,
)
from crossread.measure.pairs import MOST_PAIRED, REST
from crossread.measure.resampling import LEVEL, exact_limits
from crossread.progress import follow
from crossread.wording import (
    BOTH,
    Labels,
    count_of,
    join_names,
    join_sentences,
    left_out_note,
    number_of,
    per_cent,
    ratio_text,
)

KEYNESS = (
    "doc_id", "term", "count", "reference_count", "log_ratio", "low", "high", "g2", "log_odds", "log_odds_low",
    "log_odds_high", "p", "p_adjusted", "sentences_with_term", "verdict", "minimum_ratio",
)  # fmt: skip
FURTHER_KEYNESS = (
    "n_tokens", "reference_n_tokens", "lrc", "z", "inflation", "segments_with_term", "one_segment", "reference",
    "prior", "adjustment", "folded",
)  # fmt: skip
GROUP_KEYNESS = (
    "n_documents", "documents_with_term", "reference_n_documents", "reference_documents_with_term", "by", "left_out",
)  # fmt: skip
PRIOR_SIZE = 500.0  # pseudo-tokens; see `keyness`
FEW_PARAGRAPHS = 4
CACHED = 1 << 16  # words computed at once
UNKNOWN = 1e9  # inflation where no group has two documents
FEWEST_EXPECTED = 3.5  # effective occurrences: of fewer, absence has a p-value above .05
# how much higher than here a word clumps in other texts, over the root of its effective occurrences: of those that tell
# a ratio the least clumped tell the smallest (benchmarks/simulate_keyness.py --ratios); where a word falls it cannot
# fall below none, so little is left to make up for more clumping
HIGHER, HIGHER_BELOW = 0.75, 2.0


def keyness_of(
    count: ArrayLike,
    total: ArrayLike,
    reference_count: ArrayLike,
    reference_total: ArrayLike,
    *,
    alpha: ArrayLike = 0.001,
    alpha_total: ArrayLike | None = None,
    comparisons: int = 1,
    inflation: ArrayLike = 1.0,
    freedom: ArrayLike = np.inf,
) -> dict:
    """Return the common statistics of how far a word's rate differs between a target and a reference.

    Parameters
    ----------
    count, total : int or array
        Occurrences of the word in the target, and all its tokens.
    reference_count, reference_total : int or array
        The same of the reference.
    alpha, alpha_total : float or array
        The Dirichlet prior of the log-odds: pseudo-counts of this word, and of all words together (the same as alpha
        unless given).
    comparisons : int
        How many words are compared; LRC takes its limits at a level divided by that many (Bonferroni).
    inflation : float or array
        How many times more the counts vary than those of independent words would; counts are divided by it in the
        limits of the log ratio (not in LRC, G², chi² and the log-odds, which the literature defines without).
    freedom : float or array
        Degrees of freedom with which the inflation is known, as in `exact_limits`.

    Returns
    -------
    dict
        log_ratio: log2 of target rate over reference rate, a count of 0 taken as 0.5 (Hardie 2014);
        low, high: limits of the log ratio, from Clopper and Pearson's for the target's share of all occurrences,
        infinite where a count is 0;
        lrc: the conservative log ratio, the limit nearest to 0 at the adjusted level, 0 when the limits span 0;
        g2: log-likelihood from all four cells, signed by the direction (2 sum O ln(O/E));
        g2_two_terms: from the two cells of the word only, as Rayson's log-likelihood wizard has it;
        g2_quanteda: four cells with quanteda's conditional Yates correction;
        chi2: with quanteda's conditional Yates correction (only where |ad - bc| >= N/2 and an expected count is
        below 5); chi2_plain: without;
        p_g2: of g2 by the chi-squared distribution with one degree of freedom, as if words were independent;
        log_odds: log of the odds ratio with the prior added; log_odds_low, log_odds_high: its limits;
        z: log_odds over its standard deviation, with the variance of all four terms.

    Raises
    ------
    CrossreadError
        "A word cannot occur more often (…) than there are tokens (…)."

    References
    ----------
    Dunning 1993, Computational Linguistics 19, 61-74 (G²); Rayson and Garside 2000 (two terms); Hardie 2014 (log
    ratio); Evert 2022, “Measuring keyness”, Digital Humanities 2022 (LRC); Monroe, Colaresi and Quinn 2008, Political
    Analysis 16, 372-403 (log-odds, equations 15 to 22); quanteda.textstats textstat_keyness (chi2, lr).

    Examples
    --------
    >>> burden = keyness_of(18, 1200, 30, 9000)
    >>> [round(burden[name], 3) for name in ("log_ratio", "low", "high", "lrc", "g2", "z")]
    [2.17, 1.24, 3.06, 1.24, 21.187, 5.057]
    >>> round(keyness_of(18, 1200, 30, 9000, comparisons=1000)["lrc"], 3)
    0.215
    """
    from scipy.stats import chi2 as chi_squared
    from scipy.stats import norm

    a, b, n1, n2 = (np.asarray(x, dtype=float) for x in (count, reference_count, total, reference_total))
    for hits, tokens in ((a, n1), (b, n2)):
        if np.any(hits > tokens):
            raise CrossreadError(
                f"A word cannot occur more often ({np.max(hits):g}) than there are tokens ({np.min(tokens):g})."
            )
    c, d = n1 - a, n2 - b
    everything = n1 + n2
    direction = np.where(a * n2 >= b * n1, 1.0, -1.0)
    expected = [
        (a + b) * n1 / everything,
        (a + b) * n2 / everything,
        (c + d) * n1 / everything,
        (c + d) * n2 / everything,
    ]
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = _log_ratio_of(a, n1, b, n2)
        low, high = _log_ratio_limits(a, n1, b, n2, inflation, freedom, LEVEL)
        strict_low, strict_high = _log_ratio_limits(a, n1, b, n2, 1.0, np.inf, 1 - (1 - LEVEL) / comparisons)
        lrc = np.where(strict_low > 0, strict_low, np.where(strict_high < 0, strict_high, 0.0))

        g2 = log_likelihood_of(a, n1, b, n2)
        from scipy.special import xlogy

        g2_two = 2 * sum(xlogy(o, o / np.where(e > 0, e, 1)) for o, e in zip((a, b), expected, strict=False))
        difference = np.abs(a * d - b * c)
        yates = (difference >= everything / 2) & (np.minimum.reduce(np.broadcast_arrays(*expected)) < 5)
        delta = np.where(yates, 0.5, 0.0)
        margins = (a + b) * (c + d) * n1 * n2
        chi2 = everything * (difference - everything * delta) ** 2 / margins
        chi2_plain = everything * difference**2 / margins
        # quanteda moves each cell half a count towards its expectation, and adds 1e-9 inside the logarithm
        moved = [o + np.sign(e - o) * delta for o, e in zip((a, b, c, d), expected, strict=True)]
        g2_quanteda = 2 * sum(o * np.log(o / e + 1e-9) for o, e in zip(moved, expected, strict=True))
    odds = log_odds_of(a, n1, b, n2, alpha, alpha_total)
    critical = norm.ppf(0.5 + LEVEL / 2)
    return plain(
        {
            "log_ratio": log_ratio,
            "low": low,
            "high": high,
            "lrc": lrc,
            "g2": g2,
            "g2_two_terms": direction * g2_two,
            "g2_quanteda": direction * g2_quanteda,
            "chi2": direction * chi2,
            "chi2_plain": direction * chi2_plain,
            "p_g2": chi_squared.sf(np.abs(g2), 1),
            "log_odds": odds["log_odds"],
            "log_odds_low": odds["log_odds"] - critical * odds["standard_deviation"],
            "log_odds_high": odds["log_odds"] + critical * odds["standard_deviation"],
            "z": odds["z"],
        }
    )


def _log_ratio_of(a, n1, b, n2):
    return np.log2((np.where(a > 0, a, 0.5) / n1) / (np.where(b > 0, b, 0.5) / n2))


def _log_ratio_limits(a, n1, b, n2, inflation, freedom, level):
    both = np.maximum(a + b, 1)
    low, high = exact_limits(
        np.where(a + b > 0, a, 0), both, share=True, inflation=inflation, freedom=freedom, level=level
    )
    with np.errstate(divide="ignore"):
        return np.log2(n2 / n1 * low / (1 - low)), np.log2(n2 / n1 * high / (1 - high))


def log_likelihood_of(
    count: ArrayLike, total: ArrayLike, reference_count: ArrayLike, reference_total: ArrayLike
) -> np.ndarray:
    """Return the log-likelihood G² of a word in a target against a reference, signed by the direction.

    This one number of `keyness_of` by itself, for millions of words at a time.

    Parameters
    ----------
    count, total, reference_count, reference_total : int or array
        As in `keyness_of`.

    Returns
    -------
    array of float
        2 Σ O ln(O/E) over the four cells: positive where the target has the higher rate.

    References
    ----------
    Dunning 1993, Computational Linguistics 19, 61-74.

    Examples
    --------
    >>> log_likelihood_of([18, 1], 1200, [30, 70], 9000).round(3).tolist()
    [21.187, -11.343]
    """
    from scipy.special import xlogy

    cells = np.broadcast_arrays(*(np.asarray(x) for x in (count, total, reference_count, reference_total)))
    result = np.empty(cells[0].shape)
    flat, cells = result.reshape(-1), [np.ravel(cell) if cell.size else cell for cell in cells]
    for start in range(0, flat.size, CACHED):
        a, n1, b, n2 = (cell[start : start + CACHED].astype(float) for cell in cells)
        everything = n1 + n2
        rate = (a + b) / everything
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = xlogy(a, a / (rate * n1)) + xlogy(b, b / (rate * n2))
            rate = 1 - rate
            sums += xlogy(n1 - a, (n1 - a) / (rate * n1)) + xlogy(n2 - b, (n2 - b) / (rate * n2))
        sums = 2 * np.maximum(np.nan_to_num(sums), 0)
        flat[start : start + CACHED] = np.where(a * n2 >= b * n1, sums, -sums)
    return result


def log_odds_of(
    count: ArrayLike,
    total: ArrayLike,
    reference_count: ArrayLike,
    reference_total: ArrayLike,
    alpha: ArrayLike = 0.001,
    alpha_total: ArrayLike | None = None,
    *,
    terms: int = 4,
) -> dict:
    """Return the log-odds ratio with a Dirichlet prior, its standard deviation and z.

    Parameters
    ----------
    count, total, reference_count, reference_total : int or array
        As in `keyness_of`.
    alpha, alpha_total : float or array
        Pseudo-counts of this word, and of all words together (alpha unless given), added to each side.
    terms : {4, 2}
        Terms of the variance: 4 is the full one, 2 leaves out the other words, which is fine for rare words and badly
        wrong for common ones (some tools do so).

    Returns
    -------
    dict
        log_odds (natural logarithm), standard_deviation, z.

    References
    ----------
    Monroe, Colaresi and Quinn 2008, Political Analysis 16, 372-403, equations 15 to 22.

    Examples
    --------
    >>> round(log_odds_of(18, 1200, 30, 9000, 0.001, 0.003)["z"], 3)
    5.057
    """
    a, n1, b, n2 = (np.asarray(x, dtype=float) for x in (count, total, reference_count, reference_total))
    alpha = np.asarray(alpha, dtype=float)
    alpha_total = alpha if alpha_total is None else np.asarray(alpha_total, dtype=float)
    rest_1, rest_2 = n1 + alpha_total - a - alpha, n2 + alpha_total - b - alpha
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds = np.log((a + alpha) / rest_1) - np.log((b + alpha) / rest_2)
        variance = 1 / (a + alpha) + 1 / (b + alpha)
        if terms == 4:
            variance = variance + 1 / rest_1 + 1 / rest_2
        return plain({"log_odds": log_odds, "standard_deviation": np.sqrt(variance), "z": log_odds / np.sqrt(variance)})


def keyness(
    corpus: Corpus,
    target: str | Sequence[str] | None = None,
    reference: str | Sequence[str] | None = None,
    *,
    by: Groups | None = None,
    n: int = 1,
    terms: Sequence[str] | None = None,
    leave_out: Iterable[str] = (),
    minimum_count: int = 5,
    adjustment: str = "holm",
    unit: str = "paragraph",
    prior_size: float = PRIOR_SIZE,
    draws: int | None = None,
    seed: int = 0,
    folding: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Compare the words of one document, or group of documents, with those of others.

    Without groups the p-value is that of effective occurrences: of those on both sides, the target has the part that
    its length would give it (`compare_rates`). Occurrences are divided by how many times more the word's counts vary
    between passages than those of independent words would; limits rest on the same. A word that stands in one
    passage is as surprising as one passage, not as thirty words.

    With `by`, documents are the units: they are dealt to the groups anew, all ways where there are few, so that groups
    may differ in how long their documents are (`deal_to_groups`), and a word's spread is held against the largest of
    all words each time. Only words of two documents or more are tested.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    target : str or sequence of str, optional
        A document, documents taken together, or a group. Without one each in turn is compared with all others.
    reference : str or sequence of str, optional
        What it is compared with; all other documents, or groups, unless given.
    by : Groups, optional
        From `group_documents`.
    n : int
        1 for words, 2 or 3 for phrases.
    terms : sequence of str, optional
        Only these are tested (and adjusted for).
    leave_out : iterable of str
        These are not.
    minimum_count : int
        Fewest occurrences in target and reference together.
    adjustment : {"holm", "bh"}
        Over all words tested in all comparisons of the table: Holm's keeps the chance of any false word at 5 per
        cent, Benjamini and Hochberg's the share of false words among those supported. Groups are adjusted by the
        largest statistic, and for their number.
    unit : {"paragraph", "segment"}
        The passages between which a word's counts vary: segments, or those that begin in one paragraph together. A
        document of fewer than four paragraphs is parted by segments always.
    prior_size : float
        Pseudo-tokens of the prior of the log-odds, dealt to the words by their share in target and reference pooled.
    draws, seed : int
        Of groups that can be dealt in more than 20,000 ways; unless given as many as the number of groups needs.
    folding : mapping, optional
        From `read_folding`.

    Returns
    -------
    DataFrame
        Sorted by document and log ratio, the target's own words first, then those that the reference has more of,
        with negative signs. doc_id (joined with + for several; with `by` group); term; count and reference_count
        (occurrences); log_ratio (log2 of the ratio of rates, a count of 0 taken as 0.5); low and high (its 95 per
        cent limits, infinite on one side where a count is 0; with `by` they hold 0 exactly when p is above .05);
        g2 (four cells, signed); log_odds, log_odds_low and
        log_odds_high (natural logarithm, with the prior); p; p_adjusted; sentences_with_term (of the target; missing
        for phrases, and for a folding without texts); verdict: "supported" (p_adjusted at most .05), "too few units"
        (as few occurrences could not be supported however they fell), else "not distinguishable"; minimum_ratio (of
        rates, the smallest that was sure to be seen, in 80 of 100 texts: the reference uses the word as often as both
        together do, the target so many times as often, or so many times less where it has less of it; infinite where
        none was). Then n_tokens and reference_n_tokens (of each side), lrc (conservative log ratio, over all words
        tested), z (of the log-odds), inflation (of the target's count), segments_with_term (of both sides),
        one_segment (whether all occurrences stand in one segment), reference (its documents, or "all others" where they
        are many), prior and adjustment (by name), folded (whether spellings are counted together). With `by` also
        n_documents, documents_with_term and the same of the reference (documents), by and left_out. Where each document
        is compared, rows of words that it does not have are left out unless p is below .05.

    Raises
    ------
    CrossreadError
        "“a” is in the target and in the reference.", "There is no document “…”. …", "“a” has no words to compare.",
        "With … draws no adjusted p-value can reach 0.05 among … tests; use at least ….", "The unit is “segment” or
        “paragraph”, not “…”.", "All words stand in one document; keyness needs something to compare it with."
    TextNeeded
        For phrases that the published tables do not hold.

    References
    ----------
    Lijffijt et al. 2016, Digital Scholarship in the Humanities 31, 374-397 (why words are not independent draws); the
    others in `keyness_of`; Westfall and Young 1993 (largest statistics).

    Examples
    --------
    >>> from crossread import from_texts
    >>> texts = {"a": "Ships sail the sea. " * 150, "b": "Men plough the soil. " * 150}
    >>> table = keyness(from_texts(texts), "a")
    >>> table[["term", "count", "reference_count", "verdict"]].values.tolist()[2:5]
    [['ships', 150, 0, 'supported'], ['the', 150, 150, 'not distinguishable'], ['men', 0, 150, 'supported']]
    """
    if unit not in ("segment", "paragraph"):
        raise CrossreadError(f"The unit is “segment” or “paragraph”, not “{unit}”.")
    whole = segment_matrix(corpus, n, folding)
    chosen = ~np.isin(whole.terms.astype(str), list(map(str, leave_out)))
    if terms is not None:
        chosen &= np.isin(whole.terms.astype(str), list(map(str, terms)))
    whole = TermMatrix(whole.matrix[:, chosen], whole.units, whole.terms[chosen])
    counted = _Counted(corpus, whole, prior_size, n, folding)
    if by is not None:
        sides = _group_sides(counted, by, target, reference)
        table = _compare_groups(counted, sides, by, minimum_count, draws, seed)
    else:
        sides = _document_sides(counted, target, reference)
        table = _compare_documents(counted, sides, unit, minimum_count, adjustment, every_word=target is not None)
    table["folded"] = bool(folding)
    table["prior"] = f"Dirichlet, {prior_size:g} pseudo-tokens by pooled share"
    table = table[[*KEYNESS, *FURTHER_KEYNESS, *(GROUP_KEYNESS if by is not None else ())]]
    return table if by is None else table.rename(columns={"doc_id": "group"})


class _Sides(NamedTuple):
    """A target and what it is compared with: a name, and the places of the documents on each side."""

    name: str
    target: np.ndarray
    reference_name: str
    reference: np.ndarray


class _Counted:
    """Counts of words by document: occurrences, segments and sentences with the word; and the size of the prior."""

    def __init__(self, corpus, whole: TermMatrix, prior_size: float, n: int, folding):
        self.corpus, self.whole, self.terms, self.prior_size = corpus, whole, whole.terms, prior_size
        self.ids = list(corpus.documents.index)
        self.documents, self.tokens = by_document(corpus, whole)
        presence = TermMatrix((whole.matrix > 0).astype(np.int64), whole.units, whole.terms)
        self.segments = by_document(corpus, presence)[0]
        self.sentences = _sentences_of(self, n, folding)
        self._sums = [_sum_of(part) for part in (self.documents, self.segments)]

    def both(self, side: _Sides, which: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Occurrences (or with 1 segments) of all words in the target and in the reference."""
        part = (self.documents, self.segments)[which]
        own = _sum_of(part[side.target])
        if len(side.target) + len(side.reference) == len(self.ids):  # all others: no need to add them up each time
            return own, self._sums[which] - own
        return own, _sum_of(part[side.reference])

    def table(self, sides, cells: _Cells, inflation, freedom, n_tests) -> pd.DataFrame:
        """Counts and everything that follows from them, for all words of all comparisons at once."""
        of, words, a, b = cells
        n_a, n_b = cells.totals(sides, self.tokens)
        values = keyness_of(
            a, n_a, b, n_b, alpha=self.prior_size * (a + b) / np.maximum(n_a + n_b, 1), alpha_total=self.prior_size,
            comparisons=max(1, n_tests), inflation=inflation, freedom=freedom,
        )  # fmt: skip
        values = {name: values[name] for name in (*KEYNESS[4:11], "lrc", "z")}
        segments, sentences = np.zeros(len(words), dtype=np.int64), pd.array([pd.NA] * len(words), dtype="Int64")
        for number, side in enumerate(sides):
            rows = np.flatnonzero(of == number)
            segments[rows] = sum(self.both(side, 1))[words[rows]]
            if self.sentences is not None:
                sentences[rows] = _sum_of(self.sentences[side.target])[words[rows]]
        return pd.DataFrame(
            {
                "doc_id": np.array([side.name for side in sides], dtype=object)[of],
                "term": self.terms[words],
                "sentences_with_term": sentences,
                "count": a,
                "reference_count": b,
                **values,
                "n_tokens": n_a,
                "reference_n_tokens": n_b,
                "inflation": inflation,
                "segments_with_term": segments,
                "one_segment": segments == 1,
                "reference": np.array([side.reference_name for side in sides], dtype=object)[of],
            }
        )


class _Cells(NamedTuple):
    """Words of comparisons: which comparison, which word, and its occurrences on both sides."""

    of: np.ndarray
    words: np.ndarray
    a: np.ndarray
    b: np.ndarray

    def totals(self, sides, tokens) -> tuple[np.ndarray, np.ndarray]:
        """The tokens of both sides of each row."""
        held = np.array([[tokens[side.target].sum(), tokens[side.reference].sum()] for side in sides]).reshape(-1, 2)
        return held[self.of, 0], held[self.of, 1]

    def less(self, n_a, n_b) -> np.ndarray:
        """Whether the first side, of so many tokens, has less of a word."""
        return self.a * n_b < self.b * n_a

    def only(self, rows) -> _Cells:
        return _Cells(*(part[rows] for part in self))

    def order(self, sides, tokens, terms) -> np.ndarray:
        """The order of the table: by comparison and log ratio, then by count and word."""
        n_a, n_b = self.totals(sides, tokens)
        ratio = _log_ratio_of(*(np.asarray(part, dtype=float) for part in (self.a, n_a, self.b, n_b)))
        rank = np.argsort(np.argsort(terms.astype(str), kind="stable"))  # numbers sort where a million words would not
        return np.lexsort((rank[self.words], -self.a, -ratio.round(9), self.of))


def _ratios(cells: _Cells, n_a, n_b, inflation_a, inflation_b, freedom, level):
    """Return the smallest ratio of rates that was sure to be seen, the target's being raised, or lowered.

    A word clumps more the more often it is used.
    """
    lowered = cells.less(n_a, n_b)
    a, b = (n_a, inflation_a), (n_b, inflation_b)
    upper, lower = (
        [np.where(below, other, own) for own, other in zip(a, b, strict=True)] for below in (lowered, ~lowered)
    )
    common, how = (cells.a + cells.b) / (n_a + n_b), {"level": level, "freedom": freedom, "growth": GROWTH[False]}
    return rate_ratio(common, *upper, *lower, **how, lowered=lowered)


def _ratios_of_documents(cells: _Cells, n_a, n_b, inflation, level):
    """Return the same of documents (`smallest_ratio`)."""
    known = np.maximum((cells.a + cells.b) / inflation, LEAST_FREEDOM)
    higher = np.where(cells.less(n_a, n_b), HIGHER_BELOW, HIGHER)
    elsewhere = inflation * (1 + higher / np.sqrt(known))
    return _ratios(cells, n_a, n_b, elsewhere, elsewhere, np.inf, level)


def _sum_of(matrix) -> np.ndarray:
    """The sums of the columns of a sparse matrix."""
    return np.asarray(matrix.sum(axis=0)).ravel()


def _document_sides(counted: _Counted, target, reference) -> list[_Sides]:
    ids, corpus = counted.ids, counted.corpus
    place = {doc: number for number, doc in enumerate(ids)}
    references = (
        None if reference is None else known_documents(corpus, [reference] if isinstance(reference, str) else reference)
    )
    if target is None:
        targets = [[doc] for doc in ids if counted.tokens[place[doc]] > 0 and doc not in (references or ())]
    else:
        targets = [known_documents(corpus, [target] if isinstance(target, str) else target)]
    sides, spoken = [], np.flatnonzero(counted.tokens > 0).astype(np.int32)
    for own in targets:
        both = set(own) & set(references or ())
        if both:
            raise CrossreadError(f"“{min(both)}” is in the target and in the reference.")
        held = np.array([place[doc] for doc in own], dtype=int)
        against = (
            spoken[~np.isin(spoken, held)] if references is None else np.array([place[doc] for doc in references], int)
        )
        if not len(against):
            raise CrossreadError("All words stand in one document; keyness needs something to compare it with.")
        for rows in (held, against):
            if not counted.tokens[rows].sum():
                raise CrossreadError(f"“{' + '.join(ids[row] for row in rows)}” has no words to compare.")
        name = BOTH.join(ids[row] for row in against) if len(against) <= MOST_PAIRED else REST
        sides.append(_Sides(BOTH.join(own), held, name, against))
    return sides


def _group_sides(counted: _Counted, by: Groups, target, reference) -> list[_Sides]:
    number = by.places(counted.ids)
    asked = [*([target] if isinstance(target, str) else target or []),
             *([reference] if isinstance(reference, str) else reference or [])]  # fmt: skip
    unknown = next((name for name in asked if name not in by.names), None)
    if unknown is not None:
        raise CrossreadError(f"There is no group “{unknown}” in “{by.by}”. There are: {', '.join(by.names)}.")
    if len(set(asked)) < len(asked):
        raise CrossreadError(f"“{max(asked, key=asked.count)}” is in the target and in the reference.")
    held = np.bincount(number[number >= 0], weights=counted.tokens[number >= 0], minlength=len(by.names))
    there = [name for name, tokens in zip(by.names, held, strict=True) if tokens > 0]
    references = [reference] if isinstance(reference, str) else reference
    if len(there) < 2:
        raise CrossreadError(
            f"All words stand in one group of “{by.by}” ({', '.join(there)}); keyness needs something to compare it "
            "with."
        )
    if target is None:
        targets = [[name] for name in there if name not in (references or ())]
        if len(there) == 2 and references is None:  # one against the other is the other against the one
            targets = targets[:1]
    else:
        targets = [[target] if isinstance(target, str) else list(target)]
    sides = []
    for own in targets:
        others = references or [name for name in there if name not in own]
        rows = [np.flatnonzero(np.isin(number, [by.names.index(name) for name in part]) & (counted.tokens > 0))
                for part in (own, others)]  # fmt: skip
        for part, documents in zip((own, others), rows, strict=True):
            if not len(documents):
                raise CrossreadError(f"“{' + '.join(part)}” has no words to compare.")
        sides.append(_Sides(BOTH.join(own), rows[0], BOTH.join(others), rows[1]))
    return sides


def _compare_documents(counted: _Counted, sides, unit, minimum_count, adjustment, *, every_word) -> pd.DataFrame:
    inflation_of = segment_inflation(_passages(counted.corpus, counted.whole, unit))
    parts, n_tests = [], 0
    for number, side in enumerate(sides):
        a, b = counted.both(side)
        tested = np.flatnonzero(a + b >= max(1, minimum_count))
        n_tests += len(tested)
        if not every_word:  # of words that it does not have, only those whose absence could be a surprise
            expected = b * counted.tokens[side.target].sum() / max(counted.tokens[side.reference].sum(), 1)
            surprising = (a > 0) | (expected > FEWEST_EXPECTED * inflation_of)
            tested = tested[surprising[tested]]
        parts.append(_Cells(np.full(len(tested), number), tested, a[tested], b[tested]))
    if not parts:
        raise CrossreadError("No document has words to compare.")
    cells = _Cells(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    cells = cells.only(cells.order(sides, counted.tokens, counted.terms))  # before there is a table of many columns
    n_a, n_b = cells.totals(sides, counted.tokens)
    p = _p_of(cells.a, n_a, cells.b, n_b, inflation_of[cells.words])
    if not every_word:
        rows = np.flatnonzero((cells.a > 0) | (p < SURE))
        cells, p, n_a, n_b = cells.only(rows), p[rows], n_a[rows], n_b[rows]
    inflation, together = inflation_of[cells.words], cells.a + cells.b
    nothing = np.zeros_like(together)
    best = np.minimum(_p_of(together, n_a, nothing, n_b, inflation), _p_of(nothing, n_a, together, n_b, inflation))
    p_adjusted = adjust(p, adjustment, n_tests)
    verdict = _verdicts(p_adjusted, best > levels_to_join(p, adjustment, n_tests))
    ratio = _ratios_of_documents(cells, n_a, n_b, inflation, SURE / max(n_tests, 1))
    del together, nothing, best, n_a, n_b  # of 5,000 documents each has a million rows
    table = counted.table(sides, cells, inflation, np.inf, n_tests)
    return table.assign(p=p, p_adjusted=p_adjusted, verdict=verdict, minimum_ratio=ratio, adjustment=adjustment)


def _p_of(a, n_a, b, n_b, inflation):
    # how words clump shows in the passages themselves: halves of one text get no more false words than they should
    shape = np.shape(a)
    return compare_rates(*(Side(np.asarray(count, float), np.broadcast_to(n, shape), inflation, np.full(shape, np.inf))
                           for count, n in ((a, n_a), (b, n_b))))  # fmt: skip


def _verdicts(p_adjusted, too_few):
    words = np.array([NOT_DISTINGUISHABLE, TOO_FEW, SUPPORTED], dtype=object)
    return words[np.where(p_adjusted <= SURE, 2, too_few)]


def _compare_groups(counted: _Counted, sides, by: Groups, minimum_count, draws, seed) -> pd.DataFrame:
    n_comparisons = len(sides)
    draws = draws_needed(n_comparisons, extreme=30) if draws is None else draws
    check_draws(draws, n_comparisons)
    within = segment_inflation(counted.whole)
    tables = []
    for number, side in enumerate(sides):
        rows = np.concatenate([side.target, side.reference])
        a, b = counted.both(side)
        tested = np.flatnonzero((a + b >= max(1, minimum_count)) & (_sum_of(counted.documents[rows] > 0) > 1))
        cells = _Cells(np.full(len(tested), number), tested, a[tested], b[tested])
        cells = cells.only(cells.order(sides, counted.tokens, counted.terms))
        tested = cells.words
        group = (np.arange(len(rows)) >= len(side.target)).astype(int)
        counts, tokens = counted.documents[rows][:, tested], counted.tokens[rows]
        p, adjusted = deal_to_groups(counts, tokens, group, draws, [seed, number], within[tested])
        clumping, _ = between_documents(counts, tokens, group, 2, share=False)
        known = np.isfinite(clumping.inflation).all()
        inflation = clumping.inflation[0] if known else np.full(len(tested), UNKNOWN)
        freedom = clumping.freedom[0]
        weighed = inflation_when_weighed(weigh_documents(counts, tokens, within[tested]), tokens, group)
        with_term, with_term_reference = (
            _sum_of(counted.documents[part][:, tested] > 0) for part in (side.target, side.reference)
        )
        level = SURE / max(len(tested) * n_comparisons, 1)
        n_a, n_b = cells.totals(sides, counted.tokens)
        ratio = _ratios(cells, n_a, n_b, *weighed, max(len(rows) - 2, 1), level)
        best = _best_dealt(len(side.target), len(side.reference), with_term + with_term_reference)
        p_adjusted = np.minimum(n_comparisons * adjusted, 1)
        compared = counted.table(sides, cells, inflation, freedom, len(tested) * n_comparisons)
        low, high = agree_with_test(*(compared[name].to_numpy() for name in ("log_ratio", "low", "high")), p)
        tables.append(
            compared.assign(
                low=low,
                high=high,
                p=p,
                p_adjusted=p_adjusted,
                verdict=_verdicts(p_adjusted, n_comparisons * best > SURE),
                minimum_ratio=np.where(n_comparisons * best > SURE, np.inf, ratio),
                n_documents=len(side.target),
                documents_with_term=with_term,
                reference_n_documents=len(side.reference),
                reference_documents_with_term=with_term_reference,
            )
        )
    table = pd.concat(tables, ignore_index=True)
    return table.assign(adjustment="largest statistic", by=by.by, left_out=len(by.left_out))


def _best_dealt(n_target, n_reference, n_with):
    """Return the smallest p-value that words of so many documents can have: all these documents on one side."""
    from scipy.special import gammaln

    n = n_target + n_reference
    best = np.full(len(n_with), 1 / count_arrangements([n_target, n_reference]))
    for side, other in ((n_target, n_reference), (n_reference, n_target)):
        alone = (n_with <= side) & (n_with > other)  # room on one side only
        chance = gammaln(side + 1) - gammaln(side - n_with[alone] + 1)
        chance += gammaln(n - n_with[alone] + 1) - gammaln(n + 1)
        best[alone] = np.maximum(best[alone], np.exp(chance))
    either = n_with <= min(n_target, n_reference)
    smaller = min(n_target, n_reference)
    chance = (
        gammaln(smaller + 1) - gammaln(smaller - n_with[either] + 1) + gammaln(n - n_with[either] + 1) - gammaln(n + 1)
    )
    best[either] = np.maximum(best[either], np.exp(chance))
    return 2 * best if n_target == n_reference else best  # on the other side they are as far apart


def _sentences_of(counted: _Counted, n: int, folding):
    """Return in how many sentences of each document each word stands, or None where that is not known."""
    from scipy.sparse import csr_matrix

    index = pd.Index(counted.terms)
    if folding:  # of forms that are counted together only the passages are published: the answer is the same with texts
        return None
    if counted.corpus.attached and n == 1:
        store, sentences = counted.corpus.tokens, counted.corpus.sentences
        column = index.get_indexer(list(store.types))[store.ids]
        body = (sentences["kind"] == "body").to_numpy()[store.sentence] & (column >= 0)
        cells = np.unique(store.sentence[body].astype(np.int64) * len(index) + column[body])
        document = pd.Index(counted.ids).get_indexer(sentences["doc_id"])
        places = document[cells // max(len(index), 1)], cells % max(len(index), 1)
        return csr_matrix((np.ones(len(cells), dtype=np.int64), places), shape=counted.documents.shape)
    facts = term_facts(counted.corpus, n)
    if facts is None:
        return None
    column, row = index.get_indexer(facts["term"]), pd.Index(counted.ids).get_indexer(facts["doc_id"])
    known = (column >= 0) & (row >= 0)
    cells = facts["sentences"].to_numpy()[known], (row[known], column[known])
    sentences = csr_matrix(cells, shape=counted.documents.shape)
    # words that the published facts leave out occur once in the corpus, and so in one sentence
    missing = _sum_of(sentences) == 0
    return (sentences + counted.documents.multiply(missing[None, :])).tocsr()


def _passages(corpus, counted: TermMatrix, unit: str) -> TermMatrix:
    """Return counts by passages: segments, or those that begin in one paragraph together."""
    if unit == "segment":
        return counted
    units = counted.units
    body = corpus.sentences[corpus.sentences["kind"] == "body"].groupby(["doc_id", "segment"])["paragraph"]
    first = body.min().loc[pd.MultiIndex.from_frame(units[["doc_id", "segment"]])].to_numpy()
    table = pd.DataFrame({"doc_id": units["doc_id"].to_numpy(), "first": first, "segment": units["segment"].to_numpy()})
    few = table.groupby("doc_id")["first"].transform("nunique") < FEW_PARAGRAPHS
    table["first"] = np.where(few, -1 - table["segment"], table["first"])
    return _joined(counted, table.groupby(["doc_id", "first"], sort=False).ngroup().to_numpy())


def _joined(counted: TermMatrix, passage) -> TermMatrix:
    """Add up the segments of each passage."""
    from scipy.sparse import csr_matrix

    first, number = np.unique(passage, return_index=True, return_inverse=True)[1:]
    join = csr_matrix((np.ones(len(number), dtype=np.int64), (number, np.arange(len(number)))))
    sizes = join @ counted.units["n_tokens"].to_numpy()
    units = pd.DataFrame({"doc_id": counted.units["doc_id"].to_numpy()[first], "n_tokens": sizes})
    return TermMatrix((join @ counted.matrix).tocsr(), units, counted.terms)


def false_words(
    corpus: Corpus, doc_id: str, *, unit: str = "paragraph", rounds: int = 100, minimum_count: int = 5, seed: int = 0
) -> pd.DataFrame:
    """Split one document into random halves, again and again, and count the words that tests call different.

    Nothing differs between such halves but which passages fall where, so every word called different is a false one.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    doc_id : str
        The document.
    unit : {"paragraph", "segment"}
        What falls to a half as a whole, and between which a word's counts vary.
    rounds : int
        Splits.
    minimum_count : int
        Fewest occurrences of a word in the document.
    seed : int
        Where the random numbers start.

    Returns
    -------
    DataFrame
        Two rows, the test of `keyness` and that of independent words: test ("between passages", "log-likelihood");
        words (tested in each split); share_different (of words with p below 0.05); splits_with_any (share of splits
        with a word whose p is below 0.05 after Holm's adjustment).

    Raises
    ------
    CrossreadError
        "“a” has fewer than four of the units that are dealt; halves of it say nothing."

    Examples
    --------
    >>> from crossread import from_texts
    >>> table = false_words(from_texts({"a": "Ships sail. Men rest. " * 200}), "a", unit="segment", rounds=5)
    >>> table["test"].tolist(), table["share_different"].tolist()
    (['between passages', 'log-likelihood'], [0.0, 0.0])
    """
    known_documents(corpus, [doc_id])
    counted = corpus.term_matrix("segment")
    rows = np.flatnonzero((counted.units["doc_id"] == doc_id).to_numpy())
    matrix = counted.matrix[rows]
    often = np.flatnonzero(np.asarray(matrix.sum(axis=0)).ravel() >= minimum_count)
    own = TermMatrix(matrix[:, often], counted.units.iloc[rows].reset_index(drop=True), counted.terms[often])
    passages = _passages(corpus, own, unit)
    n_passages = len(passages.units)
    if n_passages < 4:
        raise CrossreadError(f"“{doc_id}” has fewer than four of the units that are dealt; halves of it say nothing.")
    generator = np.random.default_rng(seed)
    sizes = passages.units["n_tokens"].to_numpy(dtype=float)
    p_values: dict[str, list] = {"between passages": [], "log-likelihood": []}
    for _ in follow(range(rounds), "halves of the document", rounds):
        first = np.isin(np.arange(n_passages), generator.permutation(n_passages)[: n_passages // 2])
        halved = TermMatrix(passages.matrix, passages.units.assign(doc_id=np.where(first, "one", "other")), own.terms)
        inflation = segment_inflation(halved)
        a, b = (np.asarray(passages.matrix[half].sum(axis=0)).ravel() for half in (first, ~first))
        n_a, n_b = sizes[first].sum(), sizes[~first].sum()
        p_values["between passages"].append(_p_of(a, n_a, b, n_b, inflation))
        p_values["log-likelihood"].append(keyness_of(a, n_a, b, n_b)["p_g2"])
    return pd.DataFrame(
        [
            (
                test,
                len(often),
                float(np.mean([(p <= SURE).mean() for p in several])),
                float(np.mean([(adjust(p) <= SURE).any() for p in several])),
            )
            for test, several in p_values.items()
        ],
        columns=["test", "words", "share_different", "splits_with_any"],
    )


def describe_keyness(table: pd.DataFrame, labels: Labels) -> str:
    """Say how often one word was counted, then which are supported as used more, or less, by each document or group."""
    column, name = ("group", str) if "group" in table else ("doc_id", labels.document)
    if table.empty:
        return join_sentences(["There is no word to compare", left_out_note(table)])
    supported = table[table["verdict"] == SUPPORTED]
    leading, said = table.loc[table["p"].idxmin()], []
    for place, (side, rows) in enumerate(supported.groupby(column, sort=False)):
        more, less = rows.loc[rows["log_ratio"] > 0, "term"], rows.loc[rows["log_ratio"] < 0, "term"]
        if not place:
            leading = rows[rows["term"] == _telling(more if len(more) else less)].iloc[0]
        parts = [
            f"more of {join_names((f'“{labels.word(term)}”' for term in more), most=8)}" if len(more) else "",
            f"less of {join_names((f'“{labels.word(term)}”' for term in less), most=8)}" if len(less) else "",
        ]
        said.append(f"Supported in {name(side)}: {'; '.join(filter(None, parts))}")
    if not said:
        tested = table["term"].nunique()
        words = f"none of {tested} words" if tested > 1 else "no word"
        said = [f"In general {words} is supported as used more or less"]
    return join_sentences([_word_counted(leading, column, name, labels), *said, left_out_note(table)])


def _word_counted(row: pd.Series, column: str, name: Callable[[str], str], labels: Labels) -> str:
    others = row["reference"].split(BOTH)
    unit = "group" if column == "group" else "document"
    there = name(others[0]) if len(others) == 1 else number_of(len(others), f"other {unit}")
    here = f"{count_of(row['count'], row['n_tokens'], 'token')} in {name(row[column])}"
    against = f"{row['reference_count']:,} of {row['reference_n_tokens']:,} in {there}"
    seen = row["minimum_ratio"] if row["verdict"] == NOT_DISTINGUISHABLE else np.inf
    ratio = f" ({ratio_text(seen)})" if np.isfinite(seen) else ""
    return f"“{labels.word(row['term'])}”: {here} against {against}; in general {row['verdict']}{ratio}"


def _telling(terms: Sequence[str]) -> str:
    """Return the first that says something by itself: no function word, no debris of a scan such as “s.”, no number."""
    said = (term for term in map(str, terms) if len(term) > 2 and term.isalpha() and term not in FUNCTION_WORDS)
    return next(said, str(next(iter(terms))))


def describe_false_words(table: pd.DataFrame, labels: Labels) -> str:
    """Say what share of words each test calls different where nothing differs."""
    said = [f"{per_cent(row.share_different)} by the test “{row.test}”" for row in table.itertuples()]
    return f"Between random halves of one document these shares of the words are called different: {join_names(said)}."
