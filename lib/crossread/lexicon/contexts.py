"""The concordance: every hit with the words around it and its place in the source."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tables import HITS, check_columns
from crossread.corpus.tokens import fold, token_pattern
from crossread.errors import CrossreadError
from crossread.lexicon.formats import make_lexicon
from crossread.lexicon.matching import find_hits
from crossread.wording import Labels, join_names, number_of

OPEN, CLOSE = "⟦", "⟧"  # around a hit in a marked sentence
CONCORDANCE = (
    "doc_id", "sentence_id", "left", "match", "right", "key", "entry", "start", "end", "start_token", "end_token",
)  # fmt: skip


def concordance(
    corpus: Corpus, pattern: str, *, window: int = 5, kinds: tuple[str, ...] = ("body", "heading", "note")
) -> pd.DataFrame:
    """List every hit in its context, a keyword in its line.

    The window counts words and, as in quanteda's `kwic`, passes over the borders of sentences; there punctuation counts
    as a token too, here it does not.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    pattern : str
        As in a lexicon.
    window : int
        Words to the left and to the right.
    kinds : tuple of str
        Which kinds of sentences to look in.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, left, match and right (text of the sentences, in reading form), key (blank),
        entry, start and end (characters of the source, half open), start_token and end_token (running numbers of tokens
        in the document, half open).

    Raises
    ------
    TextNeeded
        "A concordance needs the running texts of …".
    CrossreadError
        "The window is -1 words; give 0 or more."

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Who pays? The allies’ costs rise, and costs matter."})
    >>> concordance(corpus, "cost*", window=2)[["left", "match", "right"]].values.tolist()
    [['The allies’', 'costs', 'rise, and'], ['rise, and', 'costs', 'matter.']]
    """
    if window < 0:
        raise CrossreadError(f"The window is {window} words; give 0 or more.")
    store = corpus.source.tokens("a concordance")
    hits = find_hits(corpus, make_lexicon("pattern", {"": [pattern]}))
    hits = hits[corpus.sentences["kind"].reindex(hits["sentence_id"]).isin(kinds).to_numpy()].reset_index(drop=True)
    pointers = dict(zip(corpus.documents.index, pairwise(store.document_pointers), strict=True))
    reader = Reader(corpus)
    rows = []
    for doc_id, start, end in zip(hits["doc_id"], hits["start_token"], hits["end_token"], strict=True):
        first, last = pointers[doc_id]
        a, b = start + first, end + first
        left, right = max(first, a - window), min(last, b + window)
        rows.append((*reader.read(left, a, b, right), int(store.starts[a]), int(store.ends[b - 1])))
    found = pd.DataFrame(rows, columns=["left", "match", "right", "start", "end"], index=hits.index)
    return hits.join(found)[list(CONCORDANCE)]


class Reader:
    """Gives back the reading form of a stretch of tokens, punctuation included."""

    def __init__(self, corpus: Corpus):
        self.store = corpus.tokens
        self.texts = corpus.sentences["text"].array  # of many sentences few are read
        self.begins = corpus.sentences["start"].to_numpy()
        self.lengths = corpus.sentences["end"].to_numpy() - self.begins
        self.pattern = token_pattern()
        self.sentences: dict[int, tuple[list[tuple[int, int]], str]] = {}

    def read(self, left: int, start: int, end: int, right: int) -> tuple[str, str, str]:
        """Return the text before, in and after a match, so that the three in a row are the running text."""
        return self.text(left, start, start - 1), self.text(start, end), self.text(end, right, end)

    def text(self, start: int, end: int, inner: int | None = None) -> str:
        """Return the text of tokens; with `inner`, the one beside the match, punctuation up to white space too."""
        pieces = []
        while start < end:
            sentence = int(self.store.sentence[start])
            first = int(self.store.sentence_pointers[sentence])
            last = min(end, int(self.store.sentence_pointers[sentence + 1]))
            spans, text = self.sentence(sentence)
            i, j = start - first, last - first - 1
            a, b = spans[i][0], spans[j][1]
            if inner is not None:
                before = spans[i - 1][1] if i else 0
                after = spans[j + 1][0] if j + 1 < len(spans) else len(text)
                a = before if start == inner else before + len(text[before:a]) - len(text[before:a].split(" ")[-1])
                b = after if last - 1 == inner else b + len(text[b:after].split(" ")[0])
            pieces.append(text[a:b].strip())
            start = last
        return " ".join(pieces)

    def sentence(self, sentence: int) -> tuple[list[tuple[int, int]], str]:
        """Return where in a sentence each of its tokens stands, and its text."""
        if sentence not in self.sentences:
            text, store = self.texts[sentence], self.store
            tokens = slice(store.sentence_pointers[sentence], store.sentence_pointers[sentence + 1])
            begin = self.begins[sentence]
            if len(text) == self.lengths[sentence]:  # nothing was cut out of it: the places are those in the source
                spans = zip((store.starts[tokens] - begin).tolist(), (store.ends[tokens] - begin).tolist(), strict=True)
            else:
                spans = (match.span() for match in self.pattern.finditer(text) if fold(match.group()))
            self.sentences[sentence] = list(spans), text
        return self.sentences[sentence]


def mark_hits(corpus: Corpus, hits: pd.DataFrame, sentence_ids: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the sentences with hits, one row each, the hits marked where the texts are attached.

    Parameters
    ----------
    corpus : Corpus
        With texts or without.
    hits : DataFrame
        From `find_hits`.
    sentence_ids : iterable of str, optional
        The sentences that are wanted, with hits or without; by default those with hits.

    Returns
    -------
    DataFrame
        Index sentence_id, in the order of the corpus: doc_id; section and paragraph (running numbers); kind; hits (in
        the sentence); n_tokens (of the sentence); place (of the sentence's first token in its document, 0 to 1);
        entries (what matched, joined by "; "); with texts also text, and marked_text (the text with ⟦ and ⟧ around
        hits).

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Who pays? Costs rise, and costs matter."})
    >>> mark_hits(corpus, find_hits(corpus, make_lexicon("demo", {"cost": ["cost*"]})))["marked_text"].tolist()
    ['⟦Costs⟧ rise, and ⟦costs⟧ matter.']
    """
    hits = check_columns(hits, HITS, "the hits")
    sentences = corpus.sentences
    by_sentence = hits.groupby("sentence_id", sort=False, observed=True)
    chosen = sentences[sentences.index.isin(by_sentence.groups if sentence_ids is None else list(sentence_ids))]
    before = sentences.groupby("doc_id", sort=False)["n_tokens"].cumsum() - sentences["n_tokens"]
    total = sentences.groupby("doc_id", sort=False)["n_tokens"].transform("sum")
    table = chosen[["doc_id", "section", "paragraph", "kind", "n_tokens"]].copy()
    table["place"] = (before / total).reindex(chosen.index)
    table["hits"] = by_sentence.size().reindex(chosen.index, fill_value=0)
    entries = by_sentence["entry"].agg(lambda texts: "; ".join(dict.fromkeys(map(str, texts))))
    table["entries"] = entries.astype(object).reindex(chosen.index, fill_value="")  # no hit at all leaves categories
    return corpus.source.either(lambda: _with_texts(corpus, table, hits), lambda: table)


def _with_texts(corpus: Corpus, table: pd.DataFrame, hits: pd.DataFrame) -> pd.DataFrame:
    """Add the texts of the sentences, as they are and with their hits marked."""
    reader, source = Reader(corpus), corpus.source
    first_of_document = dict(zip(corpus.documents.index, source.document_pointers, strict=False))
    rows = corpus.sentences.index.get_indexer(table.index)
    first = source.sentence_pointers[rows] - table["doc_id"].map(first_of_document).to_numpy()
    of_sentence = dict(list(hits.groupby("sentence_id", sort=False, observed=True)))
    marked = [
        _marked(reader, int(row), int(begins), of_sentence.get(sentence_id, hits[:0]))
        for row, begins, sentence_id in zip(rows, first, table.index, strict=True)
    ]
    return table.assign(text=corpus.sentences["text"].reindex(table.index), marked_text=marked)


def _marked(reader: Reader, sentence: int, first: int, hits: pd.DataFrame) -> str:
    """Return a sentence with brackets around its hits; hits that overlap share theirs."""
    spans, text = reader.sentence(sentence)
    inside = sorted({i for start, end in zip(hits["start_token"], hits["end_token"], strict=True)
                     for i in range(start - first, end - first)})  # fmt: skip
    pieces, at = [], 0
    for i in inside:
        begins, ends = i - 1 not in inside, i + 1 not in inside
        a, b = spans[i]
        pieces.append(text[at:a] + (OPEN if begins else "") + text[a:b] + (CLOSE if ends else ""))
        at = b
    return " ".join(("".join(pieces) + text[at:]).split())


def describe_reading(table: pd.DataFrame, labels: Labels) -> str:
    """Say how many sentences, or places in them, there are to read, and in which documents."""
    if table.empty:
        return "No sentence is found."
    kinds = table["kind"] if "kind" in table else pd.Series("body", index=table.index)
    body = table[kinds == "body"]
    counted = number_of(len(body), "place" if "match" in table else "sentence")
    listed = [f"{n} in {labels.document(doc_id)}" for doc_id, n in body.groupby("doc_id", sort=False).size().items()]
    told = f"{counted}: {join_names(listed)}" if listed else "No sentence of the body"
    if len(listed) == 1:
        told = f"{counted} in {labels.document(body['doc_id'].iloc[0])}"
    besides = [number_of(n, kind) for kind, n in kinds[kinds != "body"].value_counts(sort=False).items()]
    return told + (f"; also {join_names(besides)}, not counted." if besides else ".")
