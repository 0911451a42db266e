"""The command of this room: count."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from crossread.terminal import print_lines, print_table, print_text


def count(parser: ArgumentParser) -> None:
    """Count a folder of texts of any size, shard by shard, here or on a Dask cluster."""
    parser.add_argument("folder", help="a corpus, or any folder of texts")
    parser.add_argument("--lexicon", metavar="FILE", help="count its hits in each document too")
    parser.add_argument("--output", metavar="FOLDER", help="to make, with sentences, counts and hits as Parquet parts")
    parser.add_argument("--processes", type=int, metavar="N", help="at once on this machine (as many as processors)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster whose workers see the same folder")
    parser.add_argument("--stop", action="store_true", help="stop at the first file that cannot be read")
    parser.add_argument("--top", type=int, default=20, help="how many terms to print (20)")

    def run(options) -> int:
        from crossread.corpus.gather import list_files, tell_passed_over
        from crossread.lexicon import read_lexicon
        from crossread_scale import connect, count_folder

        client = connect(options.scheduler) if options.scheduler else None
        try:
            counted = count_folder(
                options.folder,
                lexicon=read_lexicon(options.lexicon) if options.lexicon else None,
                output=options.output,
                processes=options.processes,
                client=client,
                on_error="stop" if options.stop else "report",
                progress=True,
            )
        finally:
            if client is not None:
                client.close()
        print_table(counted.terms.head(options.top))
        if options.lexicon:
            print_table(counted.hits.sum().rename_axis("key").reset_index(name="hits"))
        print_text(f"{len(counted.documents):,} documents, {counted.documents['n_tokens'].sum():,} tokens.")
        print_lines(counted.failures["problem"])
        if not (Path(options.folder) / "documents.csv").is_file():
            print_lines(tell_passed_over(list_files(Path(options.folder))[1]))
        return 1 if len(counted.failures) else 0

    parser.set_defaults(run=run)


COMMANDS = (count,)
