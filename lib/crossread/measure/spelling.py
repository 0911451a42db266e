"""Spellings: counting variants as one word through a readable table, and what the variants tell about a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.places import shipped_file
from crossread.corpus.tables import Form, read_table
from crossread.corpus.tokens import TermMatrix, fold
from crossread.errors import CrossreadError
from crossread.lexicon import Lexicon
from crossread.lexicon.patterns import glob_pattern, sequences
from crossread.measure.resampling import exact_limits
from crossread.wording import HEADLINE, Labels, count_of, join_names, join_sentences

if TYPE_CHECKING:
    import regex

_CAPITAL = re.compile(r"\b[A-Z][\w.]*")
FOLDING = ("form", "counted_as", "reason")
VARIANTS = ("doc_id", "group", "form", "count")
FINGERPRINTS = ("doc_id", "group", "form", "count", "group_count", "share", "low", "high")


def read_folding(path: str | Path | None = None) -> dict[str, str]:
    """Read the table of forms that may be counted as one word.

    It is no lemmatiser: nothing is folded that does not stand in the table, one line for each form, so that every
    decision can be read, changed or struck out. The possessive *'s* is dropped by the tokeniser already.

    Parameters
    ----------
    path : path, optional
        A CSV with the columns form, counted_as, reason; corpus/spelling.csv unless given. A form may be a phrase of two
        or three words, which is counted first; one that is counted as itself keeps its words from being counted as
        something else.

    Returns
    -------
    dict
        Form to the form under which it is counted; chains are followed (defences, defenses, defense).

    Raises
    ------
    CrossreadError
        "…/spelling.csv, row 7: “Defence” is not a token as counted; write “defence”.", likewise a form that stands
        twice, or forms that lead in a circle.

    Examples
    --------
    >>> folding = read_folding()
    >>> folding["defence"], folding["allies"]
    ('defense', 'ally')
    """
    if path is None:
        path = shipped_file("spelling.csv")
    table = read_table(path, Form(FOLDING, filled=FOLDING, exact=True))
    step: dict[str, str] = {}
    for row, (form, counted_as) in enumerate(zip(table["form"], table["counted_as"], strict=True), 2):
        for word in (form, counted_as):
            written = " ".join(fold(part) for part in word.split(" "))
            if written != word or not word:
                raise CrossreadError(f"{path}, row {row}: “{word}” is not a token as counted; write “{written}”.")
        if form in step:
            raise CrossreadError(f"{path}, row {row}: the form “{form}” is there twice.")
        step[form] = counted_as
    folding = {form: form for form, counted_as in step.items() if form == counted_as}
    step = {form: counted_as for form, counted_as in step.items() if form != counted_as}
    for form in step:
        seen, word = {form}, step[form]
        while word in step:
            if word in seen:
                raise CrossreadError(f"{path}: “{form}” leads back to itself through {', '.join(sorted(seen))}.")
            seen.add(word)
            word = step[word]
        folding[form] = word
    return folding


def fold_matrix(counted: TermMatrix, folding: Mapping[str, str] | None) -> TermMatrix:
    """Return the matrix with the columns of variants added up under the form that they are counted as.

    Examples
    --------
    >>> from crossread import from_texts
    >>> folded = fold_matrix(from_texts({"a": "An ally pays allies."}).term_matrix(), {"allies": "ally"})
    >>> dict(zip(folded.terms, folded.matrix.toarray()[0].tolist()))
    {'ally': 2, 'an': 1, 'pays': 1}
    """
    if not folding:
        return counted
    from scipy.sparse import csr_matrix

    column, terms = pd.factorize(np.array([folding.get(t, t) for t in counted.terms], dtype=object), sort=True)
    join = csr_matrix(
        (np.ones(len(column), dtype=np.int64), (np.arange(len(column)), column)), shape=(len(column), len(terms))
    )
    return TermMatrix((counted.matrix @ join).tocsr(), counted.units, np.asarray(terms, dtype=object))


def read_variants(path: str | Path | None = None) -> dict[str, list[str]]:
    """Read which written forms are rivals: group to its forms, as written, capitals and stops included.

    Parameters
    ----------
    path : path, optional
        A CSV with the columns group and form; corpus/variants.csv unless given.

    Examples
    --------
    >>> read_variants()["defense or defence"]
    ['defense', 'defence']
    """
    if path is None:
        path = shipped_file("variants.csv")
    columns = ("group", "form")
    table = read_table(path, Form(columns, filled=columns, unique=columns, exact=True))
    return {group: forms.tolist() for group, forms in table.groupby("group", sort=False)["form"]}


def name_words(corpus: Corpus, lexicon: Lexicon | None, *, parts: bool = False) -> list[str]:
    """Return the words of a corpus that are names by themselves, as they are counted.

    They are those for which an entry of a lexicon of actors stands alone, and written forms of one word with a capital
    among the variants (Asia-Pacific, U.S.). Which words a text has for one country or region tells its house style and
    its year.

    Parameters
    ----------
    corpus : Corpus
        Texts or published counts.
    lexicon : Lexicon or None
        Of actors, where there is one.
    parts : bool
        Also the words of longer names: of United States, both.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "Beijing and Tokyo met in the Indo-Pacific; Tokyo paid."})
    >>> name_words(corpus, make_lexicon("actors", {"china": ["Beijing"], "japan": ["Tokyo|Japan", "Tokyo paid"]}))
    ['beijing', 'indo', 'pacific', 'tokyo']
    """
    forms = [form for group in read_variants().values() for form in group if form[:1].isupper() and " " not in form]
    actors = () if lexicon is None else lexicon.entries
    patterns = [*(entry.pattern for entry in actors), *(word for form in forms for word in form.split("-"))]
    alone = {words[0] for pattern in patterns for words in sequences(pattern) if len(words) == 1}
    if parts:
        alone |= {fold(word) for pattern in patterns for word in _CAPITAL.findall(pattern)}
    tests = [glob_pattern(glob).fullmatch for glob in sorted(alone)]
    terms = corpus.term_matrix("segment").terms
    return sorted(str(term) for term in terms if any(test(str(term)) for test in tests))


def count_variants(corpus: Corpus, variants: Mapping[str, list[str]] | None = None) -> pd.DataFrame:
    """Count rival written forms in the body of each document, as they stand there.

    A form counts where it stands as whole words, capitals as given for forms that have one and any for the others;
    a longer form of the group is found before a shorter one inside it (U.S. before US).

    Parameters
    ----------
    corpus : Corpus
        With texts, or with a published table `variants`.
    variants : mapping, optional
        Group to forms; `read_variants()` unless given. Other groups need the texts.

    Returns
    -------
    DataFrame
        doc_id, group, form, count (occurrences in the body).

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "The U.S. told us that US defence costs."})
    >>> count_variants(corpus, {"us": ["U.S.", "US"]})["count"].tolist()
    [1, 1]
    """
    groups = dict(read_variants() if variants is None else variants)
    wanted = pd.DataFrame(
        [(group, form) for group, forms in groups.items() for form in forms], columns=["group", "form"]
    )
    wanted = pd.DataFrame({"doc_id": corpus.documents.index}).merge(wanted, how="cross")
    asked = set(zip(wanted["group"], wanted["form"], strict=True))
    return corpus.source.answer(
        "a count of written forms",
        lambda: _count_forms(corpus, groups, wanted),
        ["variants"],
        lambda table: wanted.merge(table, how="left"),
        serves=lambda table: asked <= set(zip(table["group"], table["form"], strict=True)),
    )


def _count_forms(corpus, groups: Mapping[str, Sequence[str]], wanted: pd.DataFrame) -> pd.DataFrame:
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    texts = body.groupby("doc_id")["text"].agg("\n".join)
    counts = {}
    for group, forms in groups.items():
        longest_first = sorted(forms, key=len, reverse=True)
        pattern = form_pattern(longest_first)
        for doc_id in corpus.documents.index:
            places = [match.lastindex - 1 for match in pattern.finditer(texts.get(doc_id, ""))]
            for position, form in enumerate(longest_first):
                counts[doc_id, group, form] = places.count(position)
    return wanted.assign(
        count=[counts[key] for key in zip(wanted["doc_id"], wanted["group"], wanted["form"], strict=True)]
    )


def form_pattern(forms: Iterable[str]) -> regex.Pattern:
    """Return a compiled pattern with a group for each written form, in their order: give the longest first."""
    import regex

    return regex.compile("|".join(f"({_pattern(form)})" for form in forms))


def _pattern(form: str) -> str:
    import regex

    body = r"\s+".join("[-‐‑– ]".join(map(regex.escape, piece.split("-"))) for piece in form.split())
    inside = body if form != form.lower() else f"(?i:{body})"
    return rf"(?<![\p{{L}}\p{{N}}.]){inside}(?![\p{{L}}\p{{N}}]|\.\p{{L}})"


def spelling_fingerprints(corpus: Corpus, variants: Mapping[str, list[str]] | None = None) -> pd.DataFrame:
    """Return in which of its written forms each document names a thing.

    A house style, an editor or a publisher settles these; they tell of the place and date of publication before they
    tell of the author.

    Parameters
    ----------
    corpus, variants
        As in `count_variants`.

    Returns
    -------
    DataFrame
        doc_id, group, form, count, group_count (of all forms of the group), share (count / group_count, missing where
        the group does not occur), low and high (Clopper and Pearson's 95 per cent limits of the share).

    Raises
    ------
    TextNeeded
        Without texts, for groups that are not published.

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Defence is costly. Defence, not defense."})
    >>> table = spelling_fingerprints(corpus, {"d": ["defense", "defence"]})
    >>> table[["form", "count", "share"]].round(2).values.tolist()
    [['defense', 1, 0.33], ['defence', 2, 0.67]]
    """
    table = count_variants(corpus, variants)
    total = table.groupby(["doc_id", "group"], sort=False)["count"].transform("sum")
    known = total > 0
    low, high = exact_limits(table["count"], np.where(known, total, 1), share=True)
    return table.assign(
        group_count=total,
        share=(table["count"] / total.where(known)),
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
    )[list(FINGERPRINTS)]


def describe_spelling(table: pd.DataFrame, labels: Labels) -> str:
    """Say which form of each group every document uses most, first where the documents divide most evenly."""
    used = table[table["count"] > 0]
    if used.empty:
        return "No document uses any of these forms."
    most = used.sort_values("share", kind="stable").groupby(["group", "doc_id"], sort=False).last()["form"]
    frequent = used.groupby("group", sort=False)["count"].sum().nlargest(4).index
    order = list(table["doc_id"].unique())
    divided = {group: [*most.loc[group].value_counts(), 0][1] for group in frequent}  # users of the second form
    said = []
    for group in sorted(frequent, key=lambda group: -divided[group]):
        forms = most.loc[group]
        users = {
            form: [labels.document(doc) for doc in order if forms.get(doc) == form] for form in dict.fromkeys(forms)
        }
        whole = "; ".join(f"“{form}” in {join_names(names, most=6)}" for form, names in users.items())
        short = "; ".join(
            f"“{form}” in {count_of(len(names), len(forms), 'document')}" for form, names in users.items()
        )
        said.append(whole if said or len(whole) <= HEADLINE else short)
        if said == [short]:
            said.append(whole)
    return join_sentences(said)
