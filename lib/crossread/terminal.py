"""What the commands write to the terminal; the library itself writes nothing there."""

import sys


def print_text(text) -> None:
    """Write a text as it stands."""
    print(text)


def print_lines(lines) -> None:
    """Write lines to where errors go, so that a table can be piped on without them."""
    for line in lines:
        print(line, file=sys.stderr)


def print_table(table) -> None:
    """Write a table with its columns below one another."""
    if not len(table):
        print("Nothing.")
        return
    cells = [[str(name) for name in table.columns]] + [
        ["" if v is None else str(v) for v in row] for row in table.values
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
