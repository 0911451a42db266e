"""Figures that can be checked: each with its table, caption, alt text and a row in the manifest.

A figure is four things on disk: fig-NN-slug.svg, fig-NN-slug.png, data/fig-NN-slug.csv and a row of
figures.csv. `save` writes them, `show` puts one into a notebook so that it is also read aloud, `check`
says what is wrong with a folder of them, and by how much a regenerated folder differs.

A notebook run by hand writes to figures/mine, on a corpus of one's own to figures/NAME (both ignored by git);
`crossread figures` runs all notebooks with CROSSREAD_FIGURES set to a scratch folder, and replaces the published
figures when they ran to their end.
"""

from __future__ import annotations

import base64
import contextlib
import csv
import dataclasses
import hashlib
import html
import io
import json
import os
import re
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crossread.corpus import project_folder
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread.notebook import STRICT_VARIABLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from crossread.corpus import Corpus

PUBLISHED = project_folder() / "figures"
FOLDER_VARIABLE, NOTEBOOK_VARIABLE = "CROSSREAD_FIGURES", "CROSSREAD_NOTEBOOK"
OF_THE_PROJECT = ("alliances", "practice", "parties")

MANIFEST = (
    "figure", "notebook", "function", "parameters", "caption", "alt", "corpus", "corpus_sha256",
    "table_sha256", "svg_sha256", "png_sha256", "width_inches", "height_inches",
)  # fmt: skip
PROBLEMS = ("figure", "problem")

NAME = re.compile(r"fig-[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*")
DIGITS = 6
PNG_DPI = 150
DRAWN_THE_SAME = {
    "svg.hashsalt": "crossread",
    "svg.fonttype": "path",
    "font.sans-serif": ["DejaVu Sans"],
    "savefig.bbox": None,
    "savefig.facecolor": "white",
}
NO_DATES = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


@dataclasses.dataclass(frozen=True)
class ShownFigure:
    """A saved figure as a notebook shows it: picture, caption, and an alt text that a screen reader finds."""

    name: str
    svg: bytes
    caption: str
    alt: str

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.svg).decode("ascii")
        return (
            f'<figure id="{html.escape(self.name)}" style="margin: 0">'
            f'<img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{source}" '
            'style="max-width: 100%; height: auto; background: white">'
            f"<figcaption>{html.escape(self.caption)}</figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"[Figure: {self.alt}]"


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its decimal numbers rounded to significant digits, for drawing and saving.

    Charts are drawn from the rounded table, so that a difference in the sixteenth digit between two
    processors cannot move a line.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Examples
    --------
    >>> rounded(pd.DataFrame({"share": [1 / 3, 123456.789], "n": [1, 2]})).to_dict("list")
    {'share': [0.333333, 123457.0], 'n': [1, 2]}
    """
    result = table.copy()
    for position, kind in enumerate(table.dtypes):
        if isinstance(kind, np.dtype) and kind.kind == "f" or isinstance(kind, pd.Float64Dtype | pd.Float32Dtype):
            # + 0.0 turns -0.0 into 0.0, which would otherwise be written as “-0.0” on some machines only.
            values = [float(f"{value:.{DIGITS}g}") + 0.0 for value in table.iloc[:, position].astype(float)]
            result.isetitem(position, pd.Series(values, index=table.index))
    return result


def name_figure(figure: str | int, question: str = "") -> str:
    """Return the name of a figure: its number and the question that it answers, or the name that is given.

    Parameters
    ----------
    figure : str or int
        A number from 1 to 99, or a name such as "fig-03-what-it-shows".
    question : str
        The method of `Study`.

    Raises
    ------
    CrossreadError
        "0 names no figure. Type its number, from 1 to 99: .save(2); or a name of your own, made like this: …"

    Examples
    --------
    >>> name_figure(10, "topic_stability")
    'fig-10-topic-stability'
    """
    name = figure
    if isinstance(figure, Integral) and not isinstance(figure, bool) and 1 <= figure <= 99:
        name = f"fig-{figure:02d}-{question.replace('_', '-')}"
    if not isinstance(name, str) or not NAME.fullmatch(name):
        given = f"“{figure}”" if isinstance(figure, str) else repr(figure)
        raise CrossreadError(
            f"{given} names no figure. Type its number, from 1 to 99: .save(2); or a name of your own, made like this: "
            '.save("fig-02-what-it-shows").'
        )
    return name


def save(
    drawing: Axes | Figure | np.ndarray,
    name: str,
    *,
    data: pd.DataFrame,
    caption: str,
    alt: str,
    corpus: Corpus | None = None,
    function: str = "",
    parameters: dict | None = None,
) -> ShownFigure:
    """Write a figure as SVG and PNG with its table and manifest row, close it, and return it for showing.

    Parameters
    ----------
    drawing : Axes, Figure or array of Axes
        What a `plot_…` function returned.
    name : str
        "fig-NN-slug": two digits, then small letters, digits and hyphens.
    data : DataFrame
        The numbers drawn. Rounded to six significant digits; a named index becomes columns.
    caption : str
        What the figure shows, of what, counted how.
    alt : str
        What there is to see in it, for those who cannot: the finding in a sentence or two.
    corpus : Corpus, optional
        The corpus drawn; its name and the hash of its published tables go into the manifest.
    function : str
        The chart function's name.
    parameters : dict, optional
        What it was called with, as far as it shaped the figure.

    Returns
    -------
    ShownFigure
        As the last value of a cell it is displayed.

    Examples
    --------
    >>> import tempfile
    >>> from crossread.charts.style import Sheet
    >>> os.environ["CROSSREAD_FIGURES"] = tempfile.mkdtemp()
    >>> ax = Sheet(2.0).axes(1, 0, 6, 1.5)
    >>> table = pd.DataFrame({"x": [1, 2], "y": [2.0, 1.0]})
    >>> _ = ax.plot(table["x"], table["y"])
    >>> save(ax, "fig-99-line", data=table, caption="A line.", alt="It falls from 2 to 1.")
    [Figure: It falls from 2 to 1.]
    >>> del os.environ["CROSSREAD_FIGURES"]
    """
    picture = _figure_of(drawing)
    name = name_figure(name)
    for what, text in (("caption", caption), ("alt text", alt)):
        if not str(text or "").strip():
            raise CrossreadError(f"{name}: the {what} is empty. Say in a sentence what the figure shows.")
    if not isinstance(data, pd.DataFrame) or data.empty:
        raise CrossreadError(f"{name}: the table is empty. Give the numbers that were drawn: data=table.")
    table = _table_bytes(data)
    with _noting_letters() as letters:
        images = {"png": _image_bytes(picture, "png")}
        if os.environ.get(STRICT_VARIABLE):
            _check_lettering(picture, letters, name)
    images["svg"] = _image_bytes(picture, "svg")
    width, height = (float(f"{inches:.4g}") for inches in picture.get_size_inches())
    row = {
        "figure": name,
        "notebook": os.environ.get(NOTEBOOK_VARIABLE, ""),
        "function": function,
        "parameters": json.dumps(parameters or {}, sort_keys=True, ensure_ascii=False, default=str),
        "caption": " ".join(caption.split()),
        "alt": " ".join(alt.split()),
        "corpus": getattr(corpus, "name", ""),
        "corpus_sha256": corpus_hash(corpus) if corpus is not None else "",
        "table_sha256": _sha256(table),
        **{f"{kind}_sha256": _sha256(images[kind]) for kind in ("svg", "png")},
        "width_inches": str(width),
        "height_inches": str(height),
    }
    place = folder(corpus)
    write_whole(place / "data" / f"{name}.csv", table)
    for kind, image in images.items():
        write_whole(place / f"{name}.{kind}", image)
    _write_manifest(place, [*(old for old in _manifest(place) if old["figure"] != name), row])

    import matplotlib.pyplot as plt

    plt.close(picture)
    return ShownFigure(name, images["svg"], row["caption"], row["alt"])


def show_drawing(drawing: Axes | Figure | np.ndarray, caption: str, alt: str) -> ShownFigure:
    """Return a drawing for showing in a notebook with its caption and alt text, and close it; nothing is written.

    Parameters
    ----------
    drawing : Axes, Figure or array of Axes
        What a `plot_…` function returned.
    caption, alt : str
        As in `save`.
    """
    import matplotlib.pyplot as plt

    picture = _figure_of(drawing)
    image = _image_bytes(picture, "svg")
    plt.close(picture)
    return ShownFigure("figure", image, " ".join(caption.split()), " ".join(alt.split()))


def table_of(function: str, place: Path) -> Path | None:
    """Return the table of the figure that a question made, such as "study.claims", or None where it made none.

    Parameters
    ----------
    function : str
        As in the manifest.
    place : Path
        A folder of figures.
    """
    made = [row["figure"] for row in _manifest(place) if row["function"] == function]
    return place / "data" / f"{made[0]}.csv" if made else None


def show(name: str) -> ShownFigure:
    """Return a saved figure for showing in a notebook: your own if you have made it, else the published one.

    Raises
    ------
    CrossreadError
        "There is no figure “fig-98-x”. There are: …"
    """
    known = []
    for place in (folder(), PUBLISHED):
        for row in _manifest(place):
            known.append(row["figure"])
            if row["figure"] == name and (place / f"{name}.svg").is_file():
                return ShownFigure(name, (place / f"{name}.svg").read_bytes(), row["caption"], row["alt"])
    raise CrossreadError(f"There is no figure “{name}”. There are: {', '.join(sorted(set(known))) or 'none yet'}.")


def read_saved(figure: str, row: int, place: Path | str | None = None) -> tuple[str, dict, pd.Series]:
    """Return what a row of a saved figure's table came from: the question, what was asked, and the row.

    Parameters
    ----------
    figure : str
        The figure's name or its beginning: "fig-05".
    row : int
        1 for the first row under the header.
    place : path, optional
        The folder of figures, by default the published ones.

    Returns
    -------
    tuple
        The name of the method of `Study`, its arguments, and the row.
    """
    place = Path(place or PUBLISHED)
    rows = _manifest(place)
    begin = [one for one in rows if one["figure"].startswith(figure)]
    found = [one for one in begin if one["figure"] == figure] or begin
    if not found:
        known = ", ".join(one["figure"] for one in rows)
        raise CrossreadError(f"No figure begins with “{figure}”. There are: {known or 'none yet'}.")
    if len(found) > 1:
        known = ", ".join(one["figure"] for one in found)
        raise CrossreadError(f"Several figures begin with “{figure}”: {known}. Write one of these names whole.")
    entry = found[0]
    table = pd.read_csv(place / "data" / f"{entry['figure']}.csv")
    if not 1 <= row <= len(table):
        raise CrossreadError(f"{entry['figure']} has {len(table)} rows, not {row}.")
    return entry["function"].removeprefix("study."), json.loads(entry["parameters"]), table.iloc[row - 1]


def folder(corpus: Corpus | None = None) -> Path:
    """Return the folder to which `save` writes now: what CROSSREAD_FIGURES names, else one for each corpus.

    A corpus of one's own has figures/NAME; what is drawn by hand of the project's corpora goes to figures/mine.
    """
    if os.environ.get(FOLDER_VARIABLE):
        return Path(os.environ[FOLDER_VARIABLE])
    name = getattr(corpus, "name", "")
    if not name or name in OF_THE_PROJECT:
        return PUBLISHED / "mine"
    return PUBLISHED / (name if name != "data" else "data-corpus")  # figures/data holds the tables that are published


def manifest(place: Path | str = PUBLISHED) -> pd.DataFrame:
    """Return the manifest of a folder of figures, one row for each, all columns as text (MANIFEST)."""
    return pd.DataFrame(_manifest(Path(place)), columns=list(MANIFEST))


def corpus_hash(corpus: Corpus) -> str:
    """Return the hash of a corpus as its published tables give it: the same with and without the texts."""
    digest = hashlib.sha256()
    for table in (corpus.documents, corpus.sentences.drop(columns="text", errors="ignore"), corpus.counts):
        digest.update(table.to_csv(lineterminator="\n").encode())
    return digest.hexdigest()


def check(place: Path | str = PUBLISHED, regenerated: Path | str | None = None, images: bool = True) -> pd.DataFrame:
    """Return what is wrong with a folder of figures: no rows when nothing is.

    Parameters
    ----------
    place : path
        The folder, figures/ unless said otherwise.
    regenerated : path, optional
        The same figures made again; then every table must be equal, and every image to the byte.
    images : bool
        Whether the images must be equal too. They need not be where other versions of the packages drew them.

    Returns
    -------
    DataFrame
        figure: its name, or the file's; problem: what is wrong, and by how much.
    """
    place = Path(place)
    problems = pd.DataFrame(_faults_of_folder(place), columns=list(PROBLEMS))
    if regenerated is not None:
        problems = pd.concat([problems, compare(place, regenerated, images=images)])
    return problems.drop_duplicates().sort_values(list(PROBLEMS), ignore_index=True)


def compare(
    place: Path | str, regenerated: Path | str, *, images: bool = True, notebook: str | None = None
) -> pd.DataFrame:
    """Return in what regenerated figures differ from those of a folder, and by how much.

    Parameters
    ----------
    place, regenerated : path
        The two folders.
    images : bool
        Whether to compare the images too.
    notebook : str, optional
        Compare the figures of this notebook only.

    Returns
    -------
    DataFrame
        figure, problem, as from `check`.
    """
    place, regenerated = Path(place), Path(regenerated)
    old, new = (
        {row["figure"]: row for row in _manifest(side) if notebook in (None, row["notebook"])}
        for side in (place, regenerated)
    )
    differences = [(name, "is an orphan: no notebook makes it") for name in old.keys() - new.keys()]
    differences += [(name, "is not published yet") for name in new.keys() - old.keys()]
    for name in sorted(old.keys() & new.keys()):
        for column in MANIFEST:
            if not column.endswith("_sha256") and old[name][column] != new[name][column]:
                differences.append((name, f"{column}: “{old[name][column]}” is now “{new[name][column]}”"))
        if old[name]["corpus_sha256"] != new[name]["corpus_sha256"]:
            differences.append((name, f"the corpus “{new[name]['corpus']}” is not the one that it was drawn from"))
        svg, png, table = zip(_files_of(place, name), _files_of(regenerated, name), strict=True)
        differences += [(name, difference) for difference in _table_difference(*table)]
        if images:
            differences += [(name, difference) for difference in (*_svg_difference(*svg), *_png_difference(*png))]
    return pd.DataFrame(differences, columns=list(PROBLEMS))


def replace_published(regenerated: Path | str, notebooks: list[str], place: Path | str = PUBLISHED) -> None:
    """Put regenerated figures in the place of the published ones, for the notebooks that ran to their end.

    A figure that such a notebook no longer makes is removed; figures of other notebooks stay as they are.
    """
    regenerated, place = Path(regenerated), Path(place)
    rows = _manifest(regenerated)
    made = {row["figure"] for row in rows}
    old = _manifest(place)
    for row in old:
        if row["notebook"] in notebooks and row["figure"] not in made:
            for gone in _files_of(place, row["figure"]):
                gone.unlink(missing_ok=True)
    for row in rows:
        for source in _files_of(regenerated, row["figure"]):
            write_whole(place / source.relative_to(regenerated), source.read_bytes())
    others = [row for row in old if row["notebook"] not in notebooks and row["figure"] not in made]
    _write_manifest(place, others + rows)


def collect(places: list[Path], into: Path) -> None:
    """Bring the figures that notebooks wrote to folders of their own together in one folder."""
    rows: dict[str, dict] = {}
    for place in places:
        for row in _manifest(place):
            if row["figure"] in rows:
                first = rows[row["figure"]]["notebook"]
                raise CrossreadError(
                    f"Two notebooks make {row['figure']}: {first} and {row['notebook']}. "
                    "Give it another number in one of them."
                )
            rows[row["figure"]] = row
    for place in places:
        for source in (path for path in place.rglob("*") if path.is_file()):
            write_whole(into / source.relative_to(place), source.read_bytes())
    _write_manifest(into, list(rows.values()))


def _figure_of(drawing):
    from matplotlib.figure import Figure

    if isinstance(drawing, np.ndarray):
        drawing = drawing.flat[0]
    picture = drawing if isinstance(drawing, Figure) else getattr(drawing, "figure", None)
    if picture is None:
        raise CrossreadError(f"figures.save draws matplotlib axes or figures, not {type(drawing).__name__}.")
    return picture


def _image_bytes(picture, kind: str) -> bytes:
    """Draw a figure once. (`savefig` would draw it twice, to lay out what is laid out.)"""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.BytesIO()
    picture.set_facecolor("white")
    canvas, own, dpi = (FigureCanvasAgg if kind == "png" else FigureCanvasSVG), picture.canvas, picture.dpi
    try:
        picture.dpi = PNG_DPI
        with rc_context(DRAWN_THE_SAME):
            getattr(canvas(picture), f"print_{kind}")(buffer, metadata=NO_DATES[kind])
    finally:
        picture.dpi = dpi
        picture.set_canvas(own)
    return buffer.getvalue()


@contextlib.contextmanager
def _noting_letters():
    """Note every text that is drawn, with the box that it takes."""
    from matplotlib.text import Text

    letters, draw = [], Text.draw

    def noted(text, renderer, *arguments, **options):
        draw(text, renderer, *arguments, **options)
        if text.get_text().strip() and text.get_visible():
            letters.append((text, Text.get_window_extent(text, renderer)))

    Text.draw = noted
    try:
        yield letters
    finally:
        Text.draw = draw


def _check_lettering(picture, letters, name: str) -> None:
    """Stop at a label that is too small to read, cut off at the edge, or covered by another: easily overlooked."""
    from crossread.charts.labels import SMALLEST_TYPE

    width, height = picture.get_size_inches() * PNG_DPI
    for text, box in letters:
        label = " ".join(text.get_text().split())
        if text.get_fontsize() < SMALLEST_TYPE - 1e-6:
            raise CrossreadError(
                f"{name}: the label “{label}” is set in {text.get_fontsize():.3g} points, too small "
                f"to read (at least {SMALLEST_TYPE:g}). Show fewer labels, or make the figure larger."
            )
        if min(box.x0, box.y0) < -2 or box.x1 > width + 2 or box.y1 > height + 2:
            raise CrossreadError(
                f"{name}: the label “{label}” runs out of the picture. Make room for it "
                "(wider limits or figure) or shorten it."
            )
    covered = _first_overlap([box for _, box in letters])
    if covered is not None:
        one, other = (" ".join(letters[place][0].get_text().split()) for place in covered)
        raise CrossreadError(f"{name}: the label “{one}” covers the label “{other}”. Move one of them.")


def _first_overlap(boxes, slack: float = 3.0) -> tuple[int, int] | None:
    """Return the first two boxes that cover each other by more than some pixels each way."""
    order = sorted(range(len(boxes)), key=lambda n: boxes[n].x0)
    for place, one in enumerate(order):
        for other in order[place + 1 :]:
            if boxes[other].x0 > boxes[one].x1 - slack:
                break
            if min(boxes[one].y1, boxes[other].y1) - max(boxes[one].y0, boxes[other].y0) > slack:
                return one, other
    return None


def _table_bytes(table: pd.DataFrame) -> bytes:
    if not isinstance(table.index, pd.RangeIndex):
        table = table.reset_index()
    return rounded(table).to_csv(index=False, lineterminator="\n").encode("utf-8")


def _manifest(place: Path) -> list[dict]:
    path = place / "figures.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows, start=2):
        if set(row) != set(MANIFEST) or None in row.values():
            raise CrossreadError(
                f"{path}: line {number} does not have the columns of a manifest. Restore the file from the "
                "repository, or delete it and run: crossread figures"
            )
    return rows


def _write_manifest(place: Path, rows: list[dict]) -> None:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, MANIFEST, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["figure"]))
    write_whole(place / "figures.csv", buffer.getvalue())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _files_of(place: Path, name: str) -> list[Path]:
    return [place / f"{name}.svg", place / f"{name}.png", place / "data" / f"{name}.csv"]


def _faults_of_folder(place: Path) -> list[tuple[str, str]]:
    faults, known = [], set()
    for row in _manifest(place):
        name = row["figure"]
        if name in known:
            faults.append((name, "has two rows in the manifest"))
        known.add(name)
        for column in ("alt", "caption"):
            if not row[column].strip():
                faults.append((name, f"has no {'alt text' if column == 'alt' else column}"))
        for path, column in zip(_files_of(place, name), ("svg_sha256", "png_sha256", "table_sha256"), strict=True):
            if not path.is_file():
                faults.append((name, f"{path.relative_to(place).as_posix()} is missing"))
            elif _sha256(path.read_bytes()) != row[column]:
                faults.append(
                    (
                        name,
                        f"{path.relative_to(place).as_posix()} is not the file that the manifest describes",
                    )
                )
    expected = {path for name in known for path in _files_of(place, name)}
    for path in sorted([*place.glob("fig-*"), *(place / "data").glob("*"), *place.glob("*.part")]):
        if path not in expected:
            faults.append((path.relative_to(place).as_posix(), "is an orphan: no row of the manifest names it"))
    return faults


def _both_there_and_unequal(old: Path, new: Path) -> bool:
    return old.is_file() and new.is_file() and old.read_bytes() != new.read_bytes()


def _table_difference(old: Path, new: Path) -> list[str]:
    if not _both_there_and_unequal(old, new):
        return []
    before, after = (pd.read_csv(path, dtype=str, keep_default_na=False) for path in (old, new))
    if list(before.columns) != list(after.columns):
        return [f"table: the columns {', '.join(before.columns)} are now {', '.join(after.columns)}"]
    if len(before) != len(after):
        return [f"table: {len(before)} rows are now {len(after)}"]
    unequal = before.to_numpy() != after.to_numpy()
    worst, size = None, -1.0
    for row, column in np.argwhere(unequal):
        was, now = before.iat[row, column], after.iat[row, column]
        try:
            change = abs(float(now) - float(was)) / max(abs(float(was)), 1e-300)
        except ValueError:
            change = np.inf
        if change > size:
            worst, size = (row, column, was, now), change
    if worst is None:
        return ["table: the same values are written differently"]
    row, column, was, now = worst
    amount = f" ({size:.2g} of its size)" if np.isfinite(size) else ""
    return [
        f"table: {unequal.sum()} of {unequal.size} cells differ, most of all "
        f"{before.columns[column]} in row {row + 1}: {was} is now {now}{amount}"
    ]


def _svg_difference(old: Path, new: Path) -> list[str]:
    if not _both_there_and_unequal(old, new):
        return []
    before, after = (path.read_text(encoding="utf-8").splitlines() for path in (old, new))
    common = sum(a == b for a, b in zip(before, after, strict=False))
    return [f"svg: {max(len(before), len(after)) - common} of {max(len(before), len(after))} lines differ"]


def _png_difference(old: Path, new: Path) -> list[str]:
    if not _both_there_and_unequal(old, new):
        return []
    from matplotlib.image import imread

    before, after = imread(old), imread(new)
    if before.shape != after.shape:
        sizes = [f"{image.shape[1]} by {image.shape[0]}" for image in (before, after)]
        return [f"png: {sizes[0]} pixels are now {sizes[1]}"]
    distance = np.abs(before - after).max(axis=-1)
    share, most = (distance > 0).mean(), distance.max()
    return [f"png: {100 * share:.2g} per cent of the pixels differ, by up to {100 * most:.2g} per cent of the scale"]
