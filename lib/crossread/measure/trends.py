"""How themes change over the years: a line through documents, which are the units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from math import factorial
from typing import NamedTuple

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.contrasts import NOT_DISTINGUISHABLE, QUANTITIES, SUPPORTED, TOO_FEW
from crossread.measure.families import SURE, check_draws, draws_needed, step_down_maxima
from crossread.measure.groups import Groups, weigh_documents
from crossread.measure.resampling import LEVEL
from crossread.measure.themes import observe
from crossread.wording import (
    HEADLINE,
    Labels,
    count_of,
    join_sentences,
    join_within,
    left_out_note,
    number_of,
    number_text,
    per_cent,
    ratio_text,
)

TRENDS = (
    "key", "n_units", "first", "last", "fitted_first", "fitted_last", "per_decade", "low", "high", "freedom", "p",
    "p_adjusted", "verdict", "minimum_ratio", "quantity", "by", "left_out",
)  # fmt: skip
GROUP_TRENDS = ("group", *TRENDS, "along")
LEAST_DOCUMENTS = 3  # of a group: two points lie on any line
MOST_ORDERS = 50_000  # more orders of the documents are drawn


def theme_trends(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    by: Groups,
    *,
    quantity: str = "share",
    keys: Sequence[str] | None = None,
    kinds: tuple[str, ...] = ("body",),
    families: int = 1,
    draws: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Fit a straight line to each theme over the years: how much it changes in a decade, with limits and a verdict.

    Weighted least squares, each document weighed by what one of its length tells (`weigh_documents`), so that one that
    is twenty times as long as the others is not the line. Years are dealt to documents anew,
    all ways where there are few, and the largest slope of all themes is looked at, so that p-values are adjusted for
    the themes. The limits allow for documents that scatter unlike each other, with few degrees of freedom where few
    documents decide. A line is supported when p_adjusted is at most .05 and its limits leave out zero.

    Parameters
    ----------
    hits, sentences, quantity, keys, kinds, draws, seed
        As in `theme_contrasts`.
    by : Groups
        From `group_documents` with a column of numbers, such as year.
    families : int
        How many such tables are asked about together; p-values are adjusted for them by Bonferroni.

    Returns
    -------
    DataFrame
        One row per key: key; n_units (documents); first, last (of the column); fitted_first, fitted_last (share, or
        hits per 1,000 tokens, on the line); per_decade (change in ten years, in the same unit), low, high (its 95 per
        cent limits), freedom (their degrees of freedom); p (dealing years); p_adjusted; verdict, as in
        `theme_contrasts`; minimum_ratio (between the ends of the line, the smallest that is found in 80 of 100
        cases where all themes are asked about, the documents scattering as they do; infinite where none is);
        quantity; by; left_out (documents without a number there).

    Raises
    ------
    CrossreadError
        "The column “party” is no number everywhere (“Red”); a trend needs numbers, such as years, or blanks."
        "The quantity “…” is not known; use “share” or “per_1000”."

    References
    ----------
    Bell and McCaffrey 2002, Survey Methodology 28, 169-181; Westfall and Young 1993 (largest statistics).

    Examples
    --------
    >>> from crossread.measure.groups import group_documents
    >>> from crossread.measure.themes import _toy
    >>> by = group_documents(pd.DataFrame({"year": [1990, 2000]}, index=["a", "b"]), "year")
    >>> theme_trends(*_toy(), by)[["n_units", "first", "last", "verdict"]].values.tolist()
    [[2, 1990.0, 2000.0, 'too few units']]
    """
    if by.values is None:
        raise CrossreadError(_no_number(by))
    if quantity not in QUANTITIES:
        raise CrossreadError(f"The quantity “{quantity}” is not known; use “share” or “per_1000”.")
    seen = observe(hits, sentences, kinds=kinds, names=keys)
    counts, units = seen.totals(quantity == "share")
    value_of = dict(zip(by.documents, by.values, strict=True))
    years = np.array([value_of[doc] for doc in seen.documents], dtype=float)
    there = np.isfinite(years) & (units > 0)
    counts, units, years = counts[there], units[there].astype(float), years[there]
    scale = 1 if quantity == "share" else 1000
    table = pd.DataFrame({"key": list(seen.keys), "n_units": int(there.sum())}, columns=list(TRENDS))
    table = table.assign(quantity=quantity, by=by.by, left_out=len(by.left_out), verdict=TOO_FEW, minimum_ratio=np.inf)
    table[["first", "last"]] = (years.min(), years.max()) if len(years) else (np.nan, np.nan)
    if len(years) < 3 or np.ptp(years) == 0 or not seen.keys:
        return table
    draws = draws_needed(families) if draws is None else draws
    check_draws(draws, families)
    within = np.average(seen.clumping(quantity == "share").inflation[there], axis=0, weights=units)
    rates, parts = counts / units[:, None], weigh_documents(counts, units, within)
    p, adjusted, smallest = _test_slopes(rates, parts, years, draws, seed)
    adjusted = np.minimum(families * adjusted, 1)
    fitted = _fit_lines(rates, parts, years)
    line = _line(fitted, years, scale, SURE / (families * len(seen.keys)))
    if quantity == "share":  # a straight line may leave what a share can be
        line |= {name: np.minimum(line[name], 1) for name in ("fitted_first", "fitted_last")}
    sure = (adjusted <= SURE) & ((line["low"] > 0) | (line["high"] < 0))
    verdict = np.where(sure, SUPPORTED, TOO_FEW if families * smallest > SURE else NOT_DISTINGUISHABLE)
    return table.assign(**line, freedom=fitted.freedom, p=p, p_adjusted=adjusted, verdict=verdict)[list(TRENDS)]


def _no_number(by: Groups) -> str:
    odd = [name for name in by.names if not pd.notna(pd.to_numeric(name, errors="coerce"))]
    shown = ", ".join(f"“{name}”" for name in odd[:3]) + (", …" if len(odd) > 3 else "")
    return f"The column “{by.by}” is no number everywhere ({shown}); a trend needs numbers, such as years, or blanks."


def group_trends(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    along: Groups,
    by: Groups,
    *,
    quantity: str = "share",
    keys: Sequence[str] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Fit a line over the years to each theme in each group of documents, such as each party.

    As `theme_trends` within each group; p-values are adjusted for the themes and, by Bonferroni, for the groups. That
    one group's line is supported and another's is not does not show that the two differ.

    Parameters
    ----------
    hits, sentences, quantity, keys, seed
        As in `theme_trends`.
    along : Groups
        From `group_documents` with a column of numbers, such as year.
    by : Groups
        From `group_documents`; a group of fewer than three documents gets no line.

    Returns
    -------
    DataFrame
        group, then the columns of `theme_trends` for that group alone; by (the column of the groups); along (that of
        the numbers).

    Raises
    ------
    CrossreadError
        "No group of “party” has three documents with a year; a line needs as many."

    Examples
    --------
    >>> from crossread.measure.groups import group_documents
    >>> from crossread.measure.themes import _toy
    >>> documents = pd.DataFrame({"year": [1990, 2000], "party": "Red"}, index=["a", "b"])
    >>> group_trends(*_toy(), group_documents(documents, "year"), group_documents(documents, "party"))
    Traceback (most recent call last):
        ...
    crossread.errors.CrossreadError: No group of “party” has three documents with a year; a line needs as many.
    """
    if along.values is None:
        raise CrossreadError(_no_number(along))
    large = [n for n in range(len(by.names)) if (np.isfinite(along.values) & (by.number == n)).sum() >= LEAST_DOCUMENTS]
    if not large:
        raise CrossreadError(f"No group of “{by.by}” has three documents with a {along.by}; a line needs as many.")
    parts = []
    for number in large:
        within = replace(along, values=np.where(by.number == number, along.values, np.nan))
        part = theme_trends(hits, sentences, within, quantity=quantity, keys=keys, families=len(large), seed=seed)
        parts.append(part.assign(group=by.names[number], by=by.by))
    left_out = len(along.documents) - int(sum(part["n_units"].iloc[0] for part in parts if len(part)))
    table = pd.concat(parts, ignore_index=True).assign(left_out=left_out, along=along.by)
    return table[list(GROUP_TRENDS)]


def describe_group_trends(table: pd.DataFrame, labels: Labels) -> str:
    """Say in which group which theme's line is supported, then what the lines run from and to."""
    supported = table[table["verdict"] == SUPPORTED]
    said = [f"{row['group']}, {_word_line(row, labels)}" for _, row in supported.iterrows()]
    groups = table["group"].unique()
    if said:
        headline = f"In general {join_within(_word_directions(supported, groups, labels), HEADLINE - 12)}"
        said = [f"Supported: {count_of(len(said), len(table), 'line')}", *said]
    else:
        where = f"in any of {len(groups)} groups" if len(groups) > 1 else f"in {groups[0]}"
        headline = f"In general, no theme is supported as growing or shrinking {where}"
    left_out = int(table["left_out"].iloc[0]) if len(table) else 0
    column = table["along"].iloc[0] if len(table) else ""
    documents = number_of(left_out, "document")
    note = f"Without a line: {documents}, of groups with fewer than three of them or without a {column}"
    return join_sentences([headline, *said, note if left_out else ""])


def _word_directions(supported: pd.DataFrame, groups: Sequence[str], labels: Labels) -> list[str]:
    """Say in how many groups each theme grows or shrinks, those in most groups first."""
    ways = supported.apply(_way, axis="columns").rename("way")
    told = (
        supported.groupby(["key", ways], sort=False, observed=True).size().sort_values(ascending=False, kind="stable")
    )
    return [
        f"“{labels.theme(key)}” {way} in {count_of(n, len(groups), 'group') if len(groups) > 1 else groups[0]}"
        for (key, way), n in told.items()
    ]


class _Fitted(NamedTuple):
    """Lines through documents, arrays of n_keys: the rate at the middle year, and how much it changes in a year."""

    level: np.ndarray
    slope: np.ndarray
    error: np.ndarray
    freedom: np.ndarray
    middle: np.ndarray


def _fit_lines(rates, parts, years) -> _Fitted:
    result = _Fitted(*np.empty((5, rates.shape[1])))
    for alike in parts:
        fitted = *robust_slope(rates[:, alike.keys], alike.weights, years), np.average(years, weights=alike.weights)
        for whole, part in zip(result, fitted, strict=True):
            whole[alike.keys] = part
    return result


def _test_slopes(rates, parts, years, draws, seed):
    """Return p-values of the slopes, those adjusted for all themes, and the smallest that could have been reached."""
    orders = deal_years(len(years), draws, seed)

    def slopes(years):
        result = np.empty((len(years), rates.shape[1]))
        for alike in parts:
            weighed = alike.weights[:, None] * rates[:, alike.keys]
            result[:, alike.keys] = np.abs(weighted_slopes(weighed, alike.weights, years))
        return result

    null = np.concatenate([slopes(years[part]) for part in np.array_split(orders, 64)])
    observed = slopes(years[None])[0]
    spread = np.where(null.std(0) > 1e-15, null.std(0), 1)
    return *step_down_maxima(observed / spread, [null / spread]), 2 / len(orders)


def _line(fitted: _Fitted, years, scale, tested_at):
    from scipy.special import stdtrit

    level, slope, error, freedom, middle = fitted
    wide = -stdtrit(freedom, (1 - LEVEL) / 2)
    found = (stdtrit(freedom, 0.8) - stdtrit(freedom, tested_at / 2)) * error
    ends = [scale * np.maximum(level + slope * (year - middle), 0) for year in (years.min(), years.max())]
    below, above = (level - found * (middle - years.min()), level + found * (years.max() - middle))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((below > 0) & (error > 0), above / below, np.inf)
    return {
        "fitted_first": ends[0],
        "fitted_last": ends[1],
        "per_decade": 10 * scale * slope,
        "low": 10 * scale * (slope - wide * error),
        "high": 10 * scale * (slope + wide * error),
        "minimum_ratio": ratio,
    }


def deal_years(n_documents: int, draws: int, seed: int | Sequence[int]) -> np.ndarray:
    """Return orders of the documents: all of up to eight, else drawn ones after the order that is.

    Examples
    --------
    >>> deal_years(3, 10, 0).shape, deal_years(9, 10, 0).shape
    ((6, 3), (11, 9))
    """
    if factorial(n_documents) <= MOST_ORDERS:
        return np.array(list(permutations(range(n_documents))))
    drawn = np.argsort(np.random.default_rng(seed).random((draws, n_documents)), axis=1)
    return np.concatenate([np.arange(n_documents)[None], drawn])


def weighted_slopes(counts: np.ndarray, units: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the slope of the rates over the years, each document weighed by its units.

    Parameters
    ----------
    counts : array, n_documents x n_keys
    units : array, n_documents
        Or weights, and counts are rates times them.
    years : array, n_documents or n_orders x n_documents

    Returns
    -------
    array of float, n_orders x n_keys

    Examples
    --------
    >>> weighted_slopes(np.array([[1.0], [2.0], [3.0]]), np.full(3, 10.0), np.array([0, 1, 2])).round(3).tolist()
    [[0.1]]
    """
    years = np.atleast_2d(np.asarray(years, float))
    total = units.sum()
    mean = years @ units / total
    spread = years**2 @ units - total * mean**2
    return (years @ counts - mean[:, None] * counts.sum(0)) / np.maximum(spread, 1e-12)[:, None]


def robust_slope(
    rates: np.ndarray, units: np.ndarray, years: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Return slopes with standard errors and degrees of freedom that hold where documents scatter unlike each other.

    Weighted least squares with weights n. Each document is its own cluster, so that CR2 is HC2: residuals over
    √(1 - h). The degrees of freedom are Bell and McCaffrey's for a working variance of 1/n.

    Parameters
    ----------
    rates : array, n_documents x n_keys
    units, years : arrays, n_documents

    Returns
    -------
    intercept, slope, error : arrays of float, n_keys
        Of the rate at the mean year, and of its change a year.
    freedom : float

    References
    ----------
    Bell and McCaffrey 2002, Survey Methodology 28, 169-181; Pustejovsky and Tipton 2018, Journal of Business and
    Economic Statistics 36, 672-683.

    Examples
    --------
    >>> shares = np.array([[1 / 20], [3 / 30], [4 / 25], [6 / 30], [12 / 40], [11 / 35]])
    >>> _, slope, error, freedom = robust_slope(shares, np.array([20, 30, 25, 30, 40, 35]), np.arange(6))
    >>> slope.round(6).tolist(), error.round(6).tolist(), round(freedom, 3)
    ([0.056593], [0.004758], 2.554)
    """
    rates, units, years = (np.asarray(x, float) for x in (rates, units, years))
    root = np.sqrt(units)
    design = root[:, None] * np.column_stack([np.ones(len(units)), years - np.average(years, weights=units)])
    inverse = np.linalg.inv(design.T @ design)
    solved = inverse @ design.T
    fitted = solved @ (root[:, None] * rates)
    leverage = (design * solved.T).sum(1)
    residuals = root[:, None] * rates - design @ fitted
    part = solved[1] ** 2 / np.maximum(1 - leverage, 1e-12)
    error = np.sqrt((part[:, None] * residuals**2).sum(0))
    # traces of G and of G², where G = (I - H) diag(part) (I - H), without a matrix as large as the documents are many
    middle = inverse @ (design.T @ (part[:, None] * design))
    squares = (part**2 * (1 - 2 * leverage)).sum() + np.trace(middle @ middle)
    freedom = float((part * (1 - leverage)).sum() ** 2 / np.maximum(squares, 1e-300))
    return fitted[0], fitted[1], error, freedom


def describe_trends(table: pd.DataFrame, labels: Labels) -> str:
    """Say from what to what the line of each theme runs, supported ones first, then what that is in general."""
    told = [(row, _word_line(row, labels)) for _, row in table.iterrows()]
    n = int(table["n_units"].iloc[0]) if len(table) else 0
    supported = table[table["verdict"] == SUPPORTED]
    ways = [f"“{labels.theme(row['key'])}” {_way(row)}" for _, row in supported.iterrows()]
    changes = join_within(ways, HEADLINE - 35) if ways else "no theme is supported as growing or shrinking"
    said = [said for row, said in told if row["verdict"] == SUPPORTED]
    said += [said for row, said in told if row["verdict"] != SUPPORTED]
    named = "Where it is not distinguishable and no ratio is told, none can be named that was sure to be seen"
    open_rows = table[(table["verdict"] == NOT_DISTINGUISHABLE) & (table["fitted_first"] + table["fitted_last"] > 0)]
    unseen = named if np.isinf(open_rows["minimum_ratio"].astype(float)).any() else ""
    return join_sentences([*said, f"In general, over {n} documents, {changes}", unseen, left_out_note(table)])


def _way(row: pd.Series) -> str:
    return "grows" if row["per_decade"] > 0 else "shrinks"


def _word_line(row: pd.Series, labels: Labels) -> str:
    """Say from what to what the line of a theme runs, and its verdict."""
    theme = labels.theme(row["key"])
    if not np.isfinite(row["per_decade"]):
        return f"{theme}: {TOO_FEW}"
    if row["fitted_first"] == row["fitted_last"] == 0:
        return f"{theme}: nowhere"
    ends = [row["fitted_first"], row["fitted_last"]]
    ends = [per_cent(end) if row["quantity"] == "share" else f"{number_text(end)} per 1,000 tokens" for end in ends]
    verdict = row["verdict"]
    if verdict == NOT_DISTINGUISHABLE:
        seen = f"; {ratio_text(row['minimum_ratio'])}" if np.isfinite(row["minimum_ratio"]) else ""
        verdict += f" from none{seen}"
    return f"{theme}: line from {ends[0]} ({row['first']:g}) to {ends[1]} ({row['last']:g}), {verdict}"
