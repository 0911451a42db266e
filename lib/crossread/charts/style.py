"""One look for every chart: colours, markers, sizes and type, without touching anybody's matplotlib settings.

A document keeps its colour and marker in every figure, by its row in the table of documents; a theme keeps
its own, from colours that no document of a small corpus has. Colours are from Matthew Petroff, “Accessible
Color Sequences for Data Visualization”, 2021 (arXiv:2107.02270), eight-colour sequence; marker or direct
label always say the same as the colour, since two of them are pale on white.
"""

import functools

import numpy as np

from crossread.errors import CrossreadError

PETROFF_6 = ("#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd")
PETROFF_8 = ("#1845fb", "#ff5e02", "#c91f16", "#c849a9", "#adad7d", "#86c8dd", "#578dff", "#656364")
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "*")

DOCUMENT_COLOURS = PETROFF_6
THEME_COLOURS = ("#253793", "#259349", "#3d1f00", "#b42d5a")
THEME_HATCHES = ("", "///", "...", "xxx")

INK, PALE, GRID = "#1a1a1a", "#767676", "#d9d9d9"
SMALLEST_TYPE = 8.0

# Width in inches of the place where a figure stands, and the size of its type in points there.
SIZES = {"page": (6.3, 8.5), "notebook": (7.5, 9.0), "slide": (10.0, 14.0)}

SETTINGS = {
    "font.family": "DejaVu Sans",  # ships with matplotlib, so every machine draws the same letters
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": PALE,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titleweight": "normal",
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 6,
    "figure.facecolor": "white",
    "figure.max_open_warning": 0,  # a notebook shows and closes them, and `figures.save` does
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.6,
}


def context(size: str = "page"):
    """Return a context in which matplotlib draws in the project's look; outside it nothing changes.

    Parameters
    ----------
    size : str
        "page", "notebook" or "slide": where the figure will stand, which sets its type.

    Raises
    ------
    CrossreadError
        "there is no figure size “poster”: choose page, notebook or slide."

    Examples
    --------
    >>> import matplotlib
    >>> before = matplotlib.rcParams["axes.spines.top"]
    >>> with context("slide"):
    ...     matplotlib.rcParams["font.size"]
    14.0
    >>> matplotlib.rcParams["axes.spines.top"] == before
    True
    """
    from matplotlib import rc_context

    type_size = _size(size)[1]
    sizes = dict.fromkeys(
        (
            "font.size",
            "axes.labelsize",
            "xtick.labelsize",
            "ytick.labelsize",
            "legend.fontsize",
            "figure.titlesize",
        ),
        type_size,
    )
    return rc_context({**SETTINGS, **sizes, "axes.titlesize": type_size + 1})


def styled(plot):
    """Make a `plot_…` function draw in the project's look (a decorator).

    Examples
    --------
    >>> @styled
    ... def plot_nothing(table, ax=None):
    ...     import matplotlib
    ...     return matplotlib.rcParams["axes.spines.right"]
    >>> plot_nothing(None)
    False
    """

    @functools.wraps(plot)
    def drawn_in_style(*arguments, **options):
        with context():
            return plot(*arguments, **options)

    return drawn_in_style


def figure(
    width: float | None = None,
    height: float = 3.6,
    size: str = "page",
    rows: int = 1,
    columns: int = 1,
    **options,
):
    """Make a figure and its axes in the project's look, laid out so that no label is cut off.

    Parameters
    ----------
    width, height : float
        Inches. Without a width the figure fills the page, the notebook or the slide.
    size : str
        "page", "notebook" or "slide".
    rows, columns : int
        Panels; with more than one, the axes come as an array, as from `matplotlib.pyplot.subplots`.
    **options
        Passed on to `matplotlib.pyplot.subplots` (sharex, sharey, width_ratios …).

    Returns
    -------
    figure, axes
        The matplotlib figure, and its axes.

    Examples
    --------
    >>> drawing, axes = figure(height=2.0)
    >>> [float(inches) for inches in drawing.get_size_inches()]
    [6.3, 2.0]
    """
    import matplotlib.pyplot as plt

    with context(size):
        return plt.subplots(rows, columns, figsize=(width or _size(size)[0], height), layout="constrained", **options)


def resize(drawing, size: str):
    """Enlarge a finished chart, with its type, lines and marks, from the page to the notebook or the slide.

    Parameters
    ----------
    drawing : Figure or Axes
        A chart drawn for the page.
    size : str
        "page", "notebook" or "slide": the width to which everything grows alike.

    Returns
    -------
    Figure
        The same figure, now as wide as the place asks.

    Raises
    ------
    CrossreadError
        "there is no figure size “poster”: choose page, notebook or slide."

    Examples
    --------
    >>> drawing, ax = figure(height=2.0)
    >>> text = ax.text(0, 0, "Lee 2023", fontsize=8)
    >>> [round(float(inches), 2) for inches in resize(ax, "slide").get_size_inches()], round(text.get_fontsize(), 1)
    ([10.0, 3.17], 12.7)
    """
    from matplotlib.collections import Collection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.text import Text

    drawing = getattr(drawing, "figure", drawing)
    factor = _size(size)[0] / drawing.get_figwidth()
    drawing.set_size_inches(drawing.get_size_inches() * factor)
    for artist in drawing.findobj(lambda artist: isinstance(artist, Text | Line2D | Patch | Collection)):
        if isinstance(artist, Text):
            artist.set_fontsize(artist.get_fontsize() * factor)
            continue
        width = np.asarray(artist.get_linewidth()) * factor
        artist.set_linewidth(width if isinstance(artist, Collection) else float(width))
        if isinstance(artist, Line2D):
            artist.set_markersize(artist.get_markersize() * factor)
        if hasattr(artist, "set_sizes"):
            artist.set_sizes(artist.get_sizes() * factor**2)
    return drawing


def document_order(documents) -> list[str]:
    """Return the ids of the documents in the one order that every chart keeps: that of the table's rows.

    Examples
    --------
    >>> import pandas as pd
    >>> document_order(pd.DataFrame({"label": ["B", "A"]}, index=["b_2001", "a_1999"]))
    ['b_2001', 'a_1999']
    """
    return [str(name) for name in (documents.index if hasattr(documents, "columns") else documents)]


def groups_as_documents(table, documents=None):
    """Return a table of groups with its groups where documents stand, and no documents; any other as it is.

    Examples
    --------
    >>> import pandas as pd
    >>> groups_as_documents(pd.DataFrame({"group": ["1980s"]}), ["a_1999"])[0].columns.tolist()
    ['doc_id']
    """
    names = {"group": "doc_id", "group_a": "doc_a", "group_b": "doc_b"}
    if not set(names) & set(table.columns) or "doc_id" in table or "doc_a" in table:
        return table, documents
    return table.rename(columns=names), None


def present_documents(table, documents=None) -> list[str]:
    """Return the ids of the documents that a table has rows of, in their one order (without documents, the table's).

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"doc_id": ["a_1999", "b_2001", "a_1999"]})
    >>> present_documents(table, ["b_2001", "a_1999"]), present_documents(table)
    (['b_2001', 'a_1999'], ['a_1999', 'b_2001'])
    """
    present = list(dict.fromkeys(table["doc_id"]))
    return present if documents is None else [doc_id for doc_id in document_order(documents) if doc_id in present]


def document_label(doc_id, documents=None) -> str:
    """Return what a chart calls a document, or several joined by “ + ”: the table's label, else the id.

    Examples
    --------
    >>> import pandas as pd
    >>> document_label("a_1999 + c_2003", pd.DataFrame({"label": ["Ames 1999"]}, index=["a_1999"]))
    'Ames 1999, c_2003'
    """
    if documents is None:
        return str(doc_id)
    return ", ".join(str(documents["label"].get(part, part)) for part in str(doc_id).split(" + "))


def document_colours(documents) -> dict[str, str]:
    """Return one colour for each document, by its row in the table of documents.

    Up to six documents have six colours told apart with every kind of colour vision; beyond that they repeat,
    and the marker (`document_markers`) tells two of the same colour apart.

    Examples
    --------
    >>> document_colours(["a", "b"])
    {'a': '#5790fc', 'b': '#f89c20'}
    """
    return _repeat(document_order(documents), DOCUMENT_COLOURS)


def document_markers(documents) -> dict[str, str]:
    """Return one matplotlib marker for each document, by its row in the table of documents.

    Examples
    --------
    >>> document_markers(["a", "b"])
    {'a': 'o', 'b': 's'}
    """
    return _repeat(document_order(documents), MARKERS)


def document_looks(ids, documents=None) -> tuple[dict[str, str], dict[str, str]]:
    """Return the colours and the markers of documents, by their rows in the table or, without one, by their ids.

    Examples
    --------
    >>> document_looks(["a"])
    ({'a': '#5790fc'}, {'a': 'o'})
    """
    known = ids if documents is None else documents
    return document_colours(known), document_markers(known)


def theme_colours(keys) -> dict[str, str]:
    """Return one colour for each theme, in the order given, none of them a document's colour.

    Examples
    --------
    >>> theme_colours(["burden_sharing", "china_rise"])
    {'burden_sharing': '#253793', 'china_rise': '#259349'}
    """
    return _repeat([str(key) for key in keys], THEME_COLOURS)


def draw_intervals(ax, values, low, high, positions, colours, markers=None, labels=None, horizontal: bool = True):
    """Draw each estimate as a point on the line of its interval, and return the axes.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    values, low, high : sequence of float
        Estimates and their limits, in the unit of the axis. An estimate that is not a number is left out.
    positions : sequence of float
        Place of each on the other axis.
    colours, markers : sequence of str
        One for each estimate; without markers all are circles.
    labels : sequence of str, optional
        Written directly beside the far end of each interval.
    horizontal : bool
        Whether the values run along the horizontal axis.

    Examples
    --------
    >>> _, ax = figure()
    >>> len(draw_intervals(ax, [1.0, 2.0], [0.5, 1.0], [1.5, 4.0], [0, 1], ["#5790fc", "#f89c20"]).lines)
    4
    """
    positions = list(positions)
    markers = markers or ["o"] * len(positions)
    for i, (value, lower, upper, place) in enumerate(zip(values, low, high, positions, strict=True)):
        if value != value:
            continue
        line, point, end = ((lower, upper), (place, place)), ((value,), (place,)), (upper, place)
        if not horizontal:
            line, point, end = line[::-1], point[::-1], end[::-1]
        ax.plot(*line, color=colours[i], linewidth=2, solid_capstyle="butt", zorder=2)
        ax.plot(
            *point,
            marker=markers[i],
            color=colours[i],
            markeredgecolor=INK,
            markeredgewidth=0.6,
            linestyle="none",
            zorder=3,
        )
        if labels is not None:
            label_directly(ax, *end, labels[i], horizontal=horizontal)
    return ax


def label_directly(ax, x: float, y: float, text: str, colour: str = INK, horizontal: bool = True):
    """Write a label just beside (or above) a point of the chart, instead of a legend elsewhere.

    Examples
    --------
    >>> _, ax = figure()
    >>> label_directly(ax, 0.5, 0.5, "Lee 2023").get_text()
    'Lee 2023'
    """
    offset, place = ((4, 0), ("left", "center")) if horizontal else ((0, 4), ("center", "bottom"))
    return ax.annotate(
        text, (x, y), xytext=offset, textcoords="offset points", ha=place[0], va=place[1], color=colour,
        fontsize=max(SMALLEST_TYPE, _size("page")[1] - 0.5), fontfamily="DejaVu Sans", annotation_clip=False,
    )  # fmt: skip


def _size(name: str) -> tuple[float, float]:
    if name not in SIZES:
        raise CrossreadError(f"there is no figure size “{name}”: choose page, notebook or slide.")
    return SIZES[name]


def _repeat(names, values) -> dict[str, str]:
    return {name: values[i % len(values)] for i, name in enumerate(names)}
