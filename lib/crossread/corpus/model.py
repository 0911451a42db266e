"""The corpus: documents, sentences, counts and cuts as tables, with or without the running texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus.columns import MINIMUM_TOKENS, Facts, Memory, pack, read_documents_into
from crossread.corpus.places import corpora_folders
from crossread.corpus.source import Source, TextSource, add_up
from crossread.corpus.tables import DOCUMENTS
from crossread.corpus.tokens import TermMatrix, TokenStore, pointers, use_compiled
from crossread.errors import CrossreadError
from crossread.wording import card_html, card_text, number_of

if TYPE_CHECKING:
    from crossread.corpus.store import Disk

SHOWN = 12  # labels of documents on a card
OF_A_STUDY = ("themes", "actors", "architectures")
GIVEN_WITH = {  # where texts have no folder
    "themes": 'Give some: study(…, lexicon={"cost": ["pay*"]}), or name a file of them',
    "actors": 'Give some: study.actors({"japan": ["Japan", "Tokyo"]}), or name a file of them',
    "architectures": "They are written into the folder of a corpus: make one with crossread new NAME SOURCE",
}


class Corpus:
    """Documents to be read against one another.

    Parameters
    ----------
    name : str
        The folder's name.
    folder : Path or None
        Where it came from; None for texts given in memory.
    documents : DataFrame
        As below.
    source : Source
        Its texts, or what is published of them.
    notices : sequence of str
        As below.

    Attributes
    ----------
    name, folder
        As given.
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
    source : Source
        What answers from the texts, or from what is published of them.
    notices : tuple of str
        What the reader should know: a rule that found nothing, a copy that differs.

    Examples
    --------
    >>> from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."}, name="demo")
    Corpus “demo”
      documents: 2: a; b
      tokens: 6 in 3 sentences
      what is here: texts attached
    """

    def __init__(
        self, name: str, folder: Path | None, documents: pd.DataFrame, source: Source, notices: Sequence[str] = ()
    ):
        self.name, self.folder, self.documents = name, folder, documents
        self.source, self.notices = source, tuple(notices)

    @property
    def sentences(self) -> pd.DataFrame:
        """One row a sentence.

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."})
        >>> corpus.sentences[["doc_id", "n_tokens", "text"]]
                    doc_id  n_tokens         text
        sentence_id
        a-001            a         2  Allies pay.
        a-002            a         2   They talk.
        b-001            b         2  Rain falls.
        """
        return self.source.sentences

    @property
    def counts(self) -> pd.DataFrame:
        """The terms of the body, segment by segment.

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."})
        >>> corpus.counts.head(2)
          doc_id  segment    term  count
        0      a        0  allies      1
        1      a        0     pay      1
        """
        return self.source.counts

    @property
    def cuts(self) -> pd.DataFrame:
        """What is not counted, and why.

        Examples
        --------
        >>> from crossread import load
        >>> load("practice").cuts[["doc_id", "reason", "n_tokens"]].head(2)
                   doc_id        reason  n_tokens
        0  pellworth_2028  running head         5
        1  pellworth_2028   white space         0
        """
        return self.source.cuts

    @property
    def attached(self) -> bool:
        """Whether the running texts are here.

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."})
        >>> corpus.attached
        True
        """
        return self.source.attached

    @property
    def tokens(self) -> TokenStore:
        """The token store; without texts, TextNeeded says how to attach them.

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."})
        >>> corpus.tokens.types
        ('allies', 'pay', 'they', 'talk', 'rain', 'falls')
        """
        return self.source.tokens()

    def lexicon_path(self, name: str) -> Path:
        """Return the file of a lexicon: the corpus's own, else the one beside all corpora.

        Themes, actors and architectures are matters of a study: a corpus that has themes of its own, and texts in
        memory, borrow none of these from the study of alliances.

        Parameters
        ----------
        name : str
            Such as "themes".

        Returns
        -------
        Path

        Examples
        --------
        >>> from crossread import load
        >>> load("practice").lexicon_path("themes").name
        'themes.yml'
        """
        own = [] if self.folder is None else [self.folder / f"{name}.yml"]
        borrows = self.folder is not None and not (self.folder / "themes.yml").is_file()
        places = [*own]
        if name not in OF_A_STUDY:
            places += [folder / f"{name}.yml" for folder in corpora_folders()]
        elif borrows:
            places.append(self.folder.parent / f"{name}.yml")
        for path in places:
            if path.is_file():
                return path
        if name in OF_A_STUDY and not borrows:
            where = f"Write them into {own[0]}, or name a file of them" if own else GIVEN_WITH[name]
            raise CrossreadError(f"“{self.name}” has no {name} of its own yet. {where}.")
        raise CrossreadError(f"No lexicon “{name}”: looked for {' and '.join(map(str, places))}.")

    def facts(self) -> list[tuple[str, str]]:
        """Return what a card says of the corpus: pairs of a name and a short text, none of it from the texts.

        Examples
        --------
        >>> corpus = from_texts({"a": "Allies pay. They talk.", "b": "Rain falls."})
        >>> corpus.facts()
        [('documents', '2: a; b'), ('tokens', '6 in 3 sentences'), ('what is here', 'texts attached')]
        """
        documents = self.documents
        more = len(documents) - SHOWN
        labels = "; ".join(map(str, documents["label"].head(SHOWN))) + (f"; and {more:,} more" if more > 0 else "")
        return [
            ("documents", f"{len(documents):,}: {labels}"),
            ("tokens", f"{documents['n_tokens'].sum():,} in {number_of(documents['n_sentences'].sum(), 'sentence')}"),
            ("what is here", self.source.state),
        ]

    def __repr__(self) -> str:
        return card_text(f"Corpus “{self.name}”", self.facts())

    def _repr_html_(self) -> str:
        return card_html(self.name, self.facts())

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
            return self.source.sentence_matrix()
        if unit == "document":
            return self.source.document_matrix()
        base = self.source.segment_matrix
        if minimum_tokens <= MINIMUM_TOKENS:
            return base
        group = self._joined_segments(base.units, minimum_tokens)
        first = pd.Series(group).drop_duplicates().index
        units = base.units.iloc[first][["doc_id"]].reset_index(drop=True)
        units["segment"] = units.groupby("doc_id", sort=False).cumcount()
        return add_up(base, group, units)

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


def build(
    name: str,
    folder: Path | None,
    described: pd.DataFrame,
    sources: Mapping[str, tuple[str, Sequence]],
    rules: Mapping[str, list] | None = None,
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
    notices : sequence of str
        What the reader of the files had to say.

    Returns
    -------
    Corpus

    Examples
    --------
    >>> described = pd.DataFrame({"label": ["Ann 2020"]}, index=pd.Index(["ann"], name="doc_id"))
    >>> corpus = build("made", None, described, {"ann": ("Allies pay. Rain falls.", ())})
    >>> corpus.sentences["text"].tolist()
    ['Allies pay.', 'Rain falls.']
    """
    sink = Memory()
    facts = read_documents_into(
        sink,
        list(described.index),
        sources.__getitem__,
        rules or {},
        use_compiled(sum(len(sources[doc_id][0]) for doc_id in described.index)),
    )
    texts = {doc_id: text for doc_id, (text, _) in sources.items()}
    return assemble(name, folder, described, sink, facts, texts, notices)


def assemble(
    name: str,
    folder: Path | None,
    described: pd.DataFrame,
    sink: Memory | Disk,
    facts: Facts,
    sources: Mapping[str, str],
    notices: Sequence[str],
) -> Corpus:
    """Return the corpus of some columns; its tables are made when they are first asked for."""
    columns = sink.columns()
    sentence_pointers = pointers(columns["n_tokens"])
    store = TokenStore(
        types=tuple(facts.types),
        ids=columns["ids"],
        starts=columns["starts"],
        ends=columns["ends"],
        sentence=columns["sentence"],
        sentence_pointers=sentence_pointers,
        document_pointers=pointers(facts.documents["all_tokens"]),
    )
    documents = described.copy()
    for column in DOCUMENTS:
        if column not in documents:
            documents[column] = ""
    for column in ("n_characters", "n_paragraphs", "n_sentences", "n_tokens"):
        documents[column] = np.array(facts.documents[column], dtype=np.int64)
    documents = documents[list(DOCUMENTS) + [column for column in documents if column not in DOCUMENTS]]
    source = TextSource(documents.index, columns, facts.reasons, sink.texts, sources, store)
    return Corpus(name, folder, documents, source, (*notices, *facts.unmatched))


def from_texts(texts: Mapping[str, str], *, name: str = "texts") -> Corpus:
    """Make a corpus of strings, for tests and for trying things out.

    Parameters
    ----------
    texts : mapping of str to str
        doc_id to text; each is cleaned like a plain text file.
    name : str
        What to call the corpus.

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
    return build(name, None, described, {doc_id: (text, ()) for doc_id, text in texts.items()})


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
