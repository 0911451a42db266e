"""The commands on corpora of one's own: make one, and say what needs a look."""

from pathlib import Path

import pandas as pd

from crossread.progress import progress_bar
from crossread.terminal import print_lines, print_table, print_text

SHOWN = 10  # rows of a report; the rest stands in its file


def new(parser) -> None:
    """Make a corpus of your own from a folder of texts or a table, and say what was read and what needs a look."""
    parser.add_argument("name", help="what to call it: letters, digits, _ and -")
    parser.add_argument(
        "source",
        help="the folder with your texts (txt, md, html, pdf, docx, odt, rtf, xml), or a table with a row for each "
        "text (csv, tsv, xlsx, json, jsonl)",
    )
    parser.add_argument("--text", metavar="COLUMN", help="the column of a table that holds the texts")
    parser.add_argument("--metadata", metavar="FILE", help="a table with a row for each file: year, party, …")
    parser.add_argument("--encoding", help="how the files are written (cp1252, utf-16, …), where that is told wrongly")

    def run(options) -> int:
        from crossread.corpus import project_folder
        from crossread.corpus.create import create

        with _Progress("reading") as told:
            report = create(
                options.name,
                options.source,
                text=options.text,
                metadata=options.metadata,
                encoding=options.encoding,
                told=told,
            )
        home = project_folder() / "corpus" / options.name
        say_report(report, home)
        print_text(f"The corpus is in {home}. Look through its documents.csv, and write your themes into themes.yml.")
        print_text(f'In a notebook it is opened with: cr.study("{options.name}")')
        return 1 if (report["state"] == "not read").any() else 0

    parser.set_defaults(run=run)


def say_report(report: pd.DataFrame, home: Path) -> None:
    """Write a line for people, then the rows that need a look, and where the rest is."""
    from crossread.corpus.report import describe_report

    print_text(describe_report(report))
    print_lines(report.attrs.get("said", ()))
    told = report[report["state"].isin(["not read", "look"])]
    if len(told):
        print_table(told[["state", "file", "remark"]].head(SHOWN))
        if len(told) > SHOWN:
            print_text(f"… and {len(told) - SHOWN:,} more: {home / 'report.csv'}")


class _Progress:
    """A bar that is made when the number of files is known."""

    def __init__(self, what: str):
        self.what, self.bar, self.done = what, None, 0

    def __enter__(self):
        return self._told

    def _told(self, done: int, total: int) -> None:
        if self.bar is None:
            self.bar = progress_bar(self.what, total, " files")
        self.bar.update(done - self.done)
        self.done = done

    def __exit__(self, *_) -> None:
        if self.bar is not None:
            self.bar.close()


COMMANDS = (new,)
