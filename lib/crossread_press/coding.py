"""The command code: code sentences of a corpus in the terminal, as the widget of the notebooks does."""

from __future__ import annotations

import textwrap
from argparse import ArgumentParser

from crossread.coding_widget import Coding
from crossread.terminal import print_text

WIDTH = 88
KEYS = "A digit for each theme (0 no, 1 weak, 2 core), then Enter. b: back, s: skip, a: agreement, q: stop."


def code(parser: ArgumentParser) -> None:
    """Code the sentences of a corpus that its themes need most, one at a time; each is saved at once."""
    parser.add_argument("name", help="the corpus, by its name or folder; its texts must be attached")
    parser.add_argument("--coder", help="your name or initials, asked for unless given: each coder has a file of codes")
    parser.add_argument("--themes", nargs="*", help="what to code for (what is coded so far, else all themes)")
    parser.add_argument("--margin", type=float, default=0.1, help="how near the limits shall come to a share (0.1)")
    parser.add_argument("--sentences", type=int, help="code so many more sentences instead")
    parser.add_argument("--by", metavar="COLUMN", help="limits are wanted for documents put together by this column")
    parser.add_argument("--settle", action="store_true", help="settle the sentences on which coders differ")

    def run(options) -> int:
        import crossread as cr

        study = cr.study(options.name, texts=True)
        coder = options.coder or input("Your name or initials: ")
        coding = study.code(
            coder, options.themes, margin=options.margin, sentences=options.sentences, by=options.by,
            settle=options.settle,
        )  # fmt: skip
        code_in_terminal(coding)
        return 0

    parser.set_defaults(run=run)


def code_in_terminal(coding: Coding) -> None:
    """Show one sentence after the other and keep what is typed, until all are coded or the coder stops.

    Parameters
    ----------
    coding : Coding
        From `Study.code`.
    """
    from crossread.errors import CrossreadError

    session = coding.session
    print_text(f"{coding} Saved after each sentence in {session.path}.")
    print_text(f"{KEYS} Themes: {', '.join(session.keys)}.")
    steps = {"b": -1, "s": 1}
    while not session.is_done:
        print_text("")
        print_text(textwrap.fill(session.text, WIDTH))
        for line in coding.given_lines():
            print_text(line)
        try:
            typed = input(f"{session.n_coded} of {len(session.order)} > ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            typed = "q"
        if typed == "q":
            print_text(f"Stopped. {session.n_coded} of {len(session.order)} sentences are coded and saved.")
            return
        if typed == "a":
            print_text(coding.agreement())
        elif typed in steps:
            session.go(steps[typed])
        else:
            try:
                session.record_digits(typed)
            except CrossreadError as error:
                print_text(str(error))
    print_text(f"All {len(session.order)} sentences are coded. {coding.agreement()}")


COMMANDS = (code,)
