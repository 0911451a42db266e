"""Documents, one after another, to columns of integers: what the tables of a corpus are made of."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from crossread.corpus.cleaning import Cleaned, clean
from crossread.corpus.sentences import split_sentences
from crossread.corpus.spans import running_text
from crossread.corpus.tokens import BATCH, Tokenizer, words

if TYPE_CHECKING:
    from crossread.corpus.store import Disk

MINIMUM_TOKENS = 50  # of a segment
KINDS = ("body", "heading", "note")
UNCOUNTED = {"white space", "line break in a word", "hyphen at the end of a line", "list mark", "ruled line"}
# name -> kind of number; a sentence, a cut and a token have one value in each of theirs
COLUMNS = {
    "ids": np.int32, "starts": np.int32, "ends": np.int32,
    "document": np.int32, "section": np.int32, "paragraph": np.int32, "number": np.int32, "segment": np.int32,
    "kind": np.int8, "start": np.int32, "end": np.int32, "n_tokens": np.int32, "text_end": np.int64,
    "cut_document": np.int32, "cut_start": np.int32, "cut_end": np.int32, "cut_reason": np.int16,
    "cut_tokens": np.int32,
}  # fmt: skip


def pack(sizes: np.ndarray, keys: Sequence, minimum: int) -> np.ndarray:
    """Pack consecutive pieces into groups of at least `minimum`, never across a change of key.

    What is left over at the end of a key joins the group before it; a key shorter than the minimum is one group.

    Parameters
    ----------
    sizes : array of int
        Tokens of each piece.
    keys : sequence
        What must not be crossed: (doc_id, section).
    minimum : int
        Tokens that a group should have.

    Returns
    -------
    array of int
        The running number of each piece's group.

    Examples
    --------
    >>> pack(np.array([30, 30, 30, 10]), ["a", "a", "a", "b"], 50).tolist()
    [0, 0, 0, 1]
    """
    groups: list[int] = []
    current, filled = -1, 0
    first_of_key = first_in_group = 0  # the first group of the present key; the first piece of the present group
    previous = None
    for i, (size, key) in enumerate(zip(np.asarray(sizes).tolist(), keys, strict=True)):
        new_key = i == 0 or key != previous
        if new_key or filled >= minimum:
            if new_key and i and filled < minimum and current > first_of_key:
                groups[first_in_group:] = [current - 1] * (i - first_in_group)
                current -= 1
            current, filled, first_in_group = current + 1, 0, i
            first_of_key = current if new_key else first_of_key
        groups.append(current)
        filled += size
        previous = key
    if filled < minimum and current > first_of_key:
        groups[first_in_group:] = [current - 1] * (len(groups) - first_in_group)
    return np.array(groups, dtype=np.int64)


class Memory:
    """Where columns grow in memory; `crossread.corpus.store` has the same for a disk."""

    def __init__(self):
        self._parts: dict[str, list[np.ndarray]] = {name: [np.zeros(0, kind)] for name, kind in COLUMNS.items()}
        self._texts: list[str] = []

    def add(self, columns: Mapping[str, Iterable], texts: list[str]) -> None:
        for name, values in columns.items():
            self._parts[name].append(np.asarray(values, dtype=COLUMNS[name]))
        self._texts.extend(texts)

    def columns(self) -> dict[str, np.ndarray]:
        columns = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        columns["sentence"] = np.repeat(np.arange(len(columns["n_tokens"]), dtype=np.int32), columns["n_tokens"])
        return columns

    def texts(self) -> list[str]:
        return self._texts


class Facts:
    """What is known of a corpus beside its columns, in values that JSON can hold."""

    def __init__(self):
        self.types: list[str] = []
        self.reasons: list[str] = []
        self.unmatched: list[str] = []
        self.documents: dict[str, list[int]] = {
            name: []
            for name in ("n_characters", "n_paragraphs", "n_sentences", "n_tokens", "all_sentences", "all_tokens")
        }


def read_documents_into(
    sink: Memory | Disk,
    doc_ids: Sequence[str],
    read: Callable[[str], tuple[str, Sequence]],
    rules: Mapping[str, list],
    compiled: bool,
) -> Facts:
    """Clean, split and tokenise documents one after another, and add their columns to a sink batch by batch.

    Parameters
    ----------
    sink : Memory, or the same for a disk
        Takes the columns of a batch.
    doc_ids : sequence of str
        In the order of the corpus.
    read : callable
        doc_id to (source text, block hints of its reader); called once for each.
    rules : mapping
        doc_id to cleaning rules.
    compiled
        As in `crossread.corpus.tokens.Tokenizer`.
    """
    facts = Facts()
    tokenizer = Tokenizer(compiled)
    reasons: dict[str, int] = {}
    batch = _Batch()
    for document, doc_id in enumerate(doc_ids):
        text, hints = read(doc_id)
        cleaned = clean(text, hints, rules.get(doc_id, ()))
        facts.unmatched.extend(
            f"{doc_id}: the cleaning rule on “{anchor}” found nothing." for anchor in cleaned.unmatched
        )
        facts.documents["n_characters"].append(len(text))
        batch.add_document(document, text, cleaned, reasons)
        if batch.length >= BATCH:
            batch.finish(tokenizer, sink, facts)
            batch = _Batch()
    batch.finish(tokenizer, sink, facts)
    facts.types, facts.reasons = list(tokenizer.vocabulary), list(reasons)
    return facts


class _Batch:
    """Some documents on their way from text to columns."""

    def __init__(self):
        self.length = 0
        self.texts: list[str] = []
        self.sentences: list[tuple[str, Sequence[int], Sequence[int]]] = []
        self.columns = {
            name: array("q") for name in COLUMNS if name not in ("ids", "starts", "ends", "segment", "n_tokens")
        }
        self.documents: list[int] = []  # sentences of each

    def add_document(self, document: int, text: str, cleaned: Cleaned, reasons: dict[str, int]):
        column = self.columns
        before = len(self.sentences)
        self.length += len(text)
        paragraphs, numbers = [0, 0, 0], [0, 0, 0]
        held = [(cut.start, cut.end, cut.reason) for cut in cleaned.cuts]
        for unit in cleaned.units:
            kind = KINDS.index(unit.kind)
            paragraphs[kind] += 1
            running = running_text(text, unit)
            clean, source, whole = running.clean, running.source, running.text
            bounds = [(0, len(whole))] if kind == 1 else split_sentences(whole)
            for (_, stop), (after, _) in pairwise(bounds):
                if len(clean) == 1:
                    held.append((source[0] + stop, source[0] + after, "white space"))
                else:
                    held.extend((*span, "white space") for span in running.source_spans(stop, after))
            for a, b in bounds:
                numbers[kind] += 1
                sentence = whole[a:b]
                if len(clean) == 1:
                    start, end = source[0] + a, source[0] + b
                    pieces, places = _FIRST, (start,)
                else:
                    # shift the way back to the source so that it starts at the sentence
                    first, last = running.piece(a), running.piece(b - 1)
                    start, end = running.to_source(a), running.to_source(b - 1) + 1
                    pieces = (0, *[at - a for at in clean[first + 1 : last + 1]])
                    places = (start, *source[first + 1 : last + 1])
                column["section"].append(unit.section)
                column["paragraph"].append(paragraphs[kind])
                column["number"].append(numbers[kind])
                column["kind"].append(kind)
                column["start"].append(start)
                column["end"].append(end)
                self.sentences.append((sentence, pieces, places))
                self.texts.append(" ".join(sentence.split()))
        n_sentences = len(self.sentences) - before
        column["document"].extend([document] * n_sentences)
        self.documents.append(n_sentences)
        held.sort()
        for start, end, reason in held:
            column["cut_start"].append(start)
            column["cut_end"].append(end)
            column["cut_reason"].append(reasons.setdefault(reason, len(reasons)))
            column["cut_tokens"].append(0 if reason in UNCOUNTED else len(words(text[start:end])))
        column["cut_document"].extend([document] * len(held))

    def finish(self, tokenizer: Tokenizer, sink, facts: Facts) -> None:
        ids, starts, ends, n_tokens = tokenizer.add(self.sentences)
        column = {name: np.array(values, dtype=COLUMNS[name]) for name, values in self.columns.items()}
        del column["text_end"]  # the sink knows where its texts end
        body = np.flatnonzero(column["kind"] == 0)
        document, section = column["document"], column["section"]
        segment = np.full(len(n_tokens), -1, dtype=np.int32)
        group = pack(
            n_tokens[body], list(zip(document[body].tolist(), section[body].tolist(), strict=True)), MINIMUM_TOKENS
        )
        first = np.searchsorted(document[body], document[body])  # the first sentence of the same document
        segment[body] = group - group[first]
        sink.add(
            {"ids": ids, "starts": starts, "ends": ends, **column, "n_tokens": n_tokens, "segment": segment}, self.texts
        )
        at = 0
        for n in self.documents:
            rows = slice(at, at + n)
            counted = column["kind"][rows] == 0
            facts.documents["n_paragraphs"].append(len(np.unique(column["paragraph"][rows][counted])))
            facts.documents["n_sentences"].append(int(counted.sum()))
            facts.documents["n_tokens"].append(int(n_tokens[rows][counted].sum()))
            facts.documents["all_sentences"].append(n)
            facts.documents["all_tokens"].append(int(n_tokens[rows].sum()))
            at += n


_FIRST = (0,)
