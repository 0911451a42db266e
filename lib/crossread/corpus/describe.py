"""What is known of a text from its name and its first lines: title, year, language; and the corpus of such texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossread.corpus.gather import Gathered, tell_passed_over
from crossread.corpus.language import language_notices, language_of
from crossread.corpus.load import NOTHING_LEFT, in_order_of_time
from crossread.corpus.model import Corpus, build
from crossread.corpus.reading.files import readable_name
from crossread.errors import CrossreadError

HEAD = 4_000  # characters in which a title and a year are looked for
TO_FILL_IN = (
    "doc_id", "label", "title", "authors", "year", "year_basis", "genre", "language", "publisher", "source", "rights",
)  # fmt: skip
# neither inside a number nor among letters, as in the hash that a program makes the name of a file
_YEAR = re.compile(r"(?<![^\W_])(?:1[5-9]|20)\d\d(?![^\W_])")
_SPAN = re.compile(r"(?<![^\W_])((?:1[5-9]|20)\d\d)[-–]((?:1[5-9]|20)\d\d)(?![^\W_])")
SPAN = "span in the name"
_HASH = re.compile(r"(?=[0-9a-f-]*[a-f])(?=[0-9a-f-]*\d)[0-9a-f]{4,}(?:-?[0-9a-f]{4,})+", re.IGNORECASE)


@dataclass(frozen=True)
class _Head:
    title: str
    year: str


def describe(gathered: Gathered) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table of documents, and where the year of each comes from.

    What a table or metadata say goes before what is inferred: the title from the first heading, the year where the
    name of the file, or what stands before the first paragraph, holds just one (never from a hash), the language from
    the most usual words.

    Returns
    -------
    DataFrame, dict
        Index doc_id, in the order of time, the columns of documents.csv and those that were given; and for each doc_id
        "given", "name", "span in the name", "first lines" or "".
    """
    doc_ids = list(gathered.texts)
    given = gathered.columns.reindex(doc_ids)
    heads = _heads(gathered)
    rows, year_from = [], {}
    for doc_id in doc_ids:
        stem = _stem(gathered, doc_id)
        by_name, basis = _year_in_name(stem) if doc_id in gathered.files else ("", "")
        year_from[doc_id] = basis or ("first lines" if heads[doc_id].year else "")
        rows.append(
            {
                "label": stem[:1].upper() + stem[1:],
                "title": heads[doc_id].title or stem,
                "authors": "",
                "year": by_name or heads[doc_id].year,
                "year_basis": "inferred" if year_from[doc_id] else "",
                "genre": "",
                "language": language_of(gathered.texts[doc_id].text),
                "publisher": "",
                "source": gathered.origins[doc_id],
                "rights": "",
            }
        )
    table = pd.DataFrame(rows, index=pd.Index(doc_ids, name="doc_id", dtype=str))
    for name in given:
        blank = given[name].isna() | (given[name].astype(str).str.strip() == "")
        if name == "year":
            year_from |= {doc_id: "given" for doc_id in given.index[~blank]}
            table["year_basis"] = np.where(blank, table["year_basis"], "stated")
        is_ours = name in table
        table[name] = given[name].astype(object).where(~blank, table[name]) if is_ours and blank.any() else given[name]
    if "label" not in given and "title" in given:
        table["label"] = tell_apart(table["title"].astype(str).tolist())
    table["year"] = _as_numbers(table["year"])
    spans = sum(basis == SPAN for basis in year_from.values())
    if spans:
        gathered.said.append(
            f"{spans} {'year is' if spans == 1 else 'years are'} the first of a span of years in the name of the file. "
            "Correct them in documents.csv, or give others as metadata."
        )
    table["sha256"] = [text.sha256 for text in gathered.texts.values()]
    return in_order_of_time(table), year_from


def tell_apart(titles: list[str]) -> list[str]:
    """Return titles as labels: of long ones that begin alike what comes after that, which a chart has room for.

    Examples
    --------
    >>> start = "Remarks by the Minister at the"
    >>> tell_apart([f"{start} fifth meeting of the council", f"{start} sixth meeting of the council", "A toast"])
    ['… fifth meeting of the council', '… sixth meeting of the council', 'A toast']
    """
    labels = list(titles)
    alike: dict[str, list[int]] = {}
    for place, title in enumerate(titles):
        if len(title) > LONGEST_LABEL:
            alike.setdefault(title[:BEGINS_ALIKE], []).append(place)
    for places in alike.values():
        words = [titles[place].split() for place in places]
        shared = 0
        while len({tuple(one[: shared + 1]) for one in words}) == 1 and all(len(one) > shared + 1 for one in words):
            shared += 1
        if len({titles[place] for place in places}) > 1 and shared > 1:
            for place, one in zip(places, words, strict=True):
                labels[place] = "… " + " ".join(one[shared:])
    return labels


LONGEST_LABEL = 40  # characters that most charts have room for
BEGINS_ALIKE = 20


def corpus_of(gathered: Gathered, name: str | None = None) -> tuple[Corpus, dict[str, str]]:
    """Build the corpus of some texts in memory; what has no words is told and left out.

    Parameters
    ----------
    gathered : Gathered
        From `gather`.
    name : str, optional
        What the corpus is called; without it, as what was gathered.

    Returns
    -------
    Corpus, dict
        And where each year comes from, as `describe`.

    Examples
    --------
    >>> from crossread.corpus import gather
    >>> corpus, year_from = corpus_of(gather([{"title": "Ann", "year": 2020, "text": "Allies pay."}]))
    >>> corpus.documents[["year", "n_tokens"]].values.tolist(), year_from
    ([[2020, 2]], {'row_1': 'given'})
    """
    documents, year_from = describe(gathered)
    corpus = _build(name or gathered.name, documents, gathered)
    empty = list(corpus.documents.index[corpus.documents["n_tokens"] == 0])
    if not empty:
        return corpus, year_from
    for doc_id in empty:
        gathered.drop(doc_id, NOTHING_LEFT)
    if not gathered.texts:
        raise CrossreadError(f"Not one text could be counted; nothing was made.{gathered.reasons()}")
    return _build(name or gathered.name, documents.drop(index=empty), gathered), year_from


def _build(name: str, documents: pd.DataFrame, gathered: Gathered) -> Corpus:
    sources = {doc_id: (gathered.texts[doc_id].text, gathered.texts[doc_id].blocks) for doc_id in documents.index}
    unread = [f"{origin}: not read: {why}" for origin, why in gathered.unread]
    remarks = [f"{doc_id}: {remark}" for doc_id in documents.index for remark in gathered.remarks[doc_id]]
    unread += tell_passed_over(gathered.passed_over)
    notices = [*unread, *language_notices(documents["language"]), *gathered.said, *remarks]
    return build(name, None, documents, sources, notices=notices)


def _stem(gathered: Gathered, doc_id: str) -> str:
    file = gathered.files.get(doc_id)
    return readable_name(file.stem).replace("_", " ").strip() if file is not None else doc_id


def _heads(gathered: Gathered) -> dict[str, _Head]:
    """Read the first characters of each text: its first heading, and the one year that stands before its body."""
    sources = {}
    for doc_id, text in gathered.texts.items():
        blocks = tuple(block for block in text.blocks if block.end <= HEAD)
        # a first block that is longer than all this is body
        sources[doc_id] = (text.text[:HEAD], blocks if blocks else ())
    corpus = build("heads", None, pd.DataFrame(index=pd.Index(list(sources), dtype=str)), sources)
    sentences = corpus.sentences
    headings = sentences[sentences["kind"] == "heading"].groupby("doc_id")["text"].first()
    body = sentences[sentences["kind"] == "body"].groupby("doc_id")["start"].first()
    return {
        doc_id: _Head(headings.get(doc_id, ""), _one_year(text[: min(1000, int(body.get(doc_id, 1000)))]))
        for doc_id, (text, _) in sources.items()
    }


def _year_in_name(stem: str) -> tuple[str, str]:
    """Return the year that a file's name holds, the first of a span (1750-1775), and what it rests on."""
    name = _HASH.sub(" ", stem)
    span = _SPAN.search(name)
    if span and int(span[1]) < int(span[2]):
        return span[1], SPAN
    year = _one_year(name)
    return year, "name" if year else ""


def _one_year(text: str) -> str:
    years = set(_YEAR.findall(text))
    return years.pop() if len(years) == 1 else ""


def _as_numbers(years: pd.Series) -> pd.Series:
    """Return years as numbers where all that are not blank are some."""
    numbers = pd.to_numeric(years.where(years.astype(str).str.strip() != ""), errors="coerce")
    blank = years.isna() | (years.astype(str).str.strip() == "")
    if numbers.notna().sum() == 0 or (numbers.isna() & ~blank).any():
        return years
    return numbers.astype(int) if numbers.notna().all() and (numbers % 1 == 0).all() else numbers
