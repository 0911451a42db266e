"""Dictionaries of other programs, read whole: what cannot be counted is passed over, with a note for its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from crossread.corpus.yaml_files import compose
from crossread.errors import CrossreadError
from crossread.files import scratch
from crossread.lexicon.formats import FIELDS, Lexicon, holds_several, read_lexicon, write_lexicon
from crossread.lexicon.patterns import Entry, check_entry, covers, sequences, words_within

ENDINGS = {
    ".yml": "quanteda or crossread", ".yaml": "quanteda or crossread", ".dic": "LIWC", ".dicx": "LIWC-22",
    ".cat": "WordStat",
    ".lc3": "Lexicoder", ".lcd": "Lexicoder", ".ykd": "Yoshikoder", ".csv": "a table",
}  # fmt: skip
Raw = tuple[int, tuple[str, ...], str]  # line, keys from the outermost to the innermost, entry


def import_lexicon(path: str | Path, name: str | None = None, *, encoding: str | None = None) -> Lexicon:
    """Read a dictionary as it comes, and note for each line what was passed over.

    Parameters
    ----------
    path : path
        A file of quanteda (.yml), LIWC (.dic, .dicx), WordStat (.cat), Lexicoder (.lc3, .lcd), Yoshikoder (.ykd), or a
        table (.csv) with a column of keys (key, category, theme) and one of entries (entry, word, term, pattern), or
        with a column of entries for each key.
    name : str, optional
        What to call it; the name of the file without its ending when left out.
    encoding : str, optional
        How its characters are written; as in `read_text` without it.

    Returns
    -------
    Lexicon
        `notes` holds a sentence for each line that was passed over or changed: what can match no word (an emoticon, a
        number of a category that is not listed, a rule of WordStat), an entry that is there twice or that another of
        its key finds anyhow.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "demo.lc3"
    >>> _ = path.write_text("+COST\\nexpens*\\nexpensive\\n:(\\n+ALLY\\nfair share\\n", encoding="utf-8")
    >>> lexicon = import_lexicon(path)
    >>> [(entry.key, entry.text) for entry in lexicon]
    [('COST', 'expens*'), ('ALLY', 'fair share')]
    >>> for note in lexicon.notes:
    ...     print(note)
    demo.lc3, line 3: “expensive” was left out: “expens*” of the same key finds it.
    demo.lc3, line 4: “:(” was passed over: there is no word in it.
    """
    path = Path(path).expanduser()
    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        known = ", ".join(f"{ending} ({program})" for ending, program in ENDINGS.items())
        raise CrossreadError(f"{path.name}: a dictionary ends in {known}.")
    notes: list[str] = []
    content = _content(path, notes, encoding)
    if suffix in (".yml", ".yaml"):
        raw = _read_yaml(content, path.name, notes)
    else:
        readers = {".dic": _read_dic, ".dicx": _read_dicx, ".cat": _read_wordstat, ".ykd": _read_yoshikoder,
                   ".csv": _read_table}  # fmt: skip
        suffix = ".ykd" if suffix in (".lcd", ".lc3") and content.lstrip().startswith("<") else suffix
        raw = readers.get(suffix, _read_lexicoder)(content, path.name, notes)
    entries = _counted(raw, path.name, notes)
    if not entries:
        first = f" The first remark: {notes[0]}" if notes else ""
        raise CrossreadError(f"{path.name}: no entry of it can be counted.{first}")
    notes.sort(key=_line_of)
    return Lexicon(name or path.stem, tuple(entries), path, tuple(notes))


def bring_lexicon(
    path: str | Path, folder: Path, called: str = "themes", *, encoding: str | None = None
) -> tuple[Lexicon, Path]:
    """Write a dictionary of another program into the folder of a corpus, as crossread reads it.

    Returns
    -------
    Lexicon, Path
        With its notes; and the file, `called`.yml.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", called):
        raise CrossreadError(f"“{called}” cannot be the name of a lexicon: use letters, digits, _ and - only.")
    target = folder / f"{called}.yml"
    if target.is_file() and any(not line.lstrip().startswith("#") for line in _lines(target) if line.strip()):
        raise CrossreadError(f"{target} has entries already. Give the new one another name: --as NAME")
    brought = import_lexicon(path, called, encoding=encoding)
    with scratch() as place:
        read_lexicon(write_lexicon(brought, place / target.name))  # what cannot be read again is not put in place
    write_lexicon(brought, target)
    return brought, target


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _content(path: Path, notes: list[str], encoding: str | None) -> str:
    from crossread.corpus.reading.encoding import decode
    from crossread.corpus.reading.files import read_bytes

    content, _, said = decode(path.name, read_bytes(path, 200_000_000), encoding)
    notes += said
    return content.removeprefix("\ufeff")


def _line_of(note: str) -> int:
    match = re.search(r", line (\d+):", note)
    return int(match[1]) if match else 0


# --- what can be counted ----------------------------------------------------------------------------------------


def _counted(raw: Iterable[Raw | Entry], file: str, notes: list[str]) -> list[Entry]:
    """Keep the entries that can match; of those that find the same, the widest."""
    by_key: dict[str, list[Entry]] = {}
    order: list[Entry] = []
    for one in raw:
        entry = one if isinstance(one, Entry) else _as_entry(*one, notes=notes, file=file)
        if entry is None:
            continue
        try:
            if not re.search(r"\w", entry.pattern):  # “?” is a mark in other programs, and any letter here
                raise CrossreadError("there is no word in it.")
            order.append(check_entry(entry))
        except CrossreadError as error:
            reason = _reason(str(error), entry)
            notes.append(f"{file}, line {entry.line}: “{entry.text}” was passed over: {reason}.")
            continue
        by_key.setdefault(order[-1].key, []).append(order[-1])
    left_out: set[int] = set()
    for members in by_key.values():
        left_out |= _repeated(members, file, notes)
    return [entry for entry in order if id(entry) not in left_out]


def _reason(message: str, entry: Entry) -> str:
    return message.removeprefix(f"“{entry.pattern}”: ").removeprefix("the entry ").rstrip(".")


def _as_entry(line: int, keys: tuple[str, ...], text: str, *, notes: list[str], file: str) -> Entry | None:
    names = [name for name in (_key_part(key) for key in keys) if name]
    pattern = " ".join(text.replace("_", " ").split())
    if not names or not pattern:
        notes.append(f"{file}, line {line}: “{text}” was passed over: it stands under no category.")
        return None
    return Entry(".".join(names), pattern, line=line)


def _key_part(name: str) -> str:
    """Return a category as a key: dots join nested keys, and a key that begins with _ is not counted."""
    return "_".join(re.findall(r"\w+", name.strip("\"' "))).strip("_")


def _repeated(entries: list[Entry], file: str, notes: list[str]) -> set[int]:
    """Find the entries of a key that another finds anyhow."""
    plain = [(sequences(entry.pattern), entry) for entry in entries if not entry.near and not entry.blocked]
    seen: dict[frozenset, Entry] = {}
    starred: dict[tuple[int, str], list[tuple[tuple[str, ...], Entry]]] = {}
    for patterns, entry in plain:
        for words in patterns:
            if "*" in "".join(words) or "?" in "".join(words):
                first = words[0][:1] if words[0][:1] not in "*?" else ""
                starred.setdefault((len(words), first), []).append((words, entry))
    left_out = set()
    for patterns, entry in plain:
        twin = seen.setdefault(frozenset(patterns), entry)
        if twin is not entry:
            left_out.add(id(entry))
            if twin.line != entry.line:
                where = f"{file}, line {entry.line}"
                notes.append(f"{where}: “{entry.text}” was left out: it is in line {twin.line} already.")
            continue
        wider = [_wider(words, entry, starred) for words in patterns]
        if all(wider):
            left_out.add(id(entry))
            notes.append(
                f"{file}, line {entry.line}: “{entry.text}” was left out: “{wider[0].text}” of the same key finds it."
            )
    return left_out


def _wider(words: tuple[str, ...], entry: Entry, starred) -> Entry | None:
    for first in {words[0][:1], ""}:
        for general, other in starred.get((len(words), first), ()):
            if other is not entry and covers(general, words) and not covers(words, general):
                return other
    return None


# --- the formats ------------------------------------------------------------------------------------------------


def _read_yaml(content: str, file: str, notes: list[str]) -> list[Raw | Entry]:
    """Read the keys and entries of YAML with their lines; entries that say more than a pattern are crossread's own."""
    import yaml

    root = compose(content, file)
    if not isinstance(root, yaml.MappingNode):
        raise CrossreadError(f"{file}: a dictionary begins with a category, “theme:”.")
    raw: list[Raw | Entry] = []
    nodes = [(root, ())]
    while nodes:
        node, keys = nodes.pop()
        if isinstance(node, yaml.ScalarNode):
            line = node.start_mark.line + 1
            if not node.value.strip():
                notes.append(f"{file}, line {line}: “{'.'.join(keys)}” has a blank entry, or none.")
            else:
                raw.append((node.start_mark.line + 1, keys, node.value))
        elif isinstance(node, yaml.SequenceNode):
            nodes += [(item, keys) for item in reversed(node.value)]
        elif strange := next((name for name, _ in node.value if not isinstance(name, yaml.ScalarNode)), None):
            line = strange.start_mark.line + 1
            raise CrossreadError(f"{file}, line {line}: the name of a category is a word, not a list or a block.")
        elif any(name.value == "pattern" for name, _ in node.value):
            raw.append(_own_entry(node, keys, file))
        else:
            _refuse_commas(node, file)
            inner = [(value, keys if name.value == "__" else (*keys, name.value)) for name, value in node.value]
            nodes += inner[::-1]
    return raw


def _refuse_commas(node, file: str) -> None:
    for _, value in node.value:
        if isinstance(value.value, str) and not value.style and holds_several(value.value):
            line = value.start_mark.line + 1
            raise CrossreadError(f"{file}, line {line}: write several entries as a list: [{value.value}].")


def _own_entry(node, keys: tuple[str, ...], file: str) -> Entry:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in node.value:
        texts = tuple(item.value for item in value.value) if isinstance(value.value, list) else (value.value,)
        if not all(isinstance(text, str) for text in texts):
            line = value.start_mark.line + 1
            raise CrossreadError(f"{file}, line {line}: here a text is expected, not a list or a block.")
        fields[name.value] = texts
        if name.value not in FIELDS:
            line = name.start_mark.line + 1
            raise CrossreadError(
                f"{file}, line {line}: an entry has no “{name.value}”; it may have {', '.join(FIELDS)}."
            )
    within = " ".join(fields.get("within", ("sentence",)))
    try:
        words = None if within == "sentence" else words_within(within)
    except CrossreadError as error:
        raise CrossreadError(f"{file}, line {node.start_mark.line + 1}: {error}") from None
    return Entry(
        ".".join(map(_key_part, keys)),
        " ".join(fields["pattern"]),
        near=fields.get("with", ()),
        within=words,
        blocked=fields.get("not", ()),
        line=node.start_mark.line + 1,
        **{name: " ".join(fields[name]) for name in ("tier", "reason", "source") if name in fields},
    )


def _read_dic(content: str, file: str, notes: list[str]) -> list[Raw]:
    lines = content.splitlines()
    marks = [number for number, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        raise CrossreadError(
            f"{file}: no dictionary of LIWC: the list of categories stands between two lines of “%”, and {len(marks)} "
            "of them were found."
        )
    keys: dict[int, tuple[str, ...]] = {}
    parents: list[str] = []
    for number in range(marks[0] + 1, marks[1]):
        match = re.match(r"(\t*+)\s*+(\d{1,9})\s++(\S.*)", lines[number].rstrip())
        if match:
            parents = [*parents[: len(match[1])], match[3]]
            first = keys.setdefault(int(match[2]), tuple(parents))
            if first != tuple(parents):
                why = f"the number {int(match[2])} is that of “{first[-1]}” already"
                notes.append(f"{file}, line {number + 1}: “{match[3]}” was passed over: {why}.")
        elif lines[number].strip():
            text = lines[number].strip()
            notes.append(f"{file}, line {number + 1}: “{text}” was passed over: no number and category.")
    raw: list[Raw] = []
    for number in range(marks[1] + 1, len(lines)):
        text = lines[number].strip()
        if not text:
            continue
        opened = re.search(r"\w\s*\(", text)
        if "<of>" in text or re.search(r"<\d+>", text) or (opened and ")" in text[opened.end() :]):
            why = "conditions in brackets are not understood"
            notes.append(f"{file}, line {number + 1}: “{text}” was passed over: {why}.")
            continue
        entry, numbers = _numbered(text)
        if not numbers:
            notes.append(f"{file}, line {number + 1}: “{text}” was passed over: it names no category by its number.")
        for key in dict.fromkeys(numbers):
            if key in keys:
                raw.append((number + 1, keys[key], entry))
            else:
                notes.append(f"{file}, line {number + 1}: “{entry}” names the category {key}, which is not listed.")
    return raw


def _read_dicx(content: str, file: str, notes: list[str]) -> list[Raw]:
    """Read a .dicx: a table with a row for each word and a column for each category, marked where it belongs."""
    rows = _rows(content, file)
    raw = []
    for number, row in enumerate(rows[1:], 2):
        marked = [name for name, cell in zip(rows[0][1:], row[1:], strict=False) if cell.strip() not in ("", "0")]
        if not marked and row and row[0].strip():
            notes.append(f"{file}, line {number}: “{row[0].strip()}” was passed over: it is marked for no category.")
        raw += [(number, (name,), row[0]) for name in marked]
    return raw


def _numbered(line: str) -> tuple[str, list[int]]:
    """Return an entry of a .dic and the numbers of categories after it."""
    words = list(re.finditer(r"\S+", line))
    n_kept = len(words)
    while n_kept > 1 and re.fullmatch(r"\d{1,9}(?:/\d{1,9})*", words[n_kept - 1][0]):
        n_kept -= 1
    numbers = [int(digits) for word in words[n_kept:] for digits in word[0].split("/")]
    return line[: words[n_kept - 1].end()], numbers


def _read_wordstat(content: str, file: str, notes: list[str]) -> list[Raw]:
    """Read the tree of a .cat: tabs say how deep, and an entry ends in its weight, “ (1)”."""
    raw, parents = [], []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip("\t"))
        text = line.strip()
        entry = re.fullmatch(r"(.*\S)\s\((-?\d+(?:\.\d+)?)\)", text)
        if entry is None:
            parents = [*parents[:depth], text]
        elif entry[1].startswith("@") or re.search(r"\b(NEAR|AFTER|BEFORE|AND NOT)\b|/[A-Z]\d*\b|#", entry[1]):
            notes.append(f"{file}, line {number}: “{entry[1]}” was passed over: rules of WordStat are not understood.")
        else:
            raw.append((number, tuple(parents[:depth]), entry[1]))
            if float(entry[2]) != 1:
                notes.append(f"{file}, line {number}: “{entry[1]}” counts once: its weight, {entry[2]}, is not used.")
    if not raw:
        raise CrossreadError(f"{file}: no dictionary of WordStat: no line ends in a weight, such as “cost* (1)”.")
    return raw


def _read_lexicoder(content: str, file: str, notes: list[str]) -> list[Raw]:
    """Read a .lc3: a line that begins with + is a category, the lines below it are its entries."""
    raw, key = [], ()
    for number, line in enumerate(content.splitlines(), 1):
        text = line.strip()
        if text.startswith("+"):
            key = (text[1:],)
        elif text and not text.startswith("#"):
            raw.append((number, key, text))
    return raw


def _read_yoshikoder(content: str, file: str, notes: list[str]) -> list[Raw]:
    from lxml import etree

    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        # what it declares is how the file was written, and these are its characters
        root = etree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content).encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CrossreadError(f"{file}: no dictionary of Yoshikoder: {error}.") from None
    raw = []
    for node in root.iter("pnode"):
        keys = [above.get("name", "") for above in node.iterancestors("cnode")]
        raw.append((node.sourceline or 0, tuple(reversed(keys)), node.get("name", "")))
    return raw


def _read_table(content: str, file: str, notes: list[str]) -> list[Raw]:
    rows = _rows(content, file)
    header = [name.strip() for name in rows[0]] if rows else []
    lowered = [name.lower() for name in header]
    key = next((lowered.index(name) for name in ("key", "category", "theme", "label") if name in lowered), None)
    words = ("entry", "word", "term", "pattern", "token")
    entry = next((lowered.index(name) for name in words if name in lowered), None)
    raw = []
    if key is None or entry is None:
        shown = ", ".join(name for name in header[:5] if name) + (", …" if len(header) > 5 else "")
        notes.append(
            f"{file}: each column was taken for a key of its own ({shown}), for none is called key and none entry."
        )
    for number, row in enumerate(rows[1:], 2):
        if key is not None and entry is not None:
            if len(row) > max(key, entry) and row[entry].strip():
                raw.append((number, tuple(row[key].split(".")), row[entry]))
        else:
            raw += [(number, (name,), cell) for name, cell in zip(header, row, strict=False) if name and cell.strip()]
    return raw


def _rows(content: str, file: str) -> list[list[str]]:
    from crossread.corpus.reading.sheets import check_quotes, separator_of

    separator = separator_of(content)
    check_quotes(content, separator, file)
    try:
        return list(csv.reader(io.StringIO(content, newline=""), delimiter=separator))
    except csv.Error as error:
        raise CrossreadError(f"{file}: not a readable table: {error}. Save it again as “CSV UTF-8”.") from None
