"""Documents put together by a column of their table: party, genre, decade. The document is what is dealt and drawn.

Documents of one group are alike in ways that sentences of one document do not show, so sentences are never dealt from
one document to another: whole documents change their group, or their year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.clumping import LEAST_FREEDOM, Clumping
from crossread.measure.families import ENOUGH_EXTREME, step_down_maxima
from crossread.measure.resampling import rate_limits
from crossread.progress import follow

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from scipy.sparse import csr_matrix

MOST_LISTED = 20_000  # arrangements; more are drawn
AT_ONCE = 1 << 20  # cells of drawn arrangements that are held at once
# how alike units of a document may be: from 0.05 over the longest document to 30 over the shortest, in so many steps
NEAREST, FARTHEST, STEPS = 0.05, 30, 18


@dataclass(frozen=True)
class Groups:
    """Which document is in which group."""

    by: str  # the column
    names: tuple[str, ...]  # the groups in their order: sorted where the column is a number, else as they first come
    documents: tuple[str, ...]  # all documents in their order
    number: np.ndarray  # the group of each document, -1 where the column says nothing
    values: np.ndarray | None  # the column itself where it is a number

    @property
    def left_out(self) -> tuple[str, ...]:
        """The documents of which the column says nothing."""
        return tuple(doc for doc, group in zip(self.documents, self.number, strict=True) if group < 0)

    def places(self, documents: Sequence[str]) -> np.ndarray:
        """Return the group of each of these documents."""
        number = dict(zip(self.documents, self.number.tolist(), strict=True))
        return np.array([number[doc] for doc in documents], dtype=int)

    def add_up(self, values: np.ndarray, documents: Sequence[str]) -> np.ndarray:
        """Return the sums over the documents of each group: n_groups x the rest."""
        number = self.places(documents)
        result = np.zeros((len(self.names), *np.shape(values)[1:]))
        np.add.at(result, number[number >= 0], np.asarray(values, float)[number >= 0])
        return result


def group_documents(documents: pd.DataFrame, by: str) -> Groups:
    """Put the documents of a corpus into groups.

    Parameters
    ----------
    documents : DataFrame
        `Corpus.documents`.
    by : str
        One of its columns, in any capitals; "decade" is made of the year where there is no such column.

    Returns
    -------
    Groups

    Raises
    ------
    CrossreadError
        "There is no column “x” in the table of documents. It has: …"
        "The column “x” says nothing of any document. Fill it in, in documents.csv."

    Examples
    --------
    >>> documents = pd.DataFrame({"year": [1987, 1991, 2002, None]}, index=list("abcd"))
    >>> groups = group_documents(documents, "decade")
    >>> groups.names, groups.number.tolist(), groups.left_out
    (('1980s', '1990s', '2000s'), [0, 1, 2, -1], ('d',))
    """
    if not isinstance(by, str):
        raise CrossreadError(f'by={by!r}: give the name of one column of the documents, such as by="year".')
    alike = [name for name in documents.columns if str(name).lower() == by.lower()]
    if by not in documents.columns and len(alike) == 1:
        by = alike[0]
    if by in documents.columns:
        column = documents[by]
    elif by == "decade" and "year" in documents.columns:
        years = pd.to_numeric(documents["year"], errors="coerce")
        column = (years // 10 * 10).map(lambda year: None if pd.isna(year) else f"{int(year)}s")
    else:
        columns = ", ".join(map(str, documents.columns))
        raise CrossreadError(f"There is no column “{by}” in the table of documents. It has: {columns}.")
    if column.dtype.kind in "mM" or isinstance(column.dtype, pd.PeriodDtype):  # dates and spans are groups in order
        kinds = column.dropna().sort_values().astype(str).unique()
        column = column.astype(str).where(column.notna()).astype(pd.CategoricalDtype(kinds))
    said = np.array([not (pd.isna(value) or str(value).strip() == "") for value in column], dtype=bool)
    if not said.any():
        raise CrossreadError(f"The column “{by}” says nothing of any document. Fill it in, in documents.csv.")
    numbers = pd.to_numeric(column.where(said), errors="coerce").to_numpy(float)
    numeric = bool(np.isfinite(numbers[said]).all()) and not any(isinstance(value, bool) for value in column)
    names = [_name_of(value, numeric) if known else "" for value, known in zip(column, said, strict=True)]
    distinct = list(dict.fromkeys(name for name, known in zip(names, said, strict=True) if known))
    if isinstance(column.dtype, pd.CategoricalDtype):
        distinct = [str(value) for value in column.cat.categories if str(value) in distinct]
    elif numeric:
        distinct.sort(key=float)
    elif by == "decade":
        distinct.sort()
    number = np.array([distinct.index(name) if known else -1 for name, known in zip(names, said, strict=True)], int)
    ids = tuple(map(str, documents.index))
    return Groups(by, tuple(distinct), ids, number, np.where(said, numbers, np.nan) if numeric else None)


def all_together(documents: pd.DataFrame) -> Groups:
    """Put all documents of a corpus into one group.

    Parameters
    ----------
    documents : DataFrame
        `Corpus.documents`.

    Examples
    --------
    >>> all_together(pd.DataFrame(index=["a", "b"])).names
    ('all documents',)
    """
    ids = tuple(map(str, documents.index))
    return Groups("corpus", ("all documents",), ids, np.zeros(len(ids), dtype=int), None)


def _name_of(value, numeric: bool) -> str:
    return f"{float(value):g}" if numeric else str(value).strip()


def between_documents(
    counts: np.ndarray, units: np.ndarray, number: np.ndarray, n_groups: int, *, share: bool
) -> tuple[Clumping, np.ndarray]:
    """Estimate how many times more the counts of whole groups vary than those of independent hits would.

    Documents of a group differ from its mean by more than chance; how much more is pooled over groups as the
    correlation ρ of two units of one document, by the variance of totals over documents. A group is inflated by
    1 + ρ (Σn² / Σn - 1), n the units of its documents.

    Parameters
    ----------
    counts : array, n_documents x n_keys
    units : array, n_documents
    number : array of int, n_documents
        The group of each document; -1 is left out.
    n_groups : int
    share : bool
        Whether counts are of units with a hit, or of hits.

    Returns
    -------
    Clumping
        Arrays of n_groups x n_keys. Without two documents in any group nothing is known: the inflation is infinite.
    n_documents : array of int, n_groups
        Documents that have units.

    Examples
    --------
    >>> counts = np.array([[9.0], [1.0], [8.0], [0.0]])
    >>> clumping, n = between_documents(counts, np.full(4, 20.0), np.array([0, 0, 1, 1]), 2, share=True)
    >>> clumping.inflation.round(1).ravel().tolist(), n.tolist()
    ([9.2, 9.2], [2, 2])
    """
    there = np.flatnonzero((number >= 0) & (units > 0))
    counts, units, number = counts[there], units[there].astype(float), number[there]
    membership = (number[:, None] == np.arange(n_groups)).astype(float)
    n_documents = membership.sum(0).astype(int)
    held, largest = membership.T @ units, membership.T @ units**2
    total, squares, crossed = _moments(counts, units, membership)
    rate = total / np.where(held > 0, held, 1)[:, None]
    squares = squares - 2 * rate * crossed + rate**2 * largest[:, None]
    several = n_documents > 1
    if not several.any():
        return Clumping(np.full(total.shape, np.inf), np.full(total.shape, LEAST_FREEDOM)), n_documents
    single = rate * (1 - rate) if share else rate  # the variance of one independent unit
    observed = (squares * np.where(several, n_documents / np.maximum(n_documents - 1, 1), 0)[:, None]).sum(0)
    independent = (held[:, None] * single)[several].sum(0)
    shared = ((largest - held)[:, None] * single)[several].sum(0)
    correlation = np.clip((observed - independent) / np.maximum(shared, 1e-12), 0, 1 if share else None)
    inflation = 1 + correlation * (largest / np.where(held > 0, held, 1) - 1)[:, None]
    weights = several[number].astype(float) * units
    # Satterthwaite: documents weigh n (1 + (n - 1) rho) in the variance of the totals
    first, second, third, fourth = (float((weights * units**power).sum()) for power in range(4))
    sums = first + correlation * (second - first)
    squared = second * (1 - correlation) ** 2 + 2 * correlation * (1 - correlation) * third + correlation**2 * fourth
    freedom = sums**2 / np.maximum(squared, 1e-12) - several.sum()
    hits = (total * (1 - np.minimum(rate, 1) if share else 1) / inflation).sum(0)
    freedom = np.maximum(np.minimum(freedom, hits), LEAST_FREEDOM)
    return Clumping(inflation, np.broadcast_to(freedom, inflation.shape)), n_documents


def group_shares(parts: pd.DataFrame, by: Groups) -> pd.DataFrame:
    """Return how the text of each group falls on some parts, with limits that rest on how its documents differ.

    Parameters
    ----------
    parts : DataFrame
        Index doc_id; a column for each part, how many tokens of the document belong to it. A document that is not there
        has none.
    by : Groups
        From `group_documents`.

    Returns
    -------
    DataFrame
        One row per group and part: group; part; share, share_low, share_high (of the group's tokens, its documents
        joined, 0 to 1, with 95 per cent limits, not known where no group has two documents); n_tokens, n_documents
        (with a token); by (the column); left_out (documents of which it says nothing).

    Examples
    --------
    >>> documents = pd.DataFrame({"party": ["red", "red", "blue"]}, index=list("abc"))
    >>> parts = pd.DataFrame({1: [30.0, 10.0, 5.0], 2: [10.0, 30.0, 15.0]}, index=list("abc"))
    >>> group_shares(parts, group_documents(documents, "party"))[["group", "part", "share"]].values.tolist()
    [['red', 1, 0.5], ['red', 2, 0.5], ['blue', 1, 0.25], ['blue', 2, 0.75]]
    """
    counts = parts.reindex(list(by.documents), fill_value=0.0).to_numpy(float)
    tokens = counts.sum(axis=1)
    clumping, n_documents = between_documents(counts, tokens, by.number, len(by.names), share=True)
    added, held = by.add_up(counts, by.documents), by.add_up(tokens, by.documents)
    share, low, high = rate_limits(added, held[:, None], *clumping, share=True)
    return pd.DataFrame(
        {
            "group": np.repeat(np.array(by.names, dtype=object), counts.shape[1]),
            "part": list(parts.columns) * len(by.names),
            "share": share.ravel(),
            "share_low": low.ravel(),
            "share_high": high.ravel(),
            "n_tokens": np.repeat(held.round().astype(int), counts.shape[1]),
            "n_documents": np.repeat(n_documents, counts.shape[1]),
            "by": by.by,
            "left_out": len(by.left_out),
        }
    )


def _moments(counts, units, membership):
    """Return sums of x, x² and x n over the documents of each group; of sparse counts too."""
    squares = counts.multiply(counts) if hasattr(counts, "multiply") else counts.astype(float) ** 2
    parts = ((counts.T @ membership).T, (squares.T @ membership).T, (counts.T @ (membership * units[:, None])).T)
    return tuple(np.asarray(part, dtype=float) for part in parts)


def count_arrangements(sizes: Sequence[int]) -> int:
    """Return in how many ways documents can be dealt to groups of these sizes.

    Examples
    --------
    >>> count_arrangements([3, 4]), count_arrangements([2, 2, 2])
    (35, 90)
    """
    ways, left = 1, sum(sizes)
    for size in sizes:
        ways *= comb(left, size)
        left -= size
    return ways


def deal_documents(
    number: np.ndarray, draws: int, seed: int | Sequence[int], at_once: int = 1000
) -> Iterator[np.ndarray]:
    """Yield the group of each document when groups are dealt anew, some arrangements at a time.

    Parameters
    ----------
    number : array of int
        The group of each document, 0 or more.
    draws : int
        How often, where there are more than 20,000 ways; else all ways are listed.
    seed : int or sequence of int
        Where the random numbers start.
    at_once : int
        How many arrangements are held at once. Which ones they are does not depend on it.

    Yields
    ------
    array of int, n_arrangements x n_documents
        Drawn ones begin with the arrangement that is; so in either case it is among them.

    Examples
    --------
    >>> [dealt.tolist() for dealt in deal_documents(np.array([0, 0, 1]), 99, 0)]
    [[[0, 0, 1], [0, 1, 0], [1, 0, 0]]]
    """
    sizes = np.bincount(number)
    if count_arrangements(sizes) <= MOST_LISTED:
        ways = _all_deals(len(number), sizes)
        yield from map(np.array, iter(lambda: list(islice(ways, at_once)), []))
        return
    yield from _draw_orders(number.astype(np.int16), draws, seed, at_once)


def _draw_orders(values, draws, seed, at_once):
    """Yield the values as they are, then in orders by chance."""
    generator = np.random.default_rng(seed)
    yield values[None]
    for first in range(0, draws, at_once):
        yield generator.permuted(np.repeat(values[None], min(at_once, draws - first), axis=0), axis=1)


def _all_deals(n_documents: int, sizes: Sequence[int]):
    def place(free, group, dealt):
        if group == len(sizes) - 1:
            dealt[list(free)] = group
            yield dealt.copy()
            return
        for chosen in combinations(free, int(sizes[group])):
            dealt[list(chosen)] = group
            yield from place([doc for doc in free if doc not in chosen], group + 1, dealt)

    yield from place(range(n_documents), 0, np.empty(n_documents, dtype=int))


class Alike(NamedTuple):
    """Keys whose documents are taken to be equally alike, and what their residuals weigh."""

    keys: np.ndarray  # their places
    weights: np.ndarray  # n / (1 + (n - 1) r) of each document: one over the variance of its rate, but for a factor
    rates: csr_matrix  # n_keys x (n_documents + 1): rates over their standard deviation, and last less the common rate
    squares: np.ndarray  # the sum of the squared rates, each less the common one and times the weight
    single: np.ndarray  # by what the rate of one independent unit varies, in the same measure


def weigh_documents(counts: np.ndarray | csr_matrix, units: np.ndarray, inflation: ArrayLike = 1.0) -> list[Alike]:
    """Estimate what a document of each length tells of a rate, key by key.

    A count of n units with the rate p is taken to vary by p (1 - p) D n (1 + (n - 1) r): D is the inflation, and r
    says how much alike two units of one document are beyond what D says, were the rate the same in all documents. Of
    some values of r the most likely one is taken, by the normal law with one degree of freedom less for the common
    rate. Where all documents are as long, r changes nothing.

    Parameters
    ----------
    counts : array or sparse matrix, n_documents x n_keys
    units : array, n_documents
    inflation : array of float, n_keys
        How many times more counts vary within a document than those of independent units would.

    Returns
    -------
    list of Alike
        One for each value of r that some key has; together they hold all keys.

    References
    ----------
    Patterson and Thompson 1971, Biometrika 58, 545-554 (restricted likelihood).

    Examples
    --------
    >>> counts = np.array([[0.0], [6.0], [0.0], [6.0], [30.0]])
    >>> (alike,) = weigh_documents(counts, np.array([10.0, 10.0, 10.0, 10.0, 100.0]))
    >>> (alike.weights / alike.weights[0]).round(1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.1]
    """
    from scipy.sparse import csr_matrix, hstack

    counts, units = csr_matrix(counts, dtype=float), np.asarray(units, float)
    correlations = np.zeros(1)
    if np.ptp(units) > 0:
        most = min(1, FARTHEST / units.min())
        correlations = np.append(0, np.geomspace(min(most, NEAREST / units.max()), most, STEPS))
    grown = 1 + (units[:, None] - 1) * correlations
    weights = units[:, None] / grown
    total = np.asarray(counts.sum(0)).ravel() / units.sum()
    inflation = np.broadcast_to(inflation, total.shape)
    single = np.maximum(total * (1 - np.minimum(total, 1)), 1e-12) * inflation
    weighed, held = counts.T @ (1 / grown), weights.sum(0)
    squares = np.maximum(counts.multiply(counts).T @ (1 / (units[:, None] * grown)) - weighed**2 / held, 0)
    # a word that no short document has leaves small residuals; they are not taken to be smaller than chance makes them
    uneven = _unevenness(units)
    likely = -(squares / single[:, None] + np.log(grown).sum(0) + np.log(held)) / 2
    chosen = likely.argmax(1)
    result = []
    for place in np.unique(chosen):
        keys = np.flatnonzero(chosen == place)
        variance = squares[keys, place] / max(len(units) - 1, 1)
        scale = 1 / np.sqrt(np.maximum(variance, np.maximum(uneven * single[keys], 1e-12)))
        rates = counts[:, keys].T.multiply(scale[:, None]).multiply(1 / units)
        common = scale * weighed[keys, place] / held[place]
        rates = hstack([rates, -common[:, None]], format="csr")
        own = scale**2 * squares[keys, place], scale**2 * single[keys] / inflation[keys]
        result.append(Alike(keys, weights[:, place], rates, *own))
    return result


def _unevenness(units: np.ndarray) -> float:
    """Return 0 where documents are equally long, and nearly 1 where few have nearly all units."""
    return 1 - units.mean() ** 2 / (units**2).mean()


def inflation_when_weighed(parts: Sequence[Alike], units: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Return how many times more weighed rates of groups are likely to vary than those of independent units.

    Documents scatter around the rate of their own group. What is beyond 1 is higher by one over the root of the degrees
    of freedom, and all by up to one half where documents are not equally long: where groups differ documents seem less
    alike than they are, and weights are not the best. Both were chosen by simulation (benchmarks/simulate_groups.py).

    Parameters
    ----------
    parts : list of Alike
        From `weigh_documents`.
    units, number : arrays, n_documents
        As in `deal_to_groups`.

    Returns
    -------
    array of float, n_groups x n_keys

    Examples
    --------
    >>> counts, number = np.array([[9.0], [1.0], [8.0], [0.0]]), np.array([0, 0, 1, 1])
    >>> inflation_when_weighed(weigh_documents(counts, np.full(4, 20.0)), np.full(4, 20.0), number).round(1).tolist()
    [[15.0], [15.0]]
    """
    membership = (number == np.arange(number.max() + 1)[:, None]).astype(float)
    held = membership @ units
    between, freedom = spread_of_groups(parts)(number[None])[0], max(len(units) - len(held), 1)
    result = np.empty((len(held), len(between)))
    for alike in parts:
        varying = np.maximum((alike.squares - between[alike.keys]) / freedom / alike.single, 1)
        result[:, alike.keys] = (held / (membership @ alike.weights))[:, None] * varying
    higher = 1 / np.sqrt(freedom)
    return result + higher * (result - 1) + _unevenness(np.asarray(units, float)) / 2


def _apart(alike: Alike, shares: Sequence[np.ndarray], held: Sequence[ArrayLike], rest: ArrayLike) -> np.ndarray:
    """Return the squared sums of residuals over what they vary by, of all groups: n_keys x n_arrangements.

    `shares` says, for all groups but one, how much of each document's rate is added up (n_documents x n_arrangements),
    `held` what the sums vary by, and `rest` the same of the group that is left: all sums together are nothing.
    """
    result = left = None
    for share, varying in zip(shares, held, strict=True):
        above = alike.rates @ np.vstack([share, share.sum(0)])
        left = above.copy() if left is None else np.add(left, above, out=left)
        np.square(above, out=above)  # in place: there may be millions of cells
        above /= np.maximum(varying, 1e-12)
        result = above if result is None else np.add(result, above, out=result)
    np.square(left, out=left)
    left /= rest
    return np.add(result, left, out=result)


def spread_of_groups(parts: Sequence[Alike]) -> Callable[[np.ndarray], np.ndarray]:
    """Return what says how far groups lie apart when documents are dealt to them.

    A residual is what a document has above its part, were the rate the same in all, times what the document weighs.
    Of each group the squared sum of residuals is divided by what it varies by, given the documents that are in it, so
    that one long document tells no more in a group of one than it should. Keys can be held against each other.

    Parameters
    ----------
    parts : list of Alike
        From `weigh_documents`.

    Returns
    -------
    callable
        Of arrangements (array of int, n_arrangements x n_documents): array of float, n_arrangements x n_keys.

    Examples
    --------
    >>> spread = spread_of_groups(weigh_documents(np.array([[3.0], [3.0], [0.0]]), np.ones(3)))
    >>> spread(np.array([[0, 0, 1], [0, 1, 0]])).round(9).tolist()
    [[2.0], [0.5]]
    """

    def spread(dealt):
        sizes = np.bincount(dealt[0])
        result = np.empty((sum(len(alike.keys) for alike in parts), len(dealt)))
        chosen = [(dealt == group).T for group in np.delete(np.arange(len(sizes)), sizes.argmax())]
        for alike in parts:
            shares = [alike.weights[:, None] * part for part in chosen]
            held = [share.sum(0) for share in shares]
            result[alike.keys] = _apart(alike, shares, held, alike.weights.sum() - sum(held))
        return result.T

    return spread


def spread_of_residuals(parts: Sequence[Alike], number: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return how far groups lie apart when only residuals are dealt: each document keeps its group and its length.

    Residuals are divided by their standard deviation before they are dealt, and a common rate is taken out after it.

    Parameters
    ----------
    parts : list of Alike
        From `weigh_documents`.
    number : array of int, n_documents
        The group of each document.

    Returns
    -------
    callable
        Of orders (array of int, n_orders x n_documents, whose place each residual takes): array of float, n_orders x
        n_keys.

    References
    ----------
    Freedman and Lane 1983, Journal of Business and Economic Statistics 1, 292-298; Winkler et al. 2014, NeuroImage 92,
    381-397.

    Examples
    --------
    >>> parts = weigh_documents(np.array([[3.0], [3.0], [0.0]]), np.ones(3))
    >>> spread_of_residuals(parts, np.array([0, 0, 1]))(np.array([[0, 1, 2], [0, 2, 1]])).round(9).tolist()
    [[3.0], [0.75]]
    """
    sizes = np.bincount(number)
    membership = (number[:, None] == np.delete(np.arange(len(sizes)), sizes.argmax())).astype(float)

    def spread(orders):
        result = np.empty((sum(len(alike.keys) for alike in parts), len(orders)))
        for alike in parts:
            root, total = np.sqrt(alike.weights), alike.weights.sum()
            held = alike.weights @ membership
            own = root / np.sqrt(np.maximum(1 - alike.weights / total, 1e-12))  # a residual varies less than its error
            shares = [own[:, None] * (root * part)[orders].T for part in (membership - held / total).T]
            result[alike.keys] = _apart(alike, shares, held, total - held.sum())
        return result.T

    return spread


def deal_to_groups(
    counts: np.ndarray | csr_matrix,
    units: np.ndarray,
    number: np.ndarray,
    draws: int,
    seed: int | Sequence[int],
    inflation: ArrayLike = 1.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Deal documents to their groups anew and hold what comes out against what is.

    What is tested is that documents of all groups have one rate on average, however long they are. Rates are weighed
    by what a document of that length tells (`weigh_documents`). Whole documents are dealt, which is exact where chance
    put them into groups. Where documents are not equally long, residuals are also dealt while lengths stay where they
    are, for groups may differ in how long their documents are; and the score test by its law says how far apart chance
    alone puts what is rare. The largest of the three p-values counts. Of two groups it is 1 where weighed rates differ
    the other way than counts.

    Parameters
    ----------
    counts : array or sparse matrix, n_documents x n_keys
    units : array, n_documents
    number : array of int, n_documents
        Their groups, 0 or more.
    draws, seed
        As in `deal_documents`.
    inflation : array of float, n_keys
        How many times more counts vary within a document than those of independent units would.

    Returns
    -------
    p, p_adjusted : arrays of float, n_keys
        By each key itself, and by the largest of all keys, step by step (`step_down_maxima`).

    Examples
    --------
    >>> counts = np.array([[0.10], [0.22], [0.18], [0.30], [0.25], [0.41], [0.19]])
    >>> p, _ = deal_to_groups(counts, np.ones(7), np.array([0, 0, 0, 1, 1, 1, 1]), 99, 0)
    >>> p.round(4).tolist()
    [0.1143]
    """
    from scipy.sparse import csr_matrix
    from scipy.special import chdtrc

    counts, units = csr_matrix(counts), np.asarray(units, float)
    parts = weigh_documents(counts, units, inflation)
    at_once = max(1, AT_ONCE // max(counts.shape))
    # where all ways are listed they come in order, of which the first say nothing of the rest
    enough = np.inf if count_arrangements(np.bincount(number)) <= MOST_LISTED else ENOUGH_EXTREME
    dealt = deal_documents(number, draws, seed, at_once)
    p = _deal(parts, spread_of_groups, number, dealt, -(-draws // at_once), enough)
    if np.ptp(units) > 0:
        as_it_is = np.arange(len(units))
        orders = _draw_orders(as_it_is, draws, [*np.ravel(seed), len(units)], at_once)
        spread = partial(spread_of_residuals, number=number)
        p = np.maximum(p, _deal(parts, spread, as_it_is, orders, -(-draws // at_once), ENOUGH_EXTREME))
        p = np.maximum(p, chdtrc(number.max(), spread_of_groups(parts)(number[None])[0]))
        if number.max() == 1:
            p[:, _opposed(parts, counts, units, number)] = 1
    return p[0], p[1]


def _deal(parts, spread_of, as_it_is, arrangements, n_parts, enough):
    """Return p-values and adjusted ones."""
    from threadpoolctl import threadpool_limits

    observed = spread_of(parts)(as_it_is[None])[0]
    order = np.argsort(-observed, kind="stable")  # so that nothing is put in order draw by draw
    place = np.argsort(order)
    spread = spread_of([alike._replace(keys=place[alike.keys]) for alike in parts])
    dealt = follow(arrangements, "dealing documents", n_parts)
    p = np.empty((2, len(order)))
    with threadpool_limits(1, "blas"):  # more threads spend their time waiting for each other
        p[:, order] = step_down_maxima(observed[order], map(spread, dealt), enough)
    return p


def _opposed(parts, counts, units, number):
    """Return whether weighed rates of two groups differ the other way than those of their joined documents."""
    first = (number == 0).astype(float)
    joined = counts.T @ first - np.asarray(counts.sum(0)).ravel() * (units @ first / units.sum())
    weighed = np.empty(len(joined))
    for alike in parts:
        share = alike.weights * first
        weighed[alike.keys] = alike.rates @ np.append(share, share.sum())
    return joined * weighed < 0
