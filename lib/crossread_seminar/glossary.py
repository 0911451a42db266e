"""The glossary of the seminar."""

import re
from pathlib import Path

from crossread.corpus import project_folder
from crossread.errors import CrossreadError

ENTRY = re.compile(r"^\*\*(?P<term>[^*]+)\*\*(?: \(also (?P<forms>[^)]*)\))?: (?P<text>.+)$")
ITALICS = re.compile(r"(?<![*\w])\*(?![*\s])([^*\n]+?)\*(?![*\w]| \d)")  # not a journal and its volume


def read_entries(path: Path | str | None = None) -> dict[str, tuple[str, str]]:
    """Return for every term and each of its other forms, in small letters, the term as written and its explanation.

    Parameters
    ----------
    path : path, optional
        Another file than notebooks/seminar/glossary.md. A line **term** (also form, form): explanation.
    """
    path = Path(path or project_folder() / "notebooks" / "seminar" / "glossary.md")
    entries = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = ENTRY.match(line.strip().removeprefix("- "))
        if not entry:
            continue
        for form in [entry["term"], *(entry["forms"] or "").split(", ")]:
            form = form.strip().lower()
            if form and form in entries:
                raise CrossreadError(f"{path.name}: “{form}” is explained twice.")
            if form:
                entries[form] = (entry["term"], entry["text"])
    return entries
