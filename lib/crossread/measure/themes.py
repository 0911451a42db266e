"""How often each document speaks of each theme, with limits; and which documents differ, with a verdict.

Counts come from hits (see `lexicon`), never from running text, so everything here works from the published counts.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from crossread.corpus.tables import HITS, SENTENCES, check_columns
from crossread.errors import CrossreadError
from crossread.lexicon import keys_of
from crossread.measure.resampling import (
    BLOCK,
    LEVEL,
    Comparison,
    adjust,
    bootstrap_rates,
    compare_rates,
    exact_limits,
    holm_levels,
    inflation_of,
    jeffreys_limits,
)
from crossread.measure.validation import validate_lexicon, validation_note
from crossread.wording import Labels, count_of, join_names, join_sentences

__all__ = [
    "THEME_RATES", "THEME_CONTRASTS", "EQUAL_LENGTH", "SUPPORTED", "NOT_DISTINGUISHABLE", "NOT_INFORMATIVE", "RARE",
    "Observations", "observe", "theme_rates", "theme_contrasts", "equal_length_rates", "dominance_note",
    "count_entries", "rates_of", "contrasts_of",
    "locate_hits", "validate_lexicon", "validation_note",
]  # fmt: skip

THEME_RATES = (
    "doc_id", "key", "count", "n_tokens", "per_1000", "low", "high",
    "n_sentences", "sentences_with_hit", "share", "share_low", "share_high",
)  # fmt: skip
THEME_CONTRASTS = ("key", "doc_a", "doc_b", "difference", "low", "high", "p", "p_adjusted", "verdict")
EQUAL_LENGTH = ("doc_id", "key", "n_tokens", "per_1000", "low", "high", "silent", "whole_per_1000")

SUPPORTED, NOT_DISTINGUISHABLE, NOT_INFORMATIVE = "supported", "not distinguishable", "not informative"
RARE = 2.0  # per 1,000 tokens: about one mention on a page


@dataclass(frozen=True)
class Observations:
    """Hits sentence by sentence: what every measure of themes starts from.

    Attributes
    ----------
    documents, keys : tuple of str
        In their fixed order.
    counts : dict of str to array, n_sentences x n_keys
        Hits of each sentence of the document, in reading order.
    tokens : dict of str to array, n_sentences
        Length of each sentence in tokens.
    sentence_ids : dict of str to array, n_sentences
    """

    documents: tuple
    keys: tuple
    counts: dict
    tokens: dict
    sentence_ids: dict

    def units(self, doc_id, share=False):
        """Return counts and exposure of one document: hits and tokens, or 0/1 and ones."""
        counts, tokens = self.counts[doc_id], self.tokens[doc_id]
        return (
            ((counts > 0).astype(float), np.ones(len(tokens)))
            if share
            else (counts.astype(float), tokens.astype(float))
        )

    def together(self):
        """Return counts and tokens of all documents in one array each, and where each document begins and ends."""
        bounds = np.concatenate([[0], np.cumsum([len(self.tokens[doc]) for doc in self.documents])]).astype(int)
        if not self.documents:
            return np.zeros((0, len(self.keys))), np.zeros(0), bounds
        counts, tokens = ([values[doc] for doc in self.documents] for values in (self.counts, self.tokens))
        return np.concatenate(counts), np.concatenate(tokens), bounds

    def inflation(self, share=False, block=BLOCK):
        """Return the variance inflation of each key, pooled over all documents."""
        counts, tokens, bounds = self.together()
        if share:
            counts, tokens = counts > 0, np.ones(len(tokens))
        return inflation_of(counts, tokens, bounds, share=share, block=block)


def observe(hits, sentences, *, kinds=("body",), column="key", names=None):
    """Return hits counted sentence by sentence, for the sentences of the wanted kinds.

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`.
    sentences : DataFrame
        Indexed by sentence id, as `Corpus.sentences`.
    kinds : tuple of str
        Which kinds of sentence count: body, heading, note.
    column : str
        What is counted: "key", or "entry" for each entry of the lexicon by itself.
    names : tuple of str, optional
        The values of `column` in their order, when some may have no hit.

    Returns
    -------
    Observations

    Raises
    ------
    CrossreadError
        "the hits name the sentence “…”, which is not among the sentences. Were both read from the same corpus?"

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> observe(*_toy()).counts["a"].ravel().tolist()
    [1, 0, 2]
    """
    check_columns(hits, HITS, "the hits")
    check_columns(sentences, SENTENCES, "the sentences")
    row = sentences.index.get_indexer(hits["sentence_id"])
    if (row < 0).any():
        unknown = hits["sentence_id"][row < 0].min()
        raise CrossreadError(
            f"the hits name the sentence “{unknown}”, which is not among the sentences. "
            "Were both read from the same corpus?"
        )
    documents = tuple(sentences["doc_id"].unique())
    names = (
        tuple(names) if names is not None else keys_of(hits) if column == "key" else tuple(sorted(set(hits[column])))
    )
    wanted = (sentences["kind"].isin(list(kinds)) & (sentences["n_tokens"] > 0)).to_numpy()
    chosen = sentences[wanted]
    columns = pd.Index(names, dtype=object).get_indexer(hits[column].astype(str))
    kept = wanted[row] & (columns >= 0)
    counts = np.zeros((len(chosen), len(names)), dtype=np.int64)
    np.add.at(counts, ((np.cumsum(wanted) - 1)[row[kept]], columns[kept]), 1)
    number = pd.Index(documents).get_indexer(chosen["doc_id"])
    order = np.argsort(number, kind="stable")
    bounds = np.searchsorted(number[order], np.arange(len(documents) + 1))
    rows = {doc: order[bounds[place] : bounds[place + 1]] for place, doc in enumerate(documents)}
    tokens, ids = chosen["n_tokens"].to_numpy(), chosen.index.to_numpy()
    return Observations(
        documents,
        names,
        {doc: counts[where] for doc, where in rows.items()},
        {doc: tokens[where] for doc, where in rows.items()},
        {doc: ids[where] for doc, where in rows.items()},
    )


def _toy():
    sentences = pd.DataFrame(
        {
            "doc_id": ["a"] * 3 + ["b"] * 2,
            "section": 0,
            "paragraph": 0,
            "sentence": [0, 1, 2, 0, 1],
            "segment": 0,
            "kind": "body",
            "n_tokens": 20,
            "start": 0,
            "end": 0,
        },
        index=pd.Index(["a-000", "a-001", "a-002", "b-000", "b-001"], name="sentence_id"),
    )
    hits = pd.DataFrame(
        {
            "doc_id": ["a"] * 3,
            "sentence_id": ["a-000", "a-002", "a-002"],
            "lexicon": "toy",
            "key": pd.Categorical(["cost"] * 3, categories=["cost"]),
            "entry": ["cost", "costs", "cost"],
            "start_token": [3, 44, 50],
            "end_token": [4, 45, 51],
        }
    )
    return hits, sentences


def theme_rates(
    hits, sentences, *, kinds=("body",), limits="exact", block=BLOCK, draws=2000, seed=0, level=LEVEL, rare=RARE
):
    """Return how often each document speaks of each theme, per 1,000 tokens and as a share of sentences, with limits.

    Limits are Garwood's for the rate and Jeffreys's for the share, on the effective count: hits and exposure
    divided by the inflation that the block bootstrap finds in all documents together; with no hit both are
    exact. In simulated documents like short policy texts they cover in 93 to 97 per cent, where the percentile
    bootstrap covers in far fewer (`benchmarks/simulate_themes.py`).

    Parameters
    ----------
    hits : DataFrame
        From `lexicon.find_hits`. If `key` is categorical, keys without a hit get their rows too.
    sentences : DataFrame
        `Corpus.sentences`.
    kinds : tuple of str
        Kinds of sentence that count.
    limits : "exact" or "bootstrap"
        "bootstrap" gives percentile limits, for comparison; silent documents keep the exact ones.
    block : int
        Consecutive sentences that are drawn together.
    draws, seed : int
        Samples of the percentile bootstrap and where its random numbers start; without effect on exact limits.
    level : float
        Coverage.
    rare : float
        Hits per 1,000 tokens that would still be called rare. A silence that allows more than this is not
        informative.

    Returns
    -------
    DataFrame
        One row per document and key, documents in the order of `sentences`: doc_id; key; count (hits); n_tokens
        (tokens); per_1000, low, high (hits per 1,000 tokens); n_sentences, sentences_with_hit (sentences);
        share, share_low, share_high (of sentences, 0 to 1); verdict: "present", "absent" (no hit, and at most
        `rare` is allowed) or "not informative" (no hit, and too short to tell absence from rarity; `high` is
        the rate that the silence allows).

    Raises
    ------
    CrossreadError
        "The limits “…” are not known; use “exact” or “bootstrap”."

    References
    ----------
    Garwood 1936, Biometrika 28, 437-442; Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133; Künsch
    1989, Annals of Statistics 17, 1217-1241.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> theme_rates(*_toy())[["doc_id", "count", "per_1000", "high", "verdict"]].round(1).values.tolist()
    [['a', 3, 50.0, 146.1, 'present'], ['b', 0, 0.0, 92.2, 'not informative']]
    """
    if limits not in ("exact", "bootstrap"):
        raise CrossreadError(f"The limits “{limits}” are not known; use “exact” or “bootstrap”.")
    seen = observe(hits, sentences, kinds=kinds)
    return rates_of(seen, limits=limits, block=block, draws=draws, seed=seed, level=level, rare=rare)


def rates_of(seen, *, limits="exact", block=BLOCK, draws=2000, seed=0, level=LEVEL, rare=RARE):
    """Return what `theme_rates` returns, of hits that were counted before.

    Parameters
    ----------
    seen : Observations
    limits, block, draws, seed, level, rare
        As in `theme_rates`.

    Returns
    -------
    DataFrame
        As `theme_rates`.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> rates_of(observe(*_toy()))["count"].tolist()
    [3, 0]
    """
    inflation = {share: seen.inflation(share, block) for share in (False, True)}
    generator = np.random.default_rng(seed)
    measured = {}
    counts, tokens, bounds = seen.together()
    for share in (False, True):
        count, total = _sums(counts > 0 if share else counts, bounds), _sums(tokens > 0 if share else tokens, bounds)
        total = total[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(total > 0, count / total, np.nan)
        # a document without sentences allows everything; its limits are not asked for with a total of zero
        limits_of = jeffreys_limits if share else exact_limits
        low, high = limits_of(count, np.maximum(total, 1), inflation=inflation[share], level=level)
        low, high = np.where(total > 0, low, 0.0), np.where(total > 0, high, 1.0 if share else np.inf)
        measured[share] = [count, total, rate, low, high]
    if limits == "bootstrap":
        for place, doc in enumerate(seen.documents):
            for share in (False, True):
                counts, exposure = seen.units(doc, share)
                if exposure.sum():
                    drawn = bootstrap_rates(counts, exposure, block=block, draws=draws, seed=generator)
                    tails = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
                    for limit, tail in zip(measured[share][3:], tails, strict=True):
                        limit[place] = np.where(measured[share][0][place] > 0, tail, limit[place])
    n_keys = len(seen.keys)
    (count, n_tokens, *rates), (positive, n_sentences, *shares) = measured[False], measured[True]
    per_1000, low, high = (1000 * values.ravel() for values in rates)
    share, share_low, share_high = (values.ravel() for values in shares)
    silent = np.where(high > rare, NOT_INFORMATIVE, "absent")
    return pd.DataFrame(
        {
            "doc_id": np.repeat(np.array(seen.documents, dtype=object), n_keys),
            "key": list(seen.keys) * len(seen.documents),
            "count": count.ravel().astype(int),
            "n_tokens": np.repeat(n_tokens.ravel().astype(int), n_keys),
            "per_1000": per_1000,
            "low": low,
            "high": high,
            "n_sentences": np.repeat(n_sentences.ravel().astype(int), n_keys),
            "sentences_with_hit": positive.ravel().astype(int),
            "share": share,
            "share_low": share_low,
            "share_high": share_high,
            "verdict": np.where(count.ravel() > 0, "present", silent),
        }
    )


def _sums(values, bounds):
    """Return the sum of each stretch of rows between two bounds."""
    before = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0, dtype=float)])
    return before[bounds[1:]] - before[bounds[:-1]]


@dataclass(frozen=True)
class PairTest:
    """One pair of documents compared on every key: the comparison and which keys tell nothing."""

    doc_a: str
    doc_b: str
    result: Comparison
    uninformative: np.ndarray


def compare_pairs(seen, pairs, *, share=False, block=BLOCK, draws=2000, seed=0, level=LEVEL, rare=RARE):
    """Return one `PairTest` per pair of documents; what `theme_contrasts` and the claims both rest on."""
    inflation = seen.inflation(share, block)
    generator = np.random.default_rng(seed)
    token_inflation = inflation if not share else seen.inflation(False, block)

    def is_silent(doc):
        counts, tokens = seen.units(doc)
        high = exact_limits(0, max(tokens.sum(), 1e-9), inflation=token_inflation, level=level)[1]
        return (counts.sum(0) == 0) & (1000 * high > rare)

    tests = []
    for doc_a, doc_b in pairs:
        both = seen.units(doc_a, share), seen.units(doc_b, share)
        empty = [doc for doc, (_, exposure) in zip((doc_a, doc_b), both, strict=True) if not exposure.sum() > 0]
        if empty:
            raise CrossreadError(f"The document “{empty[0]}” has no sentence to compare; leave it out.")
        result = compare_rates(*both, inflation, share=share, block=block, draws=draws, seed=generator)
        tests.append(PairTest(doc_a, doc_b, result, is_silent(doc_a) | is_silent(doc_b)))
    return tests


def theme_contrasts(
    hits, sentences, *, quantity="per_1000", kinds=("body",), keys=None, pairs=None, block=BLOCK, draws=2000, seed=0,
    level=LEVEL, rare=RARE,
):  # fmt: skip
    """Compare all pairs of documents on every theme: difference, limits, p-value and verdict.

    Blocks of consecutive sentences are dealt anew to the two documents (`resampling.compare_rates`); p-values
    are adjusted by Holm's method over all rows of the table. A row is supported when its adjusted p-value is at
    most 1 - `level`, which is exactly when its `family_low` and `family_high` leave out zero.

    Parameters
    ----------
    hits, sentences, kinds, block, level, rare
        As in `theme_rates`.
    quantity : "per_1000" or "share"
        Hits per 1,000 tokens, or share of sentences with a hit.
    keys, pairs : sequences, optional
        The themes and the pairs of document ids to compare; all by default. Fewer rows are adjusted less.
    draws, seed : int
        Permutations of each pair and where the random numbers start.

    Returns
    -------
    DataFrame
        One row per key and pair: key; doc_a, doc_b; difference (of doc_a less doc_b, in hits per 1,000 tokens
        or as a share); low, high (its 95 per cent limits taken by itself); p; p_adjusted; verdict: "supported",
        else "not informative" (a document is silent and too short to tell absence from rarity, or the two have
        so few blocks that no arrangement could be supported), else "not distinguishable"; family_low,
        family_high (limits that hold for all rows together).

    Raises
    ------
    CrossreadError
        "The quantity “…” is not known; use “per_1000” or “share”."
        "The document “…” has no sentence to compare; leave it out."

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, 873-890; Holm 1979, Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> theme_contrasts(*_toy())[["key", "doc_a", "doc_b", "difference", "verdict"]].values.tolist()
    [['cost', 'a', 'b', 50.0, 'not informative']]
    """
    if quantity not in ("per_1000", "share"):
        raise CrossreadError(f"The quantity “{quantity}” is not known; use “per_1000” or “share”.")
    seen = observe(hits, sentences, kinds=kinds, names=keys)
    return contrasts_of(
        seen, quantity=quantity, pairs=pairs, block=block, draws=draws, seed=seed, level=level, rare=rare
    )


def contrasts_of(seen, *, quantity="per_1000", pairs=None, block=BLOCK, draws=2000, seed=0, level=LEVEL, rare=RARE):
    """Return what `theme_contrasts` returns, of hits that were counted before.

    Parameters
    ----------
    seen : Observations
    quantity, pairs, block, draws, seed, level, rare
        As in `theme_contrasts`.

    Returns
    -------
    DataFrame
        As `theme_contrasts`.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> contrasts_of(observe(*_toy()))["difference"].tolist()
    [50.0]
    """
    pairs = list(combinations(seen.documents, 2)) if pairs is None else [tuple(pair) for pair in pairs]
    tests = compare_pairs(
        seen, pairs, share=quantity == "share", block=block, draws=draws, seed=seed, level=level, rare=rare
    )
    return _contrast_table(seen.keys, tests, 1 if quantity == "share" else 1000, level)


def _contrast_table(keys, tests, scale, level):
    alpha = 1 - level
    columns = [*THEME_CONTRASTS, "family_low", "family_high"]
    if not tests or not keys:
        return pd.DataFrame(columns=columns)
    p = np.array([test.result.p for test in tests])
    levels = holm_levels(p.ravel(), alpha).reshape(p.shape)
    adjusted = adjust(p.ravel()).reshape(p.shape)
    rows = []
    for test, p_row, level_row, adjusted_row in zip(tests, p, levels, adjusted, strict=True):
        low, high = test.result.limits(alpha)
        family_low, family_high = test.result.limits(level_row)
        too_few = p.size / test.result.arrangements > alpha
        unsupported = np.where(test.uninformative | too_few, NOT_INFORMATIVE, NOT_DISTINGUISHABLE)
        verdict = np.where(p_row <= level_row, SUPPORTED, unsupported)
        rows.append(
            pd.DataFrame(
                {
                    "key": keys,
                    "doc_a": test.doc_a,
                    "doc_b": test.doc_b,
                    "difference": scale * test.result.difference,
                    "low": scale * low,
                    "high": scale * high,
                    "p": p_row,
                    "p_adjusted": adjusted_row,
                    "verdict": verdict,
                    "family_low": scale * family_low,
                    "family_high": scale * family_high,
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    order = {key: number for number, key in enumerate(keys)}
    return table.sort_values("key", key=lambda column: column.map(order), kind="stable", ignore_index=True)[columns]


def equal_length_rates(
    hits, sentences, *, n_tokens=None, kinds=("body",), block=BLOCK, draws=2000, seed=0, level=LEVEL
):
    """Return what each document would show, had it been as short as the shortest.

    From each document blocks of consecutive sentences are drawn without replacement until they hold `n_tokens`
    tokens, the last block in part. The limits say how far such samples of the same document scatter; the
    shortest document has only itself.

    Parameters
    ----------
    hits, sentences, kinds, block, level
        As in `theme_rates`.
    n_tokens : int, optional
        Length of the samples in tokens; that of the shortest document by default.
    draws, seed : int
        Samples of each document and where the random numbers start.

    Returns
    -------
    DataFrame
        One row per document and key: doc_id; key; n_tokens (tokens in a sample); per_1000 (mean hits per 1,000
        tokens); low, high (limits between which 95 per cent of the samples lie); silent (share of samples
        without a single hit); whole_per_1000 (rate in the whole document).

    Raises
    ------
    CrossreadError
        "Samples of … tokens cannot be drawn from “…”, which has …."

    References
    ----------
    Hurlbert 1971, Ecology 52, 577-586 (rarefaction).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> table = equal_length_rates(*_toy(), block=1)
    >>> table[["doc_id", "n_tokens", "silent", "whole_per_1000"]].values.tolist()
    [['a', 40, 0.0, 50.0], ['b', 40, 1.0, 0.0]]
    """
    seen = observe(hits, sentences, kinds=kinds)
    lengths = {doc: int(seen.tokens[doc].sum()) for doc in seen.documents if len(seen.tokens[doc])}
    n_tokens = min(lengths.values()) if n_tokens is None else int(n_tokens)
    generator = np.random.default_rng(seed)
    tables = []
    for doc, length in lengths.items():
        if n_tokens > length or n_tokens < 1:
            raise CrossreadError(f"Samples of {n_tokens:,} tokens cannot be drawn from “{doc}”, which has {length:,}.")
        counts, tokens = seen.units(doc)
        edges = np.arange(0, len(tokens), block)
        sums, sizes = np.add.reduceat(counts, edges, axis=0), np.add.reduceat(tokens, edges)
        order = np.argsort(generator.random((draws, len(sizes))), axis=1)
        before = np.cumsum(sizes[order], axis=1) - sizes[order]
        taken = np.clip((n_tokens - before) / sizes[order], 0, 1)
        weights = np.zeros_like(taken)
        np.put_along_axis(weights, order, taken, axis=1)
        drawn = weights @ sums
        low, high = np.quantile(1000 * drawn / n_tokens, [(1 - level) / 2, (1 + level) / 2], axis=0)
        tables.append(
            pd.DataFrame(
                {
                    "doc_id": doc,
                    "key": seen.keys,
                    "n_tokens": n_tokens,
                    "per_1000": 1000 * drawn.mean(0) / n_tokens,
                    "low": low,
                    "high": high,
                    "silent": (drawn < 1e-9).mean(0),
                    "whole_per_1000": 1000 * counts.sum(0) / length,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)[list(EQUAL_LENGTH)]


def dominance_note(sentences, documents=None, *, kinds=("body",), share=0.5):
    """Return a sentence of warning when one document holds more than `share` of all tokens, else an empty string.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> dominance_note(_toy()[1])
    '“a” holds 60 per cent of all 100 tokens: pooled numbers are mostly its numbers.'
    """
    check_columns(sentences, SENTENCES, "the sentences")
    tokens = sentences[sentences["kind"].isin(list(kinds))].groupby("doc_id")["n_tokens"].sum()
    if len(tokens) < 2 or tokens.max() <= share * tokens.sum():
        return ""
    name = tokens.idxmax() if documents is None else documents["label"][tokens.idxmax()]
    return (
        f"“{name}” holds {100 * tokens.max() / tokens.sum():.0f} per cent of all {tokens.sum():,} tokens: "
        "pooled numbers are mostly its numbers."
    )


def count_entries(hits, sentences, *, kinds=("body",)):
    """Return which entries made each theme's count, per document.

    Parameters
    ----------
    hits, sentences, kinds
        As in `theme_rates`.

    Returns
    -------
    DataFrame
        One row per key, entry and document with a hit: key; entry; doc_id; count (hits); share (of the key's
        hits in all documents, 0 to 1); sentences (with a hit of the entry). Entries with most hits first within
        a key.

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> count_entries(*_toy())[["entry", "doc_id", "count"]].values.tolist()
    [['cost', 'a', 2], ['costs', 'a', 1]]
    """
    check_columns(hits, HITS, "the hits")
    wanted = sentences.index[sentences["kind"].isin(list(kinds))]
    kept = hits[hits["sentence_id"].isin(wanted)].astype({"key": str})
    table = (
        kept.groupby(["key", "entry", "doc_id"], sort=False)["sentence_id"]
        .agg(count="size", sentences="nunique")
        .reset_index()
    )
    if table.empty:
        return pd.DataFrame(columns=["key", "entry", "doc_id", "count", "share", "sentences"])
    table["share"] = table["count"] / table.groupby("key")["count"].transform("sum")
    totals = table.groupby(["key", "entry"])["count"].transform("sum")
    keys = {key: number for number, key in enumerate(keys_of(hits))}
    documents = {doc: number for number, doc in enumerate(dict.fromkeys(sentences["doc_id"]))}
    order = pd.DataFrame(
        {"k": table["key"].map(keys), "n": -totals, "e": table["entry"], "d": table["doc_id"].map(documents)}
    ).sort_values(["k", "n", "e", "d"])
    return table.loc[order.index, ["key", "entry", "doc_id", "count", "share", "sentences"]].reset_index(drop=True)


def locate_hits(hits, sentences, *, kinds=("body",)):
    """Return where in its document each hit stands.

    Parameters
    ----------
    hits, sentences, kinds
        As in `theme_rates`.

    Returns
    -------
    DataFrame
        One row per hit, in the order of documents, keys and positions: doc_id; key (categorical, all keys);
        position (tokens before it in the document, headings and notes counted in); n_tokens (tokens of the
        whole document, likewise); place (position / n_tokens, 0 to 1).

    Examples
    --------
    >>> from crossread.measure.themes import _toy
    >>> locate_hits(*_toy())[["doc_id", "position", "place"]].round(2).values.tolist()
    [['a', 3, 0.05], ['a', 44, 0.73], ['a', 50, 0.83]]
    """
    check_columns(hits, HITS, "the hits")
    totals = sentences.groupby("doc_id", sort=False)["n_tokens"].sum()
    wanted = sentences.index[sentences["kind"].isin(list(kinds))]
    kept = hits[hits["sentence_id"].isin(wanted)]
    table = pd.DataFrame({"doc_id": kept["doc_id"], "key": kept["key"].astype(str), "position": kept["start_token"]})
    table["n_tokens"] = table["doc_id"].map(totals).astype(int)
    table["place"] = table["position"] / table["n_tokens"]
    documents = {doc: number for number, doc in enumerate(totals.index)}
    keys = {key: number for number, key in enumerate(keys_of(hits))}
    order = pd.DataFrame({"d": table["doc_id"].map(documents), "k": table["key"].map(keys), "p": table["position"]})
    table["key"] = pd.Categorical(table["key"], categories=list(keys))
    return table.loc[order.sort_values(["d", "k", "p"], kind="stable").index].reset_index(drop=True)


def describe_rates(table: pd.DataFrame, labels: Labels) -> str:
    """Say for each theme in how many sentences of which document it stands most, and where it is silent."""
    said = []
    for key, rows in table.groupby("key", sort=False):
        first = rows.loc[rows["share"].idxmax()] if rows["share"].notna().any() else None
        silent = [labels.document(doc) for doc in rows.loc[rows["sentences_with_hit"] == 0, "doc_id"]]
        if first is None or first["sentences_with_hit"] == 0:
            said.append(f"{labels.theme(key)}: in no document")
            continue
        counted = count_of(first["sentences_with_hit"], first["n_sentences"])
        text = f"{labels.theme(key)}: largest share in {labels.document(first['doc_id'])}, {counted}"
        said.append(text + (f"; silent: {join_names(silent, most=5)}" if silent else ""))
    return join_sentences(["Counted", *said]).replace("Counted. ", "Counted. ", 1)


def describe_contrasts(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many comparisons have which verdict, and which are supported."""
    counts = ", ".join(f"{n} {verdict}" for verdict, n in table["verdict"].value_counts().items())
    supported = [
        f"{labels.theme(row.key)}: {labels.document(row.doc_a)} {'above' if row.difference > 0 else 'below'} "
        f"{labels.document(row.doc_b)}"
        for row in table[table["verdict"] == SUPPORTED].itertuples()
    ]
    return join_sentences(
        [f"In general, of {len(table)} comparisons: {counts}", f"Supported: {join_names(supported, most=6) or 'none'}"]
    )


def describe_places(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many hits each theme has."""
    counts = [f"{labels.theme(key)} {n}" for key, n in table["key"].value_counts(sort=False).items()]
    return join_sentences([f"Hits: {join_names(counts)}"])
