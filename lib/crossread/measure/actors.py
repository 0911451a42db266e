"""Who is named with whom: actors met in one sentence, how surely, and whether chance alone would do it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, SENTENCES, check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import keys_of
from crossread.measure.families import adjust
from crossread.measure.resampling import block_length, block_weights
from crossread.wording import (
    HEADLINE,
    Labels,
    count_of,
    join_names,
    join_sentences,
    join_within,
    number_of,
    spoken_name,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

COMENTIONS = ("actor_a", "actor_b", "count", "sentences", "npmi", "low", "high")
FURTHER_COMENTIONS = ("sentences_a", "sentences_b", "n_sentences", "expected", "p", "p_adjusted", "explained")
SURE = 0.05


def npmi_of(
    together: ArrayLike, sentences_a: ArrayLike, sentences_b: ArrayLike, n_sentences: ArrayLike
) -> float | np.ndarray:
    """Return the normalised pointwise mutual information of two actors over sentences.

    Parameters
    ----------
    together, sentences_a, sentences_b : int or array
        Sentences with both, with the one, with the other.
    n_sentences : int or array
        All sentences.

    Returns
    -------
    float or array
        -1 never together, 0 as by chance, 1 never apart; not a number where one of them does not occur.

    References
    ----------
    Bouma 2009, GSCL, 31-40.

    Examples
    --------
    >>> [round(float(npmi_of(*pair)), 2) for pair in ((5, 5, 5, 20), (0, 5, 5, 20), (2, 4, 10, 20))]
    [1.0, -1.0, 0.0]
    """
    both, a, b, n = (np.asarray(x, dtype=float) for x in (together, sentences_a, sentences_b, n_sentences))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.log(both * n / (a * b)) / -np.log(both / n)
        value = np.where(both == 0, -1.0, np.where(both == n, 1.0, value))
        return np.where((a > 0) & (b > 0), value, np.nan)


def _mentions(hits, sentences):
    check_columns(hits, HITS, "the hits")
    check_columns(sentences, SENTENCES, "the sentences")
    body = sentences[(sentences["kind"] == "body") & (sentences["n_tokens"] > 0)]
    unknown = set(hits["sentence_id"]) - set(sentences.index)
    if unknown:
        raise CrossreadError(
            f"the hits name the sentence “{min(unknown)}”, which is not among the sentences. "
            "Were both read from the same corpus?"
        )
    keys = keys_of(hits)
    place = pd.Index(keys).get_indexer(hits["key"].astype(str))
    row = body.index.get_indexer(hits["sentence_id"])
    counts = np.zeros((len(body), len(keys)), dtype=np.int64)
    kept = (place >= 0) & (row >= 0)
    np.add.at(counts, (row[kept], place[kept]), 1)
    return counts, body, list(keys)


def mentions(hits: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count how often, and in how many sentences, each document names each actor of the lexicon, 0 where it does not.

    Parameters
    ----------
    hits : DataFrame
        Of the actors, from `lexicon.find_hits`.
    sentences : DataFrame
        Of the same corpus.

    Returns
    -------
    DataFrame
        doc_id, key, count (mentions in the body), sentences (with one), n_sentences (of the body).

    Raises
    ------
    CrossreadError
        "the hits name the sentence “…”, which is not among the sentences. …"

    Examples
    --------
    >>> mentions(*_toy()).query("doc_id == 'a'").values.tolist()
    [['a', 'china', 2, 2, 4], ['a', 'japan', 3, 2, 4], ['a', 'peru', 0, 0, 4]]
    """
    counts, body, keys = _mentions(hits, sentences)
    rows, rows_of = [], body.groupby("doc_id", sort=False, observed=True).indices
    for doc_id in dict.fromkeys(sentences["doc_id"]):
        own = counts[rows_of.get(doc_id, np.zeros(0, dtype=int))]
        rows += [
            (doc_id, key, int(own[:, i].sum()), int((own[:, i] > 0).sum()), len(own)) for i, key in enumerate(keys)
        ]
    return pd.DataFrame(rows, columns=["doc_id", "key", "count", "sentences", "n_sentences"])


def comentions(
    hits: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    minimum_sentences: int = 1,
    minimum_mentions: int = 3,
    draws: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Measure which actors are named together in sentences, and which of these ties chance alone explains.

    Chance: each actor keeps the number of sentences that it has in each document, but these are drawn at random, a
    long sentence as many times more likely as it is longer. A tie is explained when that gives as many common
    sentences in more than 5 per cent of the draws, after adjustment for all ties (Benjamini and Hochberg).

    Limits: blocks of consecutive sentences are drawn anew in each document, as long as the clumping of the tie asks
    (`resampling.block_length`), at most a third of the document. Where actors come in long passages they are still too
    narrow: `benchmarks/simulate_ties.py` has how often they hold.

    Parameters
    ----------
    hits : DataFrame
        Of the actors, from `lexicon.find_hits`; only those in the body count.
    sentences : DataFrame
        Of the same corpus.
    minimum_sentences : int
        Fewest sentences with both, of the ties that are listed.
    minimum_mentions : int
        Fewest sentences with an actor; rarer ones are left out before anything is tested.
    draws, seed : int
        Of the bootstrap and of chance.

    Returns
    -------
    DataFrame
        Sorted by sentences, then npmi: actor_a, actor_b (in the order of the lexicon); count (joint mentions, in each
        sentence the smaller of the two numbers of mentions); sentences (with both); npmi (see `npmi_of`), low and
        high (its 95 per cent bootstrap limits); sentences_a, sentences_b, n_sentences; expected (common sentences by
        chance); p (share of draws of chance with as many, one-sided); p_adjusted; explained (p_adjusted of 0.05 or
        more).

    Raises
    ------
    CrossreadError
        "the hits name the sentence “…”, which is not among the sentences. …"

    Examples
    --------
    >>> comentions(*_toy(), minimum_mentions=1)[["actor_a", "actor_b", "count", "sentences"]].values.tolist()
    [['china', 'japan', 3, 3]]
    """
    counts, body, keys = _mentions(hits, sentences)
    present = (counts > 0).astype(float)
    named = np.flatnonzero(present.sum(axis=0) >= max(1, minimum_mentions))
    pairs = list(combinations(named.tolist(), 2))
    if not pairs:
        return pd.DataFrame(columns=[*COMENTIONS, *FURTHER_COMENTIONS])
    first, second = np.array(pairs).T
    n_sentences = len(body)
    together = (present.T @ present)[first, second].astype(np.int64)
    joint = np.minimum(counts[:, first], counts[:, second]).sum(axis=0)
    alone = present.sum(axis=0).astype(np.int64)

    doc_ids = body["doc_id"].to_numpy()
    rows_of = [np.flatnonzero(doc_ids == doc_id) for doc_id in dict.fromkeys(doc_ids)]
    samples = _bootstrap_npmi(present, rows_of, first, second, draws, np.random.default_rng(seed))
    lengths = body["n_tokens"].to_numpy(dtype=float)
    chance = _chance_meetings(present, lengths, rows_of, first, second, draws, np.random.default_rng([seed, 1]))
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(samples, [0.025, 0.975], axis=0)
    p = (1 + (chance >= together).sum(axis=0)) / (1 + draws)
    p_adjusted = adjust(p, "bh")
    table = pd.DataFrame(
        {
            "actor_a": np.asarray(keys, dtype=object)[first],
            "actor_b": np.asarray(keys, dtype=object)[second],
            "count": joint,
            "sentences": together,
            "npmi": npmi_of(together, alone[first], alone[second], n_sentences),
            "low": low,
            "high": high,
            "sentences_a": alone[first],
            "sentences_b": alone[second],
            "n_sentences": n_sentences,
            "expected": chance.mean(axis=0),
            "p": p,
            "p_adjusted": p_adjusted,
            "explained": p_adjusted >= SURE,
        },
        columns=[*COMENTIONS, *FURTHER_COMENTIONS],
    )
    table = table[table["sentences"] >= minimum_sentences]
    order = np.lexsort(
        (table["actor_b"].astype(str), table["actor_a"].astype(str), -table["npmi"].round(9), -table["sentences"])
    )
    return table.iloc[order].reset_index(drop=True)


def _bootstrap_npmi(present, rows_of, first, second, draws, generator):
    """Return the samples of each tie, draws x ties; those whose blocks are equally long are drawn together."""
    samples, blocks = np.empty((draws, len(first))), _blocks(present, rows_of, first, second)
    step = max(1, min(draws, 20_000_000 // max(1, len(present))))
    for block in np.unique(blocks):
        ties = np.flatnonzero(blocks == block)
        one, other = first[ties], second[ties]
        for start in range(0, draws, step):
            now = min(step, draws - start)
            together, alone = np.zeros((now, len(ties))), np.zeros((now, present.shape[1]))
            for rows in rows_of:
                own = min(block, -(-len(rows) // 3))
                weights = block_weights(len(rows), block=own, draws=now, seed=generator).astype(float)
                together += weights @ (present[rows][:, one] * present[rows][:, other])
                alone += weights @ present[rows]
            samples[start : start + now, ties] = npmi_of(together, alone[:, one], alone[:, other], len(present))
    return samples


def _blocks(present, rows_of, first, second):
    """Return how many sentences a block of each tie has: as the most clumped of its actors, and of the two, asks."""
    bounds = np.concatenate([[0], np.cumsum([len(rows) for rows in rows_of])])
    actors, ties = (
        block_length(np.concatenate([series[rows] - series[rows].mean(0) for rows in rows_of]), bounds)
        for series in (present, present[:, first] * present[:, second])
    )
    longest = np.nanmax(np.stack([actors[first], actors[second], ties, np.ones(len(first))]), axis=0)
    return np.ceil(longest).astype(int)


def _chance_meetings(present, lengths, rows_of, first, second, draws, generator):
    """Return the common sentences of each pair when each actor's are drawn anew, long sentences likelier."""
    meetings = np.zeros((draws, len(first)), dtype=np.int32)
    for rows in rows_of:
        own = present[rows].sum(axis=0).astype(int)
        here = np.flatnonzero(own)
        if len(here) < 2:
            continue
        place = np.full(present.shape[1], -1)
        place[here] = np.arange(len(here))
        chosen_pairs = np.flatnonzero((place[first] >= 0) & (place[second] >= 0))
        weight = np.log(lengths[rows])
        step = max(1, 8_000_000 // (len(rows) * len(here)))
        for start in range(0, draws, step):
            now = min(step, draws - start)
            # the largest keys of log weight + Gumbel noise are a weighted draw without replacement (Gumbel top-k)
            keys = weight[None, :, None] + generator.gumbel(size=(now, len(rows), len(here)))
            least = np.sort(keys, axis=1)[:, len(rows) - own[here], np.arange(len(here))]
            drawn = (keys >= least[:, None]).astype(np.float32)
            common = drawn.transpose(0, 2, 1) @ drawn
            cells = common[:, place[first[chosen_pairs]], place[second[chosen_pairs]]]
            meetings[start : start + now, chosen_pairs] += cells.round().astype(np.int32)
    return meetings


def _toy():
    ids = [f"{doc_id}-{i:03d}" for doc_id in "ab" for i in range(1, 5)]
    sentences = pd.DataFrame(
        {
            "doc_id": [i[0] for i in ids],
            "section": 0,
            "paragraph": 1,
            "sentence": [1, 2, 3, 4] * 2,
            "segment": 0,
            "kind": "body",
            "n_tokens": 20,
            "start": 0,
            "end": 0,
        },
        index=pd.Index(ids, name="sentence_id"),
    )
    found = [("a-001", "china"), ("a-001", "japan"), ("a-001", "japan"), ("a-002", "china"), ("a-002", "japan"),
             ("b-001", "china"), ("b-001", "japan"), ("b-003", "japan")]  # fmt: skip
    hits = pd.DataFrame(
        [(sentence[0], sentence, "actors", key, key, 0, 1) for sentence, key in found],
        columns=list(HITS),
    )
    hits["key"] = pd.Categorical(hits["key"], ["china", "japan", "peru"])
    return hits, sentences


def describe_comentions(table: pd.DataFrame, labels: Labels) -> str:
    """Say who is named most, how many ties chance does not explain, and the strongest."""
    if table.empty:
        return "No two actors are named in one sentence often enough."
    named = {row.actor_a: row.sentences_a for row in table.itertuples()}
    named |= {row.actor_b: row.sentences_b for row in table.itertuples()}
    first, second = sorted(named, key=lambda actor: (-named[actor], actor))[:2]
    strong = table[~table["explained"].astype(bool)]
    most = [
        f"{spoken_name(row.actor_a)} and {spoken_name(row.actor_b)} ({row.sentences})"
        for row in strong.head(5).itertuples()
    ]
    return join_sentences([
        f"Named most: {spoken_name(first)} in {number_of(named[first], 'sentence')}, then {spoken_name(second)} in "
        f"{named[second]:,}; chance does not explain {len(strong) or 'any'} of {number_of(len(table), 'tie')}",
        f"Strongest of the unexplained: {join_names(most)}" if most else "",
    ])  # fmt: skip


def describe_mentions(table: pd.DataFrame, labels: Labels) -> str:
    """Say which is named by the most documents, how many by one alone, and which by several."""
    by_documents = table[table["sentences"] > 0].groupby("key", sort=False)["doc_id"].nunique()
    if by_documents.empty:
        return "No document names any of them."
    most, n_documents = by_documents.max(), table["doc_id"].nunique()
    first = [_arrangement(key, labels) for key in by_documents.index[by_documents == most]]
    alone, unnamed = int((by_documents == 1).sum()), table["key"].nunique() - len(by_documents)
    shared = [_arrangement(key, labels) for key in by_documents.index[by_documents > 1]]
    names = join_within(first, HEADLINE - 50)
    return join_sentences([
        f"{names} {'is' if names == first[0] else 'are'} named in {count_of(most, n_documents, 'document')}, no "
        "arrangement in more",
        f"In one alone: {alone} of {len(by_documents)}",
        f"In several: {join_names(shared)}" if shared else "",
        f"Nowhere: {unnamed}" if unnamed else "",
    ])  # fmt: skip


def _arrangement(key: str, labels: Labels) -> str:
    return str(labels.themes[key]) if key in labels.themes else spoken_name(key)
