"""The commands on corpora of one's own: make one, and say what needs a look."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import pandas as pd

from crossread.progress import bars
from crossread.terminal import print_lines, print_table, print_text
from crossread.wording import number_of

SHOWN = 10  # rows of a report; the rest stands in its file


def new(parser: ArgumentParser) -> None:
    """Make a corpus of your own from a folder of texts or a table, and say what was read and what needs a look."""
    parser.add_argument("name", help="what to call it: letters, digits, _ and -")
    _ask_for_source(parser)

    def run(options) -> int:
        from crossread.corpus import project_folder
        from crossread.corpus.create import create

        with bars():
            report = create(options.name, options.source, **_given(options))
        home = project_folder() / "corpus" / options.name
        say_report(report, home / "report.csv")
        named = report["doc_id"].dropna().astype(str)
        if len(named) and named.str.fullmatch(r"row_\d+").all():
            print_text(
                "No column names the texts, so they are called by their rows. Give the table a column id, or write "
                "names into the column label of documents.csv."
            )
        print_text(f"The corpus is in {home}. Look through its documents.csv, and write your themes into themes.yml.")
        print_text(f'In a notebook it is opened with: cr.study("{options.name}")')
        return 1 if (report["state"] == "not read").any() else 0

    parser.set_defaults(run=run)


def add(parser: ArgumentParser) -> None:
    """Add texts to a corpus of your own: a file, a folder or a table, or a file that you laid into its texts/."""
    parser.add_argument("name", help="the corpus")
    _ask_for_source(parser)

    def run(options) -> int:
        from crossread.corpus.change import add_texts

        with bars():
            report = add_texts(options.name, options.source, **_given(options))
        say_report(report)
        return 1 if (report["state"] == "not read").any() else 0

    parser.set_defaults(run=run)


def remove(parser: ArgumentParser) -> None:
    """Take a document out of a corpus of your own; its text is kept in the folder removed/ of the corpus."""
    parser.add_argument("name", help="the corpus")
    parser.add_argument("document", help="its doc_id, as in documents.csv")

    def run(options) -> int:
        from crossread.corpus.change import remove_text

        place = remove_text(options.name, options.document)
        print_text(f"{options.document} is no document of “{options.name}” any more.")
        if place is not None:
            print_text(f"Its text is kept: {place}")
        return 0

    parser.set_defaults(run=run)


def rename(parser: ArgumentParser) -> None:
    """Give a corpus of your own another name."""
    parser.add_argument("name", help="the corpus")
    parser.add_argument("new", help="what to call it: letters, digits, _ and -")

    def run(options) -> int:
        from crossread.corpus.change import rename_corpus

        print_text(f"“{options.name}” is now {rename_corpus(options.name, options.new)}")
        return 0

    parser.set_defaults(run=run)


def delete(parser: ArgumentParser) -> None:
    """Delete a corpus of your own with its texts, codes and lexicons, after asking."""
    parser.add_argument("name", help="the corpus")
    parser.add_argument("--yes", action="store_true", help="do not ask")

    def run(options) -> int:
        from crossread.corpus import corpus_folder
        from crossread.corpus.change import delete_corpus

        folder = corpus_folder(options.name)
        if not options.yes:
            held = ", ".join(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))
            try:
                answer = input(f"{folder} holds {held}. Delete all of it? Type the name of the corpus: ")
            except EOFError:
                answer = ""
            if answer.strip() != options.name:
                print_lines(["Nothing was deleted. Without being asked: --yes"])
                return 1
        delete_corpus(options.name)
        print_text(f"{folder} is deleted.")
        return 0

    parser.set_defaults(run=run)


def lexicon(parser: ArgumentParser) -> None:
    """Bring a dictionary (quanteda, LIWC, WordStat, Lexicoder, Yoshikoder, CSV) to a corpus of your own."""
    parser.add_argument("name", help="the corpus")
    parser.add_argument("file", help="the dictionary: .yml, .dic, .dicx, .cat, .lc3, .lcd, .ykd, .csv")
    parser.add_argument("--as", dest="called", default="themes", help="what to call it there (themes)")
    parser.add_argument("--encoding", help="how the file is written (cp1252, utf-16, …), where that is guessed wrongly")

    def run(options) -> int:
        from crossread.corpus import corpus_folder
        from crossread.lexicon.imports import bring_lexicon

        brought, path = bring_lexicon(
            options.file, corpus_folder(options.name), options.called, encoding=options.encoding
        )
        print_lines(brought.notes)
        passed = f"; {number_of(len(brought.notes), 'remark')} above" if brought.notes else ""
        entries = "entry" if len(brought) == 1 else "entries"
        keys = number_of(len(brought.keys), "key")
        print_text(f"{len(brought):,} {entries} under {keys}: {path}{passed}.")
        return 0

    parser.set_defaults(run=run)


def _ask_for_source(parser) -> None:
    parser.add_argument(
        "source",
        help="the folder with your texts (txt, md, html, pdf, docx, odt, rtf, xml), or a table with a row for each "
        "text (csv, tsv, xlsx, json, jsonl)",
    )
    parser.add_argument("--text", metavar="COLUMN", help="the column of a table that holds the texts")
    parser.add_argument("--metadata", metavar="FILE", help="a table with a row for each file: year, party, …")
    parser.add_argument("--encoding", help="how the files are written (cp1252, utf-16, …), where that is told wrongly")


def _given(options) -> dict:
    return {"text": options.text, "metadata": options.metadata, "encoding": options.encoding}


def draw_corpus(name: str, notebooks: list[str]) -> int:
    """Run the notebooks on a corpus, put their figures into its own folder, and say what the corpus does not have."""
    from crossread_press.trials import run_on

    summary, missing, failures = run_on(name, notebooks, progress=True)
    print_table(summary)
    print_lines([*dict.fromkeys(missing["told"]), *failures])
    return 1 if failures else 0


def say_report(report: pd.DataFrame, file: Path | None = None) -> None:
    """Write a line for people, then the rows that need a look, and where the rest is."""
    from crossread.corpus.report import describe_report

    print_text(describe_report(report))
    print_lines(report.attrs.get("said", ()))
    to_look_at = report[report["state"].isin(["not read", "look"])]
    if len(to_look_at):
        print_table(to_look_at[["state", "file", "remark"]].head(SHOWN if file else len(to_look_at)))
        if file and len(to_look_at) > SHOWN:
            print_text(f"… and {len(to_look_at) - SHOWN:,} more: {file}")


COMMANDS = (new, add, remove, rename, delete, lexicon)
