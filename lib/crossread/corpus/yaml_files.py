"""YAML files that people write, read within a budget: how deep, how many parts, and every scalar as the text it is.

A file is scanned as a stream of events before anything is built of it, so that neither deep brackets nor aliases of
aliases can end the process or freeze it; and `12:30`, `0777`, `null` or `1.50` stay what was written.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from crossread.errors import CrossreadError

if TYPE_CHECKING:
    from yaml import Node

DEEPEST = 20
MOST_PARTS = 300_000  # scalars, lists and blocks, those behind an alias counted each time
LARGEST = 10_000_000  # characters
EXPLAINED = 200_000  # characters: of longer files what is wrong is said by the quick parser only


def read_text_file(path: Path) -> str:
    """Return the text of a UTF-8 file."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CrossreadError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise CrossreadError(f"{path}: cannot be read ({error.strerror or error}).") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CrossreadError(f"{path}, line {line}: this is not UTF-8. Save the file as UTF-8.") from None


def compose(text: str, file: str) -> Node | None:
    """Return the tree of a YAML text, with the line of every part; None where there is nothing in it.

    Parameters
    ----------
    text : str
    file : str
        Its name, for what is said of it.

    Examples
    --------
    >>> compose("a: [12:30]", "a.yml").value[0][1].value[0].value
    '12:30'
    """
    import yaml

    if len(text) > LARGEST:
        raise CrossreadError(f"{file}: {len(text):,} characters, and at most {LARGEST:,} are read. Divide the file.")
    quick = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        _check_budget(yaml.parse(text, Loader=quick), file, yaml)
        return yaml.compose(text, Loader=_loader(yaml))
    except yaml.YAMLError as error:
        said = error
    if len(text) <= EXPLAINED:
        with suppress(RecursionError):
            try:  # the slower parser says better what is wrong
                _check_budget(yaml.parse(text, Loader=yaml.BaseLoader), file, yaml)
                return yaml.compose(text, Loader=yaml.SafeLoader)
            except yaml.YAMLError as error:
                said = error
    mark = getattr(said, "problem_mark", None) or getattr(said, "context_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(said, "problem", None) or str(said).splitlines()[0]
    opened = getattr(said, "context_mark", None)
    if "quoted scalar" in (getattr(said, "context", None) or "") and opened is not None:
        problem = f"a quotation mark that opens in line {opened.line + 1} is not closed"
    elif "'\\t'" in problem:
        problem = "a tab at the beginning of a line; indent with spaces"
    lines = text.splitlines()
    near_text = lines[mark.line].strip()[:60] if mark and mark.line < len(lines) else ""
    near = f" at “{near_text}”" if near_text else ""
    star = " An entry that begins with * or ? needs quotes." if near_text.lstrip("- ")[:1] in ("*", "?") else ""
    raise CrossreadError(f"{file}{line}: this is not YAML{near}: {problem}.{star}") from None


def _loader(yaml):
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _check_budget(events, file: str, yaml) -> None:
    """Count depth and parts while the text is parsed; an alias stands for all that its anchor holds."""
    parts, sizes = 0, {}
    opened: list[tuple[str | None, int]] = []
    for event in events:
        where = f"{file}, line {event.start_mark.line + 1}"
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, parts))
            parts += 1
            if len(opened) > DEEPEST:
                raise CrossreadError(f"{where}: brackets or blocks are nested more than {DEEPEST} deep.")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor is not None:
                sizes[anchor] = parts - before
        elif isinstance(event, yaml.ScalarEvent):
            parts += 1
            if event.anchor is not None:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in opened):
                raise CrossreadError(f"{where}: “*{event.anchor}” stands inside what it refers to.")
            parts += sizes.get(event.anchor, 1)
        if parts > MOST_PARTS:
            raise CrossreadError(f"{where}: more than {MOST_PARTS:,} parts, counting what aliases stand for.")


def read_items(path: Path, what: str) -> list[object]:
    """Read a YAML list of blocks: every scalar as text, no key of a block twice.

    Parameters
    ----------
    path : Path
    what : str
        What the items are called: "rules", "claims".

    Returns
    -------
    list
        Of dict, list or str, as the file has them; empty where nothing is in it.
    """
    root = compose(read_text_file(path), str(path))
    value = _plain(root, str(path)) if root is not None else []
    if value == "":
        return []
    if not isinstance(value, list):
        raise CrossreadError(f"{path}: write the {what} as a list, each beginning with “- ”.")
    return value


def _plain(node: Node, file: str) -> object:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, file) for item in node.value]
    block: dict[str, object] = {}
    for name_node, value in node.value:
        name, line = _plain(name_node, file), name_node.start_mark.line + 1
        if not isinstance(name, str):
            raise CrossreadError(f"{file}, line {line}: the name of a field is a word, not a list or a block.")
        if name in block:
            raise CrossreadError(f"{file}, line {line}: “{name}” is there twice in one block. Delete one.")
        block[name] = _plain(value, file)
    return block
