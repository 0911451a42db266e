"""Bodies to counts, batch by batch: terms, the documents that have them, paragraphs, sentences and tokens.

Nothing is kept of a document but its numbers. What was learned of a chunk (what stands between white space) is kept for
all texts to come: its tokens, and whether a sentence ends with it or begins with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crossread.corpus.bodies import DOCUMENT, GIVEN, PARAGRAPH, SENTENCE, paragraphs_of, quiet_body
from crossread.corpus.borders import EXAMPLES, NEVER, beginnings_of, endings_of, is_opener
from crossread.corpus.sentences import LONGEST_ABBREVIATION
from crossread.corpus.tokens import Tokenizer, TokenStore, pointers, use_compiled

MOST_CHUNKS = 1_000_000  # distinct ones that are kept in mind: then all is learned anew, in bounded memory
STREAM = 4_000_000  # bytes that are numbered at once
SIGNS = (PARAGRAPH, DOCUMENT, SENTENCE, GIVEN)


@dataclass(frozen=True)
class DocumentCounts:
    """What was counted in some documents: int64 arrays, one value a document."""

    n_paragraphs: np.ndarray
    n_sentences: np.ndarray
    n_tokens: np.ndarray
    store: TokenStore | None = None  # where those types stand that were asked for


class BodyCounter:
    """Counts bodies, quick where numba is installed and there is enough of them.

    Parameters
    ----------
    compiled : bool
        Whether to count in compiled loops. The numbers are the same.
    choose : callable, optional
        Of a list of types those to be looked for, as their numbers in it: then the tokens come back in their order,
        with all other types as one, the empty word.

    Examples
    --------
    >>> from crossread.corpus.bodies import body_of
    >>> counter = BodyCounter(compiled=False)
    >>> counter.count([[body_of("Allies pay. They talk.")], [body_of("Allies rest.")]]).n_sentences.tolist()
    [2, 1]
    >>> terms, counts, n_documents = counter.take()
    >>> dict(zip(terms, counts.tolist()))
    {'allies': 2, 'pay': 1, 'they': 1, 'talk': 1, 'rest': 1}
    """

    def __init__(
        self,
        compiled: bool | None = None,
        choose: Callable[[list[str]], np.ndarray] | None = None,
    ):
        self.choose = choose
        self.compiled = use_compiled(1 << 30) if compiled is None else compiled
        self._begin()

    def _begin(self) -> None:
        self._learned = (_Compiled if self.compiled else _Plain)(self.choose)

    def count(self, bodies: Sequence[Iterable[bytes]]) -> DocumentCounts:
        """Count the bodies of documents, each in pieces, which may be made as they are asked for."""
        return self._learned.count(bodies)

    def take(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Return the terms counted since the last time, how often each occurs, and in how many documents."""
        counts, n_documents = self._learned.take()
        present = np.flatnonzero(counts)
        vocabulary = list(self._learned.tokenizer.vocabulary)
        if self._learned.n_known > MOST_CHUNKS:
            self._begin()
        return [vocabulary[i] for i in present.tolist()], counts[present], n_documents[present]


class _Chosen:
    """The few types that are looked for, with numbers of their own: all others are one type, the empty word."""

    def __init__(self, choose: Callable[[list[str]], np.ndarray]):
        self.choose = choose
        self.types = [""]
        self.number_of_type = np.zeros(0, dtype=np.int32)

    def learn(self, vocabulary: dict[str, int]) -> None:
        known = len(self.number_of_type)
        if known == len(vocabulary):
            return
        new = list(vocabulary)[known:]
        wanted = np.asarray(self.choose(new), dtype=np.int64)
        numbers = np.zeros(len(new), dtype=np.int32)
        numbers[wanted] = len(self.types) + np.arange(len(wanted))
        self.types += [new[i] for i in wanted.tolist()]
        self.number_of_type = np.concatenate([self.number_of_type, numbers])

    def store(self, ids: np.ndarray, sentence_sizes: np.ndarray, n_sentences: np.ndarray) -> TokenStore:
        sentence_pointers = pointers(sentence_sizes)
        nowhere = np.zeros(0, dtype=np.int32)
        return TokenStore(
            types=tuple(self.types),
            ids=ids,
            starts=nowhere,
            ends=nowhere,
            sentence=np.repeat(np.arange(len(sentence_sizes), dtype=np.int32), sentence_sizes),
            sentence_pointers=sentence_pointers,
            document_pointers=sentence_pointers[pointers(n_sentences)],
        )


class _Plain:
    """Counts in plain Python: sentences by `split_sentences`, and the pattern is asked once for each distinct chunk."""

    def __init__(self, choose: Callable[[list[str]], np.ndarray] | None):
        self.tokenizer = Tokenizer()
        self._chosen = _Chosen(choose) if choose else None
        self._counts: Counter[int] = Counter()
        self._n_documents: Counter[int] = Counter()

    @property
    def n_known(self) -> int:
        return len(self.tokenizer.vocabulary)

    def count(self, bodies: Sequence[Iterable[bytes]]) -> DocumentCounts:
        facts = np.zeros((3, len(bodies)), dtype=np.int64)
        ids: list[int] = []
        sizes: list[int] = []
        for document, body in enumerate(bodies):
            paragraphs = list(paragraphs_of(b"".join(body)))
            tokens = [self.tokenizer.types_of_text(text) for paragraph in paragraphs for text in paragraph]
            counted = Counter(number for sentence in tokens for number in sentence)
            self._counts.update(counted)
            self._n_documents.update(counted.keys())
            facts[:, document] = len(paragraphs), len(tokens), counted.total()
            if self._chosen:
                ids.extend(number for sentence in tokens for number in sentence)
                sizes.extend(map(len, tokens))
        if self._chosen is None:
            return DocumentCounts(*facts)
        self._chosen.learn(self.tokenizer.vocabulary)
        chosen = self._chosen.number_of_type[np.array(ids, dtype=np.int64)]
        return DocumentCounts(*facts, self._chosen.store(chosen, np.array(sizes, dtype=np.int64), facts[1]))

    def take(self) -> tuple[np.ndarray, np.ndarray]:
        n_types = len(self.tokenizer.vocabulary)
        result = []
        for counter in (self._counts, self._n_documents):
            values = np.zeros(n_types, dtype=np.int64)
            values[list(counter)] = list(counter.values())
            result.append(values)
            counter.clear()
        return result[0], result[1]


class _Compiled:
    """Counts the numbers of chunks in compiled loops."""

    def __init__(self, choose: Callable[[list[str]], np.ndarray] | None):
        self.tokenizer = Tokenizer(compiled=True)
        self.tokenizer.number_signs(SIGNS)
        self._chosen = _Chosen(choose) if choose else None
        self._document = 1  # running number of the next document
        # columns as in `crossread.corpus.compiled`, with room for more rows than are known
        self.n_known = 0
        self._chunks, self._types = np.zeros((0, 8), dtype=np.int32), np.zeros((0, 2), dtype=np.int32)
        # as in `crossread.corpus.borders`
        self._ends, self._kinds = np.zeros((0, len(EXAMPLES) + 1), dtype=np.bool_), np.zeros((0, 2), dtype=np.int8)
        self._openers = np.zeros(0, dtype=np.bool_)

    def count(self, bodies: Sequence[Iterable[bytes]]) -> DocumentCounts:
        from crossread.corpus.compiled import count_stream, decide_stops

        facts = np.zeros((len(bodies) + 1, 3), dtype=np.int64)
        row, tokens = 0, []
        self._document += 1  # so that a document that was given up half-way is no other
        for stream in _streams(bodies):
            numbers = self.tokenizer.chunk_numbers(stream)
            bounds, types = self.tokenizer.chunk_types()
            self._learn(bounds, types)
            fresh, stops = np.empty(len(numbers) + 1, dtype=np.int32), np.empty(len(numbers) + 1, dtype=np.int32)
            stop_bounds = np.zeros(len(bodies) + 1 - row, dtype=np.int64)
            ended, n_stops = count_stream(
                numbers, self._chunks, bounds, types, self._types, self._document, facts, row, fresh, stops, stop_bounds
            )
            self._learn_followers(numbers, stops[:n_stops])
            known = (self._ends, self._openers, self._kinds)
            n_stops = decide_stops(numbers, stops[:n_stops], stop_bounds, *known, facts, row)
            self._document, row = self._document + ended, row + ended
            if self._chosen:
                tokens.append(self._place(numbers, stops[:n_stops], bounds, types))
        facts = facts[:-1].T
        if self._chosen is None:
            return DocumentCounts(*facts)
        ids, sizes = (np.concatenate([np.zeros(0, dtype=np.int32), *parts]) for parts in zip(*tokens, strict=True))
        return DocumentCounts(*facts, self._chosen.store(ids, sizes, facts[1]))

    def _place(
        self, numbers: np.ndarray, stops: np.ndarray, bounds: np.ndarray, types: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        from crossread.corpus.compiled import SIZE, place_stream

        self._chosen.learn(self.tokenizer.vocabulary)
        n_tokens = int(self._chunks[numbers, SIZE].sum())
        ids, sizes = np.empty(n_tokens, dtype=np.int32), np.empty(len(numbers), dtype=np.int32)
        n_sentences = place_stream(numbers, stops, bounds, types, self._chosen.number_of_type, ids, sizes)
        return ids, sizes[:n_sentences].copy()

    def _learn(self, bounds: np.ndarray, types: np.ndarray) -> None:
        """Learn of the chunks that are new how many tokens they have, and whether a sentence may end with them."""
        from crossread.corpus.compiled import MAY_STOP, SIZE, STOPS, STOPS_SURELY, TYPE, find_stops

        known, self.n_known = self.n_known, self.tokenizer.n_chunks
        self._chunks, self._openers = _room(self._chunks, self.n_known), _room(self._openers, self.n_known)
        self._ends, self._kinds = _room(self._ends, self.n_known), _room(self._kinds, self.n_known, -1)
        self._types = _room(self._types, len(self.tokenizer.vocabulary))
        new, ends = self._chunks[known : self.n_known], self._ends[known : self.n_known]
        new[:, SIZE] = np.diff(bounds[known:])
        new[:, TYPE] = types.take(bounds[known:-1], mode="clip") if len(types) else 0
        find_stops(*self.tokenizer.chunk_bytes(), known, self.n_known, LONGEST_ABBREVIATION, self._chunks)
        new[: max(0, len(SIGNS) - known), STOPS] = 0
        ends[:, NEVER + 1 :] = (new[:, STOPS] == STOPS_SURELY)[:, np.newaxis]
        asked = np.flatnonzero(new[:, STOPS] == MAY_STOP)
        ends[asked] = endings_of(self.tokenizer.read_chunks(known + asked))
        new[:, STOPS] = ends.any(axis=1)

    def _learn_followers(self, numbers: np.ndarray, stops: np.ndarray) -> None:
        """Learn of the chunks that follow a stop how they begin."""
        from crossread.corpus.compiled import find_followers

        while len(followers := find_followers(numbers, stops, self._openers, self._kinds)):
            chunks = self.tokenizer.read_chunks(followers)
            self._kinds[followers] = beginnings_of(chunks)
            openers = [is_opener(chunk) for chunk in chunks]
            self._openers[followers] = openers
            if not any(openers):  # else what follows them has to be known too
                return

    def take(self) -> tuple[np.ndarray, np.ndarray]:
        from crossread.corpus.compiled import DOCUMENTS, SIZE, TIMES

        chunks, types = self._chunks[: self.n_known], self._types[: len(self.tokenizer.vocabulary)]
        times = np.repeat(chunks[:, TIMES], chunks[:, SIZE])
        counts = np.bincount(self.tokenizer.chunk_types()[1], weights=times, minlength=len(types)).astype(np.int64)
        n_documents = types[:, DOCUMENTS].astype(np.int64)
        chunks[:, TIMES], types[:, DOCUMENTS] = 0, 0
        return counts, n_documents


def _streams(bodies: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Put bodies one after another, a sign after each, in streams of a bounded length that end between paragraphs."""
    waiting, length = [], 0
    for body in bodies:
        for piece in body:
            for part in _cut(quiet_body(piece)):
                waiting.append(part)
                length += len(part)
                if length >= STREAM:
                    yield b"".join(waiting)
                    waiting, length = [], 0
        waiting.append(DOCUMENT)
    yield b"".join(waiting)


def _cut(piece: bytes) -> Iterator[bytes]:
    begin = 0
    while len(piece) - begin > STREAM:
        end = piece.find(PARAGRAPH, begin + STREAM)
        if end < 0:
            break
        yield piece[begin : end + len(PARAGRAPH)]
        begin = end + len(PARAGRAPH)
    yield piece[begin:]


def _room(values: np.ndarray, length: int, fill: int = 0) -> np.ndarray:
    """Return an array with room for so many rows, and for more, so that it seldom moves; what is new is filled."""
    if length <= len(values):
        return values
    more = np.full((max(length, 2 * len(values)) - len(values), *values.shape[1:]), fill, dtype=values.dtype)
    return np.concatenate([values, more])
