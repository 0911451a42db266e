"""Where: how evenly a word is spread over the parts of a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.errors import CrossreadError
from crossread.measure.frequency import plain, segment_matrix
from crossread.wording import Labels

DISPERSION = (
    "doc_id", "term", "count", "n_segments", "range", "sd", "vc", "juilland_d", "dp", "dp_norm", "kld",
    "rosengren_s", "largest_share", "one_segment",
)  # fmt: skip


def dispersion_of(counts: ArrayLike, part_sizes: ArrayLike) -> dict:
    """Return the common measures of how evenly a word is spread over the parts of a text.

    With v the counts, s the shares of the parts in all tokens, f the sum of v, p the rates of the parts and n their
    number: SD is the population standard deviation of v and VC that over the mean of v, both blind to unequal parts;
    Juilland's D is 1 - (sd(p) / mean(p)) / sqrt(n - 1) with the population standard deviation; Gries's DP is
    half the sum of |v/f - s|, its normalised form DP / (1 - min s); the Kullback-Leibler divergence is the sum of
    (v/f) log2((v/f) / s); Rosengren's S is (sum of sqrt(v s))² / f.

    Parameters
    ----------
    counts : array of int, n_parts or n_parts x n_terms
        Occurrences in each part.
    part_sizes : array of int, n_parts
        Tokens of each part: all of them, not only those of the words that are looked at.

    Returns
    -------
    dict
        range (parts with the word); sd (occurrences); vc (0 even); juilland_d (1 even, 0 all in one of equal parts);
        dp and dp_norm (0 even, 1 all in one part); kld (bits, 0 even); rosengren_s (1 even); largest_share (of the
        occurrences in the part that
        has most). Not a number where the word does not occur, or there is one part only.

    Raises
    ------
    CrossreadError
        "A part of a text has at least one token; these sizes are: …"

    References
    ----------
    Gries 2008, International Journal of Corpus Linguistics 13, 403-437; Gries 2020, in Paquot and Gries (eds), A
    Practical Handbook of Corpus Linguistics, 99-118 (the worked example); Juilland and Chang-Rodríguez 1964;
    Rosengren 1971; Lijffijt and Gries 2012, IJCL 17, 147-149 (DPnorm).

    Examples
    --------
    >>> example = dispersion_of([1, 2, 3, 4, 5], [9, 10, 10, 10, 11])
    >>> {name: round(value, 4) for name, value in example.items()}
    {'range': 5, 'sd': 1.4142, 'vc': 0.4714, 'juilland_d': 0.7852, 'dp': 0.18, 'dp_norm': 0.2195, 'kld': 0.137,
     'rosengren_s': 0.9498, 'largest_share': 0.3333}
    """
    v, sizes = np.asarray(counts, dtype=float), np.asarray(part_sizes, dtype=float)
    if not len(sizes) or (sizes <= 0).any():
        raise CrossreadError(
            f"A part of a text has at least one token; these sizes are: {np.asarray(part_sizes).tolist()}."
        )
    n_parts = len(sizes)
    shape = (n_parts, *[1] * (v.ndim - 1))
    s = (sizes / sizes.sum()).reshape(shape)
    total = v.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = v / total
        rates = v / sizes.reshape(shape)
        spread = v.std(axis=0) / v.mean(axis=0)
        variation = rates.std(axis=0) / rates.mean(axis=0)
        d = 1 - variation / np.sqrt(n_parts - 1) if n_parts > 1 else np.full(total.shape, np.nan)
        dp = np.abs(observed - s).sum(axis=0) / 2
        dp_norm = dp / (1 - s.min()) if n_parts > 1 else np.full(total.shape, np.nan)
        kld = np.where(v > 0, observed * np.log2(np.where(v > 0, observed, 1) / s), 0.0).sum(axis=0)
        rosengren = np.sqrt(v * s).sum(axis=0) ** 2 / total
    return plain(
        {
            "range": (v > 0).sum(axis=0),
            "sd": v.std(axis=0),
            "vc": spread,
            "juilland_d": d,
            "dp": dp,
            "dp_norm": dp_norm,
            "kld": np.where(total > 0, kld, np.nan),
            "rosengren_s": rosengren,
            "largest_share": observed.max(axis=0),
        }
    )


def dispersion(
    corpus: Corpus,
    terms: Sequence[str] | None = None,
    *,
    minimum_count: int = 5,
) -> pd.DataFrame:
    """Measure how evenly words are spread over the segments of each document.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    terms : sequence of str, optional
        Only these; otherwise all with `minimum_count` occurrences in the document.
    minimum_count : int
        Below five occurrences spread can hardly be told.

    Returns
    -------
    DataFrame
        doc_id; term; count; n_segments (of the document); range (segments with the term); sd, vc, juilland_d, dp,
        dp_norm, kld, rosengren_s and largest_share as in `dispersion_of`, from the true sizes of the segments;
        one_segment (whether all occurrences stand in one segment). Sorted by document, then count, then term.

    Examples
    --------
    >>> from crossread import from_texts
    >>> text = " ".join(["Ships sail. " * 25 + "\\n\\n", "Men sail. " * 25])
    >>> table = dispersion(from_texts({"a": text}))
    >>> table[["term", "count", "range", "dp", "one_segment"]].values.tolist()
    [['sail', 50, 2, 0.0, False], ['men', 25, 1, 0.5, True], ['ships', 25, 1, 0.5, True]]
    """
    counted = segment_matrix(corpus)
    rows_of = counted.units.groupby("doc_id", sort=False, observed=True).indices
    sizes = counted.units["n_tokens"].to_numpy()
    tables = []
    for doc_id in corpus.documents.index:
        rows = rows_of.get(doc_id, np.zeros(0, dtype=int))
        rows = rows[sizes[rows] > 0]
        part = counted.matrix[rows]
        total = np.asarray(part.sum(axis=0)).ravel()
        if terms is None:
            chosen = np.flatnonzero(total >= minimum_count)
        else:
            found = pd.Index(counted.terms).get_indexer([str(term).lower() for term in terms])
            chosen = found[found >= 0][total[found[found >= 0]] > 0]
        pieces = []
        for start in range(0, len(chosen), 1000):  # so that a large vocabulary does not fill the memory
            columns = chosen[start : start + 1000]
            pieces.append(pd.DataFrame(dispersion_of(part[:, columns].toarray(), sizes[rows])))
        if not pieces:
            continue
        table = pd.concat(pieces, ignore_index=True)
        table.insert(0, "doc_id", doc_id)
        table.insert(1, "term", counted.terms[chosen])
        table.insert(2, "count", total[chosen])
        table.insert(3, "n_segments", len(rows))
        table["one_segment"] = table["range"] == 1
        tables.append(table.iloc[np.lexsort((table["term"].astype(str), -table["count"]))])
    if not tables:
        return pd.DataFrame(columns=list(DISPERSION))
    return pd.concat(tables, ignore_index=True)[list(DISPERSION)]


def known_documents(corpus: Corpus, documents: Sequence[str]) -> list[str]:
    """Return the ids in the order of the corpus, or say which is not there."""
    for doc_id in documents:
        if doc_id not in corpus.documents.index:
            raise CrossreadError(
                f"There is no document “{doc_id}”. Documents here: {', '.join(corpus.documents.index)}."
            )
    return [doc_id for doc_id in corpus.documents.index if doc_id in set(documents)]


def describe_dispersion(table: pd.DataFrame, labels: Labels) -> str:
    """Say which word is spread most and least evenly."""
    often = table[(table["count"] >= 5) & table["dp_norm"].notna()].sort_values("dp_norm", kind="stable")
    if often.empty:
        return "No word occurs five times in a document of several segments."
    even, uneven = (
        f"“{row['term']}” in {labels.document(row['doc_id'])} (DP {row['dp_norm']:.2f})"
        for _, row in (often.iloc[[0, -1]]).iterrows()
    )
    if often["dp_norm"].iloc[0] == often["dp_norm"].iloc[-1]:
        return f"No word is spread less evenly than another: {even}."
    return f"Most even is {even}, least even {uneven}."
