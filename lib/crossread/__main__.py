"""The commands: `crossread COMMAND …`, `python -m crossread COMMAND …` or `python3 run.py COMMAND …`."""

import argparse
import sys

from crossread.errors import CrossreadError
from crossread.seminar import commands as seminar
from crossread.terminal import print_lines, print_table


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something was found wrong, 2 it could not be done."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(_usage())
        return 0
    if arguments[0] not in COMMANDS:
        print(f"There is no command “{arguments[0]}”.\n\n{_usage()}", file=sys.stderr)
        return 2
    command = COMMANDS[arguments[0]]
    parser = argparse.ArgumentParser(prog=f"crossread {arguments[0]}", description=command.__doc__)
    command(parser)
    options = parser.parse_args(arguments[1:])
    try:
        return options.run(options)
    except CrossreadError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror or error}.", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def figures(parser) -> None:
    """Execute the notebooks and write their figures to figures/."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")

    def run(options) -> int:
        from crossread.notebooks import make_figures

        summary, failures = make_figures(options.notebook, progress=True)
        print_table(summary)
        print_lines(failures)
        return 1 if failures else 0

    parser.set_defaults(run=run)


def check(parser) -> None:
    """Make every figure again in a scratch folder and compare it with the published one."""

    def run(options) -> int:
        from crossread.doctor import lock_differences
        from crossread.figures import manifest
        from crossread.notebooks import check_figures

        different = lock_differences()
        problems, failures = check_figures(images=not different, progress=True)
        if different:
            print(
                "Images were not compared, only tables and texts: the packages here are not those of "
                f"requirements.lock ({different[0]}{', …' if len(different) > 1 else ''})."
            )
        print_lines(f"{row.figure}: {row.problem}" for row in problems.itertuples())
        print_lines(failures)
        if len(problems) or failures:
            print(f"{len(problems) + len(failures)} problems.", file=sys.stderr)
            return 1
        print(f"{len(manifest())} figures made again, and no difference.")
        return 0

    parser.set_defaults(run=run)


def notebooks(parser) -> None:
    """Say what keeps a notebook from being committed: outputs, unstable cell ids, traces of a machine."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")

    def run(options) -> int:
        from crossread.notebooks import faults, find_notebooks

        paths = find_notebooks(options.notebook)
        found = [f"{path.name} {fault}" for path in paths for fault in faults(path)]
        print_lines(found)
        if not found:
            print(f"{len(paths)} notebooks, all clean.")
        return 1 if found else 0

    parser.set_defaults(run=run)


def doctor(parser) -> None:
    """Say what is installed, which corpora are here, what is wrong and what to do about it."""

    def run(options) -> int:
        from crossread.doctor import examine

        report = examine()
        for row in report.itertuples():
            print(f"{row.state:<8} {row.check}: {row.found}" + (f"\n{'':<9}{row.remedy}" if row.remedy else ""))
        return 1 if (report["state"] == "problem").any() else 0

    parser.set_defaults(run=run)


def attach(parser) -> None:
    """Find your own copies of a corpus's texts in a folder by their content, and put them where they are read."""
    parser.add_argument("folder", help="the folder with your copies, under any file names")
    parser.add_argument("--corpus", default="alliances", help="the corpus that they belong to (alliances)")

    def run(options) -> int:
        from crossread.corpus import attach as attach_texts

        print_table(attach_texts(options.folder, options.corpus))
        return 0

    parser.set_defaults(run=run)


def verify(parser) -> None:
    """Recompute the published tables from the attached texts and say where they agree."""
    parser.add_argument("corpus", nargs="?", default="alliances", help="the corpus (alliances)")

    def run(options) -> int:
        from crossread.publishing import verify as verify_tables

        report = verify_tables(options.corpus)
        print_table(report)
        return 0 if report["agrees"].all() else 1

    parser.set_defaults(run=run)


def count(parser) -> None:
    """Count a folder of texts of any size, shard by shard, here or on a Dask cluster."""
    parser.add_argument("folder", help="a corpus, or any folder of texts")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster whose workers see the same folder")
    parser.add_argument("--output", metavar="FOLDER", help="to make, with sentences, counts and hits as Parquet parts")
    parser.add_argument("--lexicon", metavar="FILE", help="find its hits too (for --output)")
    parser.add_argument("--stop", action="store_true", help="stop at the first file that cannot be read")
    parser.add_argument("--top", type=int, default=20, help="how many terms to print (20)")

    def run(options) -> int:
        from crossread.lexicon import read_lexicon
        from crossread.scale import connect, count_folder

        client = connect(options.scheduler) if options.scheduler else None
        try:
            counted = count_folder(
                options.folder,
                lexicon=read_lexicon(options.lexicon) if options.lexicon else None,
                output=options.output,
                client=client,
                on_error="stop" if options.stop else "report",
            )
        finally:
            if client is not None:
                client.close()
        print_table(counted.terms.head(options.top))
        print(f"{len(counted.documents)} documents, {counted.documents['n_tokens'].sum():,} tokens.")
        print_lines(counted.failures["problem"])
        return 1 if len(counted.failures) else 0

    parser.set_defaults(run=run)


def publish(parser) -> None:
    """Write the tables of a corpus that stand in for its texts: sentences, counts, cuts, hits."""
    parser.add_argument("corpus", help="the corpus; its texts must be attached")

    def run(options) -> int:
        from crossread.publishing import publish as publish_tables

        print_table(publish_tables(options.corpus))
        return 0

    parser.set_defaults(run=run)


def new(parser) -> None:
    """Make a corpus of your own from a folder of texts, and say what was read and what was cut."""
    parser.add_argument("name", help="what to call it: letters, digits, _ and -")
    parser.add_argument("folder", help="the folder with your texts (txt, md, html, pdf, docx)")

    def run(options) -> int:
        from crossread.corpus import project_folder
        from crossread.corpus.create import create

        print_table(create(options.name, options.folder))
        print(f"Now fill in {project_folder() / 'corpus' / options.name / 'documents.csv'}.")
        return 0

    parser.set_defaults(run=run)


def explore(parser) -> None:
    """Open the explorer as a page in the browser: on this machine only, with a token."""
    parser.add_argument("corpus", nargs="?", default="practice", help="the corpus (practice)")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")

    def run(options) -> int:
        import signal

        from crossread.explore.serve import server

        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped with this process
        with server(options.corpus, options.port, browser=not options.no_browser) as (process, address):
            print(f"The explorer is at {address}\nTo stop it: Ctrl-C", flush=True)
            return process.wait()

    parser.set_defaults(run=run)


def why(parser) -> None:
    """Name the sentences behind one row of a figure's table, with their place in the source."""
    parser.add_argument("figure", help="the figure: fig-12")
    parser.add_argument("row", type=int, help="the row of figures/data/fig-….csv, 1 for the first under the header")

    def run(options) -> int:
        from crossread.provenance import why as find

        found = find(options.figure, options.row)
        print_lines(found.notices)
        values = ", ".join(f"{name} {value}" for name, value in found.row.items())
        print(f"{found.figure}, row {options.row}: {values}")
        print(f"Behind it: {len(found.sentences)} {found.rule}.\n")
        for doc_id, rows in found.sentences.groupby("doc_id", sort=False):
            print(f"{doc_id} (source sha256 {rows['sha256'].iloc[0]})")
            for row in rows.itertuples():
                text = f": {' '.join(row.text.split())}" if "text" in rows else ""
                print(f"  {row.sentence_id or 'cut'}, characters {row.start} to {row.end}{text}")
        return 0

    parser.set_defaults(run=run)


def site(parser) -> None:
    """Execute the notebooks and write them as pages that open without a server or a network."""
    parser.add_argument("notebook", nargs="*", help="only those whose names begin so: 02 05")
    parser.add_argument("--target", help="the folder (site/)")

    def run(options) -> int:
        from crossread.site import build_site

        pages = build_site(options.target, options.notebook, told=print)
        print(f"{len(pages)} pages; begin with {pages[0]}")
        return 0

    parser.set_defaults(run=run)


_ALL = (figures, check, why, explore, site, doctor, attach, verify, new, count, publish, notebooks, *seminar.COMMANDS)
COMMANDS = {command.__name__: command for command in _ALL}


def _usage() -> str:
    lines = [f"  {name:<10} {command.__doc__}" for name, command in COMMANDS.items()]
    return "The commands of crossread (each has --help):\n" + "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
