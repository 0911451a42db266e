"""A Table is an answer: a DataFrame that knows its chart, what it says in words, and the sentences behind each row.

What is derived from a Table (a filter, a merge, a transpose) is a plain DataFrame that claims nothing: a finding
that outlived the rows which it names would be false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING

import pandas as pd
from pandas.api.types import is_numeric_dtype

from crossread.errors import CrossreadError
from crossread.lexicon import CLOSE, OPEN
from crossread.vocabulary import column_of
from crossread.wording import number_text, per_cent

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes

    from crossread.charts.figures import ShownFigure
    from crossread.study import Study

MOST_ROWS, MOST_COLUMNS = 20, 7
COUNT_SENTENCES = ("sentences", "sentences_with_hit", "marked", "counted")  # columns
LONGEST_CELL = 160  # characters

LONGEST_ALT = 400  # letters: what a screen reader says before the table is asked for
_NUMBERS = re.compile(r"[-–<.\d](?:[-–<.,%±\d\s()]|of|to|none|no limit)*")  # a cell that stands to the right
_PER_CENT = re.compile(r"(\d) %")
_SENTENCE_END = re.compile(r"(?<=[^A-Z][.?!]) (?=[A-Z“])")

# A column that is shown; or a count and what it is of, or an estimate with its two limits, which share a cell.
Shown = str | tuple[str, str] | tuple[str, str, str]


@dataclass(frozen=True)
class Question:
    """What can be asked of a study, and how its answer is told.

    Attributes
    ----------
    name : str
        The method of `Study`.
    keys : tuple of str
        The columns that tell one row from another.
    shown : tuple
        The columns of the narrow table; two in a tuple are a count and what it is of, three are an estimate with its
        limits.
    finding : str
        What came out, in sentences: a function of frame and labels beside the computation, as "room.module:function".
    caption : str or function of the card
        What is counted, in which unit, with which limits.
    chart : str
        The chart as "charts.module:function"; imported when it is drawn, for numbers never import charts.
    form : str
        The form of the chart and its axes, with which the alt text begins.
    behind : function of study and row, optional
        The ids of the sentences behind a row.
    options : function of the card, optional
        What the chart is given besides its rows, documents, labels and title.
    lexicon : str, or function of study and row, optional
        The lexicon whose hits are marked in the sentences behind a row, where it is not that of the study.
    prose : tuple of str
        Where the answer is read rather than looked at: the columns of a heading and of the text below it.
    """

    name: str
    keys: tuple[str, ...]
    shown: tuple[Shown, ...]
    finding: str
    caption: str | Callable[[Card], str]
    chart: str = ""
    form: str = ""
    behind: Callable[[Study, pd.Series], Sequence[str]] | None = None
    options: Callable[[Card], Mapping[str, object]] | None = None
    lexicon: str | Callable[[Study, pd.Series], object] | None = None
    prose: tuple[str, ...] = ()


@dataclass(frozen=True)
class Card:
    """What a Table knows: its question, its study, what was asked for, and its rows as they were computed."""

    question: Question
    study: Study
    arguments: Mapping[str, object]
    rows: pd.DataFrame

    @property
    def frame(self) -> pd.DataFrame:
        return self.rows.copy(deep=False)

    @cached_property
    def finding(self) -> str:
        told = _resolve(self.question.finding)(self.rows, self.study.labels)
        return f"{self.arguments['behind']}: {told}" if self.arguments.get("behind") else told

    @property
    def title(self) -> str:
        """The first sentence of the finding: the headline of the chart."""
        return _SENTENCE_END.split(self.finding, maxsplit=1)[0].rstrip(".")

    @property
    def caption(self) -> str:
        caption = self.question.caption
        return caption(self) if callable(caption) else caption

    @property
    def alt(self) -> str:
        sentences = [self.title + "."]
        for sentence in _SENTENCE_END.split(self.finding)[1:]:
            if sum(map(len, sentences)) + len(sentence) > LONGEST_ALT:
                break
            sentences.append(sentence)
        return " ".join([self.question.form, *sentences]).strip()

    def chart(self) -> Callable:
        if not self.question.chart:
            raise CrossreadError(f"The answer of study.{self.question.name}() has no chart; its table is the answer.")
        return _resolve(self.question.chart)

    def draw(self) -> Axes | np.ndarray:
        """Draw the chart of the rows as they were computed, whatever has been done to the Table since."""
        from crossread.charts.figures import rounded

        chart = self.chart()
        known = {
            "documents": self.study.documents,
            "labels": self.study.labels,
            "title": self.title,
            **(self.question.options(self) if self.question.options else {}),
        }
        given = {name: value for name, value in known.items() if name in signature(chart).parameters}
        return chart(rounded(self.rows), **given)


def _resolve(name: str) -> Callable:
    module, function = name.split(":")
    return getattr(import_module(f"crossread.{module}"), function)


class Table(pd.DataFrame):
    """An answer of a `Study`: a DataFrame, with `.plot()`, `.finding`, `.caption`, `.alt`, `.sentences()`, `.save()`.

    Everything that pandas does with it gives plain DataFrames. `.frame` is the plain DataFrame of the answer itself.

    Examples
    --------
    The examples of its parts ask this study.

    >>> import crossread as cr
    >>> study = cr.study("practice")
    >>> rates = study.rates()
    >>> type(rates).__name__, type(rates.frame).__name__, type(rates.head(2)).__name__
    ('Table', 'DataFrame', 'DataFrame')
    """

    # No `_constructor`: a result of pandas is a DataFrame and not a Table.
    _metadata = ["_card"]
    _card: Card

    def __init__(self, card: Card):
        super().__init__(card.frame)
        self._card = card

    def __reduce__(self):
        # a study does not travel inside a pickle; the rows do
        return self.frame.__reduce__()

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a plain DataFrame, all columns, full precision.

        Examples
        --------
        >>> study.cuts().frame[["doc_id", "reason", "n_tokens"]].head(2)
                   doc_id        reason  n_tokens
        0  pellworth_2028  running head        17
        1  pellworth_2028        byline         5
        """
        return self._card.frame

    @property
    def finding(self) -> str:
        """What came out, in sentences.

        Examples
        --------
        >>> study.cuts().finding
        'The largest cut is “page furniture” in Davreli 2030: 134 tokens.'
        """
        return self._card.finding

    @property
    def caption(self) -> str:
        """What is counted, in which unit, with which limits.

        Examples
        --------
        >>> study.cuts().caption
        'What was cut from each source, and why, in tokens.'
        """
        return self._card.caption

    @property
    def alt(self) -> str:
        """The chart in words: its form, then the finding, in as many sentences as a screen reader says at once.

        Examples
        --------
        >>> study.map().alt
        'Documents and words on a plane. On the first axis, with 29 % of all differences in words, Pellworth 2028
        stands farthest from Han 2033.'
        """
        return self._card.alt

    def plot(self) -> Axes | np.ndarray:
        """Draw the chart of this answer.

        Returns
        -------
        matplotlib Axes (or an array of them)

        Raises
        ------
        CrossreadError
            "The answer of study.x() has no chart; its table is the answer."

        Examples
        --------
        >>> study.map().plot().get_xlabel()
        'axis 1: 29 % of the differences'
        """
        return self._card.draw()

    def show(self) -> ShownFigure:
        """Draw the chart with its caption and alt text, for showing in a notebook; nothing is saved.

        Examples
        --------
        >>> study.map().show()
        [Figure: Documents and words on a plane. On the first axis, with 29 % of all differences in words, Pellworth
        2028 stands farthest from Han 2033.]
        """
        from crossread.charts.figures import show_drawing

        return show_drawing(self._card.draw(), self.caption, self.alt)

    def sentences(self, row: object = None) -> pd.Index:
        """Return the ids of the sentences behind a row.

        Parameters
        ----------
        row : int, str, tuple, dict or Series, optional
            The position of the row (of topics, the number of the topic); or what tells it from the others, such as
            `("lee_2023", "china_rise")` or `{"doc_id": "lee_2023"}`; or the row itself. Unless given, the row that
            counts most sentences, or the first that names any.

        Returns
        -------
        Index of str

        Raises
        ------
        CrossreadError
            "No row has document “x”. There are: …"; "The rows of study.x() stand for no sentences."

        Examples
        --------
        >>> study.rates().sentences(("han_2033", "multilateralism")).tolist()
        ['han_2033-015', 'han_2033-022', 'han_2033-034']
        """
        question = self._card.question
        if question.behind is None:
            raise CrossreadError(f"The rows of study.{question.name}() stand for no sentences.")
        return pd.Index(question.behind(self._card.study, self._row_of(row)), name="sentence_id")

    def read(self, row: object = None) -> Table:
        """Return the sentences behind a row for reading: hits marked where texts are attached, else their places.

        Parameters
        ----------
        row
            As in `sentences`.

        Returns
        -------
        Table
            As `Study.read`.

        Examples
        --------
        >>> study.rates().read(("han_2033", "rival_rise"))["marked_text"].tolist()
        ['You say that ⟦Osmarran⟧ trawlers come over the line at night, forty boats at a time, and that a white cutter
        shines its lamp on anyone who follows.', 'We do not build frigates to ⟦contain⟧ you.']
        """
        study, asked, own = self._card.study, self._row_of(row), self._card.question.lexicon
        lexicon = own(study, asked) if callable(own) else own
        read = study.read_sentences(self.sentences(row), asked.get("key"), lexicon)
        if row is not None:
            return read
        # nobody has named the row, so it is told which one was opened
        named = [cell_text(name, asked, self._card) for name in self._card.question.keys if name in asked]
        if callable(own) and lexicon is None:  # without the texts nobody knows which sentences of a passage hold a word
            named.append("the passages with it")
        return Table(replace(read._card, arguments={**read._card.arguments, "behind": ", ".join(named)}))

    def save(self, name: str | int, *, caption: str | None = None, alt: str | None = None) -> ShownFigure:
        """Draw the chart and save figure, table and a row of the manifest.

        Parameters
        ----------
        name : str or int
            The number of the figure, 1 to 99: `study.senses().save(5)` is named fig-05-senses, after what was asked. Or
            a name of your own, such as "fig-05-in-what-sense".
        caption, alt : str, optional
            Where the study knows better than the library.

        Returns
        -------
        ShownFigure
            Shows the figure with its caption in a notebook.

        Examples
        --------
        >>> import os, tempfile
        >>> os.environ["CROSSREAD_FIGURES"] = tempfile.mkdtemp()  # without it, figures/ where you stand
        >>> study.map().save(3)
        [Figure: Documents and words on a plane. On the first axis, with 29 % of all differences in words, Pellworth
        2028 stands farthest from Han 2033.]
        >>> del os.environ["CROSSREAD_FIGURES"]
        """
        from crossread.charts.figures import name_figure, rounded, save

        card = self._card
        name = name_figure(name, card.question.name)
        if card.rows.empty:
            raise CrossreadError(f"{name} is not saved, for there is nothing to draw. {card.finding}")
        return save(
            card.draw(),
            name,
            data=rounded(card.rows),
            corpus=card.study.corpus,
            function=f"study.{card.question.name}",
            parameters=dict(card.arguments) or None,
            caption=caption or card.caption,
            alt=alt or card.alt,
        )

    def _row_of(self, row: object) -> pd.Series:
        rows, keys = self._card.rows, self._card.question.keys
        if row is None:
            row = self._fullest_row()
        if isinstance(row, pd.Series):
            return row
        if isinstance(row, int) and not (keys[:1] == ("topic",) and row > 0):
            if rows.empty:
                raise CrossreadError(f"There is nothing to read. {self.finding}")
            if not -len(rows) <= row < len(rows):
                raise CrossreadError(f"There is no row {row}: this answer has {len(rows)} rows, the first is 0.")
            return rows.iloc[row]
        values = [row] if isinstance(row, str | int) else row
        wanted = dict(values) if isinstance(values, Mapping) else dict(zip(keys, values, strict=False))
        chosen = rows
        for column, value in wanted.items():
            if column not in rows:
                raise CrossreadError(f"This answer has no column “{column}”. It has: {', '.join(map(str, rows))}.")
            known = chosen[column].drop_duplicates().astype(str)
            is_it = chosen[column].astype(str) == str(value)
            if column == "key" and not is_it.any():  # a sense is found by its last part
                is_it = chosen[column].astype(str).str.endswith(f".{value}")
            chosen = chosen[is_it]
            if chosen.empty:
                raise CrossreadError(
                    f"No row has {column_of(column).name} “{value}”. There are: {', '.join(known.head(12))}."
                )
        return chosen.iloc[0]

    def _fullest_row(self) -> int:
        """The row that counts most sentences, or the first that names any."""
        rows = self._card.rows
        counted = [name for name in COUNT_SENTENCES if is_numeric_dtype(rows.get(name))]
        if not len(rows) or not (counted or "sentences" in rows):
            return 0
        fullness = rows[counted[0]] if counted else rows["sentences"].astype(str).str.strip().ne("")
        return int(fullness.to_numpy().argmax())

    def _repr_html_(self) -> str:
        return (render_prose if self._card.question.prose else render_html)(self._card, self)

    def __repr__(self) -> str:
        header, body, left_out = lay_out(self._card, pd.DataFrame(self))
        widths = [max(map(len, column)) for column in zip(header, *body, strict=True)] if body else map(len, header)
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in [header, *body]
        ]
        return "\n".join([*lines, *filter(None, [left_out, self.finding])])


def lay_out(card: Card, rows: pd.DataFrame) -> tuple[list[str], list[list[str]], str]:
    """Return header, cells and a note on what is left out, of the narrow table."""
    shown = [column for column in card.question.shown if _is_there(column, rows)][:MOST_COLUMNS]
    header = [column_of(column if isinstance(column, str) else column[0]).name for column in shown]
    head = rows.head(MOST_ROWS)
    columns = [[cell_text(column, row, card) for row in head.to_dict("records")] for column in shown]
    body = [list(cells) for cells in zip(*columns, strict=True)]
    left_out = "" if len(rows) <= MOST_ROWS else f"{MOST_ROWS} of {len(rows):,} rows; all in .frame"
    return header, body, left_out


def _is_there(column: Shown, rows: pd.DataFrame) -> bool:
    if column == "entries" and "marked_text" in rows:
        return False  # the marks in the sentence say it
    return all(name in rows for name in ([column] if isinstance(column, str) else column))


def cell_text(column: Shown, row: Mapping[str, object], card: Card) -> str:
    """Return one cell as it is shown: a label for an id, few decimals, an estimate with its limits."""
    if not isinstance(column, str):
        if len(column) == 2:
            return " of ".join(_number(row[name], "count", 0) for name in column)
        estimate, low, high = column
        form, digits = column_of(estimate).form, column_of(estimate).digits
        if pd.isna(row[estimate]):
            return "–"
        value, below, above = (_number(row[name], form, digits) for name in (estimate, low, high))
        return value if pd.isna(row[low]) else f"{value} ({below} to {above})"
    value = row[column]
    if column in ("doc_id", "doc_a", "doc_b", "highest", "lowest"):
        return card.study.labels.document(str(value))
    if column == "key":
        return card.study.labels.theme(str(value))
    if column in ("actor_a", "actor_b", "agent", "patient"):
        return card.study.labels.actor(str(value))
    if column in ("term", "term_a", "term_b"):
        return card.study.labels.word(value)
    if column == "deed":
        return card.study.labels.theme(f"deed.{value}")
    if column == "marked_text":
        return str(value)  # a sentence is read whole
    if column == "entries":  # without what must, or must not, stand near
        value = "; ".join(entry.split(" ~")[0].split(" !")[0] for entry in str(value).split("; "))
    known = column_of(column)
    if known.form == "text":
        return shorten("" if value is None or value is pd.NA or value != value else str(value))
    if isinstance(value, bool | str):
        return str(value)
    if column in ("fitted_first", "fitted_last") and card.arguments.get("quantity") == "share":
        return _number(value, "share", 0)
    return _number(value, known.form, known.digits)


def _number(value: object, form: str, digits: int) -> str:
    if value is None or pd.isna(value):
        return "–"
    if form == "share":
        return per_cent(float(value))
    if form == "p":
        digits = 4 if 0 < abs(value - 0.05) < 0.0005 else 3  # on which side of .05 it lies shows
        return "<.001" if value < 0.001 else f"{value:.{digits}f}".lstrip("0")
    if form == "ratio" and value == float("inf"):
        return "none named"
    if form == "year":
        return str(int(value))
    return number_text(float(value), digits)


def shorten(text: str, length: int = LONGEST_CELL) -> str:
    """Cut a text at a word, for a cell.

    Examples
    --------
    >>> shorten("Allies pay for bases.", 12)
    'Allies pay …'
    """
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",;:") + " …"


UNBROKEN = 30  # letters of a row's name that stay on one line
STYLE = (
    "max-width:780px;border-collapse:collapse;font-size:13px;line-height:1.35",
    "caption-side:bottom;text-align:left;padding-top:6px",
)


def render_html(card: Card, rows: pd.DataFrame) -> str:
    """Return the narrow table as HTML: a caption with the finding, headers with their scope, no script, no ids."""
    header, body, left_out = lay_out(card, pd.DataFrame(rows))
    numbers = [bool(body) and all(_NUMBERS.fullmatch(cell) for cell in column if cell)
               for column in zip(*body, strict=True)] or [False] * len(header)  # fmt: skip
    aligned = ["text-align:right" if number else "text-align:left" for number in numbers]
    if body and max(len(cells[0]) for cells in body) <= UNBROKEN:
        aligned[0] += ";white-space:nowrap"
    head = "".join(
        f'<th scope="col" style="{style};vertical-align:bottom">{escape(name)}</th>'
        for name, style in zip(header, aligned, strict=True)
    )
    lines = []
    for cells in body:
        first, *others = (f'style="{style}">{mark(cell)}' for cell, style in zip(cells, aligned, strict=True))
        lines.append(f'<tr><th scope="row" {first}</th>' + "".join(f"<td {cell}</td>" for cell in others) + "</tr>")
    said = " ".join(filter(None, [left_out and f"{left_out}.", card.finding]))
    return (
        f'<table class="dataframe crossread" style="{STYLE[0]}"><caption style="{STYLE[1]}">{escape(said)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def render_prose(card: Card, rows: pd.DataFrame) -> str:
    """Return an answer that is read: a heading and a text for each row; the finding where it says more."""
    heading, text = card.question.prose
    said = "" if len(rows) == 1 and not any(pd.DataFrame(rows).get("stale", [])) else card.finding
    parts = [
        f"<h3 style='font-size:1.05em'>{escape(str(row[heading]))}</h3><p>{escape(str(row[text]))}</p>"
        for row in pd.DataFrame(rows).to_dict("records")
    ]
    return (
        f'<div class="crossread" style="max-width:780px">{"".join(parts)}'
        f"{said and f'<p style=font-size:13px>{escape(said)}</p>'}</div>"
    )


def mark(cell: str) -> str:
    """Escape a cell and turn the brackets around hits into marks; a long pattern may break after each word."""
    written = escape(cell).replace(OPEN, "<mark>").replace(CLOSE, "</mark>").replace("|", "|<wbr>")
    return _PER_CENT.sub("\\1&nbsp;%", written)
