"""What a coder would mark in these pages: the lexicon counts all sentences, coders read some, both are put together.

The lexicon errs, and the coded sentences say how often. Each document is parted into the sentences that the lexicon
counts and those that it passes over; in each part the share that coders marked stands for the part. Nothing is said
here of further text: where all sentences are coded, the share is what coders marked, and has no limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.groups import Groups
from crossread.measure.marks import Marked
from crossread.measure.resampling import LEVEL
from crossread.measure.themes import Observations, observe
from crossread.wording import Labels, count_of, join_names, join_sentences, measured_text, per_cent

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MEASURED = (
    "doc_id", "key", "rule", "counted", "share", "measured", "measured_low", "measured_high", "n_coded", "n_sentences",
    "both", "only_counted", "only_marked", "coder",
)  # fmt: skip
METHODS = ("post-stratified", "prediction-powered", "design-based")
SURE = 0.05
WIDELY_APART = 0.2


class Estimate(NamedTuple):
    """A share with its limits, all 0 to 1."""

    share: float
    low: float
    high: float


# --- three estimators -----------------------------------------------------------------------------------------------


def hypergeometric_limits(positives: ArrayLike, coded: ArrayLike, size: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of the share of positives among so many, of which some were drawn at random and coded.

    A number of positives lies within the limits when neither so few nor so many coded ones would have a chance below
    2.5 per cent. Nothing coded allows everything; all coded leaves nothing open.

    Parameters
    ----------
    positives, coded, size : array of int
        Coded positives, coded units, and all units, in each of several parts.

    Returns
    -------
    low, high : arrays of float
        Shares of `size`, 0 to 1.

    References
    ----------
    Cochran 1977, Sampling Techniques, 3rd edition, section 3.6.

    Examples
    --------
    >>> [limit.round(4).tolist() for limit in hypergeometric_limits([0, 3], [10, 10], [38, 40])]
    [[0.0, 0.1], [0.2632, 0.6]]
    """
    shape = np.broadcast_shapes(np.shape(positives), np.shape(coded), np.shape(size))
    parts = [np.broadcast_to(np.asarray(part, dtype=np.int64), shape).ravel() for part in (positives, coded, size)]
    distinct, back = np.unique(np.stack(parts), axis=1, return_inverse=True)
    low, high = _invert(*distinct, tail=(1 - LEVEL) / 2)
    return low[back.ravel()].reshape(shape), high[back.ravel()].reshape(shape)


def _invert(y, n, size, tail):
    from scipy.stats import hypergeom

    def smallest_allowed(few, drawn, total):
        """Return the smallest number of all positives under which at least so many coded ones are not too unlikely."""
        lowest, highest = few.copy(), total - drawn + few
        while (lowest < highest).any():
            middle = (lowest + highest) // 2
            allowed = hypergeom.sf(few - 1, total, middle, drawn) > tail
            highest, lowest = np.where(allowed, middle, highest), np.where(allowed, lowest, middle + 1)
        return lowest

    fewest, fewest_negative = smallest_allowed(y, n, size), smallest_allowed(n - y, n, size)
    return fewest / np.maximum(size, 1), 1 - fewest_negative / np.maximum(size, 1)


def post_stratified(
    sizes: Sequence[int],
    coded: Sequence[int],
    positives: Sequence[int],
    guesses: Sequence[float] | None = None,
) -> Estimate:
    """Estimate the share of positives in the whole from parts in which some units were drawn and coded.

    The limits of the parts are combined by the method of variance estimates recovery: the squared distances from
    estimate to limit are added up, each side by itself. What is coded bounds them.

    Parameters
    ----------
    sizes, coded, positives : sequences of int
        All units, coded units and coded positives of each part.
    guesses : sequence of float, optional
        What share of a part without coded units is taken to be positive; half by default. Its limits are 0 and 1.

    References
    ----------
    Zou and Donner 2008, Statistics in Medicine 27, 1693-1702; Zou, Huang and Zhang 2009, Computational Statistics and
    Data Analysis 53, 1080-1085.

    Examples
    --------
    >>> [round(value, 3) for value in post_stratified([20, 80], [10, 20], [7, 1])]
    [0.18, 0.122, 0.313]
    """
    sizes, coded, positives = (np.asarray(part, dtype=np.int64) for part in (sizes, coded, positives))
    guesses = np.full(len(sizes), 0.5) if guesses is None else np.asarray(guesses, float)
    total = sizes.sum()
    if not total:
        return Estimate(np.nan, 0.0, 1.0)
    if (coded == sizes).all():
        return Estimate(*[float(positives.sum() / total)] * 3)
    shares = np.where(coded > 0, positives / np.maximum(coded, 1), guesses)
    low, high = hypergeometric_limits(positives, coded, sizes)
    weights = sizes / total
    share = float((weights * shares).sum())
    if not coded.any():  # nothing is known: the limits of several parts together would say more than that
        return Estimate(share, 0.0, 1.0)
    below = share - np.sqrt(((weights * (shares - low)) ** 2).sum())
    above = share + np.sqrt(((weights * (high - shares)) ** 2).sum())
    least, most = positives.sum() / total, 1 - (coded - positives).sum() / total
    return Estimate(share, float(np.clip(below, least, share)), float(np.clip(above, share, most)))


def prediction_powered(
    marked: np.ndarray, called: np.ndarray, called_rest: np.ndarray, *, power: float | None = None
) -> Estimate:
    """Estimate a share from coded units and from what a lexicon calls in coded and in other units.

    The limits are normal and can lie below 0.

    Parameters
    ----------
    marked, called : arrays of bool, n_coded
        What coders marked and the lexicon calls, in coded units drawn at random.
    called_rest : array of bool
        What the lexicon calls in the others.
    power : float, optional
        How much the lexicon is trusted, 0 (not at all) to 1; what makes the variance least unless given.

    References
    ----------
    Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382, 669-674; Angelopoulos, Duchi and Zrnic 2023,
    PPI++ (arXiv 2311.01453), for the choice of `power`.

    Examples
    --------
    >>> marked, called = np.array([1, 0, 0, 1]), np.array([1, 0, 0, 0])
    >>> [round(value, 3) for value in prediction_powered(marked, called, np.array([1, 0, 0, 0]), power=1)]
    [0.5, -0.1, 1.1]
    """
    from scipy.special import ndtri

    marked, called, rest = (np.asarray(part, float) for part in (marked, called, called_rest))
    n, n_rest = len(marked), len(rest)
    if power is None:
        spread = np.concatenate([called, rest]).var(ddof=1)
        together = np.cov(marked, called, ddof=0)[0, 1]
        power = float(np.clip(together / ((1 + n / n_rest) * spread), 0, 1)) if spread > 0 else 0.0
    error = marked - power * called
    share = power * rest.mean() + error.mean()
    half = ndtri((1 + LEVEL) / 2) * np.sqrt(power**2 * rest.var() / n_rest + error.var() / n)
    return Estimate(float(share), float(share - half), float(share + half))


def design_based(called: np.ndarray, marked: np.ndarray, drawn: np.ndarray, probability: np.ndarray) -> Estimate:
    """Estimate a share from what a lexicon calls, corrected by coded units that were drawn with known chances.

    Each unit counts as the lexicon calls it, a coded one also by the error found there over its chance. The limits are
    normal.

    Parameters
    ----------
    called : array of bool, n
    marked : array of bool, n
        Read where `drawn` is True only.
    drawn : array of bool, n
    probability : array of float, n
        With which chance each unit was drawn, above 0.

    References
    ----------
    Egami, Hinck, Stewart and Wei 2023, Advances in Neural Information Processing Systems 36 (design-based supervised
    learning).

    Examples
    --------
    >>> [round(value, 2) for value in design_based([1, 0, 0, 0], [1, 0, 1, 0], [1, 1, 1, 0], [1, 0.5, 0.5, 0.5])]
    [0.75, -0.06, 1.56]
    """
    from scipy.special import ndtri

    called, marked, drawn = (np.asarray(part, float) for part in (called, marked, drawn))
    corrected = called + np.where(drawn > 0, marked - called, 0) / np.asarray(probability, float)
    share = corrected.mean()
    half = ndtri((1 + LEVEL) / 2) * np.sqrt(((corrected - share) ** 2).sum()) / len(called)
    return Estimate(float(share), float(share - half), float(share + half))


# --- shares of documents --------------------------------------------------------------------------------------------


class Coded(NamedTuple):
    """The sentences of a document or group: called by the lexicon, coded, marked; weight of each coded one; document.

    All are arrays with one value a sentence; `marked` and `weight` are read where `coded` is True.
    """

    called: np.ndarray
    coded: np.ndarray
    marked: np.ndarray
    weight: np.ndarray
    document: np.ndarray


def measure_shares(
    hits: pd.DataFrame,
    marks: Mapping[str, Marked],
    sentences: pd.DataFrame,
    *,
    by: Groups | None = None,
    method: str = "post-stratified",
) -> pd.DataFrame:
    """Estimate which share of each document's sentences coders would mark, from the lexicon and the codes together.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`.
    marks : mapping of str to Marked
        From `gather_marks`: what coders marked, for each theme or sense. Where it has no weights, coded sentences count
        as drawn at random within each document.
    sentences : DataFrame
        `Corpus.sentences`.
    by : Groups, optional
        From `group_documents`: documents put together.
    method : {"post-stratified", "prediction-powered", "design-based"}
        "post-stratified" parts each document by what the lexicon calls (`post_stratified`). The others, with normal
        limits, are for comparison: `benchmarks/simulate_codes.py` says how often each set of limits holds the truth.

    Returns
    -------
    DataFrame
        One row per document (with `by` per group) and key, documents in the order of `sentences`: doc_id (or group);
        key; rule; counted (sentences that the lexicon counts); share (counted / n_sentences); measured, measured_low,
        measured_high (share of sentences that coders would mark, 0 to 1; exact where all are coded); n_coded,
        n_sentences; both, only_counted, only_marked (coded sentences, unweighted); coder (who coded); with `by` also by
        (the column).

    Raises
    ------
    CrossreadError
        "The method “…” is not known; use “post-stratified”, …"

    References
    ----------
    Holt and Smith 1979, Journal of the Royal Statistical Society A 142, 33-46 (post-stratification).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> hits, sentences = _toy()
    >>> marks = {"cost": Marked(pd.Series([True, True], index=["a-000", "a-001"]), None, "core or weak", "x")}
    >>> table = measure_shares(hits, marks, sentences)
    >>> table[["doc_id", "counted", "share", "measured", "measured_low", "n_coded"]].round(2).values.tolist()
    [['a', 2, 0.67, 1.0, 0.67, 2], ['b', 0, 0.0, 1.0, 0.0, 0]]
    """
    if method not in METHODS:
        raise CrossreadError(f"The method “{method}” is not known; use {', '.join(f'“{one}”' for one in METHODS)}.")
    seen = observe(hits, sentences)
    rows = []
    for key in [key for key in seen.keys if key in marks]:
        marked = marks[key]
        by_document = _coded_of(seen, key, marked)
        guesses = _pooled_guesses(list(by_document.values()))
        for name, parts in _units(by_document, by):
            held = Coded(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
            estimate = _estimate(held, guesses, method, marked.weights is not None)
            rows.append((name, key, marked.rule, *_counts(held, estimate), marked.coder))
    table = pd.DataFrame(rows, columns=["doc_id" if by is None else "group", *MEASURED[1:]])
    order = {name: number for number, name in enumerate(seen.documents if by is None else by.names)}
    table = table.sort_values(table.columns[0], key=lambda names: names.map(order), kind="stable", ignore_index=True)
    return table if by is None else table.assign(by=by.by)


def _coded_of(seen: Observations, key: str, marked: Marked) -> dict[str, Coded]:
    column = seen.keys.index(key)
    known = marked.positive.to_dict()
    weigh = {} if marked.weights is None else marked.weights.to_dict()
    result = {}
    for number, doc in enumerate(seen.documents):
        ids = seen.sentence_ids[doc]
        result[doc] = Coded(
            seen.counts[doc][:, column] > 0,
            np.array([name in known for name in ids], dtype=bool),
            np.array([bool(known.get(name, False)) for name in ids], dtype=bool),
            np.array([weigh.get(name, 1.0) for name in ids], dtype=float),
            np.full(len(ids), number),
        )
    return result


def _units(by_document: dict[str, Coded], by: Groups | None) -> list[tuple[str, list[Coded]]]:
    if by is None:
        return [(doc, [held]) for doc, held in by_document.items()]
    number = dict(zip(by_document, by.places(list(by_document)), strict=True))
    grouped = [[by_document[doc] for doc in by_document if number[doc] == place] for place in range(len(by.names))]
    return [(name, parts) for name, parts in zip(by.names, grouped, strict=True) if parts]


def _pooled_guesses(parts: list[Coded]) -> tuple[float, float]:
    """Return which share of the sentences passed over, and of those called, is marked in all documents together."""
    called, coded, marked, weight, _ = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    shares = []
    for what in (False, True):
        held = coded & (called == what)
        shares.append(float((weight * marked)[held].sum() / weight[held].sum()) if held.any() else float(what))
    return shares[0], shares[1]


def _estimate(held: Coded, guesses, method: str, weighted: bool) -> Estimate:
    if not len(held.called):
        return Estimate(np.nan, 0.0, 1.0)
    if method == "post-stratified" or held.coded.all():
        sizes, coded, positives, guessed = _parts(held, guesses, weighted)
        return post_stratified(sizes, coded, positives, guessed)
    if not held.coded.any():
        return Estimate(np.nan, 0.0, 1.0)
    if method == "prediction-powered":
        coded = held.coded
        return prediction_powered(held.marked[coded], held.called[coded], held.called[~coded])
    chance = held.coded.mean() if not weighted else 1 / np.where(held.coded, held.weight, 1.0)
    return design_based(held.called, held.marked, held.coded, np.broadcast_to(chance, held.called.shape))


def _parts(held: Coded, guesses, weighted: bool):
    """Part the sentences by document and by what the lexicon calls; where they were drawn with weights, by weight."""
    sizes, coded, positives, guessed = [], [], [], []
    for called in (False, True):
        stratum = held.called == called
        # without weights only what was drawn within a document stands for that document
        for part in [stratum] if weighted else [stratum & (held.document == one) for one in np.unique(held.document)]:
            n = int(part.sum())
            if not n:
                continue
            own = part & held.coded
            weights, number = np.unique(held.weight[own].round(9), return_inverse=True)
            if own.sum() == n or len(weights) < 2:
                weights, number = np.ones(1), np.zeros(own.sum(), dtype=int)
            drawn = np.bincount(number, minlength=len(weights))
            sizes.extend(share_out(n, weights * drawn, drawn))
            coded.extend(drawn)
            positives.extend(np.bincount(number, held.marked[own], minlength=len(weights)).astype(int))
            guessed.extend([guesses[called]] * len(weights))
    return sizes, coded, positives, guessed


def share_out(total: int, weights: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Share out a number in whole parts, in proportion to weights, with no part below its least.

    Examples
    --------
    >>> share_out(10, [1, 3], [1, 1]).tolist(), share_out(3, [1, 100], [1, 1]).tolist()
    ([3, 7], [1, 2])
    """
    weights, least = np.asarray(weights, float), np.asarray(least, dtype=int)
    free = total - least.sum()
    wanted = np.maximum(total * weights / max(weights.sum(), 1e-300) - least, 0)
    wanted = wanted * free / wanted.sum() if wanted.sum() > 0 else np.full(len(weights), free / len(weights))
    parts = np.floor(wanted).astype(int)
    for place in np.argsort(parts - wanted, kind="stable")[: free - parts.sum()]:
        parts[place] += 1
    return least + parts


def _counts(held: Coded, estimate: Estimate) -> tuple:
    n, called, marked = len(held.called), held.called, held.marked & held.coded
    return (
        int(called.sum()), called.sum() / n if n else np.nan, *estimate, int(held.coded.sum()), n,
        int((called & marked).sum()), int((called & held.coded & ~marked).sum()), int((~called & marked).sum()),
    )  # fmt: skip


def add_measured(rates: pd.DataFrame, measured: pd.DataFrame | None) -> pd.DataFrame:
    """Put what coders would mark beside what was counted, where anything was coded.

    Parameters
    ----------
    rates : DataFrame
        From `theme_rates`, of documents or groups.
    measured : DataFrame or None
        From `measure_shares`, of the same.

    Returns
    -------
    DataFrame
        `rates` with counted (sentences, as sentences_with_hit), measured, measured_low, measured_high (0 to 1; missing
        where nobody coded the theme); unchanged without codes.

    Examples
    --------
    >>> rates = pd.DataFrame({"doc_id": ["a", "b"], "key": "cost", "sentences_with_hit": [2, 0]})
    >>> measured = pd.DataFrame(
    ...     {"doc_id": ["a"], "key": "cost", "measured": [0.2], "measured_low": [0.1], "measured_high": [0.3]})
    >>> add_measured(rates, measured)[["doc_id", "counted", "measured", "measured_high"]].values.tolist()
    [['a', 2, 0.2, 0.3], ['b', 0, nan, nan]]
    """
    if measured is None or measured.empty:
        return rates
    units = rates["group" if "group" in rates else "doc_id"]
    return rates.assign(counted=rates["sentences_with_hit"], **_measured_of(measured, units, rates["key"]))


def _measured_of(measured: pd.DataFrame, units: pd.Series, keys: pd.Series, letter: str = "") -> dict[str, np.ndarray]:
    """Return the measured shares and limits of documents, or groups, and themes; with a letter in their names."""
    unit = "group" if "group" in measured else "doc_id"
    limits = measured.set_index([unit, "key"])[["measured", "measured_low", "measured_high"]]
    beside = limits.reindex(pd.MultiIndex.from_arrays([units, keys.astype(str)]))
    return {name.replace("measured", f"measured{letter}"): beside[name].to_numpy() for name in beside}


def add_measured_pairs(contrasts: pd.DataFrame, measured: pd.DataFrame | None) -> pd.DataFrame:
    """Put what coders would mark beside what was counted on both sides of each comparison, where anything was coded.

    Parameters
    ----------
    contrasts : DataFrame
        From `theme_contrasts`, of documents or groups.
    measured : DataFrame or None
        From `measure_shares`, of the same.

    Returns
    -------
    DataFrame
        `contrasts` with measured_a, measured_a_low, measured_a_high and the same of b (0 to 1; missing where nobody
        coded the theme, and of all others together); unchanged without codes.

    Examples
    --------
    >>> contrasts = pd.DataFrame({"key": ["cost"], "doc_a": ["a"], "doc_b": ["b"]})
    >>> limits = {"measured_low": [0.1, 0.0], "measured_high": [0.3, 0.2]}
    >>> measured = pd.DataFrame({"doc_id": ["a", "b"], "key": "cost", "measured": [0.2, 0.1], **limits})
    >>> add_measured_pairs(contrasts, measured)[["measured_a", "measured_b", "measured_b_high"]].values.tolist()
    [[0.2, 0.1, 0.2]]
    """
    if measured is None or measured.empty:
        return contrasts
    side = "group" if "group_a" in contrasts else "doc"
    added = (_measured_of(measured, contrasts[f"{side}_{one}"], contrasts["key"], f"_{one}") for one in "ab")
    return contrasts.assign(**{name: values for part in added for name, values in part.items()})


# --- in words -------------------------------------------------------------------------------------------------------


def describe_measured(table: pd.DataFrame, labels: Labels) -> str:
    """Say what coders mark, or would mark, beside what is counted, who coded, and where the lexicon errs otherwise."""
    if table.empty:
        return "Nobody has coded this corpus."
    said = [_word_theme(labels.theme(key), rows, labels) for key, rows in table.groupby("key", sort=False)]
    passed = table.groupby(table.columns[0], sort=False)["n_coded"].sum()
    passed = [_name(table[table[table.columns[0]] == unit].iloc[0], labels) for unit in passed.index[passed == 0]]
    coded = table.groupby("key", sort=False)[["n_coded", "n_sentences"]].sum()
    whole = (coded["n_coded"] == coded["n_sentences"]).all()
    how = f"all {int(coded['n_sentences'].max()):,} sentences" if whole else count_of(*coded.max())
    coders = join_names(dict.fromkeys(table["coder"]))
    nobody = f"Nobody has coded {join_names(passed, 'or', most=4)}" if passed else ""
    return join_sentences([*said, *word_uneven_errors(table, labels), f"Coded: {how}, by {coders}", nobody])


def _word_theme(theme: str, rows: pd.DataFrame, labels: Labels) -> str:
    """Say what coders marked of a theme, in all and where most, or where they would mark the largest share."""
    known = rows[rows["n_coded"] > 0]
    if known.empty:
        return f"{theme}: not coded"
    first = known.loc[known["measured"].idxmax()]
    name, counted = _name(first, labels), f"counted {count_of(first['counted'], first['n_sentences'])}"
    if (rows["n_coded"] == rows["n_sentences"]).all():
        marked, own = (int((part["both"] + part["only_marked"]).sum()) for part in (rows, first.to_frame().T))
        whole = (
            f"{theme}: coders marked {count_of(marked, rows['n_sentences'].sum())}, where "
            f"{int(rows['counted'].sum()):,} are counted"
        )
        alike = rows[rows["measured"] == first["measured"]]
        if len(rows) == 1 or not marked:
            return whole
        if len(alike) == len(rows):
            return f"{whole}; the same share in each"
        if len(alike) > 1:
            names = join_names([_name(row, labels) for _, row in alike.iterrows()], most=2)
            return f"{whole}; largest share in {names}, {per_cent(first['measured'])}"
        return f"{whole}; largest share in {name}, {own} of {int(first['n_sentences']):,} ({counted})"
    share = measured_text(*first[["measured", "measured_low", "measured_high", "n_sentences"]])
    told = f"would mark {share} of the sentences" if "%" in share else f"marked {share}"
    among = " of those coded" if len(known) < len(rows) else ""
    where = f"largest share{among} in {name}, where coders" if len(rows) > 1 else f"in {name} coders"
    return f"{theme}: {where} {told} ({counted})"


def _name(row: pd.Series, labels: Labels) -> str:
    return str(row["group"]) if "group" in row else labels.document(row["doc_id"])


def word_uneven_errors(table: pd.DataFrame, labels: Labels) -> list[str]:
    """Say for each theme in which document the lexicon errs otherwise than in the rest, if it does.

    Each document is held against the others, among the sentences counted and among those passed over. Where all
    sentences are coded a difference of two in ten is told as a fact; else only what Fisher's exact test supports after
    Bonferroni's correction for all documents.

    Parameters
    ----------
    table : DataFrame
        From `measure_shares`.
    labels : Labels

    Returns
    -------
    list of str
        At most one sentence a theme.

    Examples
    --------
    >>> row = {"key": "cost", "n_coded": 60, "n_sentences": 100, "only_counted": 0, "only_marked": 0, "both": 20}
    >>> rows = [row | {"doc_id": "a"}, row | {"doc_id": "b", "both": 5, "only_counted": 15}]
    >>> word_uneven_errors(pd.DataFrame(rows), Labels())
    ['The lexicon errs differently by document on cost: of the sentences that it counts, coders marked 20 of 20 in a
    and 5 of 20 elsewhere']
    """
    said = []
    for key, rows in table.groupby("key", sort=False):
        uneven = _most_uneven(rows) if len(rows) > 1 else None
        if uneven is None:
            continue
        row, kind, (own, of), (others, of_others) = uneven
        among = "that it counts" if kind == "counted" else "that it passes over"
        said.append(
            f"The lexicon errs differently by document on {labels.theme(key)}: of the sentences {among}, coders marked "
            f"{own:,} of {of:,} in {_name(row, labels)} and {others:,} of {of_others:,} elsewhere"
        )
    return said


def _most_uneven(rows: pd.DataFrame):
    from scipy.stats import fisher_exact

    complete = bool((rows["n_coded"] == rows["n_sentences"]).all())
    passed = rows["n_coded"] - rows["both"] - rows["only_counted"]
    cells = {
        "counted": (rows["both"], rows["both"] + rows["only_counted"]),
        "passed": (rows["only_marked"], passed),
    }
    candidates = []
    for kind, (marked, among) in cells.items():
        for place in range(len(rows)):
            own, of = int(marked.iloc[place]), int(among.iloc[place])
            others, of_others = int(marked.sum()) - own, int(among.sum()) - of
            if min(of, of_others) < 5:
                continue
            p = fisher_exact([[own, of - own], [others, of_others - others]]).pvalue
            apart = abs(own / of - others / of_others)
            if p * 2 * len(rows) <= SURE or (complete and apart >= WIDELY_APART):
                candidates.append((p, -apart, place, kind, (own, of), (others, of_others)))
    if not candidates:
        return None
    _, _, place, *found = min(candidates)
    return rows.iloc[place], *found
