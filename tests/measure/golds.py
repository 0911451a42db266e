"""Gold values of estimators and tests, from other packages or from formulas written down a second time.

Some are of methods that the library does not use: their formulas stand in the tests, which hold the library's own
answer against them.
"""

import csv
from pathlib import Path

GOLDS = Path(__file__).parents[1] / "data" / "estimator_golds.csv"


def golds(name):
    """Return (input, value) of each row of that name; values as lists of numbers."""
    with GOLDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["name"] == name]
    assert rows, f"no gold value “{name}”"
    return [(row["input"], row["value"]) for row in rows]


def numbers(text, separator=" "):
    """Return the numbers of a text."""
    return [float(part) for part in text.split(separator)]
