"""One look for every chart: colours, type and the sheet that charts are laid out on, in inches.

A document keeps its colour in every figure, by its row in the table of documents; a theme keeps its own, by its place
in the lexicon. No colour stands for two things: more documents than colours all have the same one, and their places
and names tell them apart. The colours of documents are from Matthew Petroff, “Accessible
Color Sequences for Data Visualization”, 2021 (arXiv:2107.02270), six-colour sequence.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from inspect import signature
from typing import TYPE_CHECKING, Any

import pandas as pd

from crossread.charts.labels import SMALL, TEXT, wrap
from crossread.corpus.tables import check_columns
from crossread.wording import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOCUMENT_COLOURS = ("#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd")
THEME_COLOURS = ("#253793", "#b42d5a", "#259349", "#3d1f00", "#9f60bf", "#73004d")
MANY = "#4a5568"  # of every document, or every theme, where there are more than colours
NAMED = "_named"  # a key that counts a name alone ends so; see `theme_colours`
NAME_COLOUR = "#6b6b6b"

INK, PALE, GRID, BAND = "#1a1a1a", "#5f5f5f", "#d9d9d9", "#f1f1f1"
WIDTH, MARGIN = 8.0, 0.14  # inches: of a figure, and free at its sides
HEADLINE, MOST_LINES = 12.0, 4  # points; lines of a headline
MOST_NAMED, MOST_ROWS = 12, 60  # documents: up to so many each by name at large, each by name at small

SETTINGS = {
    "font.family": "DejaVu Sans",  # ships with matplotlib, so every machine draws the same letters
    "font.size": TEXT,
    "text.color": INK,
    "text.parse_math": False,  # a dollar in a word is a dollar
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.edgecolor": PALE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": TEXT,
    "axes.titleweight": "bold",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": TEXT,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 1.4,
    "lines.markersize": 6,
    "figure.facecolor": "white",
    "figure.max_open_warning": 0,  # a notebook shows and closes them, and `figures.save` does
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.6,
}


def context() -> AbstractContextManager:
    """Return a context in which matplotlib draws in the project's look; outside it nothing changes.

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["axes.spines.top"]
    >>> with context():
    ...     matplotlib.rcParams["axes.spines.top"]
    False
    >>> matplotlib.rcParams["axes.spines.top"] == before
    True
    """
    from matplotlib import rc_context

    return rc_context(SETTINGS)


def chart(what: str, *columns: str) -> Callable:
    """Make a `plot_…` function a chart (a decorator): it draws in the project's look a table that has these columns.

    A chart takes the table, and as far as it names them `documents` (`Corpus.documents`: for order, genres and
    colours), `labels` (what people call documents and themes; by default what the documents say) and `title` (what
    came out). It returns its axes, an array where there are several panels; the unit of a canvas is the inch. In a
    table of groups they stand where documents stand.

    Parameters
    ----------
    what : str
        What the table is, for the message that says which column it lacks.
    *columns : str

    Examples
    --------
    >>> @chart("the hits", "doc_id")
    ... def plot_nothing(table, labels, title):
    ...     import matplotlib
    ...     return matplotlib.rcParams["axes.spines.right"], labels.document("a"), title
    >>> plot_nothing(pd.DataFrame({"group": ["a"]}))
    (False, 'a', '')
    """

    def decorate(draw):
        known = signature(draw)

        @functools.wraps(draw)
        def drawn(*arguments, **options):
            given = known.bind_partial(*arguments, **options).arguments
            table, documents = given["table"], given.get("documents")
            if {"doc_id", "doc_a"} & set(columns):
                table, documents = groups_as_documents(table, documents)
            check_columns(table, columns, what)
            filled = {
                "table": table, "documents": documents, "title": given.get("title", ""),
                "labels": names_of(documents, given.get("labels")),
            }  # fmt: skip
            with context():
                return draw(**{**given, **{name: value for name, value in filled.items() if name in known.parameters}})

        return drawn

    return decorate


# --- the sheet ------------------------------------------------------------------------------------------------------


class Sheet:
    """A figure laid out in inches: headline, what is counted, the body, a note; nothing is measured while it is drawn.

    Parameters
    ----------
    height : float
        Of the body.
    title : str
        What came out: bold, at the left, in as many lines as it needs.
    below : str
        What is counted, in which unit: under the headline.
    note : str
        How to read what is not plain: at the foot.

    Attributes
    ----------
    figure : Figure
    width, height : float
        Of the body, in inches.

    Examples
    --------
    >>> sheet = Sheet(2.0, title="Wesley counts money")
    >>> [float(round(inches, 2)) for inches in sheet.figure.get_size_inches()]
    [8.0, 2.6]
    >>> float(sheet.axes(1.0, 0.5, 4.0, 1.0).get_position().width)
    0.5
    """

    def __init__(self, height: float, *, title: str = "", below: str = "", note: str = ""):
        import matplotlib.pyplot as plt

        inside = WIDTH - 2 * MARGIN
        size = HEADLINE if len(wrap(title, inside, HEADLINE, "bold")) <= 3 else HEADLINE - 2
        headline = wrap(title, inside, size, "bold")
        if len(headline) > MOST_LINES:
            headline = [*headline[: MOST_LINES - 1], headline[MOST_LINES - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"]
        parts = (
            (headline, size, 0.0172 * size, {"weight": "bold"}),
            (wrap(below, inside, SMALL), SMALL, 0.152, {"color": PALE}),
        )
        foot = wrap(note, inside, SMALL)
        self.width, self.height = WIDTH, height
        self.top = 0.12 + sum(len(lines) * step for lines, _, step, _ in parts) + 0.07 * any(p[0] for p in parts) + 0.1
        self.whole = self.top + height + 0.06 + (0.152 * len(foot) + 0.06 if foot else 0.04)
        self.figure: Figure = plt.figure(figsize=(WIDTH, round(self.whole, 3)))
        y = 0.12
        for lines, points, step, look in parts:
            for line in lines:
                self._write(line, y + 0.7 * step, points, look)
                y += step
            y += 0.05
        for number, line in enumerate(foot):
            self._write(line, self.top + height + 0.06 + 0.152 * (number + 0.7), SMALL, {"color": PALE})

    def _write(self, line: str, y: float, points: float, look: dict) -> None:
        self.figure.text(MARGIN / self.width, 1 - y / self.whole, line, fontsize=points, va="baseline", **look)

    def axes(self, left: float, top: float, width: float, height: float, **options: Any) -> Axes:
        """Return axes whose frame stands at a place of the body, in inches from its top left corner."""
        bottom = 1 - (self.top + top + height) / self.whole
        place = (left / self.width, bottom, width / self.width, height / self.whole)
        return self.figure.add_axes(place, **options)

    def canvas(self, top: float = 0.0, height: float | None = None) -> Axes:
        """Return bare axes over the body whose unit is the inch, from its top left corner downwards."""
        height = self.height - top if height is None else height
        ax = self.axes(0, top, self.width, height)
        ax.set(xlim=(0, self.width), ylim=(height, 0))
        ax.axis("off")
        return ax


def nothing_drawn(title: str, note: str = "") -> Axes:
    """Return a bare canvas under the title, of a table in which there is nothing to draw.

    Examples
    --------
    >>> len(nothing_drawn("Nobody speaks of it").texts)
    0
    """
    return Sheet(0.2, title=title, note=note).canvas()


# --- documents ------------------------------------------------------------------------------------------------------


def document_order(documents: pd.DataFrame | Iterable[str]) -> list[str]:
    """Return the ids of the documents in the one order that every chart keeps: that of the table's rows.

    Examples
    --------
    >>> document_order(pd.DataFrame({"label": ["B", "A"]}, index=["b_2001", "a_1999"]))
    ['b_2001', 'a_1999']
    """
    return [str(name) for name in (documents.index if hasattr(documents, "columns") else documents)]


def groups_as_documents(
    table: pd.DataFrame, documents: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Return a table of groups with its groups where documents stand, and no documents; any other as it is.

    Examples
    --------
    >>> groups_as_documents(pd.DataFrame({"group": ["1980s"]}), ["a_1999"])[0].columns.tolist()
    ['doc_id']
    """
    names = {"group": "doc_id", "group_a": "doc_a", "group_b": "doc_b"}
    if not set(names) & set(table.columns) or "doc_id" in table or "doc_a" in table:
        return table, documents
    return table.rename(columns=names), None


def present_documents(table: pd.DataFrame, documents: pd.DataFrame | None = None) -> list[str]:
    """Return the ids of the documents that a table has rows of, in their one order (without documents, the table's).

    Examples
    --------
    >>> table = pd.DataFrame({"doc_id": ["a_1999", "b_2001", "a_1999"]})
    >>> present_documents(table, ["b_2001", "a_1999"]), present_documents(table)
    (['b_2001', 'a_1999'], ['a_1999', 'b_2001'])
    """
    present = list(dict.fromkeys(str(name) for name in table["doc_id"]))
    return present if documents is None else [doc_id for doc_id in document_order(documents) if doc_id in present]


def names_of(documents: pd.DataFrame | None = None, labels: Labels | None = None) -> Labels:
    """Return what people call things: the labels that are given, else those of the table of documents.

    Examples
    --------
    >>> names_of(pd.DataFrame({"label": ["Ames 1999"]}, index=["a_1999"])).document("a_1999")
    'Ames 1999'
    """
    if labels is not None:
        return labels
    known = {} if documents is None or "label" not in documents else documents["label"].dropna().to_dict()
    return Labels(known)


def document_colours(documents: pd.DataFrame | Iterable[str]) -> dict[str, str]:
    """Return one colour for each document, by its row in the table of documents; all the same for more than six.

    Examples
    --------
    >>> document_colours(["a", "b"])
    {'a': '#5790fc', 'b': '#f89c20'}
    """
    ids = document_order(documents)
    return (
        dict(zip(ids, DOCUMENT_COLOURS, strict=False))
        if len(ids) <= len(DOCUMENT_COLOURS)
        else dict.fromkeys(ids, MANY)
    )


# --- themes ---------------------------------------------------------------------------------------------------------


def theme_colours(keys: Iterable[str], labels: Labels | None = None) -> dict[str, str]:
    """Return the colour of each key: that of its theme, by the theme's place in the lexicon; the seventh and on alike.

    A key such as `china_named` counts a name alone and no theme: it is grey.

    Parameters
    ----------
    keys : iterable of str
        Themes or senses.
    labels : Labels, optional
        Whose themes are in the order of the lexicon, so that a theme has the same colour in a table of a few.

    Examples
    --------
    >>> theme_colours(["cost.money", "rise", "rise_named"])
    {'cost.money': '#253793', 'rise': '#b42d5a', 'rise_named': '#6b6b6b'}
    >>> theme_colours(["rise"], Labels({}, {"cost": "Cost", "rise": "Rise"}))
    {'rise': '#b42d5a'}
    """
    keys = [str(key) for key in keys]
    known = dict.fromkeys(theme_of(key) for key in [*(() if labels is None else labels.themes), *keys])
    places = {theme: place for place, theme in enumerate(theme for theme in known if not theme.endswith(NAMED))}
    colours = {theme: THEME_COLOURS[place] if place < len(THEME_COLOURS) else MANY for theme, place in places.items()}
    return {key: colours.get(theme_of(key), NAME_COLOUR) for key in keys}


def theme_of(key: str) -> str:
    """Return the theme of a sense.

    Examples
    --------
    >>> theme_of("burden_sharing.money")
    'burden_sharing'
    """
    return str(key).split(".", 1)[0]


def tint(colour: str, part: float) -> tuple[float, float, float]:
    """Return a colour mixed with white, of which `part` is left.

    Examples
    --------
    >>> tint("#000000", 0.5)
    (0.5, 0.5, 0.5)
    """
    from matplotlib.colors import to_rgb

    return tuple(1 - part * (1 - value) for value in to_rgb(colour))
