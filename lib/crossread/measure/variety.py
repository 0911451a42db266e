"""How rich and how hard: variety of words with the length held fixed, sentence length, and readability."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crossread.corpus import Corpus
from crossread.corpus.language import ENGLISH
from crossread.errors import CrossreadError
from crossread.measure.frequency import plain
from crossread.wording import Labels

VARIETY = ("doc_id", "measure", "value", "low", "high", "n", "unit")
WINDOW = 50  # of MATTR, in tokens
THRESHOLD = 0.72  # of MTLD
ROUND = 6  # decimals to which values that need running text are kept, so that published and computed ones are the same

_VOWELS = re.compile(r"[aeiouy]+")
_SPLIT_I = re.compile(r"(?<![tscgx])i(?=a|o(?!n|r|us))")
_SILENT = re.compile(r"[^aeiouytd]ed$|[^aeiouysxzhcg]es$|[^aeiouyl]e$|[aeiouyl]le$")


def mattr(tokens: Sequence, window: int = WINDOW) -> float:
    """Return the moving-average type-token ratio: types over tokens in every run of `window` tokens, averaged.

    Parameters
    ----------
    tokens : sequence of str or int
        The text in order.
    window : int
        Tokens in a run.

    Returns
    -------
    float
        Between 1 / window and 1; not a number for a text shorter than the window.

    Raises
    ------
    CrossreadError
        "A window has at least 1 token; this one has 0."

    References
    ----------
    Covington and McFall 2010, Journal of Quantitative Linguistics 17, 94-100.

    Examples
    --------
    >>> mattr("a b a b c".split(), window=3)
    0.7777777777777778
    """
    if window < 1:
        raise CrossreadError(f"A window has at least 1 token; this one has {window}.")
    ids = pd.factorize(np.asarray(tokens, dtype=object))[0]
    if len(ids) < window:
        return float("nan")
    # a token is new in a run when its last occurrence lies before the run: count the runs in which it is
    last = np.full(len(ids), -1)
    seen: dict[int, int] = {}
    for place, number in enumerate(ids):
        last[place] = seen.get(number, -1)
        seen[number] = place
    places = np.arange(len(ids))
    first_run = np.maximum(np.maximum(places - window + 1, 0), last + 1)
    last_run = np.minimum(places, len(ids) - window)
    types = np.maximum(last_run - first_run + 1, 0).sum()
    return float(types / (len(ids) - window + 1) / window)


def mtld(tokens: Sequence, threshold: float = THRESHOLD) -> float:
    """Return the measure of textual lexical diversity: how many tokens a text runs before its type-token ratio falls.

    Counted forwards and backwards and averaged; the rest at the end counts as the part of a factor that its ratio has
    covered. A factor ends when the ratio falls below the threshold, not where it is the threshold itself, as 18 of 25
    is: so has it TAALED, the tool of one of the authors. lexicalrichness ends it there, though its documentation says
    “below”, and so has other values.

    Parameters
    ----------
    tokens : sequence of str or int
        The text in order.
    threshold : float
        The ratio at which a factor ends.

    Returns
    -------
    float
        Tokens in a factor; not a number for a text in which no word returns.

    References
    ----------
    McCarthy and Jarvis 2010, Behavior Research Methods 42, 381-392; Kyle, Crossley and Jarvis 2021, Language Assessment
    Quarterly 18, 154-170 (TAALED).

    Examples
    --------
    >>> mtld("a b a b a b a b".split())
    4.0
    """
    ids = pd.factorize(np.asarray(tokens, dtype=object))[0]
    values = []
    for direction in (ids, ids[::-1]):
        lengths, rest = _factors(direction, threshold)
        factors = len(lengths) + rest
        values.append(len(ids) / factors if factors else np.nan)
    return float(np.mean(values))


def _factors(ids, threshold: float) -> tuple[list[int], float]:
    lengths, seen, length = [], set(), 0
    for number in ids.tolist():
        seen.add(number)
        length += 1
        if len(seen) / length < threshold:
            lengths.append(length)
            seen, length = set(), 0
    rest = (1 - len(seen) / length) / (1 - threshold) if length else 0.0
    return lengths, rest


def count_syllables(word: str) -> int:
    """Return the syllables of an English word by rule.

    Runs of the vowels a, e, i, o, u, y are counted. An i before a, or before an o that is not of -ion, -ior or -ious,
    is a syllable more (*al-li-ance*) unless t, s, c, g or x precede it (*na-tion*). Not counted are the e at the end
    (but the -le of *table* is), of -ed after other consonants than t and d, and of -es after other consonants than
    s, x, z, h, c and g. A word has at least one syllable; dotted initials have one for each letter, numbers one for
    each digit.

    Parameters
    ----------
    word : str
        A token.

    Returns
    -------
    int

    Examples
    --------
    >>> [count_syllables(word) for word in ("alliance", "shared", "u.s.", "table", "defences", "allied", "2019")]
    [3, 1, 2, 2, 3, 2, 4]
    """
    word = word.lower().replace("'", "")
    if "." in word and all(len(piece) <= 1 for piece in word.split(".")):
        return max(1, sum(piece.isalpha() for piece in word.split(".")))
    if word and word[0].isdigit():
        return max(1, sum(letter.isdigit() for letter in word))
    count = len(_VOWELS.findall(word)) + len(_SPLIT_I.findall(word))
    if _SILENT.search(word):
        count -= 1
    return max(1, count)


def readability_of(n_sentences: ArrayLike, n_words: ArrayLike, n_syllables: ArrayLike, n_complex: ArrayLike) -> dict:
    """Return the common readability scores from the four numbers that they rest on.

    Parameters
    ----------
    n_sentences, n_words, n_syllables : int or array
        Of the text.
    n_complex : int or array
        Words of three syllables or more. Gunning would leave out names, easy compounds and endings; no rule here does.

    Returns
    -------
    dict
        flesch (reading ease, about 100 easy to 0 hard); flesch_kincaid and fog (years of schooling).

    Raises
    ------
    CrossreadError
        "Readability needs at least one sentence and one word."

    References
    ----------
    Flesch 1948, Journal of Applied Psychology 32, 221-233; Kincaid et al. 1975; Gunning 1952, The Technique of Clear
    Writing, 36-37.

    Examples
    --------
    >>> {name: round(value, 1) for name, value in readability_of(2, 20, 30, 3).items()}
    {'flesch': 69.8, 'flesch_kincaid': 6.0, 'fog': 10.0}
    """
    sentences, words, syllables, hard = (
        np.asarray(x, dtype=float) for x in (n_sentences, n_words, n_syllables, n_complex)
    )
    if np.any(sentences <= 0) or np.any(words <= 0):
        raise CrossreadError("Readability needs at least one sentence and one word.")
    length, weight = words / sentences, syllables / words
    return plain(
        {
            "flesch": 206.835 - 1.015 * length - 84.6 * weight,
            "flesch_kincaid": 0.39 * length + 11.8 * weight - 15.59,
            "fog": 0.4 * (length + 100 * hard / words),
        }
    )


def variety(
    corpus: Corpus, *, window: int = WINDOW, threshold: float = THRESHOLD, draws: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Measure the variety of words, the length of sentences and the readability of each document.

    Parameters
    ----------
    corpus : Corpus
        With texts, or with a published table `variety` (window 50, threshold 0.72).
    window, threshold
        Of `mattr` and `mtld`.
    draws, seed : int
        Bootstrap samples for the limits.

    Returns
    -------
    DataFrame
        doc_id; measure: "mattr", "mtld", "type_token_ratio" (falls with length: not to be compared between documents
        of different length), "sentence_length" (tokens), "flesch", "flesch_kincaid", "fog" (made for English, and not
        reckoned for a document that `documents` calls otherwise); value; low and high (95
        per cent; by drawing runs of `window` tokens for mattr, factors for mtld, segments for the others; none for
        the type-token ratio); n (how many of these there are); unit (what is drawn).

    Raises
    ------
    TextNeeded
        For windows and thresholds that are not published.

    Examples
    --------
    >>> from crossread import from_texts
    >>> table = variety(from_texts({"a": "Ships sail the wide sea today. " * 20}))
    >>> table.set_index("measure")["value"].round(3)[["mattr", "type_token_ratio", "sentence_length"]].tolist()
    [0.12, 0.05, 6.0]
    """
    ordered = ordered_variety(corpus, window, threshold, draws, seed)
    counted, facts = corpus.term_matrix("segment"), _facts_of_segments(corpus)
    rows_of, ordered_rows_of = (
        table.groupby("doc_id", sort=False, observed=True).indices for table in (counted.units, ordered)
    )
    rows, none = [], np.zeros(0, dtype=int)
    for doc_id in corpus.documents.index[corpus.documents["n_tokens"] > 0]:
        rows.extend(ordered.iloc[ordered_rows_of.get(doc_id, none)].itertuples(index=False, name=None))
        own = rows_of.get(doc_id, none)
        english = corpus.documents.get("language", {}).get(doc_id) in (ENGLISH, "", None)
        rows.extend(_counted_variety(doc_id, counted.matrix[own], facts[:, own], english, draws, seed))
    return pd.DataFrame(rows, columns=list(VARIETY))


def ordered_variety(
    corpus: Corpus, window: int = WINDOW, threshold: float = THRESHOLD, draws: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Return the rows of `variety` that depend on the order of words: mattr and mtld."""
    return corpus.source.answer(
        "the variety of words at a fixed length",
        lambda: _measure_ordered_variety(corpus, window, threshold, draws, seed),
        ["variety"],
        serves=window == WINDOW and threshold == THRESHOLD,
    )


def _measure_ordered_variety(corpus, window, threshold, draws, seed) -> pd.DataFrame:
    store, sentences = corpus.tokens, corpus.sentences
    document = corpus.documents.index.get_indexer(sentences["doc_id"])
    document[(sentences["kind"] != "body").to_numpy()] = -1
    document = document[store.sentence]
    order = np.argsort(document, kind="stable")
    bounds = np.searchsorted(document[order], np.arange(len(corpus.documents) + 1))
    rows = []
    for number, doc_id in enumerate(corpus.documents.index):
        ids = store.ids[order[bounds[number] : bounds[number + 1]]]
        runs = [len(set(ids[i : i + window].tolist())) / window for i in range(0, len(ids) - window + 1, window)]
        value = mattr(ids, window)
        low, high = _drawn_limits(np.asarray(runs), np.ones(len(runs)), value, draws, seed)
        rows.append((doc_id, "mattr", value, low, high, len(runs), f"runs of {window} tokens"))
        lengths = [length for direction in (ids, ids[::-1]) for length in _factors(direction, threshold)[0]]
        value = mtld(ids, threshold)
        low, high = _drawn_limits(np.asarray(lengths, float), np.ones(len(lengths)), value, draws, seed, halved=True)
        rows.append((doc_id, "mtld", value, low, high, len(lengths) // 2, "factors"))
    return pd.DataFrame(rows, columns=list(VARIETY)).round({"value": ROUND, "low": ROUND, "high": ROUND})


def _drawn_limits(above, below, value, draws, seed, halved=False):
    """Return limits of a ratio of sums by drawing its parts, put around `value`."""
    n_parts = len(above)
    if n_parts < 2:
        return np.nan, np.nan
    # factors counted forwards and backwards are the same text twice: draw half as many
    drawn = np.random.default_rng(seed).integers(0, n_parts, size=(draws, max(1, n_parts // 2) if halved else n_parts))
    ratios = above[drawn].sum(axis=1) / below[drawn].sum(axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975]) - above.sum() / below.sum()
    return value + low, value + high


def _facts_of_segments(corpus) -> np.ndarray:
    """Return sentences, tokens, syllables and long words of every segment."""
    counted, body = corpus.term_matrix("segment"), corpus.sentences[corpus.sentences["kind"] == "body"]
    syllables = np.array([count_syllables(word) for word in counted.terms])
    n_sentences = body.groupby(["doc_id", "segment"], observed=True).size()
    return np.stack(
        [
            n_sentences.reindex(pd.MultiIndex.from_frame(counted.units[["doc_id", "segment"]])).to_numpy(),
            counted.units["n_tokens"].to_numpy(),
            counted.matrix @ syllables,
            counted.matrix @ (syllables >= 3).astype(np.int64),
        ]
    ).astype(float)


def _counted_variety(doc_id: str, part, facts: np.ndarray, english: bool, draws: int, seed: int) -> list[tuple]:
    def measures(*counted):
        return {"sentence_length": counted[1] / counted[0], **(readability_of(*counted) if english else {})}

    types, tokens = int((part.sum(axis=0) > 0).sum()), facts[1].sum()
    whole = facts.sum(axis=1)
    values = measures(*whole)
    limits = {name: (np.nan, np.nan) for name in values}
    n_segments = facts.shape[1]
    if n_segments > 1:
        drawn = facts[:, np.random.default_rng(seed).integers(0, n_segments, size=(draws, n_segments))].sum(axis=2)
        samples = measures(*drawn)
        limits = {name: tuple(np.quantile(samples[name], [0.025, 0.975])) for name in values}
    result = [(doc_id, "type_token_ratio", types / tokens, np.nan, np.nan, int(tokens), "tokens")]
    result += [(doc_id, name, values[name], *limits[name], n_segments, "segments") for name in values]
    return result


def describe_variety(table: pd.DataFrame, labels: Labels) -> str:
    """Say which document repeats its words least, by MATTR, which does not fall with length."""
    rows = table[(table["measure"] == "mattr") & table["value"].notna()].sort_values("value", kind="stable")
    if len(rows) < 2:
        return "Variety is compared between documents of at least fifty tokens; there are fewer than two here."
    low, high = rows.iloc[0], rows.iloc[-1]
    if low["value"] == high["value"]:
        return f"Over runs of 50 tokens all documents repeat their words as much (MATTR {low['value']:.2f})."
    overlap = ", with limits that overlap" if low["high"] >= high["low"] else ""
    return (
        f"Over runs of 50 tokens {labels.document(high['doc_id'])} repeats its words least "
        f"(MATTR {high['value']:.2f}), {labels.document(low['doc_id'])} most ({low['value']:.2f}){overlap}."
    )
