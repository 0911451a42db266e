"""What the commands write to the terminal; the library itself writes nothing there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# what would move the cursor, colour the screen or turn letters round: a name of a file may hold it
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(text: object) -> str:
    r"""Return a text with what steers a terminal, and shows nothing, as its code.

    Examples
    --------
    >>> shown("a\x1b[31m.txt")
    'a\\x1b[31m.txt'
    """
    return _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), str(text))


def print_text(text: object) -> None:
    """Write a text as it stands."""
    print(shown(text))


def print_lines(lines: Iterable[object]) -> None:
    """Write lines to where errors go, so that a table can be piped on without them."""
    for line in lines:
        print(shown(line), file=sys.stderr)


def print_table(table: pd.DataFrame) -> None:
    """Write a table with its columns below one another."""
    if not len(table):
        print("Nothing.")
        return
    cells = [[shown(name) for name in table.columns]] + [
        ["" if v is None else shown(v) for v in row] for row in table.values
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
