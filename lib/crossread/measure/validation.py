"""How well a lexicon agrees with coders: scores, errors, and how well the coders agree with each other.

Which sentences are marked under which rule is said in `codes`. Where sentences were drawn for coding with different
chances, shares weigh each by one over its chance, and limits rest on the smaller number of equally weighing ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import keys_of
from crossread.measure.codes import (
    ADJUDICATED,
    CODES,
    RULES,
    lowest_mean,
    mean_codes,
    merge_codes,
    name_coders,
    themes_of,
    weights_of,
)
from crossread.measure.resampling import LEVEL, exact_limits
from crossread.wording import Labels, join_sentences

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "AGREEMENT", "CODES", "NOT_VALIDATED", "VALIDATION", "krippendorff_alpha", "list_errors", "measure_agreement",
    "merge_codes", "validate_lexicon",
]  # fmt: skip

VALIDATION = (
    "key", "rule", "entry", "true_positive", "false_positive", "false_negative",
    "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high",
    "f1", "f1_low", "f1_high", "n_coded", "coder",
)  # fmt: skip
AGREEMENT = ("key", "alpha", "low", "high", "n_coded", "coders")
NOT_VALIDATED = "not validated here"


def validate_lexicon(
    hits: pd.DataFrame,
    codes: pd.DataFrame | None,
    *,
    entries: bool = True,
) -> pd.DataFrame:
    """Return precision, recall and F1 of each theme, and of each entry, against codes, under each rule.

    A sentence with at least one hit is called by the lexicon; hits in sentences that nobody coded are left
    aside. Limits are exact (Clopper and Pearson); those of F1 follow from the share J of true positives among
    all sentences that are called or marked, F1 = 2J / (1 + J).

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`. Themes that are not coded are left out.
    codes : DataFrame or None
        As `merge_codes`. Without codes (None) each theme gets a row without numbers that says "not validated here".
    entries : bool
        Whether each entry gets a row too. The recall of an entry is its part of all marked sentences.

    Returns
    -------
    DataFrame
        For each theme and rule a row, then those of its entries: key; rule; entry (blank for the whole theme);
        true_positive, false_positive, false_negative (coded sentences); precision, recall, f1 (0 to 1, weighted) each
        with _low and _high; n_coded (sentences); coder.

    Raises
    ------
    CrossreadError
        "none of the themes … is a column of the codes."

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26, 404-413; Kish 1965, Survey Sampling, section 11.7 (the number of equally
    weighing sentences).

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["cost", "pay"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2", "a-3"], "coder": "x", "cost": [2, 0, 1]})
    >>> table = validate_lexicon(hits, codes)
    >>> table[table["entry"] == ""][["rule", "precision", "recall", "f1"]].values.tolist()
    [['core or weak', 0.5, 0.5, 0.5], ['core', 0.5, 1.0, 0.6666666666666666]]
    """
    check_columns(hits, HITS, "the hits")
    if codes is None or codes.empty:
        rows = [(key, rule) for key in keys_of(hits) for rule in RULES]
        table = pd.DataFrame(rows, columns=["key", "rule"]).reindex(columns=list(VALIDATION))
        return table.assign(entry="", n_coded=0, coder=NOT_VALIDATED)
    codes, keys = _chosen(hits, codes)
    weights = weights_of(codes)
    marked = {rule: merge_codes(codes, keys, rule=rule) for rule in RULES}
    tables = []
    for key in keys:
        of_theme = hits[hits["key"] == key]
        names = sorted(set(of_theme["entry"])) if entries else []
        ids = next(iter(marked.values())).index
        caught = _caught(of_theme, ids, names)
        caught = np.column_stack([_caught(of_theme.assign(entry=""), ids, [""]), caught])
        for rule in RULES:
            scores = _score_rows(caught, marked[rule][key].to_numpy(), weights.reindex(ids).to_numpy())
            tables.append(pd.DataFrame({"key": key, "rule": rule, "entry": ["", *names]} | scores))
    table = pd.concat(tables, ignore_index=True).assign(coder=name_coders(codes))
    return table[list(VALIDATION)]


def _chosen(hits, codes):
    check_columns(codes, CODES, "the codes")
    keys = [key for key in keys_of(hits) if key in codes.columns]
    if not keys:
        raise CrossreadError(f"none of the themes {', '.join(keys_of(hits))} is a column of the codes.")
    return codes, keys


def _caught(hits, sentence_ids, names):
    """Return which entry fired in which sentence: n_sentences x n_names."""
    rows, columns = pd.Index(sentence_ids), pd.Index(names, dtype=object)
    row, column = rows.get_indexer(hits["sentence_id"]), columns.get_indexer(hits["entry"].astype(str))
    caught = np.zeros((len(rows), len(columns)), dtype=bool)
    here = (row >= 0) & (column >= 0)
    caught[row[here], column[here]] = True
    return caught


def _score_rows(caught, positive, weights):
    """Return the columns of scores; `caught` is sentences x entries, `positive` and `weights` sentences."""
    positive, weights = positive[:, None], weights[:, None]
    right = caught & positive
    columns = {
        "true_positive": right.sum(0),
        "false_positive": (caught & ~positive).sum(0),
        "false_negative": (~caught & positive).sum(0),
    }
    marked = np.broadcast_to(positive, caught.shape)
    for name, among in (("precision", caught), ("recall", marked), ("f1", caught | positive)):
        columns |= _weighted_share(name, right, among, weights)
    return columns | {"n_coded": len(positive)}


def _weighted_share(name, right, among, weights):
    n, total, squares = among.sum(0), (weights * among).sum(0), (weights**2 * among).sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(n > 0, (weights * right).sum(0) / total, np.nan)
        inflation = np.where(n > 0, n * squares / total**2, 1.0)
    held = np.maximum(n, 1)
    low, high = exact_limits(np.minimum(np.nan_to_num(value) * held, held), held, share=True, inflation=inflation)
    parts = [value, np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)]
    if name == "f1":  # F1 = 2J / (1 + J), J = the share of all sentences in play that are true positives
        parts = [2 * part / (1 + part) for part in parts]
    return dict(zip((name, f"{name}_low", f"{name}_high"), parts, strict=True))


def list_errors(
    hits: pd.DataFrame,
    codes: pd.DataFrame | None,
    sentences: pd.DataFrame | None = None,
    *,
    rule: str = "core or weak",
) -> pd.DataFrame:
    """Return the sentences that the lexicon calls wrongly, and those that it misses.

    Parameters
    ----------
    hits, codes
        As in `validate_lexicon`.
    sentences : DataFrame, optional
        `Corpus.sentences`; the text is added where it is attached.
    rule : {"core or weak", "core"}

    Returns
    -------
    DataFrame
        One row per theme and sentence: key; doc_id; sentence_id; error ("false positive" or "miss"); entries (that
        fired, joined with "; "); mean_code (of the coders, 0 to 2); coder; text, if `sentences` has it.

    Examples
    --------
    >>> hits = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1"], "lexicon": "toy", "key": "cost",
    ...                      "entry": ["pay"], "start_token": 0, "end_token": 1})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"], "coder": "x", "cost": [0, 2]})
    >>> list_errors(hits, codes)[["sentence_id", "error", "entries"]].values.tolist()
    [['a-1', 'false positive', 'pay'], ['a-2', 'miss', '']]
    """
    check_columns(hits, HITS, "the hits")
    columns = ["key", "doc_id", "sentence_id", "error", "entries", "mean_code", "coder"]
    if codes is None:
        return pd.DataFrame(columns=columns)
    codes, keys = _chosen(hits, codes)
    means = mean_codes(codes, keys)
    document = codes.drop_duplicates("sentence_id").set_index("sentence_id")["doc_id"]
    rows = []
    for key in keys:
        of_theme = hits[hits["key"] == key]
        fired = of_theme.groupby("sentence_id")["entry"].agg(lambda column: "; ".join(sorted(set(map(str, column)))))
        marked = (means[key] >= lowest_mean(rule)).to_numpy()
        for sentence in means.index[marked != means.index.isin(fired.index)]:
            error, entries = ("false positive", fired[sentence]) if sentence in fired.index else ("miss", "")
            rows.append((key, document[sentence], sentence, error, entries, means.at[sentence, key]))
    table = pd.DataFrame(rows, columns=columns[:-1]).assign(coder=name_coders(codes))
    if sentences is not None and "text" in sentences.columns:
        table["text"] = table["sentence_id"].map(sentences["text"])
    return table


def describe_errors(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many sentences the lexicon calls wrongly and how many it misses, theme by theme, and who coded."""
    if table.empty:
        return "No coded sentence that the lexicon calls wrongly or misses."
    numbers = table.groupby(["key", "error"], sort=False).size().unstack(fill_value=0)
    said = [
        f"{labels.theme(key)}: {int(row.get('false positive', 0))} called wrongly, {int(row.get('miss', 0))} missed"
        for key, row in numbers.iterrows()
    ]
    return join_sentences([*said, f"Coded by {table['coder'].iloc[0]}"])


def _coincidences(ratings):
    # per unit the V x V coincidences of Krippendorff 2011, step B
    values = np.unique(ratings[~np.isnan(ratings)])
    tally = np.stack([(ratings == value).sum(1) for value in values], axis=1).astype(float)
    coders = tally.sum(1)
    pairs = tally[:, :, None] * tally[:, None, :] - tally[:, :, None] * np.eye(len(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        return values, np.where(coders[:, None, None] > 1, pairs / (coders - 1)[:, None, None], 0.0)


def _alpha(coincidences, values):
    totals = coincidences.sum(-1)
    upto = np.cumsum(totals, axis=-1)
    between = np.abs(upto[..., None, :] - upto[..., :, None])
    # the ranks from c to k: all between, half of each end
    rises = np.arange(len(values))[:, None] < np.arange(len(values))
    first = np.where(rises, totals[..., :, None], totals[..., None, :])
    last = np.where(rises, totals[..., None, :], totals[..., :, None])
    distance = np.where(np.eye(len(values)) > 0, 0, between + first - (first + last) / 2) ** 2
    n = totals.sum(-1)
    observed = (coincidences * distance).sum((-2, -1))
    expected = (totals[..., :, None] * totals[..., None, :] * distance).sum((-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def krippendorff_alpha(ratings: ArrayLike, *, draws: int = 2000, seed: int = 0) -> tuple[float, float, float]:
    """Return Krippendorff's alpha for ordered codes, with bootstrap limits.

    Parameters
    ----------
    ratings : array of float, units x coders
        Codes; missing ones are nan. Units with a single code do not count.
    draws, seed : int
        Samples of units and where the random numbers start.

    Returns
    -------
    alpha, low, high : float
        1 is perfect agreement, 0 chance; nan if all codes are the same.

    References
    ----------
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, Annenberg School for Communication (University of
    Pennsylvania); Krippendorff 2019, Content Analysis, 4th edition, chapter 12.

    Examples
    --------
    >>> [round(value, 2) for value in krippendorff_alpha(np.array([[0, 0], [1, 1], [2, 1], [0, 0], [2, 2]]))]
    [0.89, 0.2, 1.0]
    """
    ratings = np.asarray(ratings, float)
    values, by_unit = _coincidences(ratings)
    if not by_unit.sum():
        return float("nan"), float("nan"), float("nan")
    alpha = float(_alpha(by_unit.sum(0), values))
    units = by_unit[by_unit.sum((1, 2)) > 0]
    weights = np.random.default_rng(seed).multinomial(len(units), np.full(len(units), 1 / len(units)), size=draws)
    drawn = _alpha(np.tensordot(weights.astype(float), units, axes=1), values)
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return alpha, float("nan"), float("nan")
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return alpha, float(low), float(high)


def measure_agreement(codes: pd.DataFrame | None, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """Return how well the coders agree on each theme.

    Parameters
    ----------
    codes : DataFrame
        As `merge_codes`.
    keys : sequence of str, optional
        Themes; all by default.

    Returns
    -------
    DataFrame
        One row per theme: key; alpha (ordinal; 1 is perfect, 0 chance; missing with one coder); low, high;
        n_coded (sentences coded at least twice); coders (their names). What was adjudicated is no coder's.

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"] * 2,
    ...                       "coder": list("xxyy"), "cost": [0, 2, 0, 2]})
    >>> measure_agreement(codes)[["key", "alpha", "n_coded", "coders"]].values.tolist()
    [['cost', 1.0, 2, 'x, y']]
    """
    if codes is None:
        return pd.DataFrame(columns=list(AGREEMENT))
    check_columns(codes, CODES, "the codes")
    keys = themes_of(codes) if keys is None else list(keys)
    codes = codes[~codes["coder"].astype(str).str.startswith(ADJUDICATED)]
    rows = []
    for key in keys:
        ratings = codes.pivot(index="sentence_id", columns="coder", values=key).to_numpy(float)
        alpha, low, high = krippendorff_alpha(ratings)
        n_coded = int(((~np.isnan(ratings)).sum(1) > 1).sum())
        rows.append((key, alpha, low, high, n_coded, ", ".join(sorted(set(codes["coder"].astype(str))))))
    return pd.DataFrame(rows, columns=list(AGREEMENT))


def describe_agreement(table: pd.DataFrame, labels: Labels) -> str:
    """Say how well coders agree, theme by theme.

    Examples
    --------
    >>> row = {"key": "cost", "alpha": 0.8, "low": 0.5, "high": 1.0, "n_coded": 40, "coders": "x, y"}
    >>> describe_agreement(pd.DataFrame([row]), Labels())
    'Agreement of x, y on 40 sentences coded by all (alpha: 1 is perfect, 0 chance): cost 0.80 (0.50 to 1.00).'
    """
    said = [
        f"{labels.theme(row.key)} {row.alpha:.2f} ({row.low:.2f} to {row.high:.2f})"
        if row.alpha == row.alpha
        else f"{labels.theme(row.key)} unknown yet"
        for row in table.itertuples()
    ]
    if not said:
        return "Nobody has coded this corpus."
    n, coders = int(table["n_coded"].max()), table["coders"].iloc[0]
    return f"Agreement of {coders} on {n:,} sentences coded by all (alpha: 1 is perfect, 0 chance): {'; '.join(said)}."
