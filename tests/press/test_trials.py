"""Notebooks run to their end on a corpus fresh from its folder, and say in a sentence what is not there."""

import ast

import nbformat
import pandas as pd
import pytest

import crossread as cr
from crossread.charts import figures
from crossread.corpus.create import create
from crossread_press.notebooks import find_notebooks, on_corpus
from crossread_press.trials import run_on

CELLS = {
    "open": 'import crossread as cr\n\nstudy = cr.study("alliances")',
    "reading": "study.readings.kinds",
    "themes": "study.rates()",
    "account": "study.account().save(1)",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSREAD_PROJECT", str(tmp_path))
    given = tmp_path / "given"
    given.mkdir()
    (given / "a.txt").write_text("Allies pay for the watch. They talk of it in the harbour.", encoding="utf-8")
    create("mine", given)
    notebook = nbformat.v4.new_notebook()
    for name, source in CELLS.items():
        notebook.cells.append(nbformat.v4.new_code_cell(source, id=name))
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "01-first.ipynb")
    return tmp_path


def test_what_is_not_there_is_told_and_the_rest_is_drawn(project):
    summary, told, failures = run_on("mine", place=project / "figures" / "mine")
    assert failures == []
    assert told["cell"].tolist() == ["reading", "themes"]
    assert told["told"].iloc[0].startswith("No reading “kinds” of “mine”. Readings are written, not computed: ")
    assert told["told"].iloc[0].endswith("into readings.yml of its folder. Until then skip the cells that ask for one.")
    assert told["told"].iloc[1].startswith("themes.yml: there is no entry in it yet. Write keys with their words into ")
    assert summary[["notebook", "figures", "told"]].values.tolist() == [["01-first", 1, 2]]
    assert (project / "figures" / "mine" / "fig-01-account.svg").is_file()


def test_only_the_cell_that_opens_the_corpus_is_changed():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(CELLS["open"]),
        nbformat.v4.new_code_cell('cr.study("practice").search("US")'),
    ]
    on_corpus(notebook, "mine")
    assert notebook.cells[0].source.endswith('study = cr.study("mine")')
    assert notebook.cells[1].source == 'cr.study("practice").search("US")'


THEMES = "burden: ['burden*', 'cost*', 'pay*']\nrival: ['rival*', 'threat*']\nmany: [allies, 'alliance*', 'partner*']\n"


@pytest.fixture
def few_draws(monkeypatch):
    """As few samples, words and pictures as every sentence needs: how many there are is no matter of the corpus."""
    drawn = figures._image_bytes
    monkeypatch.setattr(figures, "_image_bytes", lambda one, kind: drawn(one, kind) if kind == "png" else b"<svg/>")
    for room, name, less in (
        (cr.topics, "topic_stability", {"ks": (2, 3), "resamples": 4, "shuffles": 39}),
        (cr.topics, "term_retention", {"resamples": 4}),
        (cr.measure, "false_words", {"rounds": 2}),
        (cr.measure, "similarity", {"draws": 40}),
        (cr.measure, "keyness", {"minimum_count": 25}),
    ):
        real = getattr(room, name)

        def short(*given, real=real, less=less, **others):
            return real(*given[: 1 if "ks" in less else None], **{**others, **less})

        monkeypatch.setattr(room, name, short)


# each of so many texts, and of a text its beginning: benchmarks/trials.py runs on all
EVERY, LONGEST = {"strategies": 4, "essays": 7}, 60_000


def trial_corpus(name, root):
    place = root.parent / "shared" / "trial" / name
    if not place.is_dir():
        pytest.skip(f"needs the trial corpus {name}, which is not published (looked in ../shared/trial)")
    return place


def given(name, root, tmp_path):
    """What a stranger brings: a folder with metadata, pages, a table."""
    if name == "table":
        texts = sorted((root / "corpus" / "parties" / "texts").iterdir())
        rows = [(path.read_text(encoding="utf-8"), path.stem[-4:], path.stem[:-5]) for path in texts]
        pd.DataFrame(rows, columns=["speech", "year", "party"]).to_csv(tmp_path / "table.csv", index=False)
        return tmp_path / "table.csv", None
    trial = trial_corpus(name, root)
    files, metadata = sorted(trial.iterdir())[:: EVERY[name]], trial.with_name(f"{name}.csv")
    (tmp_path / "some").mkdir()
    for file in files:
        content = file.read_bytes()
        (tmp_path / "some" / file.name).write_bytes(content[:LONGEST] if file.suffix == ".txt" else content)
    if not metadata.is_file():
        return tmp_path / "some", None
    rows = pd.read_csv(metadata, dtype=str)
    rows[rows["file"].isin([file.name for file in files])].to_csv(tmp_path / metadata.name, index=False)
    return tmp_path / "some", tmp_path / metadata.name


def run_cell(source, names):
    """Run a cell and show its last line, as a notebook does; return what it refused, or nothing."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    try:
        exec(compile(tree, "cell", "exec"), names)
        shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
        getattr(shown, "_repr_html_", lambda: repr(shown))()
    except cr.CrossreadError as refusal:
        return str(refusal)
    return ""


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("name", ["table", "strategies", "essays"])
def test_every_notebook_runs_on_a_corpus_fresh_from_its_files_and_again_with_themes(
    name, root, tmp_path, monkeypatch, few_draws
):
    source, metadata = given(name, root, tmp_path)
    create("mine", source, metadata=metadata, into=tmp_path)
    real, study = cr.study, cr.study(tmp_path / "mine")
    monkeypatch.setattr(cr, "study", lambda asked: study if asked == "mine" else real(asked))  # opened once for all
    group = "party" if metadata or name == "table" else "title"
    told = []
    for path in find_notebooks(place=root / "notebooks", seminar=False):
        if path.stem.startswith("00-"):  # the argument on the five texts
            continue
        notebook, names = nbformat.read(path, as_version=4), {}
        on_corpus(notebook, "mine")
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            source = cell.source.replace('by = "party"', f'by = "{group}"')
            said = run_cell(source, names)
            assert not said or cell.id != "open", said
            told += [(path.stem, cell.id, source, names, said)] if said else []
    assert {"senses", "rates", "ledger", "kinds", "deeds"} <= {cell for _, cell, *_ in told}
    (tmp_path / "mine" / "themes.yml").write_text(THEMES, encoding="utf-8")
    again = {(notebook, cell): run_cell(source, names) for notebook, cell, source, names, _ in told}
    assert not again["03-themes", "senses"] and not again["07-groups-and-years", "rates"]
    for said in [*(said for *_, said in told), *again.values()]:
        assert not said or (said.endswith(".") and "\n" not in said), said


def test_the_published_calls_of_the_lexicon_are_those_of_todays_reading(root):
    """Sentences have numbers: where the reading changes, the codes of the samples must be numbered anew."""
    lexicon = root / "corpus" / "themes.yml"
    published = pd.read_csv(lexicon.with_name("blind_codes.csv"))
    hits = cr.study(trial_corpus("strategies", root), lexicon=lexicon).hits
    called = set(zip(hits["sentence_id"], hits["key"], strict=True))
    ids = published["doc_id"] + "-" + published["sentence"].map("{:03d}".format)
    now = [int(one in called) for one in zip(ids, published["theme"], strict=True)]
    wrong = published[published["fourth_edition"] != now]
    assert wrong.empty, f"{len(wrong)} of {len(published)} calls are others today:\n{wrong}"
