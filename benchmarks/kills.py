"""Stop commands at random moments, fill the disk, close the folder: nothing half-written is read, and nothing is left.

python benchmarks/kills.py                               every command stopped three times
python benchmarks/kills.py --kills 21 --save             as often as asked for; counts to results/kills.csv
python benchmarks/kills.py --only new attach --seed 7    some commands

Each command works on a project made for the purpose, whose texts hold one marked sentence. It is stopped with SIGINT,
SIGTERM and SIGKILL in turn; also two run at once, on a disk that is full (a small tmpfs for root, elsewhere a limit of
the size of files), on a disk that can only be read (for root only), and without a home.

After each: every file is as before or as after a whole run; git would add no file with the marked sentence, no line
of the terminal holds it, and no traceback; no process is left. The next run ends well, every file is as after a whole
run, and nothing unfinished is left in the project or among the temporary files.
"""

import argparse
import atexit
import contextlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from crossread.corpus import load
from crossread.corpus.create import create
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread_press.commands import all_commands, main
from crossread_press.notebooks import make_figures
from crossread_press.publishing import publish
from crossread_press.site import build_site
from crossread_seminar import bundle

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "kills.csv"
MARKED = "Zyxomar quays owe no keeper a lantern"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
LONGEST = 300  # seconds
TEXTS = {
    "a.txt": f"The allies agreed that each would pay a part of the watch. {MARKED} this spring. They talk of cost.",
    "b.txt": "Nobody on the islands was asked whether the noise should be counted. The ally pays for the runway twice.",
    "c.txt": "Rain fell all day, and the ships of the allies stayed in. What does an ally owe? A share of the cost.",
}
NOTEBOOK = """{"cells": [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Who pays?"]},
{"cell_type": "code", "id": "draw", "execution_count": null, "metadata": {}, "outputs": [], "source": [
"import pandas as pd\\n", "from crossread.charts import figures\\n", "from crossread.charts.style import Sheet\\n",
"table = pd.DataFrame({'doc_id': ['a', 'b'], 'n': [1, 2]})\\n", "ax = Sheet(2).canvas()\\n", "ax.plot(table['n'])\\n",
"figures.save(ax, 'fig-01-pay', data=table, caption='Who pays.', alt='B pays twice.', function='plot')"]}],
"metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}"""


def make_project(place: Path) -> Path:
    """Make a project with a corpus of one's own, a published one without its texts, notebooks and a git repository."""
    project, given = place / "project", place / "given"
    for name, text in TEXTS.items():
        write_whole(given / name, "\n\n".join([text] * 3))
    for name in ("own", "harbours"):
        create(name, given, into=project / "corpus")
        write_whole(project / "corpus" / name / "themes.yml", "cost:\n  - cost*\nally:\n  - ally\n  - allies\n")
    publish(project / "corpus" / "harbours")
    shutil.rmtree(project / "corpus" / "harbours" / "texts")
    (project / "corpus" / "harbours" / ".gitignore").unlink()
    write_whole(place / "more" / "d.txt", f"Once more: {MARKED}, and the ally pays. Every ally talks of it for years.")
    write_whole(place / "themes.csv", "key,entry\ncost,cost*\nally,ally\nally,allies\n")
    write_whole(project / "notebooks" / "01-pay.ipynb", NOTEBOOK)
    for solution in sorted((ROOT / "notebooks" / "seminar").glob("*.solution.ipynb")):
        write_whole(project / "notebooks" / "seminar" / solution.name, solution.read_bytes())
    write_whole(project / "requirements.lock", "a==1\n")
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(project), *command], check=True)
    return place


def _store(place: Path) -> int:
    corpus = load(place / "project" / "corpus" / "own", store=True)
    return 2 * any("no store could be written" in notice for notice in corpus.notices)


def _figures(place: Path) -> int:
    project = place / "project"
    return int(bool(make_figures(place=project / "notebooks", published=project / "figures")[1]))


def _site(place: Path) -> int:
    return int(not build_site(place / "project" / "site", ["01"], explored={}))


def _bundle(place: Path) -> int:
    def download(wanted, wheels, *_):  # what pip does takes a network
        for number in range(20):
            (wheels / f"{number}.whl").write_bytes(bytes(100_000))

    bundle._download = download
    return int(not bundle.make_bundle(place / "bundle", pack=True))


COMMANDS: dict[str, Callable[[Path], int]] = {
    "new": lambda place: main(["new", "mine", str(place / "given")]),
    "add": lambda place: main(["add", "own", str(place / "more")]),
    "attach": lambda place: main(["attach", str(place / "given"), "--corpus", "harbours"]),
    "lexicon": lambda place: main(["lexicon", "own", str(place / "themes.csv"), "--as", "brought"]),
    "publish": lambda place: main(["publish", "own"]),
    "count": lambda place: main(["count", str(place / "given"), "--output", str(place / "project" / "counted")]),
    "students": lambda place: main(["students"]),
    "bundle": _bundle,
    "page": lambda place: main(["explore", "own", "--no-browser"]),
    "store": _store,
    "figures": _figures,
    "site": _site,
}
WHOLE = {
    "new": "project/corpus/mine",
    "count": "project/counted",
    "bundle": "bundle",
    "site": "project/site",
}  # folders that are there whole or not at all


class Trial:
    """A copy of the project in which one command is run, stopped, and run again."""

    def __init__(self, name: str, template: Path, after: dict[str, bytes] | None = None, home: Path | None = None):
        self.name, self.after = name, after
        self._made = tempfile.mkdtemp(dir=home)
        self.place = Path(shutil.copytree(template, Path(self._made) / "place", symlinks=True))
        self.aside = Path(tempfile.mkdtemp())  # temporary files, and what the terminal would show
        self.temporary = self.aside / "temporary"
        self.temporary.mkdir()
        self.before = self.files()

    def close(self) -> None:
        shutil.rmtree(self._made, ignore_errors=True)
        shutil.rmtree(self.aside, ignore_errors=True)

    def start(self, *, prepare: Callable[[], object] = lambda: None, number: int = 0) -> int:
        """Fork a process that runs the command; this one has imported everything already."""
        sys.stdout.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS[:2])  # until the other is ready to be stopped
        if pid := os.fork():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[:2])
            return pid
        code = 3
        try:
            os.setsid()
            atexit._clear()  # what this process has promised to tidy is not the other's
            signal.signal(signal.SIGINT, signal.default_int_handler)
            log = os.open(self.aside / f"log{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            for stream in (1, 2):
                os.dup2(log, stream)
            os.environ.update(CROSSREAD_PROJECT=str(self.place / "project"), TMPDIR=str(self.temporary), TERM="dumb")
            os.chdir(self.place / "project")
            tempfile.tempdir = None
            prepare()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS[:2])
            code = COMMANDS[self.name](self.place)
        except (CrossreadError, OSError, KeyboardInterrupt) as error:  # as the command line does
            print(error or "Stopped.")
            code = 2
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            with contextlib.suppress(BaseException):
                atexit._run_exitfuncs()
                sys.stdout.flush()
            os._exit(code)

    def finish(self, pid: int) -> int:
        """Wait for a process, at most LONGEST seconds; return how it ended."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.005)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return 999

    def files(self) -> dict[str, bytes]:
        """Return all files of the place that are finished, but those of git and of the test."""
        return {
            path.relative_to(self.place).as_posix(): _content(path, self.place)
            for path in sorted(self.place.rglob("*"))
            if path.is_file() and not _passed_over(path.relative_to(self.place).parts)
        }

    def faults(self) -> list[str]:
        """Say what is wrong after a command was stopped."""
        files, after = self.files(), self.after or {}
        found = [
            f"{name} is half-written"
            for name, content in files.items()
            if content not in (self.before.get(name), after.get(name))
        ]
        folder = WHOLE.get(self.name)
        if folder and (self.place / folder).exists():
            wanted = {name for name in after if name.startswith(f"{folder}/")}
            found += [f"{name} is missing in a folder that looks whole" for name in sorted(wanted - set(files))]
        return found + self.leaks()

    def said(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.aside.glob("log*"))

    def leaks(self) -> list[str]:
        project = self.place / "project"
        listed = subprocess.run(
            ["git", "-C", str(project), "ls-files", "-z", "--others", "--exclude-standard"],
            capture_output=True, check=True,
        ).stdout.decode("utf-8", "surrogateescape")  # fmt: skip
        held = [name for name in listed.split("\0") if name and MARKED.encode() in (project / name).read_bytes()]
        said = self.said()
        found = [f"git would add {name}" for name in held]
        found += ["the terminal holds the marked sentence"] * (MARKED in said)
        # what Python says itself, where it was stopped in the middle of tidying up
        said = re.sub(r"Exception ignored in.*\nTraceback", "", said)
        if "Traceback" in said:
            found.append(f"a traceback: {said.strip().splitlines()[-1][:150]}")
        return found

    def running(self) -> list[str]:
        """Return the processes of this trial that still run after a while."""
        mark = f"CROSSREAD_PROJECT={self.place / 'project'}".encode()
        for _ in range(100):
            found = [process.name for process in Path("/proc").glob("[0-9]*") if mark in _environment(process)]
            if not found:
                return []
            time.sleep(0.1)
        return [f"process {number} is left" for number in found]

    def again(self) -> list[str]:
        """Run the command once more to its end, and say what is not as after a whole run."""
        whole = self.files() == self.after
        code = self.finish(self.start(number=9))
        found = self.leaks()
        if code and not whole:
            found.append(f"the next run ended with {code}")
        files = self.files()
        differing = [name for name in files.keys() | self.after.keys() if files.get(name) != self.after.get(name)]
        found += [f"{name} is wrong after the next run" for name in sorted(differing)]
        found += [f"{path.relative_to(self.place)} is left" for path in self.place.rglob("*.part")]
        return found + [f"{path.name} is left among the temporary files" for path in self.temporary.iterdir()]


def _content(path: Path, place: Path) -> bytes:
    """Return what is in a file, without the hour and the place at which it was made."""
    if path.suffix == ".parquet":
        with contextlib.suppress(OSError, ValueError):
            return pd.read_parquet(path).to_csv().replace(str(place), "").encode()
    if path.suffix == ".zip":
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
            return repr(sorted((member.filename, member.CRC) for member in archive.infolist())).encode()
    return path.read_bytes()


def _passed_over(parts: tuple[str, ...]) -> bool:
    return ".git" in parts or any(part.endswith(".part") for part in parts)


def _environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def run_whole(name: str, template: Path) -> tuple[dict[str, bytes], float]:
    """Run a command to its end; return the files after it, and how long it took."""
    trial = Trial(name, template)
    try:
        begun = time.monotonic()
        code = trial.finish(trial.start())
        seconds = time.monotonic() - begun
        if code or trial.leaks():
            raise SystemExit(f"{name} does not run here: {code}, {trial.leaks()}\n{trial.said()}")
        return trial.files(), seconds
    finally:
        trial.close()


def _stopped(trial: Trial, number: signal.Signals, after: float) -> list[str]:
    pid = trial.start()
    time.sleep(after)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    trial.finish(pid)
    return trial.running() + trial.faults() + trial.again()


def _two(trial: Trial) -> list[str]:
    pids = [trial.start(number=number) for number in range(2)]
    codes = [trial.finish(pid) for pid in pids]
    return [f"two at once ended with {codes}"] * (0 not in codes) + trial.faults() + trial.again()


def _full(trial: Trial, chance: random.Random, home: Path | None) -> list[str]:
    """Let the disk be full after a random number of bytes."""
    needed = sum(len(content) for name, content in trial.after.items() if trial.before.get(name) != content)
    room = chance.randrange(max(needed, 4096))
    filler = None
    if home is not None:
        filler = home / "filler"
        free = shutil.disk_usage(home).free
        with contextlib.suppress(OSError), open(filler, "wb") as file:
            file.write(bytes(max(0, free - room)))
        prepare = lambda: None  # noqa: E731
    else:
        largest = max((len(content) for name, content in trial.after.items() if name not in trial.before), default=1)

        def prepare() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limit = chance.randrange(largest)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    code = trial.finish(trial.start(prepare=prepare))
    found = trial.faults() if code else [] if trial.files() == trial.after else ["a full disk, and no word of it"]
    if filler is not None:
        filler.unlink()
    return found + trial.again()


def _closed(trial: Trial, disk: Path) -> list[str]:
    """Let the disk be one that can only be read."""
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    try:
        trial.finish(trial.start())
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    return trial.leaks() + trial.again()


def _homeless(trial: Trial, home: str | None) -> list[str]:
    def leave() -> None:
        os.environ.pop("HOME", None)
        if home is not None:
            os.environ["HOME"] = home

    code = trial.finish(trial.start(prepare=leave))
    return [f"without a home it ended with {code}"] * bool(code) + trial.again()


@contextlib.contextmanager
def small_disk():
    """Yield a folder on a disk of 64 MB, or None where none can be made."""
    place = Path(tempfile.mkdtemp())
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], capture_output=True)
    try:
        yield place if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


def try_command(name: str, template: Path, kills: int, seed: int, *, others: bool = True) -> pd.DataFrame:
    """Stop a command in every way.

    Returns
    -------
    DataFrame
        command, how (the signal, or what else stood in its way), number, problem ("" where nothing went wrong).
    """
    chance = random.Random(f"{name} {seed}")
    after, seconds = run_whole(name, template)
    rows = []

    def note(how: str, number: int, attempt: Callable[[Trial], list[str]], home: Path | None = None) -> None:
        trial = Trial(name, template, after, home)
        try:
            rows.append((name, how, number, "; ".join(attempt(trial))))
        finally:
            trial.close()

    for number in range(kills):
        stop = SIGNALS[number % len(SIGNALS)]
        at = chance.uniform(0, seconds)
        note(stop.name, number, lambda trial, stop=stop, at=at: _stopped(trial, stop, at))
    if others:
        note("two at once", 0, _two)
        with small_disk() as disk:
            for number in range(3):
                note("full disk", number, lambda trial, disk=disk: _full(trial, chance, disk), disk)
            if disk is not None:
                note("read-only", 0, lambda trial: _closed(trial, disk), disk)
        for number, home in enumerate((None, "/nonexistent")):
            note("no home", number, lambda trial, home=home: _homeless(trial, home))
    return pd.DataFrame(rows, columns=["command", "how", "number", "problem"])


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each command and way of stopping it: how often, and how often it went wrong."""
    grouped = table.assign(wrong=table["problem"] != "").groupby(["command", "how"], sort=False)["wrong"]
    return grouped.agg(times="size", wrong="sum").reset_index()


def run() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=3, help="of each command")
    parser.add_argument("--only", nargs="*", choices=COMMANDS, default=list(COMMANDS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/kills.csv")
    options = parser.parse_args()
    all_commands()  # imported once, before the processes are forked
    begun, tables = time.monotonic(), []
    with tempfile.TemporaryDirectory() as place:
        template = make_project(Path(place) / "template")
        for name in options.only:
            if time.monotonic() - begun > 60 * options.minutes:
                break
            table = try_command(name, template, options.kills, options.seed)
            tables.append(table)
            wrong = table[table["problem"] != ""]
            print(f"{name}: {len(table)} times, {len(wrong)} wrong {dict(Counter(wrong['how']))}", flush=True)
            for row in wrong.itertuples():
                print(f"WRONG {name}, {row.how}, seed {options.seed}, number {row.number}: {row.problem}", flush=True)
    whole = pd.concat(tables, ignore_index=True)
    if options.save:
        rows = counted(whole).assign(seed=options.seed)
        if RESULTS.is_file():  # of commands that were not tried now the rows stay
            before = pd.read_csv(RESULTS)
            rows = pd.concat([before[~before["command"].isin(options.only)], rows])
        write_whole(RESULTS, rows.to_csv(index=False, lineterminator="\n"))
    return int((whole["problem"] != "").any())


if __name__ == "__main__":
    sys.exit(run())
