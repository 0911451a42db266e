"""The corpus: documents, sentences, counts and cuts as tables, with or without the running texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from crossread import cleaning
from crossread.errors import CrossreadError, TextNeeded
from crossread.sentences import split_sentences
from crossread.tables import COUNTS, CUTS, DOCUMENTS, SENTENCES
from crossread.tokens import TermMatrix, TokenStore, count_matrix, tokenize

MINIMUM_TOKENS = 50  # of a segment


@dataclass(frozen=True)
class Corpus:
    """Documents to be read against one another.

    Attributes
    ----------
    name : str
        The folder's name.
    folder : Path or None
        Where it came from; None for texts given in memory.
    documents : DataFrame
        Index doc_id, in the order in which they are shown everywhere. label, title, authors, year, year_basis
        (stated, inferred or blank), genre, publisher, source, rights, sha256 (of the file), n_characters (of the
        source), n_paragraphs, n_sentences and n_tokens (of the body).
    sentences : DataFrame
        Index sentence_id. doc_id, section (0 before the first heading), paragraph and sentence (running numbers
        within the document and kind), segment (-1 outside the body), kind (body, heading, note), n_tokens, start and
        end (characters of the source; a note or cut inside a sentence lies within them); text when attached.
    counts : DataFrame
        doc_id, segment, term, count: the terms of the body.
    cuts : DataFrame
        doc_id, start, end, reason, n_characters, n_tokens: what is not counted.
    attached : bool
        Whether the running texts are here.
    notices : tuple of str
        What the reader should know: a rule that found nothing, a copy that differs.
    """

    name: str
    folder: Path | None
    documents: pd.DataFrame
    sentences: pd.DataFrame
    counts: pd.DataFrame
    cuts: pd.DataFrame
    attached: bool
    notices: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)
    _store: TokenStore | None = field(default=None, repr=False)

    @property
    def tokens(self) -> TokenStore:
        """The token store; without texts, TextNeeded says how to attach them."""
        self.require_text("a token store")
        return self._store

    def require_text(self, what: str) -> None:
        """Raise `TextNeeded` in one sentence when the running texts are not here."""
        if not self.attached:
            raise TextNeeded(what, self.name)

    def published(self, name: str) -> pd.DataFrame | None:
        """Return a published table of this corpus, such as `hits`, or None where there is none."""
        path = self.folder / f"{name}.csv" if self.folder else None
        if path is None or not path.is_file():
            return None
        return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype={"term": str, "entry": str, "key": str})

    def lexicon_path(self, name: str) -> Path:
        """Return the file of a lexicon: the corpus's own, else the one beside all corpora."""
        places = [] if self.folder is None else [self.folder / f"{name}.yml", self.folder.parent / f"{name}.yml"]
        places.append(project_folder() / "corpus" / f"{name}.yml")
        for path in places:
            if path.is_file():
                return path
        raise CrossreadError(f"No lexicon “{name}”: looked for {' and '.join(map(str, places))}.")

    def term_matrix(self, unit: str = "segment", minimum_tokens: int = MINIMUM_TOKENS) -> TermMatrix:
        """Count the terms of the body by unit.

        Parameters
        ----------
        unit : {"segment", "document", "sentence"}
            What a row stands for. Sentences need the texts.
        minimum_tokens : int
            Segments are at least this long. A multiple of 50 or more works without texts, by joining the published
            segments of a section.

        Returns
        -------
        TermMatrix

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. Allies talk."})
        >>> corpus.term_matrix("document").matrix.toarray().tolist()
        [[2, 1, 1]]
        """
        if unit not in ("segment", "document", "sentence"):
            raise CrossreadError(f"The unit is “segment”, “document” or “sentence”, not “{unit}”.")
        if unit == "sentence":
            return self._sentence_matrix()
        base = self._segment_matrix
        if unit == "document":
            names = self.documents.index
            group = names.get_indexer(base.units["doc_id"])
            units = pd.DataFrame({"doc_id": names})
        elif minimum_tokens <= MINIMUM_TOKENS:
            return base
        else:
            group = self._joined_segments(base.units, minimum_tokens)
            first = pd.Series(group).drop_duplicates().index
            units = base.units.iloc[first][["doc_id"]].reset_index(drop=True)
            units["segment"] = units.groupby("doc_id", sort=False).cumcount()
        from scipy.sparse import csr_matrix

        join = csr_matrix(
            (np.ones(len(group), dtype=np.int64), (group, np.arange(len(group)))),
            shape=(len(units), len(group)),
        )
        matrix = (join @ base.matrix).tocsr()
        units["n_tokens"] = np.asarray(matrix.sum(axis=1)).ravel()
        return TermMatrix(matrix, units, base.terms)

    def _joined_segments(self, units: pd.DataFrame, minimum: int) -> np.ndarray:
        body = self.sentences[self.sentences["kind"] == "body"]
        section = body.groupby(["doc_id", "segment"], sort=False)["section"].first()
        keys = list(
            zip(
                units["doc_id"],
                section.loc[list(zip(units["doc_id"], units["segment"], strict=True))],
                strict=True,
            )
        )
        return pack(units["n_tokens"].to_numpy(), keys, minimum)

    @cached_property
    def _segment_matrix(self) -> TermMatrix:
        body = self.sentences[self.sentences["kind"] == "body"]
        units = body.groupby(["doc_id", "segment"], sort=False)["n_tokens"].sum().reset_index()
        from scipy.sparse import csr_matrix

        row = pd.MultiIndex.from_frame(units[["doc_id", "segment"]]).get_indexer(
            pd.MultiIndex.from_frame(self.counts[["doc_id", "segment"]])
        )
        column, terms = pd.factorize(self.counts["term"], sort=True)
        matrix = csr_matrix(
            (self.counts["count"].to_numpy(dtype=np.int64), (row, column)),
            shape=(len(units), len(terms)),
            dtype=np.int64,
        )
        return TermMatrix(matrix, units, np.asarray(terms, dtype=object))

    def _sentence_matrix(self) -> TermMatrix:
        store = self.tokens
        body = (self.sentences["kind"] == "body").to_numpy()
        row = np.cumsum(body) - 1
        keep = body[store.sentence]
        matrix, terms = count_matrix(row[store.sentence[keep]], store.ids[keep], int(body.sum()), store.types)
        units = self.sentences.loc[body, ["doc_id", "n_tokens"]].rename_axis("sentence_id").reset_index()
        return TermMatrix(matrix, units, terms)


def project_folder() -> Path:
    """Return the folder that holds `corpus/` and `notebooks/`."""
    return Path(__file__).resolve().parents[3]


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
    group = np.zeros(len(sizes), dtype=np.int64)
    current, filled = -1, 0
    first_of_key = 0  # the first group of the present key
    for i, size in enumerate(sizes):
        new_key = i == 0 or keys[i] != keys[i - 1]
        if new_key or filled >= minimum:
            if new_key and i and filled < minimum and current > first_of_key:
                group[group == current] = current - 1
                current -= 1
            current, filled = current + 1, 0
            first_of_key = current if new_key else first_of_key
        group[i] = current
        filled += size
    if filled < minimum and current > first_of_key:
        group[group == current] = current - 1
    return group


def build(
    name: str,
    folder: Path | None,
    described: pd.DataFrame,
    sources: Mapping[str, tuple[str, Sequence]],
    rules: Mapping[str, list] | None = None,
    hyphens: str = "separate",
    notices: Sequence[str] = (),
) -> Corpus:
    """Build a corpus from source texts.

    Parameters
    ----------
    name, folder
        As in `Corpus`.
    described : DataFrame
        Index doc_id, the columns of documents.csv.
    sources : mapping
        doc_id to (source text, block hints of its reader).
    rules : mapping, optional
        doc_id to cleaning rules.
    hyphens : {"separate", "keep"}
        As in `crossread.tokens.words`.
    notices : sequence of str
        What the reader of the files had to say.

    Returns
    -------
    Corpus
    """
    notices = list(notices)
    rows, texts, cut_rows = [], [], []
    for doc_id in described.index:
        text, hints = sources[doc_id]
        cleaned = cleaning.clean(text, hints, (rules or {}).get(doc_id, ()))
        notices.extend(f"{doc_id}: the cleaning rule on “{words}” found nothing." for words in cleaned.unmatched)
        document_rows, document_texts, between = _sentences_of(doc_id, text, cleaned)
        rows.extend(document_rows)
        texts.append(document_texts)
        held = [(cut.start, cut.end, cut.reason) for cut in cleaned.cuts] + [(*span, "white space") for span in between]
        cut_rows.extend((doc_id, start, end, reason, end - start) for start, end, reason in sorted(held))
    store = tokenize(texts, hyphens)
    columns = ("sentence_id", "doc_id", "section", "paragraph", "sentence", "kind", "start", "end", "text")
    sentences = pd.DataFrame(rows, columns=columns).set_index("sentence_id")
    sentences["n_tokens"] = np.diff(store.sentence_pointers)
    sentences["segment"] = _segments(sentences)
    sentences = sentences[[*SENTENCES, "text"]]
    cuts = pd.DataFrame(cut_rows, columns=list(CUTS[:-1]))
    cut_texts = [sources[d][0][a:b] for d, a, b in zip(cuts["doc_id"], cuts["start"], cuts["end"], strict=True)]
    cuts["n_tokens"] = _count_tokens(cut_texts, cuts["reason"], hyphens)
    return Corpus(
        name=name,
        folder=folder,
        documents=_described(described, sentences, {d: t for d, (t, _) in sources.items()}),
        sentences=sentences,
        counts=_counts(store, sentences),
        cuts=cuts,
        attached=True,
        notices=tuple(notices),
        sources={doc_id: text for doc_id, (text, _) in sources.items()},
        _store=store,
    )


def _sentences_of(doc_id: str, text: str, cleaned: cleaning.Cleaned):
    rows, texts, between = [], [], []
    paragraphs = {"body": 0, "heading": 0, "note": 0}
    sentences = {"body": 0, "heading": 0, "note": 0}
    for unit in cleaned.units:
        paragraphs[unit.kind] += 1
        running = cleaning.running_text(text, unit)
        bounds = [(0, len(running.text))] if unit.kind == "heading" else split_sentences(running.text)
        clean, source = np.asarray(running.clean), np.asarray(running.source)
        for (_, before), (after, _) in pairwise(bounds):
            between.extend(running.source_spans(before, after))
        for a, b in bounds:
            sentences[unit.kind] += 1
            number = sentences[unit.kind]
            mark = "" if unit.kind == "body" else unit.kind[0]
            rows.append(
                (
                    f"{doc_id}-{mark}{number:03d}" if not mark else f"{doc_id}-{mark}{number:02d}",
                    doc_id,
                    unit.section,
                    paragraphs[unit.kind],
                    number,
                    unit.kind,
                    running.to_source(a),
                    running.to_source(b - 1) + 1,
                    " ".join(running.text[a:b].split()),
                )
            )
            # shift the way back to the source so that it starts at the sentence
            piece = np.searchsorted(clean, a, side="right") - 1
            texts.append(
                (
                    running.text[a:b],
                    np.concatenate([[0], clean[piece + 1 :] - a]),
                    np.concatenate([[source[piece] + a - clean[piece]], source[piece + 1 :]]),
                )
            )
    return rows, texts, between


def _segments(sentences: pd.DataFrame, minimum: int = MINIMUM_TOKENS) -> np.ndarray:
    segment = np.full(len(sentences), -1, dtype=np.int64)
    body = np.flatnonzero(sentences["kind"] == "body")
    if len(body) == 0:
        return segment
    rows = sentences.iloc[body]
    group = pack(rows["n_tokens"].to_numpy(), list(zip(rows["doc_id"], rows["section"], strict=True)), minimum)
    first = pd.Series(group).groupby(rows["doc_id"].to_numpy()).transform("min").to_numpy()
    segment[body] = group - first
    return segment


def _counts(store: TokenStore, sentences: pd.DataFrame) -> pd.DataFrame:
    segment = sentences["segment"].to_numpy()[store.sentence]
    body = segment >= 0
    doc_ids = list(dict.fromkeys(sentences["doc_id"]))
    document = pd.Index(doc_ids).get_indexer(sentences["doc_id"])[store.sentence]
    rank = np.empty(len(store.types), dtype=np.int64)
    order = sorted(range(len(store.types)), key=store.types.__getitem__)
    rank[order] = np.arange(len(order))
    keys = np.stack([document[body], segment[body], rank[store.ids[body]]])
    unique, count = np.unique(keys, axis=1, return_counts=True) if keys.size else (keys, np.zeros(0, dtype=np.int64))
    return pd.DataFrame(
        {
            "doc_id": np.array(doc_ids, dtype=object)[unique[0]],
            "segment": unique[1],
            "term": np.array([store.types[i] for i in order], dtype=object)[unique[2]],
            "count": count,
        },
        columns=list(COUNTS),
    )


def _count_tokens(texts: Sequence[str], reasons: Sequence[str], hyphens: str) -> list[int]:
    from crossread.tokens import words

    blank = {"white space", "line break in a word", "hyphen at the end of a line", "list mark", "ruled line"}
    return [0 if reason in blank else len(words(text, hyphens)) for text, reason in zip(texts, reasons, strict=True)]


def _described(described: pd.DataFrame, sentences: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    documents = described.copy()
    for column in DOCUMENTS:
        if column not in documents:
            documents[column] = ""
    body = sentences[sentences["kind"] == "body"].groupby("doc_id")
    documents["n_characters"] = [len(texts[doc_id]) for doc_id in documents.index]
    for column, values in (
        ("n_paragraphs", body["paragraph"].nunique()),
        ("n_sentences", body.size()),
        ("n_tokens", body["n_tokens"].sum()),
    ):
        documents[column] = values.reindex(documents.index, fill_value=0).astype(np.int64)
    return documents[list(DOCUMENTS) + [c for c in documents if c not in DOCUMENTS]]


def from_texts(texts: Mapping[str, str], *, name: str = "texts", hyphens: str = "separate") -> Corpus:
    """Make a corpus of strings, for tests and for trying things out.

    Parameters
    ----------
    texts : mapping of str to str
        doc_id to text; each is cleaned like a plain text file.
    name : str
        What to call the corpus.
    hyphens : {"separate", "keep"}
        As in `crossread.tokens.words`.

    Returns
    -------
    Corpus
        With texts attached.

    Examples
    --------
    >>> from_texts({"a": "Allies pay. They talk."}).documents.loc["a", ["n_sentences", "n_tokens"]].tolist()
    [2, 4]
    """
    from hashlib import sha256

    described = pd.DataFrame({"label": list(texts), "title": list(texts)}, index=pd.Index(list(texts), name="doc_id"))
    described["sha256"] = [sha256(text.encode()).hexdigest() for text in texts.values()]
    return build(name, None, described, {doc_id: (text, ()) for doc_id, text in texts.items()}, hyphens=hyphens)


def cover(sentences: pd.DataFrame, cuts: pd.DataFrame, n_characters: int) -> np.ndarray:
    """Account for every character of one document: by which sentence or cut it is held.

    A sentence holds the characters from its start to its end but for the cuts, and the sentences of notes, that
    interrupt it.

    Parameters
    ----------
    sentences, cuts : DataFrame
        The rows of one document.
    n_characters : int
        The length of its source.

    Returns
    -------
    array of int
        For each character the row of the sentence that holds it, or -1 minus the row of the cut.

    Raises
    ------
    CrossreadError
        "character 12 is held by no sentence and no cut", or by two of them.

    Examples
    --------
    >>> corpus = from_texts({"a": "Yes. No."})
    >>> cover(corpus.sentences, corpus.cuts, 8).tolist()
    [0, 0, 0, 0, -1, 1, 1, 1]
    """
    free = np.iinfo(np.int64).min
    owner = np.full(n_characters, free, dtype=np.int64)
    for row, (start, end) in enumerate(zip(cuts["start"], cuts["end"], strict=True)):
        if (owner[start:end] != free).any():
            raise CrossreadError(f"character {start} is held by two cuts.")
        owner[start:end] = -1 - row
    # the innermost first: a note inside a sentence takes its characters before the sentence does
    lengths = (sentences["end"] - sentences["start"]).to_numpy()
    starts, ends = sentences["start"].to_numpy(), sentences["end"].to_numpy()
    kinds = sentences["kind"].to_numpy()
    for row in np.lexsort((lengths, kinds == "body")):
        stretch = owner[starts[row] : ends[row]]
        taken = np.unique(stretch[stretch >= 0])
        if any(starts[other] < starts[row] or ends[other] > ends[row] or kinds[other] != "note" for other in taken):
            raise CrossreadError(f"character {starts[row]} is held by two sentences.")
        stretch[stretch == free] = row
    missing = np.flatnonzero(owner == free)
    if len(missing):
        raise CrossreadError(f"character {missing[0]} is held by no sentence and no cut.")
    return owner
