"""A view as figure, table, caption and the code that makes them, in cells that run."""

from __future__ import annotations

from pathlib import Path

from crossread.errors import CrossreadError
from crossread.explore.model import QUERY, Workbench
from crossread.explore.state import UNITS, State
from crossread.tables import spoken

FIGURES = {"where": "fig-97-where", "how-much": "fig-98-how-much", "with-what": "fig-99-with-what"}


def place_of(corpus) -> str:
    """Return what `load` takes to open a corpus again: its name, or its folder."""
    from crossread.corpus import project_folder

    inside = corpus.folder is None or corpus.folder.parent == project_folder() / "corpus"
    return corpus.name if inside else str(corpus.folder)


def view_cells(bench: Workbench, state: State, view: str) -> list[str]:
    """Return the code of a view: three cells that load, compute and draw.

    Parameters
    ----------
    bench : Workbench
    state : State
    view : {"where", "how-much", "with-what"}

    Returns
    -------
    list of str

    Raises
    ------
    CrossreadError
        "There is no view “x” to export; there are where, how-much, with-what."
    """
    if view not in FIGURES:
        raise CrossreadError(f"There is no view “{view}” to export; there are {', '.join(FIGURES)}.")
    corpus = bench.corpus
    place = place_of(corpus)
    caption, alt = _words(bench, state, view)
    common = f"data=table, corpus=corpus, caption={caption!r}, alt={alt!r}"
    code = {
        "where": (
            "table = figures.rounded(bench.where(state))\n"
            "places = locate_hits(bench.shown_hits(state), corpus.sentences)\n"
            "ax = plot_hit_places(places, corpus.documents.loc[bench.documents(state)], keys=bench.keys(state))"
        ),
        "how-much": (
            "table = figures.rounded(bench.how_much(state))\n"
            "ax = plot_theme_rates(table, corpus.documents, quantity=state.unit)"
        ),
        "with-what": "table = figures.rounded(bench.with_words(state))\nax = plot_company(table)",
    }[view]
    chart = {
        "where": "from crossread.charts.themes import plot_hit_places\n",
        "how-much": "from crossread.charts.themes import plot_theme_rates\n",
        "with-what": "from crossread.charts.explore import plot_company\n",
    }[view]
    function = chart.split()[-1]
    more = "from crossread.themes import locate_hits\n" if view == "where" else ""
    return [
        f"from crossread import figures, load\n{chart}"
        f"from crossread.explore import Workbench, read_state\n{more}".strip(),
        f"corpus = load({place!r})\nbench = Workbench(corpus)\nstate = bench.check(read_state({state.to_json()!r}))",
        f"{code}\ngiven = {{'function': {function!r}, 'parameters': {{'state': state.to_json()}}}}\n"
        f"figures.save(ax, {FIGURES[view]!r}, {common}, **given)",
    ]


def export_view(bench: Workbench, state: State, view: str, folder: Path) -> list[Path]:
    """Write a view as SVG, PNG, table, manifest row and a notebook with the code that makes it.

    Returns
    -------
    list of Path
        The files: picture, table, notebook.

    Raises
    ------
    CrossreadError
        As `view_cells`; what `figures.save` finds wrong; "There is nothing to export: …".
    """
    import os

    import nbformat

    cells = view_cells(bench, state, view)
    tables = {"where": bench.where, "how-much": bench.how_much, "with-what": bench.with_words}
    if tables[view](state).empty:
        raise CrossreadError("There is nothing to export: the view is empty.")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(_words(bench, state, view)[0], id="caption"),
            *(
                nbformat.v4.new_code_cell(code, id=name)
                for code, name in zip(cells, ("load", "open", "draw"), strict=True)
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    from crossread import figures

    before = os.environ.get(figures.FOLDER_VARIABLE)
    os.environ[figures.FOLDER_VARIABLE] = str(folder)
    try:
        # the cells themselves are run, with the corpus that is open, so that what they say is what was exported
        exec("\n".join([cells[0], cells[2]]), {"corpus": bench.corpus, "bench": bench, "state": state})
    finally:
        if before is None:
            del os.environ[figures.FOLDER_VARIABLE]
        else:
            os.environ[figures.FOLDER_VARIABLE] = before
    name = FIGURES[view]
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return [folder / f"{name}.svg", folder / "data" / f"{name}.csv", path]


def _words(bench: Workbench, state: State, view: str) -> tuple[str, str]:
    """Return caption and alt text of a view."""
    keys = [f"“{state.query}”" if key == QUERY else spoken(key) for key in bench.keys(state)]
    documents = bench.documents(state)
    about = f"{', '.join(keys)} in {len(documents)} of {len(bench.doc_ids)} documents of “{bench.corpus.name}”"
    about += f", lexicon with {len(state.edits)} changes" if state.edits else ""
    table = {"where": bench.where, "how-much": bench.how_much, "with-what": bench.with_words}[view](state)
    if table.empty:
        return "Nothing.", "Nothing."
    if view == "where":
        most = table["doc_id"].value_counts()
        return (
            f"Where the hits stand: {about}; each document fills the width.",
            f"{len(table)} hits; most in {bench.labels[most.index[0]]} ({most.iloc[0]}).",
        )
    if view == "how-much":
        column = "per_1000" if state.unit == "per_1000" else "share"
        row = table.loc[table[column].idxmax()]
        return (
            f"How much: {about}; {UNITS[state.unit]}, 95 per cent limits.",
            f"Highest: {spoken(row['key'])} in {bench.labels[row['doc_id']]}, {row[column]:.3g}.",
        )
    row = table.loc[table["ratio"].idxmax()]
    return (
        f"Words within five tokens of the hits: {about}; times as often as by chance, 95 per cent limits.",
        f"Furthest from chance: “{row['term']}” with {spoken(row['key'])}, {row['ratio']:.1f} times.",
    )
