"""Which documents, or groups of documents, differ on a theme: first all at once, then pair by pair.

Two statements are kept apart. *Counted* is true of these pages: 9 of 29 sentences against 15 of 149. *General* is what
further text of the same kind would show; it has limits and a verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError
from crossread.measure.comparisons import (
    GROWTH,
    POWER,
    POWER_OF_EACH,
    Comparison,
    Side,
    common_share,
    limits_of_difference,
    rate_ratio,
    ratio_by_formula,
    smallest_ratio,
    smallest_ratio_of_all,
)
from crossread.measure.families import SURE
from crossread.measure.groups import Groups
from crossread.measure.pairs import (
    REST,
    Family,
    Judged,
    best_omnibus,
    dealt_documents,
    documents_compared,
    factors_of,
    groups_compared,
    judge_documents,
    judge_groups,
)
from crossread.measure.resampling import rate_limits
from crossread.measure.themes import Observations, observe
from crossread.wording import (
    TIED,
    Labels,
    count_of,
    is_coded,
    join_names,
    join_sentences,
    left_out_note,
    measured_text,
    number_of,
    number_text,
)

SUPPORTED, NOT_DISTINGUISHABLE, TOO_FEW = "supported", "not distinguishable", "too few units"
THEME_CONTRASTS = (
    "key", "doc_a", "doc_b", "sentences_a", "n_a", "sentences_b", "n_b", "share_a", "share_b", "difference", "low",
    "high", "ratio", "p", "p_adjusted", "verdict", "minimum_ratio", "n_units", "p_omnibus", "family_low",
    "family_high",
)  # fmt: skip
OMNIBUS = ("key", "n_compared", "n_units", "highest", "lowest", "p", "p_adjusted", "verdict")
COUNTED_HITS = ("count_a", "n_tokens_a", "per_1000_a", "count_b", "n_tokens_b", "per_1000_b")
QUANTITIES = ("share", "per_1000")


def theme_contrasts(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    quantity: str = "share",
    by: Groups | None = None,
    keys: Sequence[str] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    kinds: tuple[str, ...] = ("body",),
    draws: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare documents, or groups of documents, on every theme: what was counted, limits, p-values and a verdict.

    On each theme one test asks first whether any document differs (`theme_omnibus`), then each pair is compared, and
    Shaffer's procedure corrects for the pairs after that first test; Bonferroni's for the themes. So the family that
    is corrected for is the table. Up to eight documents are compared in pairs, more of them each with all others
    together. Documents are compared by listing outcomes (`compare_shares`, `compare_rates`); groups by dealing
    documents to them anew, all ways where there are few, so that groups may differ in how long their documents are
    (`deal_to_groups`).

    Parameters
    ----------
    hits, sentences, by, kinds
        As in `theme_rates`.
    quantity : {"share", "per_1000"}
        Share of sentences with a hit, or hits per 1,000 tokens.
    keys : sequence of str, optional
        The themes to compare; all by default. Fewer are corrected for less.
    pairs : sequence of pairs of str, optional
        The documents, or groups, to compare.
    draws : int, optional
        Of the omnibus test, and of groups that can be dealt in more than 20,000 ways. Unless given, as many as the
        family needs.
    seed : int
        Where the random numbers start.

    Returns
    -------
    DataFrame
        One row per key and pair: key; doc_a, doc_b (with `by` group_a, group_b; "all others" is all together);
        sentences_a of n_a and sentences_b of n_b (sentences with a hit, of sentences); share_a, share_b (0 to 1);
        difference (a less b, as a share or in hits per 1,000 tokens), low, high (its 95 per cent limits taken by
        itself; they leave out zero when p is below .05); ratio (of a to b); p; p_adjusted (at least that of the omnibus
        test); verdict: "supported" (p_adjusted at most .05), "too few units" (no outcome of the two could have been
        supported, the others being as they are and hits clumping as they do), else "not distinguishable"; minimum_ratio
        (the smallest ratio that was sure to be seen, in about 80 of 100 such texts or more, by the omnibus test and by
        the pair's: the lower of the two says as much of the theme as is said of it on average, the higher so many times
        more; of one against all others these say as much as is said on average, and the one so many times more, or less
        if it was below them; between documents it allows for the clumping to be estimated too low here, and to be
        higher where a document says more of the theme, between groups for what documents of each length tell, and for
        these to vary more in other collections (`pairs.varying_elsewhere`); infinite where none can be named, though a
        large one is often seen, and with `by` in "too few units"); n_units (effective sentences of the side that has
        fewer, with `by` documents); p_omnibus (of the theme, before it is adjusted); family_low, family_high (limits
        that hold for all rows together, by Bonferroni's method). For hits count_a, n_tokens_a, per_1000_a and the same
        of b follow. With `by` also by (the column) and left_out (documents without it).

    Raises
    ------
    CrossreadError
        "The quantity “…” is not known; use “share” or “per_1000”."
        "There is no document “…” to compare. There are: …"
        "With … draws no adjusted p-value can reach 0.05 among … tests; use at least …."

    References
    ----------
    Shaffer 1986, Journal of the American Statistical Association 81, 826-831; Newcombe 1998, Statistics in Medicine
    17, 873-890.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> theme_contrasts(*_toy())[["key", "sentences_a", "n_a", "sentences_b", "n_b", "verdict"]].values.tolist()
    [['cost', 2, 3, 0, 2, 'too few units']]
    """
    _check_quantity(quantity)
    seen = observe(hits, sentences, kinds=kinds, names=keys)
    share = quantity == "share"
    if by is None:
        family, empty = documents_compared(seen, pairs, share)
    else:
        family, empty = groups_compared(seen, by, pairs, share)
    if family.pairs and seen.keys:
        how = {"share": share, "draws": draws, "seed": seed}
        tested = _judge(family, **how) if by is None else judge_groups(family, seen, by, **how)
        tables = [_contrast_table(seen.keys, family, tested, quantity, listed=by is None)]
    else:
        tables = []
    tables += [_empty_rows(seen, by, empty)] if empty else []
    columns = [*THEME_CONTRASTS, *(COUNTED_HITS if not share else ())]
    table = pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns)
    order = {key: number for number, key in enumerate(seen.keys)}
    table = table.sort_values("key", key=lambda key: key.map(order), kind="stable", ignore_index=True)
    if by is None:
        return table
    return table.rename(columns={"doc_a": "group_a", "doc_b": "group_b"}).assign(by=by.by, left_out=len(by.left_out))


def _check_quantity(quantity):
    if quantity not in QUANTITIES:
        raise CrossreadError(f"The quantity “{quantity}” is not known; use “share” or “per_1000”.")


def _judge(family: Family, *, share, draws, seed) -> Judged:
    """Test documents, and where the test over all was not passed ask whether it could have been."""
    tested = judge_documents(family, share=share, draws=draws, seed=seed)
    asked = (tested.best <= SURE) & (tested.adjusted_omnibus > SURE)
    best = best_omnibus(family, asked, share=share, seed=seed)
    return tested._replace(best=np.where(asked, np.maximum(tested.best, best), tested.best))


def _contrast_table(keys, family: Family, tested: Judged, quantity, *, listed) -> pd.DataFrame:
    share, scale = quantity == "share", 1 if quantity == "share" else 1000
    n_pairs, n_keys = tested.p.shape
    (a, with_a, of_a), (b, with_b, of_b) = family.first(), family.second()
    rate_a, rate_b = a.count / a.units, b.count / b.units
    low, high = Comparison(a, b, share, tested.p).limits()
    whole_family = [rate_limits(*side, share=share, level=1 - SURE / tested.p.size) for side in (a, b)]
    family_low, family_high = limits_of_difference(*whole_family[0], *whole_family[1])
    unsupported = np.where(tested.best > SURE, TOO_FEW, NOT_DISTINGUISHABLE)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = rate_a / rate_b
    cells = {
        "doc_a": np.repeat(np.array([pair[0] for pair in family.pairs], dtype=object)[:, None], n_keys, axis=1),
        "doc_b": np.repeat(np.array([pair[1] for pair in family.pairs], dtype=object)[:, None], n_keys, axis=1),
        "sentences_a": with_a.astype(int),
        "n_a": of_a.astype(int),
        "sentences_b": with_b.astype(int),
        "n_b": of_b.astype(int),
        "share_a": with_a / of_a,
        "share_b": with_b / of_b,
        "difference": scale * (rate_a - rate_b),
        "low": scale * low,
        "high": scale * high,
        "ratio": ratio,
        "p": tested.p,
        "p_adjusted": tested.p_adjusted,
        "verdict": np.where(tested.p_adjusted <= SURE, SUPPORTED, unsupported).astype(object),
        "minimum_ratio": _smallest_ratios(a, b, family, tested, share, listed),
        "n_units": tested.n_units,
        "p_omnibus": np.broadcast_to(tested.p_omnibus, tested.p.shape),
        "family_low": scale * np.minimum(family_low, low),
        "family_high": scale * np.maximum(family_high, high),
    }
    if not share:
        hits = (a.count, a.units, 1000 * rate_a, b.count, b.units, 1000 * rate_b)
        cells |= dict(zip(COUNTED_HITS, hits, strict=True))
    table = pd.DataFrame({name: values.T.ravel() for name, values in cells.items()})
    table.insert(0, "key", np.repeat(np.array(keys, dtype=object), n_pairs))
    return table


def _smallest_ratios(a: Side, b: Side, family: Family, tested: Judged, share, listed):
    """Return the smallest ratio that was sure to be seen in each row.

    Of a pair the higher side is raised; of one against all others that one is raised, or lowered.
    """
    whole = family.whole()
    if not np.isfinite(whole.inflation).all():  # no group has two documents
        return np.full(a.count.shape, np.inf)
    if not listed:  # what the test weighs, which is not what limits rest on
        family = replace(family, clumping=tested.weighed.clumping)
        whole, a, b = family.whole(), family.first().side, family.second().side
    common = common_share(whole.count, whole.units, whole.inflation)
    first_higher = a.count * b.units >= b.count * a.units
    lowered = family.against_rest & ~first_higher
    upper, lower = (
        Side(*(np.where(first_higher, *order) for order in zip(*sides, strict=True))) for sides in ((a, b), (b, a))
    )
    power = POWER if len(family.names) == 2 else POWER_OF_EACH  # two documents are as far apart in both tests
    how = {"level": tested.level, "power": power, "lowered": lowered}
    if listed:
        by_pair = smallest_ratio(common, upper, lower, share=share, **how)
    else:
        formula, growth = (ratio_by_formula, 0.0) if share else (rate_ratio, GROWTH[share])
        own = how | {"level": tested.weighed.level, "freedom": tested.weighed.freedom, "growth": growth}
        by_pair = formula(common, *upper[1:3], *lower[1:3], **own)
        by_pair = np.where(tested.best > SURE, np.inf, by_pair)
    if len(family.pairs) == 1 and not listed:  # two groups have but one test
        return by_pair
    # the test over all comes first
    how["level"] = tested.level * factors_of(family)[0]
    one = a if family.against_rest else upper
    by_all = smallest_ratio_of_all(common, one, whole, share=share, groups=not listed, **how)
    return np.maximum(by_pair, by_all)


def _empty_rows(seen: Observations, by: Groups | None, pairs) -> pd.DataFrame:
    """Return rows for pairs of which one side has no sentence: what was counted, and that there is too little."""
    sentences_with, sentences = seen.totals(True)
    if by is not None:
        sentences_with, sentences = (by.add_up(part, seen.documents) for part in (sentences_with, sentences))
    place = {name: number for number, name in enumerate(seen.documents if by is None else by.names)}

    def held(name, own):
        """Sentences with a hit of each key, and sentences, of a side."""
        if name == REST:
            return sentences_with.sum(0) - sentences_with[place[own]], sentences.sum() - sentences[place[own]]
        return sentences_with[place[name]], sentences[place[name]]

    rows = []
    for first, second in pairs:
        (with_a, n_a), (with_b, n_b) = held(first, first), held(second, first)
        for number, key in enumerate(seen.keys):
            rows.append(
                {
                    "key": key, "doc_a": first, "doc_b": second, "sentences_a": int(with_a[number]), "n_a": int(n_a),
                    "sentences_b": int(with_b[number]), "n_b": int(n_b),
                    "share_a": with_a[number] / n_a if n_a else np.nan,
                    "share_b": with_b[number] / n_b if n_b else np.nan,
                    "verdict": TOO_FEW, "minimum_ratio": np.inf, "n_units": 0.0,
                }
            )  # fmt: skip
    return pd.DataFrame(rows).reindex(columns=[*THEME_CONTRASTS, *COUNTED_HITS])


def equivalent(table: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Return the comparisons of which it can be said that there is no difference to speak of.

    They are those whose limits for all rows together lie within the margin on both sides. That is more than not being
    distinguishable.

    Parameters
    ----------
    table : DataFrame
        From `theme_contrasts`.
    margin : float
        The largest difference that is of no account, in the unit of the table: a share, or hits per 1,000 tokens.

    Returns
    -------
    DataFrame
        The rows of `table`.

    Raises
    ------
    CrossreadError
        "The margin must be above 0; it is …"

    References
    ----------
    Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657-680 (two one-sided tests).

    Examples
    --------
    >>> table = theme_contrasts(*_rows_of(20, 150, 20, 149))
    >>> len(equivalent(table, 0.3)), len(equivalent(table, 0.01))
    (1, 0)
    """
    check_columns(table, ("family_low", "family_high"), "the contrasts")
    if not margin > 0:
        raise CrossreadError(f"The margin must be above 0; it is {margin}.")
    return table[(table["family_low"] >= -margin) & (table["family_high"] <= margin)].reset_index(drop=True)


def theme_omnibus(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    quantity: str = "share",
    by: Groups | None = None,
    keys: Sequence[str] | None = None,
    kinds: tuple[str, ...] = ("body",),
    draws: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Ask of each theme whether any document, or group, differs from the others: one test over all of them.

    Parameters
    ----------
    hits, sentences, quantity, by, keys, kinds, draws, seed
        As in `theme_contrasts`, whose column p_omnibus this is.

    Returns
    -------
    DataFrame
        One row per key: key; n_compared (documents, or groups, that have sentences); n_units (their effective
        sentences, or documents with `by`); highest, lowest (the document, or group, with the largest and the smallest
        share or rate; several that have the same are joined with =); p; p_adjusted (times the number of themes; of
        groups, by the largest statistic of all themes, step by step); verdict, as in `theme_contrasts`. With `by` also
        by and left_out.

    Raises
    ------
    CrossreadError
        As `theme_contrasts`.

    References
    ----------
    Westfall and Young 1993, Resampling-Based Multiple Testing (step-down maxima).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> theme_omnibus(*_toy())[["key", "n_compared", "highest", "verdict"]].values.tolist()
    [['cost', 2, 'a', 'too few units']]
    """
    _check_quantity(quantity)
    seen = observe(hits, sentences, kinds=kinds, names=keys)
    share = quantity == "share"
    family, _ = documents_compared(seen, None, share) if by is None else groups_compared(seen, by, None, share)
    columns = {"key": list(seen.keys), "n_compared": len(family.names)}
    rates, names = family.counts / np.maximum(family.units, 1)[:, None], np.array(family.names, dtype=object)
    if family.pairs and seen.keys:
        if by is None:
            tested = _judge(family, share=share, draws=draws, seed=seed)
            n_units = (family.sentences[:, None] / family.clumping.inflation).sum(0)
        else:
            tested = judge_groups(family, seen, by, share=share, draws=draws, seed=seed)
            n_units = float(len(dealt_documents(family.names, seen, by, share)[2]))
        unsupported = np.where(tested.best.min(0) > SURE, TOO_FEW, NOT_DISTINGUISHABLE)
        columns |= {
            "n_units": n_units,
            "highest": [TIED.join(names[of_key == of_key.max()]) for of_key in rates.T],
            "lowest": [TIED.join(names[of_key == of_key.min()]) for of_key in rates.T],
            "p": tested.p_omnibus,
            "p_adjusted": tested.adjusted_omnibus,
            "verdict": np.where(tested.adjusted_omnibus <= SURE, SUPPORTED, unsupported).astype(object),
        }
    else:
        columns |= {"n_units": 0.0, "highest": "", "lowest": "", "p": np.nan, "p_adjusted": np.nan, "verdict": TOO_FEW}
    table = pd.DataFrame(columns, columns=list(OMNIBUS))
    return table if by is None else table.assign(by=by.by, left_out=len(by.left_out))


def _word_pages(row: pd.Series, labels: Labels) -> str:
    """Say what was counted in these pages and, where they were coded, what coders marked, or would mark."""
    first, second = _names(row, labels)
    if "count_a" in row:  # coders mark sentences, not hits
        here = f"{number_of(row['count_a'], 'hit')} in {number_of(row['n_tokens_a'], 'token')} of {first}"
        there = f"{int(row['count_b']):,} in {int(row['n_tokens_b']):,} of {second}"
        rates = [number_text(row[f"per_1000_{side}"]) for side in "ab"]
        return f"{labels.theme(row['key'])}: {here} ({rates[0]} per 1,000) against {there} ({rates[1]})"
    counted = (
        f"{labels.theme(row['key'])}: {count_of(row['sentences_a'], row['n_a'])} in {first} against "
        f"{int(row['sentences_b']):,} of {int(row['n_b']):,} in {second}"
    )
    sides = [[row.get(f"measured_{side}{what}", np.nan) for what in ("", "_low", "_high")] for side in "ab"]
    if not all(is_coded(*limits) for _, *limits in sides):
        return counted
    told = [measured_text(*side, row[f"n_{letter}"]) for side, letter in zip(sides, "ab", strict=True)]
    if all(low == high for _, low, high in sides):
        return f"{counted}; coders marked {' against '.join(one.split(' of ')[0] for one in told)}"
    return f"{counted}; coders would mark {' against '.join(told)}"


def _p_text(p: float) -> str:
    return "under .001" if p < 0.001 else f"{p:.3f}".lstrip("0")


def _names(row: pd.Series, labels: Labels) -> tuple[str, str]:
    if "group_a" in row:
        return str(row["group_a"]), str(row["group_b"])
    return labels.document(row["doc_a"]), labels.document(row["doc_b"])


def describe_contrasts(table: pd.DataFrame, labels: Labels) -> str:
    """Say the widest difference on each theme, counted and measured, then which verdicts there are in general."""
    if table.empty:
        return "There is nothing to compare."
    read = table[(table["n_a"] > 0) & (table["n_b"] > 0)]
    apart = (read["difference"] if "count_a" in read else read["share_a"] - read["share_b"]).abs()
    widest = [apart.loc[rows.index].idxmax() for _, rows in read.groupby("key", sort=False, observed=True)]
    widest.sort(key=lambda row: -apart[row])
    supported_rows = [row for row in widest if table.loc[row, "verdict"] == SUPPORTED]
    widest = [*supported_rows, *(row for row in widest if row not in supported_rows)]
    counted = [
        _word_pages(read.loc[row], labels)
        if read.loc[row, ["sentences_a", "sentences_b"]].any()
        else f"{labels.theme(read.loc[row, 'key'])}: nowhere"
        for row in widest
    ]
    numbers = table["verdict"].value_counts().reindex([SUPPORTED, NOT_DISTINGUISHABLE, TOO_FEW]).fillna(0).astype(int)
    n_supported = numbers[SUPPORTED]
    others = [f"{numbers[verdict]} {verdict}" for verdict in (NOT_DISTINGUISHABLE, TOO_FEW) if numbers[verdict]]
    headline = f"{counted[0]}; in general {table.loc[widest[0], 'verdict']}" if counted else ""
    lead = ""
    if len(table) > 1:
        are = "are" if n_supported > 1 else "is"
        lead = f"In general {n_supported or 'none'} of {len(table)} differences {are} supported"
        lead += f" ({join_names(others)})" if others else ""
    supported = [
        f"{labels.theme(row['key'])}: {_names(row, labels)[0]} {'above' if row['difference'] > 0 else 'below'} "
        f"{_names(row, labels)[1]}"
        for _, row in table[table["verdict"] == SUPPORTED].iterrows()
    ]
    found = table.groupby("key", observed=True)[["sentences_a", "sentences_b"]].transform("sum").sum(axis=1) > 0
    open_rows = table.loc[found & (table["verdict"] == NOT_DISTINGUISHABLE), "minimum_ratio"]
    seen = open_rows[np.isfinite(open_rows)]
    limits = ""
    if len(open_rows):
        none = len(open_rows) - len(seen)
        limits = f"Smallest ratio that was sure to be seen where not distinguishable: {_ratios_text(seen, none)}"
        if seen.empty:
            limits = (
                "Where not distinguishable, no ratio can be named that was sure to be seen, in 80 of 100 such texts, "
                "so this does not speak against a difference"
            )
    return join_sentences(
        [
            headline,
            *counted[1:],
            lead,
            f"Supported: {join_names(supported, most=6)}" if supported else "",
            limits,
            left_out_note(table),
        ]
    )


def _ratios_text(ratios: pd.Series, none: int) -> str:
    low, high = number_text(ratios.min()), number_text(ratios.max())
    text = low if low == high else f"{low} to {high}"
    return f"{text}, in {none} none can be named" if none else text


def describe_omnibus(table: pd.DataFrame, labels: Labels) -> str:
    """Say for each theme where it is counted most and least, and for which any difference is supported in general."""
    name, units = (Labels().document, "groups") if "by" in table else (labels.document, "documents")
    if table.empty or table["n_compared"].max() < 2:
        return join_sentences(["There is nothing to compare", left_out_note(table)])
    rank = [SUPPORTED, NOT_DISTINGUISHABLE, TOO_FEW].index
    said = []
    for _, row in table.sort_values("verdict", key=lambda column: column.map(rank), kind="stable").iterrows():
        p = f" (adjusted p {_p_text(row['p_adjusted'])})" if np.isfinite(row["p_adjusted"]) else ""
        counted = f"counted most in {name(row['highest'])}, least in {name(row['lowest'])}"
        counted = counted if row["highest"] != row["lowest"] else f"the same in all {units}"
        said.append(f"{labels.theme(row['key'])}: {counted}; in general {row['verdict']}{p}")
    supported = [labels.theme(key) for key in table.loc[table["verdict"] == SUPPORTED, "key"]]
    lead = f"So a difference between {units} is supported on {join_names(supported) or 'no theme'}"
    return join_sentences([*said, lead, left_out_note(table)])


def _rows_of(with_a, n_a, with_b, n_b):
    """Hits and sentences of two documents with so many sentences with a hit, spread evenly."""
    ids = [f"{doc}-{i:03d}" for doc, n in (("a", n_a), ("b", n_b)) for i in range(n)]
    sentences = pd.DataFrame(
        {"doc_id": [name[0] for name in ids], "section": 0, "paragraph": 0, "sentence": 0, "segment": 0, "kind": "body",
         "n_tokens": 20, "start": 0, "end": 0},
        index=pd.Index(ids, name="sentence_id"),
    )  # fmt: skip
    marked = [f"a-{i:03d}" for i in np.linspace(0, n_a - 1, with_a).astype(int)]
    marked += [f"b-{i:03d}" for i in np.linspace(0, n_b - 1, with_b).astype(int)]
    hits = pd.DataFrame({"doc_id": [name[0] for name in marked], "sentence_id": marked, "lexicon": "toy", "key": "Cost",
                         "entry": "cost", "start_token": 0, "end_token": 1})  # fmt: skip
    return hits.assign(key=pd.Categorical(hits["key"])), sentences
