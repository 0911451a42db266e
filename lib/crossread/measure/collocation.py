"""In whose company: words near each other within sentences, fixed phrases, and what stands around a word or a theme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.corpus.tables import HITS, check_columns
from crossread.errors import CrossreadError
from crossread.measure.frequency import LONGEST_PHRASE, PHRASES_FROM, plain, segment_matrix
from crossread.wording import Labels

WINDOW = 5
SMOOTHING = 0.5  # added to each cell for lambda and z, as in quanteda
COLLOCATIONS = ("term_a", "term_b", "count", "count_a", "count_b", "total", "expected", "g2", "log_dice", "npmi")
PHRASES = ("term", "size", "count", "lambda", "z")
COLLOCATES = ("key", "term", "count", "n_near", "term_count", "n_tokens", "expected", "g2", "log_ratio", "npmi")
PAIRS_FROM = 3  # a pair is published, and listed by default, from this many meetings in the corpus


def collocation_of(count: ArrayLike, count_a: ArrayLike, count_b: ArrayLike, total: ArrayLike) -> dict:
    """Return the common measures of how strongly two words attract each other.

    Parameters
    ----------
    count : int or array
        Meetings: items in which both occur.
    count_a, count_b : int or array
        Items in which the one, and the other, occurs.
    total : int or array
        All items. What an item is (a sentence, a pair of neighbouring positions) is for the caller to say.

    Returns
    -------
    dict
        expected (meetings by chance); g2 (log-likelihood, four cells, negative where there are fewer meetings than
        expected); pmi (bits); npmi (-1 never, 0 by chance, 1 always together; -1 for no meeting); log_dice (14 at
        most; minus infinity for no meeting); t_score; lambda (log odds ratio of the cells, half a meeting
        added to each, as in quanteda) and z (lambda
        over its standard error).

    Raises
    ------
    CrossreadError
        "Two words cannot meet more often (…) than one of them occurs (…)."

    References
    ----------
    Evert 2009, in Lüdeling and Kytö (eds), Corpus Linguistics 2, 1212-1248; Bouma 2009, GSCL, 31-40 (NPMI); Rychlý
    2008, RASLAN, 6-9 (logDice, margins of the same relation); Blaheta and Johnson 2001, ACL workshop on collocation,
    54-60 (lambda); quanteda.textstats textstat_collocations (smoothing 0.5).

    Examples
    --------
    >>> pair = collocation_of(8, 10, 20, 1000)
    >>> {name: round(pair[name], 3) for name in ("expected", "g2", "npmi", "log_dice", "lambda")}
    {'expected': 0.2, 'g2': 56.309, 'npmi': 0.764, 'log_dice': 13.093, 'lambda': 5.584}
    """
    from scipy.special import xlogy

    n11, f1, f2, n = (np.asarray(x, dtype=float) for x in (count, count_a, count_b, total))
    if np.any(n11 > np.minimum(f1, f2)):
        worst = np.minimum(f1, f2) - n11
        at = np.unravel_index(np.argmin(worst), worst.shape)
        raise CrossreadError(
            f"Two words cannot meet more often ({np.broadcast_to(n11, worst.shape)[at]:g}) than one of them occurs "
            f"({np.broadcast_to(np.minimum(f1, f2), worst.shape)[at]:g})."
        )
    observed = [n11, f1 - n11, f2 - n11, n - f1 - f2 + n11]
    expected = [f1 * f2 / n, f1 * (n - f2) / n, (n - f1) * f2 / n, (n - f1) * (n - f2) / n]
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * sum(xlogy(o, o / np.where(e > 0, e, 1)) for o, e in zip(observed, expected, strict=True))
        pmi = np.log2(n11 / expected[0])
        npmi = np.where(n11 == 0, -1.0, np.where(n11 == n, 1.0, pmi / -np.log2(n11 / n)))
        log_dice = 14 + np.log2(2 * n11 / (f1 + f2))
        t_score = (n11 - expected[0]) / np.sqrt(n11)
    smooth = [o + SMOOTHING for o in observed]
    strength = np.log(smooth[0]) - np.log(smooth[1]) - np.log(smooth[2]) + np.log(smooth[3])
    return plain(
        {
            "expected": expected[0],
            "g2": np.where(n11 >= expected[0], 1.0, -1.0) * np.maximum(g2, 0),
            "pmi": pmi,
            "npmi": npmi,
            "log_dice": log_dice,
            "t_score": t_score,
            "lambda": strength,
            "z": strength / np.sqrt(sum(1 / o for o in smooth)),
        }
    )


def phrase_strength_of(cells: ArrayLike) -> dict:
    """Return quanteda's lambda and z for phrases of any length.

    Parameters
    ----------
    cells : array, 2**n x n_phrases or 2**n
        How often a sequence of n words agrees with the phrase in just the places that the row number, written in
        binary, has a 1: row 0 in none, the last row in all.

    Returns
    -------
    dict
        lambda: the sum of the logarithms of the cells, half a phrase added to each as in quanteda, those with an odd
        number of disagreements negative;
        z: lambda over the root of the sum of their reciprocals.

    References
    ----------
    Blaheta and Johnson 2001, ACL workshop on collocation, 54-60; quanteda.textstats textstat_collocations.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in phrase_strength_of([978, 12, 2, 8]).items()}
    {'lambda': 5.584, 'z': 7.217}
    """
    smooth = np.asarray(cells, dtype=float) + SMOOTHING
    size = int(np.log2(len(smooth)))
    signs = np.array([(-1) ** (size - bin(row).count("1")) for row in range(len(smooth))], dtype=float)
    strength = np.tensordot(signs, np.log(smooth), axes=1)
    return plain({"lambda": strength, "z": strength / np.sqrt((1 / smooth).sum(axis=0))})


def count_pairs(
    corpus: Corpus, window: int | None = WINDOW, node: str | None = None, *, by_document: bool = True
) -> pd.DataFrame:
    """Count which words stand near which.

    Parameters
    ----------
    corpus : Corpus
        With texts.
    window : int or None
        Two words meet when they stand in one sentence at most this many tokens apart, each two positions counted
        once. None: when they stand in one sentence, each sentence counted once.
    node : str, optional
        Only the pairs with this word.
    by_document : bool
        Whether each document has rows of its own.

    Returns
    -------
    DataFrame
        doc_id (where it is by document), term_a, term_b (in alphabetical order, never the same word), count.

    Examples
    --------
    >>> from crossread import from_texts
    >>> count_pairs(from_texts({"a": "Allies pay. Allies talk, allies pay."})).values.tolist()
    [['a', 'allies', 'pay', 3], ['a', 'allies', 'talk', 2], ['a', 'pay', 'talk', 1]]
    """
    words = _Words(corpus, once=window is None)
    keys, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for first, second in words.meetings(window, node):
        low = np.minimum(words.ids[first], words.ids[second])
        high = np.maximum(words.ids[first], words.ids[second])
        document = words.document[first] if by_document else 0
        differ = low != high
        found, times = np.unique(((document * words.n_names + low) * words.n_names + high)[differ], return_counts=True)
        keys.append(found)
        counts.append(times)
    distinct, place = np.unique(np.concatenate(keys), return_inverse=True)
    rest, high = np.divmod(distinct, words.n_names)
    document, low = np.divmod(rest, words.n_names)
    table = {"doc_id": words.documents[document]} if by_document else {}
    times = np.bincount(place, weights=np.concatenate(counts), minlength=len(distinct)).astype(np.int64)
    return pd.DataFrame({**table, "term_a": words.names[low], "term_b": words.names[high], "count": times})


def count_reach(corpus: Corpus, window: int | None = WINDOW) -> pd.DataFrame:
    """Count how far each word of each document reaches: in how many meetings it could take part.

    Parameters
    ----------
    corpus : Corpus
        With texts.
    window : int or None
        As in `count_pairs`.

    Returns
    -------
    DataFrame
        doc_id, term, reach (positions within the window of the word's occurrences; or the sentences that have it).

    Examples
    --------
    >>> from crossread import from_texts
    >>> count_reach(from_texts({"a": "Allies pay. Allies talk, allies pay."})).values.tolist()
    [['a', 'allies', 7], ['a', 'pay', 4], ['a', 'talk', 3]]
    """
    words = _Words(corpus, once=window is None)
    if window is None:
        reach = np.ones(len(words.ids), dtype=np.int64)
    else:
        starts = np.searchsorted(words.sentence, words.sentence)
        ends = np.searchsorted(words.sentence, words.sentence, side="right")
        place = np.arange(len(words.ids))
        reach = np.minimum(place - starts, window) + np.minimum(ends - 1 - place, window)
    distinct, where = np.unique(words.document * words.n_names + words.ids, return_inverse=True)
    sums = np.bincount(where, weights=reach, minlength=len(distinct)).astype(np.int64)
    document, term = np.divmod(distinct[sums > 0], words.n_names)
    return pd.DataFrame({"doc_id": words.documents[document], "term": words.names[term], "reach": sums[sums > 0]})


class _Words:
    """The words of the body in their order, as numbers that are in alphabetical order; or each sentence's once."""

    def __init__(self, corpus: Corpus, once: bool):
        store, sentences = corpus.source.tokens("a count of words that stand near each other"), corpus.sentences
        names, which = np.unique(np.array(store.types, dtype=object).astype(str), return_inverse=True)
        self.names, self.n_names = names.astype(object), len(names)
        self.documents = corpus.documents.index.to_numpy()
        body = (sentences["kind"] == "body").to_numpy()[store.sentence]
        self.sentence, self.ids = store.sentence[body].astype(np.int64), which[store.ids[body]]
        if once:
            self.sentence, self.ids = np.divmod(np.unique(self.sentence * self.n_names + self.ids), self.n_names)
        self.document = corpus.documents.index.get_indexer(sentences["doc_id"])[self.sentence]

    def meetings(self, window: int | None, node: str | None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the places of all that meet, one distance after another."""
        chosen = None if node is None else np.isin(self.ids, np.flatnonzero(self.names == node))
        first, distance = np.arange(len(self.ids)), 0
        while len(first) and distance != window:
            distance += 1
            first = first[first + distance < len(self.ids)]
            first = first[self.sentence[first] == self.sentence[first + distance]]  # farther on, only these can meet
            near = first if chosen is None else first[chosen[first] | chosen[first + distance]]
            yield near, near + distance


def term_facts(corpus: Corpus, n: int = 1) -> pd.DataFrame | None:
    """Return for each word of each document the sentences with it, and its reach (see `count_reach`).

    Without texts, words that the corpus has once may be missing. Of phrases nothing is known: the answer is None.
    """
    if n > 1:
        return None
    return corpus.source.answer("the number of sentences with a word", lambda: _count_facts(corpus), ["term_facts"])


def _count_facts(corpus) -> pd.DataFrame:
    sentences = count_reach(corpus, None).rename(columns={"reach": "sentences"})
    facts = sentences.merge(count_reach(corpus), how="left", on=["doc_id", "term"])
    return facts.fillna({"reach": 0}).astype({"reach": np.int64})


def collocations(
    corpus: Corpus,
    node: str | None = None,
    *,
    window: int | None = WINDOW,
    minimum_count: int = PAIRS_FROM,
    leave_out: Iterable[str] = (),
) -> pd.DataFrame:
    """Measure which words stand near each other more often than chance would have it.

    The items counted are pairs of positions: every two tokens of one sentence at most `window` apart, seen from each
    side, so that counts, margins and total belong to one table. With `window=None` they are sentences.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with the published tables `pairs` and `term_facts` (window 5, three meetings or more).
    node : str, optional
        Only the pairs with this word, which then is term_a.
    window : int or None
        Tokens; None for the whole sentence.
    minimum_count : int
        Fewest meetings in the corpus as a whole.
    leave_out : iterable of str
        Words whose pairs are not listed, unless they are the node.

    Returns
    -------
    DataFrame
        Sorted by g2: term_a, term_b; count (meetings); count_a and count_b (items with each); total (items);
        expected (meetings by chance); g2, log_dice and npmi as in `collocation_of`.

    Raises
    ------
    TextNeeded
        For windows or counts that the published tables do not hold.
    CrossreadError
        "A window has at least 1 token; this one has 0."; "No word stands near “alliance*” 3 times or more. …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> text = "The burden is shared. The burden was shared. The sea is wide. The sky is blue."
    >>> table = collocations(from_texts({"a": text}), window=None, minimum_count=2)
    >>> table[["term_a", "term_b", "count"]].values.tolist()
    [['burden', 'shared', 2], ['burden', 'the', 2], ['is', 'the', 3], ['shared', 'the', 2]]
    """
    if window is not None and window < 1:
        raise CrossreadError(f"A window has at least 1 token; this one has {window}.")
    pairs, reach = corpus.source.answer(
        "a count of words that stand near each other like this",
        lambda: (count_pairs(corpus, window, node, by_document=False), count_reach(corpus, window)),
        ["pairs", "term_facts"],
        serves=window == WINDOW and minimum_count >= PAIRS_FROM,
    )
    # every two positions within the window, seen from both sides: it follows from the lengths of the sentences
    sentences = corpus.sentences[corpus.sentences["kind"] == "body"]
    lengths = sentences["n_tokens"].to_numpy()
    if window is None:
        total = int((lengths > 0).sum())
    else:
        total = int(sum(2 * np.maximum(lengths - distance, 0).sum() for distance in range(1, window + 1)))
    if "doc_id" in pairs:
        pairs = pairs.groupby(["term_a", "term_b"], as_index=False)["count"].sum()
    pairs = pairs[pairs["count"] >= minimum_count]
    of_term = reach.groupby("term")["reach"].sum()
    if node is not None and node not in set(pairs["term_a"]).union(pairs["term_b"]):
        raise CrossreadError(
            f"No word stands near “{node}” {minimum_count} times or more. Write one word as it is counted."
        )
    if node is not None:
        turned = pairs[pairs["term_b"] == node].rename(columns={"term_a": "term_b", "term_b": "term_a"})
        pairs = pd.concat([pairs[pairs["term_a"] == node], turned])
    left_out = set(leave_out) - {node}
    pairs = pairs[~pairs["term_a"].isin(left_out) & ~pairs["term_b"].isin(left_out)]
    count_a, count_b = of_term.reindex(pairs["term_a"]).to_numpy(), of_term.reindex(pairs["term_b"]).to_numpy()
    measures = collocation_of(pairs["count"].to_numpy(), count_a, count_b, total)
    table = pd.DataFrame(
        {
            "term_a": pairs["term_a"].to_numpy(),
            "term_b": pairs["term_b"].to_numpy(),
            "count": pairs["count"].to_numpy(),
            "count_a": count_a,
            "count_b": count_b,
            "total": total,
            **{name: measures[name] for name in COLLOCATIONS[6:]},
        },
        columns=list(COLLOCATIONS),
    )
    order = np.lexsort((table["term_b"].astype(str), table["term_a"].astype(str), -table["g2"].round(9)))
    return table.iloc[order].reset_index(drop=True)


def phrases(corpus: Corpus, size: int = 2) -> pd.DataFrame:
    """Find words that follow one another more often than chance would have it, as quanteda does.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with the published table `phrases` (2 and 3 words, at least two occurrences).
    size : int
        Words in a phrase, 2 or more; those that occur twice or more are listed.

    Returns
    -------
    DataFrame
        Sorted by z: term (the words in order), size (words), count (occurrences, never across sentences), lambda and
        z as in `phrase_strength_of`.

    Raises
    ------
    TextNeeded
        For phrases that the published table does not hold.

    Examples
    --------
    >>> from crossread import from_texts
    >>> phrases(from_texts({"a": "Burden sharing pays. No burden sharing today."})).round(2).values.tolist()
    [['burden sharing', 2, 2, 3.56, 1.64]]
    """
    if size < 2:
        raise CrossreadError(f"A phrase has at least 2 words; this one has {size}.")
    cells = phrase_cells(corpus, size)
    columns = [name for name in cells if name.startswith("cell_")][: 2**size]
    strength = phrase_strength_of(cells[columns].to_numpy(dtype=float).T)
    table = cells[["term", "size", "count"]].assign(**strength)
    order = np.lexsort((table["term"].astype(str), -np.asarray(table["z"]).round(9)))
    return table.iloc[order].reset_index(drop=True)


def phrase_cells(corpus: Corpus, size: int, minimum_count: int = 2) -> pd.DataFrame:
    """Count, for each phrase, the sequences of words that agree with it in each set of places.

    Parameters
    ----------
    corpus, size, minimum_count
        As in `phrases`.

    Returns
    -------
    DataFrame
        term, size, count, and cell_0 … (sequences agreeing in the places that the number has a 1 for in binary, the
        first word the highest digit).

    Examples
    --------
    >>> from crossread import from_texts
    >>> phrase_cells(from_texts({"a": "Burden sharing. Burden sharing. No sharing."}), 2).values.tolist()
    [['burden sharing', 2, 2, 0, 1, 0, 2]]
    """
    return corpus.source.answer(
        f"a search for phrases of {size} words like this",
        lambda: _count_cells(corpus, size, minimum_count),
        ["phrases"],
        lambda table: _published_cells(table, size, minimum_count),
        serves=size <= LONGEST_PHRASE and minimum_count >= PHRASES_FROM,
    )


def _published_cells(table: pd.DataFrame, size: int, minimum_count: int) -> pd.DataFrame:
    cells = [f"cell_{row}" for row in range(2**size)]
    chosen = table[(table["size"] == size) & (table["count"] >= minimum_count)]
    return chosen[["term", "size", "count", *cells]].astype(dict.fromkeys(cells, np.int64)).reset_index(drop=True)


def _count_cells(corpus, size: int, minimum_count: int) -> pd.DataFrame:
    store, sentences = corpus.tokens, corpus.sentences
    body = (sentences["kind"] == "body").to_numpy()
    first = np.arange(max(0, len(store) - size + 1))
    first = first[(store.sentence[first] == store.sentence[first + size - 1]) & body[store.sentence[first]]]
    pieces = np.stack([store.ids[first + step] for step in range(size)])
    distinct, counts = np.unique(pieces, axis=1, return_counts=True)
    names = np.array([" ".join(store.types[i] for i in column) for column in distinct.T], dtype=object)
    frequent = counts >= minimum_count
    agreeing = {}
    for subset in product((0, 1), repeat=size):
        places = [place for place in range(size) if subset[place]]
        if not places:
            agreeing[subset] = np.full(frequent.sum(), pieces.shape[1])
            continue
        inverse = np.unique(distinct[places], axis=1, return_inverse=True)[1].ravel()
        agreeing[subset] = np.bincount(inverse, weights=counts)[inverse[frequent]].astype(np.int64)
    columns = {}
    for subset in product((0, 1), repeat=size):  # inclusion and exclusion: in just these places
        row = int("".join(map(str, subset)), 2)
        exact = np.zeros(frequent.sum(), dtype=np.int64)
        for wider in product((0, 1), repeat=size):
            if all(w >= s for w, s in zip(wider, subset, strict=True)):
                exact += (-1) ** (sum(wider) - sum(subset)) * agreeing[wider]
        columns[row] = exact
    table = pd.DataFrame({"term": names[frequent], "size": size, "count": counts[frequent]})
    for row in sorted(columns):
        table[f"cell_{row}"] = columns[row]
    return table.sort_values(["count", "term"], ascending=[False, True], ignore_index=True)


def _covered(starts: np.ndarray, ends: np.ndarray, size: int) -> np.ndarray:
    """Tell for each of `size` places whether one of the stretches covers it."""
    change = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return np.cumsum(change[:size]) > 0


def count_near_hits(corpus: Corpus, hits: pd.DataFrame, window: int = WINDOW) -> pd.DataFrame:
    """Count the words that stand near the hits of a lexicon, document by document.

    Parameters
    ----------
    corpus : Corpus
        With texts.
    hits : DataFrame
        From `lexicon.find_hits`.
    window : int
        Tokens to each side, within the sentence; the words of the hits of that key themselves are left out.

    Returns
    -------
    DataFrame
        doc_id, key, term, count; a token near two hits of a key counts once.
    """
    store, sentences = corpus.source.tokens("a count of the words around hits"), corpus.sentences
    check_columns(hits, HITS, "the hits")
    row = sentences.index.get_indexer(hits["sentence_id"])
    counted = (sentences["kind"] == "body").to_numpy()[row]
    offset = store.document_pointers[corpus.documents.index.get_indexer(hits["doc_id"])]
    start, end = (offset + hits[name].to_numpy(np.int64) for name in ("start_token", "end_token"))
    first = np.maximum(store.sentence_pointers[row], start - window)
    last = np.minimum(store.sentence_pointers[row + 1], end + window)
    names = np.asarray(store.types, dtype=object)
    keys = hits["key"].astype(str).to_numpy()
    rows = []
    for key in dict.fromkeys(keys):
        chosen = counted & (keys == key)
        near = _covered(first[chosen], last[chosen], len(store))
        of_hits = _covered(start[chosen], end[chosen], len(store))
        places = np.flatnonzero(near & ~of_hits)
        table = pd.DataFrame(
            {"doc_id": sentences["doc_id"].to_numpy()[store.sentence[places]], "term": names[store.ids[places]]}
        )
        table = table.groupby(["doc_id", "term"]).size().rename("count").reset_index()
        table.insert(1, "key", key)
        rows.append(table)
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=["doc_id", "key", "term", "count"])


def collocates(
    corpus: Corpus, hits: pd.DataFrame, *, window: int = WINDOW, minimum_count: int = PAIRS_FROM
) -> pd.DataFrame:
    """Measure which words stand around the hits of each key of a lexicon.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with a published table `collocates` (window 5, three occurrences or more).
    hits : DataFrame
        From `lexicon.find_hits`.
    window : int
        Tokens to each side, within the sentence.
    minimum_count : int
        Fewest occurrences near the key in the corpus.

    Returns
    -------
    DataFrame
        Sorted by key and g2: key; term; count (occurrences near the key); n_near (tokens near the key); term_count
        and n_tokens (of the whole body); expected (by chance); g2 and npmi as in `collocation_of`; log_ratio (log2 of
        the term's rate near the key over its rate elsewhere).

    Raises
    ------
    TextNeeded
        For keys or windows that are not published.

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Allies share burdens fairly. Allies talk. The sea is wide and blue."})
    >>> sentence = corpus.sentences.index[0]
    >>> hits = pd.DataFrame([("a", sentence, "demo", "burden", "burdens", 2, 3)],
    ...     columns=["doc_id", "sentence_id", "lexicon", "key", "entry", "start_token", "end_token"])
    >>> collocates(corpus, hits, minimum_count=1)[["term", "count", "term_count"]].values.tolist()
    [['fairly', 1, 1], ['share', 1, 1], ['allies', 1, 2]]
    """
    wanted = set(hits["key"].astype(str))
    near, sizes = corpus.source.answer(
        "a count of the words around hits like these",
        lambda: _with_sizes(count_near_hits(corpus, hits, window)),
        ["collocates"],
        lambda table: _published_near(table[table["key"].isin(wanted)]),
        serves=lambda table: window == WINDOW and minimum_count >= PAIRS_FROM and wanted <= set(table["key"]),
    )
    near = near.groupby(["key", "term"], sort=False, as_index=False)["count"].sum()
    near = near[near["count"] >= minimum_count]
    counts = segment_matrix(corpus)
    of_term = pd.Series(np.asarray(counts.matrix.sum(axis=0)).ravel(), index=counts.terms)
    n_tokens = int(counts.units["n_tokens"].sum())
    n_near, term_count = sizes.reindex(near["key"]).to_numpy(), of_term.reindex(near["term"]).to_numpy()
    measures = collocation_of(near["count"].to_numpy(), n_near, term_count, n_tokens)
    elsewhere = np.maximum(term_count - near["count"].to_numpy(), 0.5)
    table = pd.DataFrame(
        {
            "key": near["key"].to_numpy(),
            "term": near["term"].to_numpy(),
            "count": near["count"].to_numpy(),
            "n_near": n_near,
            "term_count": term_count,
            "n_tokens": n_tokens,
            "expected": measures["expected"],
            "g2": measures["g2"],
            "log_ratio": np.log2(near["count"].to_numpy() / n_near) - np.log2(elsewhere / (n_tokens - n_near)),
            "npmi": measures["npmi"],
        }
    )
    order = np.lexsort((table["term"].astype(str), -table["g2"].round(9), table["key"].astype(str)))
    return table.iloc[order].reset_index(drop=True)


def _with_sizes(near: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    return near, near.groupby("key", sort=False)["count"].sum()


def _published_near(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    is_sum = table["term"] == ALL_NEAR
    return table[~is_sum], table[is_sum].groupby("key", sort=False)["count"].sum()


ALL_NEAR = "(all)"  # the row of the published table that holds the number of tokens near the key


def describe_collocations(table: pd.DataFrame, labels: Labels) -> str:
    """Say which pair is surest."""
    if table.empty:
        return "Of the words asked for no two stand near each other three times; more frequent words may."
    first = table.iloc[0]
    pair = f"“{labels.word(first['term_a'])}” with “{labels.word(first['term_b'])}”"
    return f"The surest pair is {pair}, {first['count']} times together."
