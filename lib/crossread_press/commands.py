"""The commands: `crossread COMMAND …`, `python -m crossread_press COMMAND …` or `python3 run.py COMMAND …`.

Each room beside the library may have a module `commands` with a tuple COMMANDS; the rooms are found by their names.
"""

from __future__ import annotations

import argparse
import pkgutil
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.util import find_spec

from crossread.errors import CrossreadError
from crossread.terminal import print_lines, print_table, print_text, shown
from crossread_press.coding import COMMANDS as CODING
from crossread_press.corpora import COMMANDS as CORPORA
from crossread_press.corpora import draw_corpus
from crossread_press.kernels import warm_up


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something was found wrong, 2 it could not be done."""
    arguments = sys.argv[1:] if arguments is None else arguments
    commands = all_commands()
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(_usage(commands))
        return 0
    if arguments[0] not in commands:
        print(f"There is no command “{shown(arguments[0])}”.\n\n{_usage(commands)}", file=sys.stderr)
        return 2
    command = commands[arguments[0]]
    parser = argparse.ArgumentParser(prog=f"crossread {arguments[0]}", description=command.__doc__)
    command(parser)
    options = parser.parse_args(arguments[1:])
    try:
        return options.run(options)
    except CrossreadError as error:
        print_lines([error])
        return 2
    except OSError as error:
        print_lines([f"{error.filename or 'A file'}: {error.strerror or error}."])
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def figures(parser: ArgumentParser) -> None:
    """Execute the notebooks and write their figures to figures/."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")
    parser.add_argument("--corpus", help="a corpus of your own: its figures go to figures/NAME")
    parser.add_argument("--all", action="store_true", help="also the notebooks for which nothing changed")

    def run(options) -> int:
        if options.corpus:
            return draw_corpus(options.corpus, options.notebook)
        if options.all:
            warm_up()
        from crossread_press.notebooks import make_figures

        summary, failures = make_figures(options.notebook, again=options.all, progress=True)
        print_table(summary)
        print_lines(failures)
        return 1 if failures else 0

    parser.set_defaults(run=run)


def check(parser: ArgumentParser) -> None:
    """Make every figure again in a scratch folder and compare it with the published one; read the readings anew."""
    parser.add_argument("--without-texts", action="store_true", help="use published counts, though the texts are here")

    def run(options) -> int:
        warm_up()
        from crossread.charts.figures import manifest
        from crossread_press.doctor import lock_differences
        from crossread_press.notebooks import check_figures, stale_readings

        different = lock_differences()
        stale = stale_readings()
        problems, failures = check_figures(images=not different, texts=not options.without_texts, progress=True)
        if different:
            print(
                "Images were not compared, only tables and texts: the packages here are not those of "
                f"requirements.lock ({different[0]}{', …' if len(different) > 1 else ''})."
            )
        print_lines(f"{row.figure}: {row.problem}" for row in problems.itertuples())
        print_lines([*failures, *stale])
        if len(problems) or failures or stale:
            print(f"{len(problems) + len(failures) + len(stale)} problems.", file=sys.stderr)
            return 1
        print(f"{len(manifest())} figures made again, and no difference.")
        return 0

    parser.set_defaults(run=run)


def notebooks(parser: ArgumentParser) -> None:
    """Say what keeps a notebook from being committed: outputs, unstable cell ids, traces of a machine."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")

    def run(options) -> int:
        from crossread_press.notebooks import faults, find_notebooks

        paths = find_notebooks(options.notebook)
        said = [f"{path.name} {fault}" for path in paths for fault in faults(path)]
        print_lines(said)
        if not said:
            print(f"{len(paths)} notebooks, all clean.")
        return 1 if said else 0

    parser.set_defaults(run=run)


def doctor(parser: ArgumentParser) -> None:
    """Say what is installed, which corpora are here, what is wrong and what to do about it."""

    def run(options) -> int:
        from crossread_press.doctor import examine

        report = examine()
        for row in report.itertuples():
            print_text(f"{row.state:<8} {row.check}: {row.found}" + (f"\n{'':<9}{row.remedy}" if row.remedy else ""))
        return 1 if (report["state"] == "problem").any() else 0

    parser.set_defaults(run=run)


def attach(parser: ArgumentParser) -> None:
    """Find your own copies of a corpus's texts in a folder by their content, and put them where they are read."""
    parser.add_argument("folder", help="the folder with your copies, under any file names")
    parser.add_argument("--corpus", default="alliances", help="the corpus that they belong to (alliances)")

    def run(options) -> int:
        from crossread.corpus import attach as attach_texts

        print_table(attach_texts(options.folder, options.corpus))
        return 0

    parser.set_defaults(run=run)


def verify(parser: ArgumentParser) -> None:
    """Recompute the published tables from the attached texts and say where they agree."""
    parser.add_argument("corpus", nargs="?", default="alliances", help="the corpus (alliances)")

    def run(options) -> int:
        from crossread_press.publishing import verify as verify_tables

        report = verify_tables(options.corpus)
        print_table(report)
        return 0 if report["agrees"].all() else 1

    parser.set_defaults(run=run)


def seal(parser: ArgumentParser) -> None:
    """Write the hashes of a corpus's files (SHA256SUMS), after an edit of codes, claims, rules or lexicons."""
    parser.add_argument("corpus", nargs="*", help="the corpora; all of the project and the lists they share by default")

    def run(options) -> int:
        from crossread.corpus import corpus_folder, project_folder
        from crossread.corpus import seal as seal_folder

        home = project_folder() / "corpus"
        every = [*(path.parent for path in sorted(home.glob("*/documents.csv"))), home]
        for folder in [corpus_folder(name) for name in options.corpus] or every:
            print(seal_folder(folder))
        return 0

    parser.set_defaults(run=run)


def publish(parser: ArgumentParser) -> None:
    """Write the tables of a corpus that stand in for its texts: sentences, counts, cuts, hits."""
    parser.add_argument("corpus", help="the corpus; its texts must be attached")

    def run(options) -> int:
        from crossread_press.publishing import publish as publish_tables

        print_table(publish_tables(options.corpus))
        return 0

    parser.set_defaults(run=run)


def site(parser: ArgumentParser) -> None:
    """Execute the notebooks and write them as pages that open without a server or a network."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")
    parser.add_argument("--target", help="the folder (site/)")

    def run(options) -> int:
        from crossread_press.site import build_site

        pages = build_site(options.target, options.notebook, told=print)
        print(f"{len(pages)} pages; begin with {pages[0]}")
        return 0

    parser.set_defaults(run=run)


COMMANDS = (figures, check, site, doctor, *CORPORA, *CODING, attach, verify, publish, seal, notebooks)


def all_commands() -> dict:
    """Return every command by its name: those of this room, then those of the other rooms that are installed."""
    rooms = sorted(room.name for room in pkgutil.iter_modules() if room.name.startswith("crossread_"))
    with_commands = [room for room in rooms if room != __package__ and find_spec(f"{room}.commands")]
    elsewhere = [import_module(f"{room}.commands").COMMANDS for room in with_commands]
    return {command.__name__: command for command in (*COMMANDS, *(one for some in elsewhere for one in some))}


def _usage(commands: dict) -> str:
    lines = [f"  {name:<10} {command.__doc__}" for name, command in commands.items()]
    return "The commands of crossread (each has --help):\n" + "\n".join(lines)
