"""The command of the explorer: explore. See `crossread_press.commands`."""

from __future__ import annotations

from argparse import ArgumentParser

from crossread.terminal import print_text


def explore(parser: ArgumentParser) -> None:
    """Write a study as one HTML page that needs no server, and open it in the browser."""
    parser.add_argument("name", nargs="?", default="alliances", help="the corpus, by its name or folder (alliances)")
    parser.add_argument("--lexicon", default="themes", help="the name or file of a lexicon (themes)")
    parser.add_argument("--without-texts", action="store_true", help="leave the sentences out, though they are here")
    parser.add_argument("--title", help="what stands at the head of the page")
    parser.add_argument("--to", metavar="FILE", help="where to write it (pages/NAME.html)")
    parser.add_argument("--no-browser", action="store_true", help="write the page, open nothing")

    def run(options) -> int:
        import webbrowser

        import crossread as cr
        from crossread_explorer.build import page_place, write_page
        from crossread_explorer.data import is_private

        study = cr.study(options.name, lexicon=options.lexicon)
        texts = False if options.without_texts else None
        to = options.to or page_place(study.corpus.name)
        path = write_page(study, to, texts=texts, title=options.title)
        print_text(f"{path}")
        if is_private(study, texts):
            print_text("It holds the running texts: send it only to those who may have them.")
        if not options.no_browser and not webbrowser.open(path.resolve().as_uri()):
            print_text("No browser was found: open the file with one.")
        return 0

    parser.set_defaults(run=run)


COMMANDS = (explore,)
