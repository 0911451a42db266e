"""The commands of the seminar: students, codes, handouts, bundle. See `crossread_press.commands`."""

from __future__ import annotations

from argparse import ArgumentParser

from crossread.terminal import print_lines, print_table, print_text


def students(parser: ArgumentParser) -> None:
    """Make the student files of the seminar from the solutions."""
    parser.add_argument("--check", action="store_true", help="write nothing; say which files differ from the solutions")
    parser.add_argument("--minutes", action="store_true", help="write nothing; say how long each step takes")
    parser.add_argument("--nbgrader", metavar="FOLDER", help="write nbgrader's source notebooks into FOLDER instead")

    def run(options) -> int:
        from crossread_seminar.students import find_solutions, make_students
        from crossread_seminar.timing import plan_session

        if options.minutes:
            for path in find_solutions():
                plan = plan_session(path)
                print_text(f"\n{path.name}: {plan['minutes'].sum():.0f} minutes\n")
                print_table(plan)
            return 0
        made = make_students(write=not options.check, nbgrader=options.nbgrader)
        print_table(made)
        return 1 if (made["result"] == "differs").any() else 0

    parser.set_defaults(run=run)


def codes(parser: ArgumentParser) -> None:
    """Merge the codes and lexicons of groups: how far they agree, what divides them, what it changes."""
    parser.add_argument("action", choices=["merge"], help="the one thing that can be done")
    parser.add_argument("file", nargs="+", help="codes-….csv and lexicon-….yml, or folders with such files")
    parser.add_argument(
        "--corpus", action="append", help="where the effect of the lexicons is shown (practice, alliances)"
    )
    parser.add_argument("--save", metavar="FOLDER", help="also write the tables into FOLDER")

    def run(options) -> int:
        from crossread_seminar.codes import merge_groups, save_merged

        merged = merge_groups(options.file, options.corpus or ("practice", "alliances"))
        for name, table in merged.items():
            print_text(f"\n{name.upper()}\n")
            if isinstance(table, str):
                print_text(table)
            else:
                print_table(table.round(2))
        if options.save:
            print_text("\nWritten: " + ", ".join(str(path) for path in save_merged(merged, options.save)))
        return 0

    parser.set_defaults(run=run)


def handouts(parser: ArgumentParser) -> None:
    """Make slides, sheets and handouts of the seminar in handouts/ (PDF where Chromium or Chrome is installed)."""
    parser.add_argument("session", nargs="*", help="only those whose names begin so: 1 3")
    parser.add_argument("--folder", default=None, help="where to write them (handouts)")

    def run(options) -> int:
        from crossread_seminar.handouts import make_handouts

        made, remarks = make_handouts(options.session, options.folder)
        print_table(made)
        print_lines(remarks)
        return 0

    parser.set_defaults(run=run)


def bundle(parser: ArgumentParser) -> None:
    """Make a folder with the project and all packages, from which it installs without a network."""
    parser.add_argument("folder", help="where to make it")
    parser.add_argument("--platform", help="linux, mac-arm, mac-intel or windows (this computer's)")
    parser.add_argument("--python", help="the Python of those computers: 3.11 to 3.14 (this one's)")
    parser.add_argument("--zip", action="store_true", help="pack it into FOLDER.zip as well")

    def run(options) -> int:
        from crossread_seminar.bundle import make_bundle

        print_text(make_bundle(options.folder, options.platform, options.python, pack=options.zip))
        return 0

    parser.set_defaults(run=run)


COMMANDS = (students, codes, handouts, bundle)
