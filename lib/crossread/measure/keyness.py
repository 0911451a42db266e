"""Which words set a document apart: effects with intervals first, tests that know about clustering after them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from crossread.corpus.tables import check_columns
from crossread.corpus.tokens import TermMatrix
from crossread.errors import CrossreadError
from crossread.measure.collocation import term_facts
from crossread.measure.dispersion import known_documents
from crossread.measure.frequency import plain, segment_inflation, segment_matrix
from crossread.measure.resampling import adjust, compare_rates, exact_limits
from crossread.wording import Labels, join_names, join_sentences, per_cent

KEYNESS = (
    "doc_id",
    "term",
    "count",
    "reference_count",
    "log_ratio",
    "low",
    "high",
    "g2",
    "log_odds",
    "log_odds_low",
    "log_odds_high",
    "p",
    "p_adjusted",
    "sentences_with_term",
    "verdict",
)
FURTHER_KEYNESS = (
    "n_tokens",
    "reference_n_tokens",
    "lrc",
    "z",
    "inflation",
    "segments_with_term",
    "one_segment",
    "reference",
    "prior",
    "adjustment",
)
SCREENED = ("doc_id", "term", "count", "reference_count", "n_tokens", "reference_n_tokens", "g2")
PRIOR_SIZE = 500.0  # pseudo-tokens; see `keyness`
FEW_PARAGRAPHS = 4
CACHED = 1 << 16  # words computed at once
SURE = 0.05  # the level of the verdict


def keyness_of(
    count,
    total,
    reference_count,
    reference_total,
    *,
    alpha=0.001,
    alpha_total=None,
    comparisons: int = 1,
    inflation=1.0,
    level: float = 0.95,
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
    level : float
        Coverage of the limits.

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
        log_ratio = np.log2((np.where(a > 0, a, 0.5) / n1) / (np.where(b > 0, b, 0.5) / n2))
        low, high = _log_ratio_limits(a, n1, b, n2, inflation, level)
        strict_low, strict_high = _log_ratio_limits(a, n1, b, n2, 1.0, 1 - (1 - level) / comparisons)
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
    critical = norm.ppf(0.5 + level / 2)
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


def _log_ratio_limits(a, n1, b, n2, inflation, level):
    both = np.maximum(a + b, 1)
    low, high = exact_limits(np.where(a + b > 0, a, 0), both, share=True, inflation=inflation, level=level)
    with np.errstate(divide="ignore"):
        return np.log2(n2 / n1 * low / (1 - low)), np.log2(n2 / n1 * high / (1 - high))


def log_likelihood_of(count, total, reference_count, reference_total) -> np.ndarray:
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
    count, total, reference_count, reference_total, alpha=0.001, alpha_total=None, *, terms: int = 4
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
    corpus,
    target: str | Sequence[str] | None = None,
    reference: str | Sequence[str] | None = None,
    *,
    n: int = 1,
    terms: Sequence[str] | None = None,
    minimum_count: int = 5,
    adjustment: str = "holm",
    unit: str = "paragraph",
    prior_size: float = PRIOR_SIZE,
    draws: int | None = None,
    seed: int = 0,
    folding=None,
) -> pd.DataFrame:
    """Compare the words of one document, or group, with those of another.

    The p-value is not one of independent words. Whole passages are dealt anew to target and reference, as many to
    each as there are, and the rates compared each time (studentised difference); a word that stands in one passage
    is as surprising as one passage, not as thirty words. Words that stay common under chance are dealt 2,000 times,
    the others `draws` times.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    target : str or sequence of str, optional
        A document, or documents taken together. Without one each document in turn is compared with all others.
    reference : str or sequence of str, optional
        What it is compared with; all other documents unless given.
    n : int
        1 for words, 2 or 3 for phrases.
    terms : sequence of str, optional
        Only these are tested (and adjusted for).
    minimum_count : int
        Fewest occurrences in target and reference together.
    adjustment : {"holm", "bh"}
        Over all words tested in one comparison: Holm's keeps the chance of any false word at 5 per cent, Benjamini
        and Hochberg's the share of false words among those supported.
    unit : {"paragraph", "segment"}
        What is dealt as a whole: segments one by one, or those that begin in one paragraph together. Random halves
        of a text that are made of its paragraphs get false words at the nominal rate with "paragraph", somewhat
        above it with "segment" (see `false_words`), which finds more. A document of fewer than four paragraphs is
        dealt by segments always.
    prior_size : float
        Pseudo-tokens of the prior of the log-odds, dealt to the words by their share in target and reference pooled.
    draws : int, optional
        Permutations; unless given so many that the smallest adjusted p-value can be 0.02.
    seed : int
        Where the random numbers start.
    folding : mapping, optional
        From `read_folding`.

    Returns
    -------
    DataFrame
        Sorted by document and log ratio, the target's own words first, then those that the reference has more of,
        with negative signs. doc_id (joined with + for a group); term; count and reference_count (occurrences);
        log_ratio (log2 of the ratio of rates, a count of 0 taken as 0.5); low and high (its 95 per cent limits,
        widened by the inflation, infinite on one side where a count is 0); g2 (four cells, signed); log_odds,
        log_odds_low and log_odds_high (natural logarithm, with the prior); p (permutation); p_adjusted;
        sentences_with_term (of the target; missing for phrases, and for a folding without texts); verdict:
        "supported" (p_adjusted below 0.05), "not informative" (absent from one side, whose length would let it be
        absent at the other's rate), else "not distinguishable". Then n_tokens and reference_n_tokens (of each side),
        lrc (conservative log ratio, over all words tested), z (of the log-odds), inflation (how many times more counts
        vary between segments than independent words would), segments_with_term (of both sides), one_segment (whether
        all occurrences stand in one segment), reference (its documents), prior and adjustment (by name).

    Raises
    ------
    CrossreadError
        "“a” is in the target and in the reference.", "There is no document “…”. …", "… words tested with … draws
        can never reach an adjusted p of 0.05; use at least … draws.", "The unit is “segment” or “paragraph”, not
        “…”.", "The corpus has one document; keyness needs
        something to compare it with."
    TextNeeded
        For phrases that the published tables do not hold.

    References
    ----------
    Lijffijt et al. 2016, Digital Scholarship in the Humanities 31, 374-397 (why words are not independent draws); the
    others in `keyness_of`; Chung and Romano 2013, Annals of Statistics 41, 484-507 (studentised permutation).

    Examples
    --------
    >>> from crossread import from_texts
    >>> texts = {"a": "Ships sail the sea. " * 150, "b": "Men plough the soil. " * 150}
    >>> table = keyness(from_texts(texts), "a")
    >>> table[["term", "count", "reference_count", "verdict"]].values.tolist()[2:5]
    [['ships', 150, 0, 'supported'], ['the', 150, 150, 'not distinguishable'], ['men', 0, 150, 'supported']]
    """
    if len(corpus.documents) < 2:
        raise CrossreadError("The corpus has one document; keyness needs something to compare it with.")
    if target is None:
        options = {
            "n": n,
            "terms": terms,
            "minimum_count": minimum_count,
            "adjustment": adjustment,
            "unit": unit,
            "prior_size": prior_size,
            "draws": draws,
            "seed": seed,
            "folding": folding,
        }
        each = [
            keyness(corpus, doc_id, reference, **options) for doc_id in corpus.documents.index if doc_id != reference
        ]
        return pd.concat(each, ignore_index=True)
    targets = known_documents(corpus, [target] if isinstance(target, str) else target)
    if reference is None:
        references = [doc_id for doc_id in corpus.documents.index if doc_id not in targets]
    else:
        references = known_documents(corpus, [reference] if isinstance(reference, str) else reference)
    for doc_id in targets:
        if doc_id in references:
            raise CrossreadError(f"“{doc_id}” is in the target and in the reference.")
    if not references:
        raise CrossreadError("Nothing is left to compare with: the target holds every document.")

    whole = segment_matrix(corpus, n, folding)
    document = whole.units["doc_id"]
    sides = document.isin(targets).to_numpy(), document.isin(references).to_numpy()
    sizes = whole.units["n_tokens"].to_numpy(dtype=float)
    counts = [np.asarray(whole.matrix[side].sum(axis=0)).ravel() for side in sides]
    totals = [sizes[side].sum() for side in sides]
    pooled = counts[0] + counts[1]
    tested = pooled >= max(1, minimum_count)
    if terms is not None:
        tested &= np.isin(whole.terms.astype(str), list(map(str, terms)))
    tested = np.flatnonzero(tested)
    n_tests = len(tested)
    draws = max(2000, 50 * n_tests) if draws is None else draws
    if adjustment == "holm" and n_tests / (draws + 1) > SURE:
        raise CrossreadError(
            f"{n_tests} words tested with {draws} draws can never reach an adjusted p of {SURE}; "
            f"use at least {int(n_tests / SURE)} draws."
        )
    inflation = segment_inflation(whole)[tested]
    blocks = [(whole.matrix[side][:, tested], sizes[side]) for side in sides]
    passages = [_passages(corpus, whole.units[side], *block, unit) for side, block in zip(sides, blocks, strict=True)]
    p = _permutation_p(*passages, inflation, draws, seed)
    a, b = counts[0][tested], counts[1][tested]
    statistics = keyness_of(
        a,
        totals[0],
        b,
        totals[1],
        alpha=prior_size * pooled[tested] / pooled.sum(),
        alpha_total=prior_size,
        comparisons=max(1, n_tests),
        inflation=inflation,
    )
    p_adjusted = adjust(p, adjustment)
    segments = sum(np.asarray((block[0] > 0).sum(axis=0)).ravel() for block in blocks)
    table = pd.DataFrame(
        {
            "doc_id": " + ".join(targets),
            "term": whole.terms[tested],
            "count": a,
            "reference_count": b,
            **{name: statistics[name] for name in KEYNESS[4:11]},
            "p": p,
            "p_adjusted": p_adjusted,
            "sentences_with_term": _sentences_with(corpus, targets, n, folding, whole.terms[tested], a),
            "verdict": _verdicts(p_adjusted, a, totals[0], b, totals[1], inflation),
            "n_tokens": int(totals[0]),
            "reference_n_tokens": int(totals[1]),
            "lrc": statistics["lrc"],
            "z": statistics["z"],
            "inflation": inflation,
            "segments_with_term": segments,
            "one_segment": segments == 1,
            "reference": " + ".join(references),
            "prior": f"Dirichlet, {prior_size:g} pseudo-tokens by pooled share",
            "adjustment": adjustment,
        },
        columns=[*KEYNESS, *FURTHER_KEYNESS],
    )
    order = np.lexsort((table["term"].astype(str), -table["count"], -table["log_ratio"].round(9)))
    return table.iloc[order].reset_index(drop=True)


def screen_keyness(corpus, *, n: int = 20, minimum_count: int = 5) -> pd.DataFrame:
    """List for every document the words that it has more of than all others together, by log-likelihood alone.

    A first look at many documents: no limits, no permutation, and so no verdict. The log-likelihood takes words for
    independent draws, and every long corpus has thousands of large values. What looks worth a claim goes to `keyness`.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    n : int
        Words of each document.
    minimum_count : int
        Fewest occurrences in the whole corpus.

    Returns
    -------
    DataFrame
        Sorted by document, then by log-likelihood: doc_id; term; count and reference_count (occurrences in the
        document and in all others); n_tokens and reference_n_tokens (of each side); g2 (four cells).

    Raises
    ------
    CrossreadError
        "The corpus has one document; keyness needs something to compare it with."

    References
    ----------
    Dunning 1993, Computational Linguistics 19, 61-74.

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Ships sail the sea. " * 9, "b": "Men plough the soil. " * 9, "c": "The end. " * 9})
    >>> screen_keyness(corpus, n=2)[["doc_id", "term", "count"]].values.tolist()
    [['a', 'sail', 9], ['a', 'sea', 9], ['b', 'men', 9], ['b', 'plough', 9], ['c', 'end', 9], ['c', 'the', 9]]
    """
    if len(corpus.documents) < 2:
        raise CrossreadError("The corpus has one document; keyness needs something to compare it with.")
    whole = corpus.term_matrix("document")
    matrix, sums = whole.matrix, np.asarray(whole.matrix.sum(axis=0)).ravel()
    lengths = np.asarray(matrix.sum(axis=1)).ravel()
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    kept = np.flatnonzero(sums[matrix.indices] >= minimum_count)
    rows, columns, count = rows[kept], matrix.indices[kept], matrix.data[kept]
    g2 = log_likelihood_of(count, lengths[rows], sums[columns] - count, lengths.sum() - lengths[rows])
    own = np.flatnonzero(g2 > 0)
    order = own[np.lexsort((columns[own], -g2[own].round(9), rows[own]))]  # columns are in alphabetical order
    place = np.arange(len(order)) - np.searchsorted(rows[order], rows[order])
    top = order[place < n]
    return pd.DataFrame(
        {
            "doc_id": whole.units["doc_id"].to_numpy()[rows[top]],
            "term": whole.terms[columns[top]],
            "count": count[top],
            "reference_count": sums[columns[top]] - count[top],
            "n_tokens": lengths[rows[top]],
            "reference_n_tokens": lengths.sum() - lengths[rows[top]],
            "g2": g2[top],
        },
        columns=list(SCREENED),
    )


def _passages(corpus, units, matrix, sizes, unit):
    """Return counts and sizes of what is dealt as a whole: segments, or those that share a paragraph together."""
    if unit == "segment":
        return matrix, sizes
    if unit != "paragraph":
        raise CrossreadError(f"The unit is “segment” or “paragraph”, not “{unit}”.")
    body = corpus.sentences[corpus.sentences["kind"] == "body"].groupby(["doc_id", "segment"])["paragraph"]
    first = body.min().loc[pd.MultiIndex.from_frame(units[["doc_id", "segment"]])].to_numpy()
    table = pd.DataFrame({"doc_id": units["doc_id"].to_numpy(), "first": first, "segment": units["segment"].to_numpy()})
    few = table.groupby("doc_id")["first"].transform("nunique") < FEW_PARAGRAPHS
    table["first"] = np.where(few, -1 - table["segment"], table["first"])
    return _added(matrix, sizes, table.groupby(["doc_id", "first"], sort=False).ngroup().to_numpy())


def _added(matrix, sizes, group):
    from scipy.sparse import csr_matrix

    number = np.unique(group, return_inverse=True)[1]
    join = csr_matrix((np.ones(len(number), dtype=np.int64), (number, np.arange(len(number)))))
    return (join @ matrix).tocsr(), join @ sizes


def _permutation_p(target, reference, inflation, draws: int, seed: int, first: int = 2000) -> np.ndarray:
    # In stages (Besag and Clifford 1991): words that 2,000 draws show to be unremarkable are not dealt further.
    generator = np.random.default_rng(seed)
    n_terms = len(inflation)
    extreme, dealt = np.zeros(n_terms, dtype=np.int64), np.zeros(n_terms, dtype=np.int64)
    active = np.arange(n_terms)
    step = max(50, min(first, 4_000_000 // (len(target[1]) + len(reference[1]))))
    done = 0
    while done < draws and len(active):
        now = min(step, draws - done, first - done if done < first else draws)
        for start in range(0, len(active), 200):
            columns = active[start : start + 200]
            result = compare_rates(
                (target[0][:, columns].toarray(), target[1]),
                (reference[0][:, columns].toarray(), reference[1]),
                inflation[columns],
                block=1,
                draws=now,
                seed=generator,
            )
            extreme[columns] += (result.null >= result.statistic).sum(axis=0)
            dealt[columns] += now
        done += now
        if done >= min(first, draws):
            active = active[extreme[active] < 50]
    return (1 + extreme) / (1 + dealt)


def _verdicts(p_adjusted, a, n1, b, n2, inflation):
    high_a = exact_limits(a, n1, inflation=inflation)[1]
    high_b = exact_limits(b, n2, inflation=inflation)[1]
    silent = ((a == 0) & (high_a >= b / n2)) | ((b == 0) & (high_b >= a / n1))
    return np.where(p_adjusted < SURE, "supported", np.where(silent, "not informative", "not distinguishable"))


def _sentences_with(corpus, targets, n: int, folding, terms, counts):
    facts = term_facts(corpus, n, folding)
    if facts is None:
        return pd.array([pd.NA] * len(terms), dtype="Int64")
    facts = facts[facts["doc_id"].isin(targets)]
    found = facts.groupby("term")["sentences"].sum().reindex(terms).to_numpy()
    # words that the published facts leave out occur once in the corpus, and so in one sentence
    return pd.array(np.where(np.isnan(found), counts, found).astype(np.int64), dtype="Int64")


def lockwords(table: pd.DataFrame, margin: float = 1.0) -> pd.DataFrame:
    """Return the words that are reliably equal between target and reference.

    A word is one when the 95 per cent limits of its log ratio lie within the margin on both sides: that is more than
    not being different. With a margin of 1 neither side can have it twice as often as the other.

    Parameters
    ----------
    table : DataFrame
        From `keyness`.
    margin : float
        In log2 units.

    Returns
    -------
    DataFrame
        The rows of `table`, those with the narrowest limits first.

    Raises
    ------
    CrossreadError
        "The margin must be above 0; it is …"

    References
    ----------
    Baker 2011, Journal of English Linguistics 39, 65-88 (lockwords); Schuirmann 1987 (two one-sided tests; limits of
    95 per cent make each of them a test at 2.5).

    Examples
    --------
    >>> from crossread import from_texts
    >>> texts = {"a": "Ships sail the sea. " * 60, "b": "Men plough the soil. " * 60}
    >>> lockwords(keyness(from_texts(texts), "a"))["term"].tolist()
    ['the']
    """
    check_columns(table, KEYNESS, "the keyness table")
    if not margin > 0:
        raise CrossreadError(f"The margin must be above 0; it is {margin}.")
    kept = table[(table["low"] > -margin) & (table["high"] < margin)]
    return kept.iloc[np.argsort((kept["high"] - kept["low"]).round(9), kind="stable")].reset_index(drop=True)


def false_words(
    corpus,
    doc_id: str,
    *,
    unit: str = "segment",
    rounds: int = 100,
    minimum_count: int = 5,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Split one document into random halves, again and again, and count the words that tests call different.

    Nothing differs between such halves but which passages fall where, so every word called different is a false one.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    doc_id : str
        The document.
    unit : {"segment", "paragraph"}
        What falls to a half as a whole.
    rounds : int
        Splits.
    minimum_count : int
        Fewest occurrences of a word in the document.
    draws, seed : int
        Permutations in each test; where the random numbers start.

    Returns
    -------
    DataFrame
        One row a test ("permutation of segments", "permutation of paragraphs" when the unit is one,
        "log-likelihood"): test; words (tested in each split); share_different (of words with p below 0.05);
        splits_with_any (share of
        splits with a word whose p is below 0.05 after Holm's adjustment).

    Raises
    ------
    CrossreadError
        "“a” has fewer than four of the units that are dealt; halves of it say nothing."

    Examples
    --------
    >>> from crossread import from_texts
    >>> table = false_words(from_texts({"a": "Ships sail. Men rest. " * 200}), "a", rounds=5, draws=100)
    >>> table["test"].tolist(), table["share_different"].tolist()
    (['permutation of segments', 'log-likelihood'], [0.0, 0.0])
    """
    known_documents(corpus, [doc_id])
    counted = corpus.term_matrix("segment")
    rows = np.flatnonzero((counted.units["doc_id"] == doc_id).to_numpy())
    matrix = counted.matrix[rows]
    matrix = matrix[:, np.flatnonzero(np.asarray(matrix.sum(axis=0)).ravel() >= minimum_count)]
    units = counted.units.iloc[rows]
    sizes = units["n_tokens"].to_numpy(dtype=float)
    block = np.arange(len(rows))
    if unit == "paragraph":
        body = corpus.sentences[(corpus.sentences["kind"] == "body") & (corpus.sentences["doc_id"] == doc_id)]
        block = body.groupby("segment")["paragraph"].min().loc[units["segment"]].to_numpy()
    blocks = np.unique(block)
    if len(blocks) < 4:
        raise CrossreadError(f"“{doc_id}” has fewer than four of the units that are dealt; halves of it say nothing.")
    generator = np.random.default_rng(seed)
    p_values: dict[str, list] = {}
    for number in range(rounds):
        first = np.isin(block, generator.permutation(blocks)[: len(blocks) // 2])
        sides = np.flatnonzero(first), np.flatnonzero(~first)
        halved = TermMatrix(matrix, units.assign(doc_id=np.where(first, "one", "other")), np.arange(matrix.shape[1]))
        inflation = segment_inflation(halved)
        parts = [(matrix[side], sizes[side]) for side in sides]
        found = {"permutation of segments": _permutation_p(*parts, inflation, draws, [seed, number])}
        if unit == "paragraph":
            joined = [_added(part[0], part[1], block[side]) for part, side in zip(parts, sides, strict=True)]
            found["permutation of paragraphs"] = _permutation_p(*joined, inflation, draws, [seed, number])
        counts = [np.asarray(part[0].sum(axis=0)).ravel() for part in parts]
        found["log-likelihood"] = keyness_of(counts[0], parts[0][1].sum(), counts[1], parts[1][1].sum())["p_g2"]
        for test, p in found.items():
            p_values.setdefault(test, []).append(p)
    return pd.DataFrame(
        [
            (
                test,
                matrix.shape[1],
                float(np.mean([(p < SURE).mean() for p in several])),
                float(np.mean([(adjust(p) < SURE).any() for p in several])),
            )
            for test, several in p_values.items()
        ],
        columns=["test", "words", "share_different", "splits_with_any"],
    )


def describe_keyness(table: pd.DataFrame, labels: Labels) -> str:
    """Say which words are supported as used more, and which as used less, by each document."""
    said = []
    for doc_id, rows in table[table["verdict"] == "supported"].groupby("doc_id", sort=False):
        more, less = rows.loc[rows["log_ratio"] > 0, "term"], rows.loc[rows["log_ratio"] < 0, "term"]
        parts = [
            f"more {join_names(more, most=8)}" if len(more) else "",
            f"less {join_names(less, most=8)}" if len(less) else "",
        ]
        said.append(f"{labels.document(doc_id)} uses {'; '.join(filter(None, parts))}")
    return join_sentences(said) or f"Of {table['term'].nunique()} words none is supported as used more or less."


def describe_false_words(table: pd.DataFrame, labels: Labels) -> str:
    """Say what share of words each test calls different where nothing differs."""
    said = [f"{row.test} calls {per_cent(row.share_different)} of the words different" for row in table.itertuples()]
    return f"Between random halves of one document, {join_names(said)}."
