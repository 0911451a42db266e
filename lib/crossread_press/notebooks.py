"""Execute the notebooks, gather their figures, and keep the notebooks themselves clean.

Every notebook runs in a kernel of this very Python, from its first cell to its last, with the same hash seed,
no clock in the files and one thread per kernel, so that two runs give the same bytes. What will be published is made
without the texts that are not: from what anybody has who clones the project.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import copy
import hashlib
import json
import os
import re
import sys
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from crossread import study
from crossread.charts import figures
from crossread.corpus import project_folder
from crossread.corpus.load import UNPUBLISHED
from crossread.errors import CrossreadError
from crossread.files import scratch, write_whole
from crossread_press.kernels import ENVIRONMENT, LIBRARY, kernel_manager_class, warm_up

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUMMARY = ("notebook", "figures", "seconds", "result")

AT_ONCE = 3  # kernels: one more than processors, since now one and now the other waits for an answer
LONGEST_CELL = 600  # seconds
ANSI = re.compile(r"\x1b\[[0-9;]*m")
CELL_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
MACHINE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4})*[0-9a-f]*")

OWN_CORPUS = re.compile(r"""^(study = cr\.study\(["'])\w+(["']\))""", re.MULTILINE)  # the cell that opens the corpus


@dataclass(frozen=True)
class Run:
    """One notebook executed, with its outputs: how long it took, and where and why it stopped if it did."""

    notebook: str
    seconds: float
    cell: str = ""
    error: str = ""
    executed: object = field(default=None, repr=False, compare=False)

    @property
    def failure(self) -> str:
        """The failure in a sentence, or nothing."""
        return f"{self.notebook}.ipynb stopped in the cell “{self.cell}”: {self.error}" if self.error else ""


def find_notebooks(
    names: list[str] | None = None, place: Path | str | None = None, *, seminar: bool = True
) -> list[Path]:
    """Return the notebooks of the project in their order, or those whose names begin as given.

    Parameters
    ----------
    names : list of str, optional
        Beginnings of names: ["02", "05_actors"].
    place : path, optional
        Another folder than notebooks/.
    seminar : bool
        Whether those in seminar/ are among them. They make no figures, and a student's stops at its first question.
    """
    place = Path(place or project_folder() / "notebooks")
    passed_over = {".ipynb_checkpoints"} | (set() if seminar else {"seminar"})
    paths = sorted(path for path in place.rglob("*.ipynb") if not passed_over & set(path.relative_to(place).parts[:-1]))
    if not paths:
        raise CrossreadError(f"{place}: no notebook in this folder.")
    for name in names or []:
        if not any(path.stem.startswith(name.removesuffix(".ipynb")) for path in paths):
            known = ", ".join(path.stem for path in paths)
            raise CrossreadError(f"No notebook begins with “{name}”. There are: {known}.")
    wanted = tuple(name.removesuffix(".ipynb") for name in names or [""])
    return [path for path in paths if path.stem.startswith(wanted)]


def execute(
    paths: list[Path],
    scratch: Path,
    *,
    texts: bool = True,
    folder: Path | None = None,
    corpus: str | None = None,
    progress: bool = False,
) -> list[Run]:
    """Execute notebooks, a few at a time; the figures of each go to a folder of its own under `scratch`.

    Parameters
    ----------
    paths : list of Path
        The notebooks. They are read, not written.
    scratch : Path
        Gets a folder of figures for each notebook, named like it.
    texts : bool
        Whether they may open attached texts, and codes of your own: False for what will be published.
    folder : Path, optional
        Where they run; each where it lies without it.
    progress : bool
        Whether to show a bar for each notebook.
    corpus : str, optional
        A corpus on which they run instead of their own. What it does not have is told, and the notebook goes on.

    Returns
    -------
    list of Run
        In the order of the notebooks.
    """

    async def execute_all() -> list[Run]:
        kernels = asyncio.Semaphore(min(AT_ONCE, 1 + (os.cpu_count() or 1)))
        rows = _long_first(paths)
        work = (
            _execute(paths[row], corpus, folder, environment_of(paths[row]), kernels, row, progress) for row in rows
        )
        runs = await asyncio.gather(*work)
        return [run for _, run in sorted(zip(rows, runs, strict=True), key=lambda pair: pair[0])]

    def environment_of(path: Path) -> dict[str, str]:
        return shared | {
            figures.FOLDER_VARIABLE: str(scratch / path.stem),
            figures.STRICT_VARIABLE: "1" if corpus is None else "",
            figures.NOTEBOOK_VARIABLE: path.stem,
        }

    warm_up()
    shared = os.environ | ENVIRONMENT
    shared.pop(UNPUBLISHED, None)
    if not texts:
        shared[UNPUBLISHED] = "1"
    return _run_elsewhere(execute_all)


def make_figures(
    names: list[str] | None = None,
    *,
    again: bool = False,
    progress: bool = False,
    place: Path | str | None = None,
    published: Path | str = figures.PUBLISHED,
) -> tuple[pd.DataFrame, list[str]]:
    """Execute the notebooks and, when all of them ran, put their figures in the place of the published ones.

    A notebook whose cells, library, corpora and packages are those of its last run is not run again.

    Parameters
    ----------
    names : list of str, optional
        Beginnings of notebooks' names; all without it.
    again : bool
        Whether to run those too for which nothing changed.
    progress : bool
        Whether to show a bar for each notebook.
    place, published : path, optional
        The folders of notebooks and figures.

    Returns
    -------
    summary, failures
        summary: notebook, figures (how many it made), seconds, result (unchanged; changed: which numbers; failed; not
        replaced; or nothing to do); failures: a sentence for each notebook that stopped.
    """
    paths = find_notebooks(names, place, seminar=False)
    published = Path(published)
    inputs = {path.stem: _inputs(path) for path in paths}
    current = set() if again else _current(inputs, published)
    old = figures.manifest(published)
    rows = {name: (name, len(_of_notebook(old, name)), 0.0, "nothing to do") for name in current}
    with _regenerated([path for path in paths if path.stem not in current], progress, texts=False) as (runs, scratch):
        failures = [run.failure for run in runs if run.error]
        for run in runs:
            made = _of_notebook(figures.manifest(scratch), run.notebook)
            changed = sorted(set(figures.compare(published, scratch, notebook=run.notebook)["figure"]))
            result = "changed: " + " ".join(name[:6] for name in changed) if changed else "unchanged"
            if failures:
                result = "failed" if run.error else "not replaced"
            rows[run.notebook] = (run.notebook, len(made), round(run.seconds, 1), result)
        if runs and not failures:
            figures.replace_published(scratch, [run.notebook for run in runs], published)
            _note_runs(runs, inputs, published)
    return pd.DataFrame([rows[path.stem] for path in paths], columns=list(SUMMARY)), failures


def check_figures(
    *,
    images: bool = True,
    texts: bool = True,
    progress: bool = False,
    place: Path | str | None = None,
    published: Path | str = figures.PUBLISHED,
) -> tuple[pd.DataFrame, list[str]]:
    """Make all figures again in a scratch folder and compare them with the published ones.

    Parameters
    ----------
    images : bool
        Whether images must be equal to the byte, as under the same lock they are.
    texts : bool
        Whether attached texts are used.
    progress : bool
        Whether to show a bar for each notebook.
    place, published : path, optional
        The folders of notebooks and figures.

    Returns
    -------
    problems, failures
        problems: figure, problem, as from `figures.check`; failures: a sentence for each notebook that stopped.
    """
    with _regenerated(find_notebooks(None, place, seminar=False), progress, texts=texts) as (runs, scratch):
        problems = figures.check(published, scratch, images=images)
        claims = pd.DataFrame({"figure": "claims", "problem": claim_problems(scratch, published, place)})
    return pd.concat([problems, claims], ignore_index=True), [run.failure for run in runs if run.error]


def stale_readings() -> list[str]:
    """Name the readings of the project's corpora whose numbers no longer hold.

    Returns
    -------
    list of str
        A sentence for each reading.
    """
    said = []
    for path in sorted((project_folder() / "corpus").glob("*/readings.yml")):
        table = study(path.parent.name).readings.table.frame
        for row in table[table["stale"] != ""].itertuples():
            said.append(f"corpus/{path.parent.name}/readings.yml, “{row.reading}”: no longer true: {row.stale}.")
    return said


def claim_problems(regenerated: Path, published: Path, place: Path | str | None = None) -> list[str]:
    """Say which claims changed their verdict, and which the notebooks name although no such claim is made.

    Parameters
    ----------
    regenerated, published : path
        The folders with the figure of the ledger made now and the one committed.
    place : path, optional
        The folder of notebooks.

    Returns
    -------
    list of str
        One sentence for each; none where no ledger was made and none is published.
    """
    from crossread.charts.figures import table_of
    from crossread.measure.ledger import check_claims

    ledger, known = (table_of("study.claims", Path(folder)) for folder in (regenerated, published))
    if ledger is None:
        return ["The ledger of claims is published, but no notebook makes it any more."] if known else []
    return check_claims(pd.read_csv(ledger, keep_default_na=False), known, place)


def faults(path: Path) -> list[str]:
    """Return what keeps a notebook from being committed: outputs, unstable cell ids, traces of a machine."""
    import nbformat

    notebook = _read(path)
    said = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it mends what is named below
        try:
            nbformat.validate(copy.deepcopy(notebook))
        except nbformat.ValidationError as error:
            said.append(f"is not valid: {str(error).splitlines()[0]}")
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        said.append(f"has format {notebook.nbformat}.{notebook.nbformat_minor}; cell ids need 4.5")
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        said.append(f"asks for the kernel “{kernel}” instead of python3")
    extra = set(notebook.metadata) - {"kernelspec", "language_info"}
    extra |= set(notebook.metadata.get("language_info", {})) - {"name"}
    if extra:
        said.append(f"carries traces of a machine in its metadata: {', '.join(sorted(extra))}")
    ids = [cell.get("id", "") for cell in notebook.cells]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        said.append(f"has the cell id “{name}” more than once")
    for name, cell in zip(ids, notebook.cells, strict=True):
        if not CELL_ID.fullmatch(name) or MACHINE_ID.fullmatch(name):
            said.append(f"has the cell id “{name}”; give it one that says what the cell does")
        if cell.get("outputs") or cell.get("execution_count"):
            said.append(f"has outputs in the cell “{name}”")
    return said


def _inputs(path: Path) -> str:
    """Return the hash of all that a notebook's figures depend on: its bytes, the library, the corpora, the lock."""
    digest = hashlib.sha256(path.read_bytes())
    for content in _shared_inputs():
        digest.update(content)
    return digest.hexdigest()


def _shared_inputs() -> Iterator[bytes]:
    project = project_folder()
    unpublished = {folder.parent / "texts" for folder in project.glob("corpus/*/counts.csv")}
    files = [*LIBRARY.glob("crossread*/**/*.py"), *project.glob("corpus/**/*"), project / "requirements.lock"]
    for path in sorted(files):
        is_own = path.parent in unpublished or path.match("codes-*.csv") or ".crossread" in path.parts
        if path.is_file() and not is_own:
            yield f"{path.name}\0".encode() + path.read_bytes()
    yield sys.version.encode()


def _record(published: Path) -> Path:
    return published.parent / ".crossread" / "figures.json"


def _noted_runs(published: Path | str) -> dict[str, dict]:
    """Return for each notebook the hash of what its figures were last made from, and how many seconds that took."""
    try:
        noted = json.loads(_record(Path(published)).read_text(encoding="utf-8"))
        return {name: {"inputs": run["inputs"], "seconds": float(run["seconds"])} for name, run in noted.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _long_first(paths: list[Path], published: Path | str = figures.PUBLISHED) -> list[int]:
    """Order notebooks so that no long one is left to run alone at the end: by their last run, else by their size."""
    took = _noted_runs(published)

    def length(row: int) -> tuple[float, int]:
        seconds = took[paths[row].stem]["seconds"] if paths[row].stem in took else LONGEST_CELL
        return seconds, paths[row].stat().st_size

    return sorted(range(len(paths)), key=length, reverse=True)


def _note_runs(runs: list[Run], inputs: dict[str, str], published: Path) -> None:
    noted = {run.notebook: {"inputs": inputs[run.notebook], "seconds": round(run.seconds, 1)} for run in runs}
    with contextlib.suppress(CrossreadError):  # where it cannot be noted, the notebooks run again
        write_whole(_record(published), json.dumps(_noted_runs(published) | noted))


def _current(inputs: dict[str, str], published: Path) -> set[str]:
    """Return the notebooks whose published figures are whole and were made from these inputs."""
    noted, manifest = _noted_runs(published), figures.manifest(published)
    broken = set(manifest.loc[manifest["figure"].isin(figures.check(published)["figure"]), "notebook"])
    same = {name for name, digest in inputs.items() if name in noted and noted[name]["inputs"] == digest}
    return same - broken


@contextlib.contextmanager
def _regenerated(paths: list[Path], progress: bool, *, texts: bool) -> Iterator[tuple[list[Run], Path]]:
    with scratch() as place:
        runs = execute(paths, place / "each", texts=texts, progress=progress) if paths else []
        whole = [place / "each" / run.notebook for run in runs if not run.error]
        figures.collect(whole, place / "all")
        yield runs, place / "all"


def _of_notebook(manifest: pd.DataFrame, notebook: str) -> pd.DataFrame:
    return manifest[manifest["notebook"] == notebook]


def _read(path: Path):
    import nbformat

    try:
        return nbformat.reader.reads(path.read_text(encoding="utf-8"))  # as it stands, without mending
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.reader.NotJSONError) as error:
        raise CrossreadError(f"{path}: not a notebook: {error}") from None


def _run_elsewhere(work):
    """Run a coroutine in a thread of its own: a notebook that calls this has an event loop already.

    Ctrl-C is taken here, so that the kernels are shut down before it is passed on.
    """
    running = {}

    async def known():
        running["loop"], running["task"] = asyncio.get_running_loop(), asyncio.current_task()
        return await work()

    def start():
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:  # the kind that zmq needs on Windows
            return runner.run(known())

    with ThreadPoolExecutor(1) as elsewhere:
        future = elsewhere.submit(start)
        try:
            while not future.done():
                wait([future], timeout=0.5)  # in short waits, since Windows delivers no Ctrl-C in a long one
        except KeyboardInterrupt:
            running["loop"].call_soon_threadsafe(running["task"].cancel)
            raise
        return future.result()


def on_corpus(notebook: NotebookNode, corpus: str) -> None:
    """Have a notebook open another corpus than its own, as a reader does who writes its name there."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = OWN_CORPUS.sub(lambda match: f"{match[1]}{corpus}{match[2]}", cell.source)


async def _execute(
    path: Path,
    corpus: str | None,
    folder: Path | None,
    environment: dict[str, str],
    kernels: asyncio.Semaphore,
    row: int,
    progress: bool,
) -> Run:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from traitlets.config import Config

    notebook = _read(path)
    if corpus is not None:
        on_corpus(notebook, corpus)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    async with kernels:
        with _bar(path.stem, len(code), row, progress) as bar, scratch() as settings:
            current, error = [""], ""
            start = time.perf_counter()
            client = NotebookClient(
                notebook,
                kernel_name="python3",
                kernel_manager_class=kernel_manager_class(),
                config=Config(KernelManager={"connection_file": str(settings / "connection.json")}),
                timeout=LONGEST_CELL,
                record_timing=False,
                extra_arguments=["--IPKernelApp.log_level=CRITICAL"],  # errors of cells come as results
                resources={"metadata": {"path": str(folder or path.parent)}},
                on_cell_start=lambda cell_index, **_: current.__setitem__(0, notebook.cells[cell_index].get("id", "")),
                on_cell_executed=lambda **_: bar.update(),
            )
            try:
                # neither the reader's start-up files nor a shared history
                await client.async_execute(env=environment | {"IPYTHONDIR": str(settings)})
            except asyncio.CancelledError:
                atexit.unregister(
                    client._cleanup_kernel
                )  # the kernel is gone already; nbclient forgets this after Ctrl-C
                raise
            except CellExecutionError as stopped:
                error = _in_plain_words(stopped)
            except CellTimeoutError:
                error = f"it took longer than {LONGEST_CELL} seconds."
            except DeadKernelError:
                error = "the kernel died, most often because the memory was full."
            except RuntimeError as stopped:
                error = f"its kernel could not be started: {stopped}. Try: crossread doctor"
            seconds = time.perf_counter() - start
    return Run(path.stem, seconds, current[0] if error else "", error, notebook)


def _in_plain_words(stopped) -> str:
    """The error's own sentence, for other errors with their kind, and the line of the cell that raised it."""
    kind, value = stopped.ename, ANSI.sub("", stopped.evalue).strip()
    message = value if kind in ("CrossreadError", "TextNeeded") else f"{kind}: {value}"
    line = re.search(r"^-+> *[0-9]+ (.*)$", ANSI.sub("", stopped.traceback), re.MULTILINE)
    return f"{message} (in the line: {line.group(1).strip()})" if line else message


class _Line:
    """Where there is no terminal for a bar: one line when a notebook is through."""

    def __init__(self, name: str, cells: int):
        self.name, self.cells, self.done, self.start = name, cells, 0, time.perf_counter()

    def update(self) -> None:
        self.done += 1

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        seconds = time.perf_counter() - self.start
        sys.stderr.write(f"{self.name}: {self.done} of {self.cells} cells, {seconds:.1f} s\n")
        sys.stderr.flush()


def _bar(name: str, cells: int, row: int, progress: bool):
    if progress and not sys.stderr.isatty():
        return _Line(name, cells)
    from tqdm import tqdm

    form = "{desc:<22} {bar:24} {n_fmt}/{total_fmt} cells, {elapsed}"
    return tqdm(total=cells, desc=name, position=row, disable=not progress, bar_format=form, ascii=" .#")
