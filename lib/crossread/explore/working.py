"""A working copy of a lexicon: entries added and removed, as a file that keeps its comments, with a diff."""

from __future__ import annotations

import difflib
import json
import re
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from crossread.errors import CrossreadError
from crossread.explore.state import Edit
from crossread.lexicon import Entry, Lexicon, make_lexicon, parse_entry, read_lexicon, write_lexicon


def edit_lexicon(lexicon: Lexicon, edits) -> Lexicon:
    """Return a lexicon with entries added and removed.

    Parameters
    ----------
    lexicon : Lexicon
        As read from its file.
    edits : sequence of Edit
        In their order.

    Returns
    -------
    Lexicon

    Raises
    ------
    CrossreadError
        As `make_lexicon` for an entry that cannot be read, is there twice or could never count;
        "the lexicon “themes” has no entry “cost”."

    Examples
    --------
    >>> lexicon = make_lexicon("demo", {"cost": ["costs"]})
    >>> [entry.text for entry in edit_lexicon(lexicon, [Edit("add", "cost", "price*")])]
    ['costs', 'price*']
    """
    for edit in edits:
        if edit.do == "remove":
            lexicon = lexicon.leave_out(edit.entry, edit.key)
            continue
        if not re.fullmatch(r"[^\W\d]\w*(\.\w+)*", edit.key):
            raise CrossreadError(
                f"“{edit.key}” is no name for a theme: use letters, digits and _, as in burden_sharing."
            )
        entry = parse_entry(edit.entry, edit.key, reason=edit.reason)
        entries = list(lexicon.entries)
        own = [place for place, other in enumerate(entries) if other.key == edit.key]
        entries.insert(own[-1] + 1 if own else len(entries), entry)
        lexicon = replace(lexicon, entries=tuple(entries))
    return replace(lexicon, entries=make_lexicon(lexicon.name, lexicon.entries).entries) if edits else lexicon


def working_text(lexicon: Lexicon, edits) -> str:
    """Return the file of the working copy: the original with lines added and removed, comments kept.

    Parameters
    ----------
    lexicon : Lexicon
        Read from a YAML file; without a file the whole text is written anew.
    edits : sequence of Edit

    Returns
    -------
    str
        YAML that `read_lexicon` reads as the same entries as `edit_lexicon` gives.
    """
    import tempfile

    wanted = edit_lexicon(lexicon, edits)
    if lexicon.path is not None and lexicon.path.suffix in (".yml", ".yaml"):
        text = lexicon.path.read_text(encoding="utf-8")
        with suppress(CrossreadError):  # a file laid out so that no line can be put into it is written anew
            for edit in edits:
                text = _apply(text, _read(lexicon.name, text), edit)
            if _entries(_read(lexicon.name, text)) == _entries(wanted):
                return text
    with tempfile.TemporaryDirectory() as folder:
        return write_lexicon(wanted, Path(folder) / f"{lexicon.name}.yml").read_text(encoding="utf-8")


@lru_cache(maxsize=32)
def _read(name: str, text: str) -> Lexicon:
    """Return the lexicon of a text; each edit begins with the text that the one before it left."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.yml"
        path.write_text(text, encoding="utf-8")
        return read_lexicon(path)


def working_diff(lexicon: Lexicon, edits) -> str:
    """Return what the working copy changes in the file, as a unified diff; empty when nothing."""
    name = lexicon.path.name if lexicon.path else f"{lexicon.name}.yml"
    if lexicon.path is not None and lexicon.path.suffix in (".yml", ".yaml"):
        before = lexicon.path.read_text(encoding="utf-8")
    else:
        before = working_text(lexicon, ())
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        working_text(lexicon, edits).splitlines(keepends=True),
        fromfile=name,
        tofile=f"{name} (working copy)",
        n=2,
    )
    return "".join(lines)


def _entries(lexicon: Lexicon) -> list:
    # by key, since the order of entries plays no part
    return sorted((e.key, e.text, e.tier, e.reason, e.source) for e in lexicon)


def _apply(text: str, lexicon: Lexicon, edit: Edit) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    own = [entry for entry in lexicon if entry.key == edit.key and entry.line]
    if edit.do == "remove":
        entry = next(entry for entry in own if entry.text == edit.entry)
        last = _end_of(lines, entry)
        if len(own) == 1:
            raise CrossreadError("The last entry of its key.")  # the key goes too: write the file anew
        del lines[entry.line - 1 : last]
        return "".join(lines)
    entry = parse_entry(edit.entry, edit.key, reason=edit.reason)
    if own:
        last = max(own, key=lambda other: other.line)
        indent = re.match(r"\s*", lines[last.line - 1]).group()
        lines.insert(_end_of(lines, last), f"{indent}- {_line_of(entry)}\n")
    else:
        if "." in edit.key:
            raise CrossreadError("A nested key.")
        lines += ["\n", f"{edit.key}:\n", f"  - {_line_of(entry)}\n"]
    return "".join(lines)


def _end_of(lines: list[str], entry: Entry) -> int:
    """Return the number of the line after the entry that begins at `entry.line`."""
    indent = len(lines[entry.line - 1]) - len(lines[entry.line - 1].lstrip())
    end = entry.line
    while end < len(lines):
        line = lines[end]
        if line.strip() and (len(line) - len(line.lstrip()) <= indent or line.lstrip().startswith("#")):
            break
        if not line.strip():
            break
        end += 1
    return end


def _line_of(entry: Entry) -> str:
    """Return an entry as one line of YAML, every string quoted as JSON, which YAML reads too."""
    parts = {"pattern": entry.pattern}
    if entry.near:
        parts["with"] = list(entry.near)
    if entry.within is not None:
        parts["within"] = entry.within
    if entry.blocked:
        parts["not"] = list(entry.blocked)
    if entry.tier != "core":
        parts["tier"] = entry.tier
    if entry.reason:
        parts["reason"] = entry.reason
    return "{" + ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in parts.items()) + "}"
