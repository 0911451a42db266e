"""Lexicons in their files: quanteda's YAML and plain tables, read with line numbers; YAML is written back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from crossread.corpus.yaml_files import compose, read_text_file
from crossread.errors import CrossreadError, NoEntries
from crossread.files import write_whole
from crossread.lexicon.patterns import Entry, check_entry, covers, parse_entry, sequences, words_within
from crossread.wording import spoken

LEXICON_TABLE = ("lexicon", "key", "entry", "tier", "reason", "source", "line")
FIELDS = ("pattern", "with", "within", "not", "tier", "reason", "source")
_DEEPEST = 20


@dataclass(frozen=True)
class Lexicon:
    """A named list of entries under keys.

    Attributes
    ----------
    name : str
        The name under which hits are recorded, as a rule the name of the file.
    entries : tuple of Entry
        All entries in the order of the file.
    path : Path or None
        Where it was read from.
    notes : tuple of str
        What a format holds that was passed over when reading, one sentence each.
    labels : mapping of str to str
        Keys to what people call them; a key without a label is spoken as it is written.

    Examples
    --------
    >>> lexicon = make_lexicon("demo", {"cost": ["cost*", "expens*"], "ally.name": ["ally|allies"]})
    >>> lexicon.keys
    ('cost', 'ally.name')
    >>> len(lexicon), lexicon.themes
    (3, ('cost', 'ally'))
    """

    name: str
    entries: tuple[Entry, ...]
    path: Path | None = None
    notes: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that have entries, in the order of the file."""
        return tuple(dict.fromkeys(entry.key for entry in self.entries))

    @property
    def themes(self) -> tuple[str, ...]:
        """The top keys, in the order of the file."""
        return tuple(dict.fromkeys(key.split(".")[0] for key in self.keys))

    def label(self, key: str) -> str:
        """Return what people call a key.

        Examples
        --------
        >>> make_lexicon("demo", {"burden_sharing.money": ["cost*"]}).label("burden_sharing.money")
        'burden sharing: money'
        """
        return self.labels.get(key) or spoken(key)

    def select(self, keys: str | Iterable[str]) -> Lexicon:
        """Return the lexicon with only these keys and what is nested in them.

        Raises
        ------
        CrossreadError
            "the lexicon “themes” has no key “cost” (it has …)."
        """
        names = [keys] if isinstance(keys, str) else list(keys)
        for name in names:
            if not any(_is_in(key, name) for key in self.keys):
                raise CrossreadError(
                    f"the lexicon “{self.name}” has no key “{name}” (it has {', '.join(self.keys) or 'none'})."
                )
        return replace(self, entries=tuple(one for one in self.entries if any(_is_in(one.key, name) for name in names)))

    def strict(self) -> Lexicon:
        """Return the lexicon without its entries of the tier “broad”."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.tier == "core"))

    def table(self) -> pd.DataFrame:
        """Return one row an entry: lexicon, key, entry (in one line), tier, reason, source and line of the file."""
        rows = [(self.name, e.key, e.text, e.tier, e.reason, e.source, e.line) for e in self.entries]
        return pd.DataFrame(rows, columns=list(LEXICON_TABLE))


def _is_in(key: str, name: str) -> bool:
    return key == name or key.startswith(name + ".")


def make_lexicon(name: str, entries: dict[str, Iterable[str | Entry]] | Iterable[Entry]) -> Lexicon:
    """Make a lexicon from keys with their entries, and check it as a file is checked.

    Parameters
    ----------
    name : str
        The name of the lexicon.
    entries : dict or iterable of Entry
        For each key its entries, each in one line as `parse_entry` reads it, or ready entries.

    Returns
    -------
    Lexicon

    Raises
    ------
    CrossreadError
        As `read_lexicon`, without a file and a line.

    Examples
    --------
    >>> make_lexicon("demo", {"cost": ["cost* ~5 ally|allies"]}).entries[0].within
    5
    """
    if isinstance(entries, dict):
        entries = [
            entry for key, texts in entries.items() for entry in _given(texts, str(key), f"the lexicon “{name}”")
        ]
    return Lexicon(name, _checked(entries, f"the lexicon “{name}”"))


def _given(texts: object, key: str, where: str) -> list[Entry]:
    """Return the entries of one key of a mapping: a text, a list of texts or entries, or a mapping of keys in it."""
    if isinstance(texts, Mapping):
        return [entry for inner, more in texts.items() for entry in _given(more, f"{key}.{inner}", where)]
    if isinstance(texts, str) and holds_several(texts):
        raise CrossreadError(f"{where}, key “{key}”: write several entries as a list: {texts.split(', ')!r}.")
    texts = [texts] if isinstance(texts, str | Entry) else texts
    listed = list(texts) if isinstance(texts, Iterable) else []
    if not listed:
        raise CrossreadError(f"{where}, key “{key}”: the key has no entry: add one, or delete the key.")
    strange = next((one for one in listed if not isinstance(one, str | Entry)), None)
    if strange is not None or None in listed:
        raise CrossreadError(f"{where}, key “{key}”: the entry {strange!r} is no text. Put it in quotation marks.")
    return [one if isinstance(one, Entry) else parse_entry(one, key) for one in listed]


def holds_several(text: str) -> bool:
    """Tell entries that were written in one line, with commas between them, from one with near or blocked words.

    Examples
    --------
    >>> holds_several("peace, war"), holds_several("peace ~ war, truce")
    (True, False)
    """
    return ", " in text and not set(text) & set("~!")


def _checked(entries: Iterable[Entry], where: str) -> tuple[Entry, ...]:
    checked = []
    for entry in entries:
        try:
            checked.append(check_entry(entry))
        except CrossreadError as error:
            raise _located(where, entry, str(error)) from None
    by_key: dict[str, list[Entry]] = {}
    for entry in checked:
        by_key.setdefault(entry.key, []).append(entry)
    for key, members in by_key.items():
        _refuse_swallowed(members, key, where)
    return tuple(checked)


def _located(where: str, entry: Entry, problem: str) -> CrossreadError:
    line = f", line {entry.line}" if entry.line else ""
    return CrossreadError(f"{where}{line}, key “{entry.key}”: {problem}")


def _refuse_swallowed(entries: list[Entry], key: str, where: str) -> None:
    first_with_text: dict[tuple, Entry] = {}
    buckets: dict[tuple[int, str], list[tuple[tuple[str, ...], Entry]]] = {}
    for entry in entries:
        same = (frozenset(sequences(entry.pattern)), entry.near, entry.within, entry.blocked)
        if twin := first_with_text.get(same):
            also = f" in line {twin.line}" if twin.line else ""
            raise _located(
                where, entry, f"the entry “{entry.text}” is there twice (also{also or ' before'}). Delete one."
            )
        first_with_text[same] = entry
        for words in sequences(entry.pattern):
            buckets.setdefault((len(words), _first_letter(words)), []).append((words, entry))
    for entry in entries:
        swallowers = [_swallower(words, entry, buckets) for words in sequences(entry.pattern)]
        if all(swallowers):
            other = swallowers[0]
            line = f" in line {other.line}" if other.line else ""
            raise _located(
                where,
                entry,
                f"the entry “{entry.text}” is swallowed by “{other.text}”{line}: whatever it finds, the other finds "
                "under the same key. Delete one of them, or narrow the wider one.",
            )


def _first_letter(words: tuple[str, ...]) -> str:
    return "" if words[0][0] in "*?" else words[0][0]


def _swallower(words, entry: Entry, buckets) -> Entry | None:
    for letter in {_first_letter(words), ""}:
        for general, other in buckets.get((len(words), letter), ()):
            if other is not entry and _asks_no_more(other, entry) and covers(general, words):
                return other
    return None


def _asks_no_more(other: Entry, entry: Entry) -> bool:
    """Tell whether `other` asks for nothing beyond what `entry` asks for, in every form of the lexicon."""
    if other.tier == "broad" and entry.tier == "core":
        return False
    if not set(other.blocked) <= set(entry.blocked):
        return False
    if not other.near:
        return True
    wider = other.within is None or (entry.within is not None and other.within >= entry.within)
    return set(entry.near) <= set(other.near) and bool(entry.near) and wider


FOREIGN = (".dic", ".dicx", ".cat", ".lc3", ".lcd", ".ykd")  # dictionaries of other programs, read whole with notes


def read_lexicon(path: str | Path) -> Lexicon:
    """Read a lexicon from quanteda's YAML (.yml, .yaml), or a table (.csv with the columns key, entry).

    A dictionary of LIWC (.dic, .dicx), WordStat (.cat), Lexicoder (.lc3) or Yoshikoder (.ykd) is read as by
    `import_lexicon`.

    In YAML a key holds a list. An entry of the list is a line of text, or, where it needs more, a block::

        burden_sharing:
          - burden sharing                    # words; a hyphen is a space; case does not matter, save US and us
          - free (ride*|riding|rider*)        # * any letters, ? one letter, alternatives in brackets
          - pattern: cost*                    # what is counted
            with: [ally|allies, alliance*]    # one of these has to be near ...
            within: 10                        # ... at most ten words away on either side; left out: in the sentence
            not: [war cost*]                  # phrases of another sense: nothing inside them is seen
            tier: broad                       # not part of the strict form of the lexicon; left out: core
            reason: who pays for an alliance
            source: where the entry comes from
          - deeper:                           # a nested key, "burden_sharing.deeper"
              - fair share

    The same fits in one line, `cost* ~10 ally|allies, alliance* ! war cost*`, which is how a table holds it. A top
    key that begins with `_` is not counted: it keeps word lists that entries share through YAML anchors. One of them,
    `_labels`, says what people call the keys (`burden_sharing.deeper: A deeper burden`). Keys may
    also be nested as in quanteda, a mapping of keys in which `__` holds the entries of the key itself.

    Parameters
    ----------
    path : str or Path
        The file. Its ending says the format; the rest of its name is the name of the lexicon.

    Returns
    -------
    Lexicon
        `notes` says what a dictionary of another program holds that was passed over.

    Raises
    ------
    CrossreadError
        "themes.yml, line 7, key “cost”: the entry “cost*” is there twice (also in line 3). Delete one.", and the same
        for YAML that cannot be read, a repeated key, an empty entry, a bracket not closed, an entry that can never
        match, and an entry swallowed by another of its key.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "demo.yml"
    >>> _ = path.write_text("cost:\\n  - cost*\\n  - expens*\\n")
    >>> read_lexicon(path).table()[["lexicon", "key", "entry", "line"]].values.tolist()
    [['demo', 'cost', 'cost*', 2], ['demo', 'cost', 'expens*', 3]]
    """
    path = Path(path)
    if path.suffix.lower() in FOREIGN and path.is_file():
        from crossread.lexicon.imports import import_lexicon

        return import_lexicon(path)
    readers = {".yml": _read_yaml, ".yaml": _read_yaml, ".csv": _read_csv}
    if path.suffix.lower() not in readers:
        endings = ", ".join(sorted({*readers, *FOREIGN}))
        raise CrossreadError(f"{path.name}: a lexicon ends in {endings}.")
    entries, notes, labels = readers[path.suffix.lower()](read_text_file(path), path.name)
    if not entries:
        raise NoEntries(f"{path.name}: there is no entry in it yet. Write keys with their words into {path}.")
    checked = _checked(entries, path.name)
    known = {".".join(e.key.split(".")[:depth]) for e in checked for depth in range(1, e.key.count(".") + 2)}
    strange = next((key for key in labels if key not in known), None)
    if strange is not None:
        raise CrossreadError(f"{path.name}: _labels names the key “{strange}”, which has no entry. Correct the key.")
    return Lexicon(path.stem, checked, path, tuple(notes), labels)


# --- YAML -------------------------------------------------------------------------------------------------------


def _read_yaml(content: str, file: str) -> tuple[list[Entry], list[str], dict[str, str]]:
    import yaml

    root = compose(content, file)
    if root is None:
        return [], [], {}
    if not isinstance(root, yaml.MappingNode):
        raise CrossreadError(f"{file}, line {root.start_mark.line + 1}: a lexicon begins with a key, “theme:”.")
    entries: list[Entry] = []
    reader = _YamlReader(file, entries, yaml)
    reader.read_keys(root, (), 1)
    return entries, [], reader.labels


class _YamlReader:
    def __init__(self, file: str, entries: list[Entry], yaml):
        self.file, self.entries, self.yaml = file, entries, yaml
        self.labels: dict[str, str] = {}

    def fail(self, node, key: tuple[str, ...], problem: str):
        inside = f", key “{'.'.join(key)}”" if key else ""
        raise CrossreadError(f"{self.file}, line {node.start_mark.line + 1}{inside}: {problem}")

    def text(self, node, key) -> str:
        if not isinstance(node, self.yaml.ScalarNode):
            self.fail(node, key, "here a text is expected, not a list or a block.")
        if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
            self.fail(node, key, f"the tag “{node.tag}” is not allowed in a lexicon.")
        return " ".join(node.value.split())

    def texts(self, node, key, depth=0) -> tuple[str, ...]:
        if isinstance(node, self.yaml.SequenceNode) and depth < _DEEPEST:
            return tuple(text for item in node.value for text in self.texts(item, key, depth + 1))
        return (self.text(node, key),)

    def pairs(self, node, key):
        seen = {}
        for name_node, value in node.value:
            name = self.text(name_node, key)
            if not name:
                self.fail(name_node, key, "a key without a name.")
            if "." in name:
                self.fail(name_node, key, f"the key “{name}” holds a dot, which joins nested keys: leave it out.")
            if name in seen:
                self.fail(name_node, key, f"the key “{name}” is there twice (also in line {seen[name]}). Join them.")
            seen[name] = name_node.start_mark.line + 1
            yield name, value

    def read_keys(self, node, key: tuple[str, ...], depth: int) -> None:
        if depth > _DEEPEST:
            self.fail(node, key, f"keys are nested more than {_DEEPEST} deep.")
        for name, value in self.pairs(node, key):
            if not key and name.startswith("_"):
                if name == "_labels":
                    self.read_labels(value)
                continue
            if name == "__":
                self.read_value(value, key, depth)
            elif name == "pattern":
                self.fail(value, key, "an entry with “pattern:” is one item of a list: put a dash before it.")
            else:
                self.read_value(value, (*key, name), depth)

    def read_labels(self, node) -> None:
        if not isinstance(node, self.yaml.MappingNode):
            self.fail(node, ("_labels",), "labels are a block of lines, “key: What people call it”.")
        for name_node, value in node.value:
            name = self.text(name_node, ("_labels",))
            if name in self.labels:
                self.fail(name_node, ("_labels",), f"the key “{name}” has two labels. Delete one.")
            self.labels[name] = self.text(value, ("_labels",))

    def read_value(self, node, key: tuple[str, ...], depth: int) -> None:
        if isinstance(node, self.yaml.MappingNode):
            self.read_keys(node, key, depth + 1)
        elif isinstance(node, self.yaml.SequenceNode):
            if not node.value:
                self.fail(node, key, "the key has no entry: add one, or delete the key.")
            nested: dict[str, int] = {}
            for item in node.value:
                self.read_item(item, key, depth, nested)
        elif not node.value.strip():
            self.fail(node, key, "the key has no entry: add one, or delete the key.")
        elif not node.style and holds_several(node.value):
            self.fail(node, key, f"write several entries as a list: [{node.value}].")
        else:
            self.read_item(node, key, depth, {})

    def read_item(self, node, key, depth, nested: dict[str, int]) -> None:
        line = node.start_mark.line + 1
        if isinstance(node, self.yaml.SequenceNode):
            self.fail(node, key, "a list inside the list of entries: put a key before it, or one dash less.")
        if isinstance(node, self.yaml.MappingNode):
            fields = dict(self.pairs(node, key))
            if "pattern" in fields:
                self.entries.append(self.block(node, fields, key, line))
                return
            unknown = set(fields) & set(FIELDS)
            if unknown:
                self.fail(node, key, f"the entry has “{min(unknown)}” and no “pattern”: say what is counted.")
            for name in fields:
                if name in nested:
                    self.fail(node, key, f"the key “{name}” is there twice (also in line {nested[name]}). Join them.")
                nested[name] = line
            self.read_keys(node, key, depth + 1)
            return
        text = self.text(node, key)
        if not text:
            self.fail(node, key, "the entry is empty: write a word, or delete the line.")
        try:
            self.entries.append(parse_entry(text, ".".join(key), line=line))
        except CrossreadError as error:
            self.fail(node, key, str(error))

    def block(self, node, fields, key, line) -> Entry:
        for name, value in fields.items():
            if name not in FIELDS:
                quotes = (
                    " A text with a comma in it needs quotes inside { }." if node.flow_style and not value.value else ""
                )
                self.fail(node, key, f"an entry has no “{name}”; it may have {', '.join(FIELDS)}.{quotes}")
        within = self.text(fields["within"], key) if "within" in fields else "sentence"
        words = None
        if within != "sentence":
            try:
                words = words_within(within)
            except CrossreadError as error:
                self.fail(fields["within"], key, str(error))
        if within != "sentence" and "with" not in fields:
            self.fail(fields["within"], key, "“within” without “with”: say what has to be near.")
        details = {name: self.text(fields[name], key) for name in ("tier", "reason", "source") if name in fields}
        return Entry(
            key=".".join(key),
            pattern=self.text(fields["pattern"], key),
            near=self.texts(fields["with"], key) if "with" in fields else (),
            within=words,
            blocked=self.texts(fields["not"], key) if "not" in fields else (),
            line=line,
            **details,
        )


# --- tables -----------------------------------------------------------------------------------------------------


def _read_csv(content: str, file: str) -> tuple[list[Entry], list[str], dict[str, str]]:
    from crossread.corpus.reading.sheets import check_quotes, separator_of

    separator = separator_of(content)
    check_quotes(content, separator, file)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=separator)
    columns = reader.fieldnames or []
    for column in ("key", "entry"):
        if column not in columns:
            raise CrossreadError(f"{file}: the column “{column}” is missing (columns found: {', '.join(columns)}).")
    entries = []
    for row in reader:
        key, text = (row["key"] or "").strip(), (row["entry"] or "").strip()
        if not key or not text:
            raise CrossreadError(f"{file}, line {reader.line_num}, key “{key}”: the entry or its key is empty.")
        details = {name: row[name].strip() for name in ("tier", "reason", "source") if (row.get(name) or "").strip()}
        try:
            entries.append(parse_entry(text, key, line=reader.line_num, **details))
        except CrossreadError as error:
            raise CrossreadError(f"{file}, line {reader.line_num}, key “{key}”: {error}") from None
    return entries, [], {}


# --- writing ----------------------------------------------------------------------------------------------------


def write_lexicon(lexicon: Lexicon, path: str | Path) -> Path:
    """Write a lexicon as YAML; reading it back gives the same entries.

    Parameters
    ----------
    lexicon : Lexicon
        What to write.
    path : str or Path
        A file ending in .yml or .yaml.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    CrossreadError
        "themes.txt: a lexicon is written to a file that ends in .yml."

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "demo.yml"
    >>> write_lexicon(make_lexicon("demo", {"cost": ["cost*"]}), path).read_text()
    'cost:\\n- cost*\\n'
    """
    path = Path(path)
    if path.suffix.lower() not in (".yml", ".yaml"):
        raise CrossreadError(f"{path.name}: a lexicon is written to a file that ends in .yml.")
    return write_whole(path, _yaml_text(lexicon))


def _yaml_text(lexicon: Lexicon) -> str:
    import yaml

    tree: dict = {}
    for entry in lexicon.entries:
        node = tree
        for name in entry.key.split("."):
            node = node.setdefault(name, {})
        node.setdefault("__", []).append(_yaml_item(entry))
    labelled = {"_labels": dict(lexicon.labels)} if lexicon.labels else {}
    return yaml.safe_dump(
        labelled | _without_own(tree), sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=False
    )


def _without_own(node: dict):
    tidy = {name: value if name == "__" else _without_own(value) for name, value in node.items()}
    return tidy["__"] if set(tidy) == {"__"} else tidy


def _yaml_item(entry: Entry):
    item = {"pattern": entry.pattern}
    if entry.near:
        item["with"] = list(entry.near)
    if entry.within is not None:
        item["within"] = entry.within
    if entry.blocked:
        item["not"] = list(entry.blocked)
    if entry.tier != "core":
        item["tier"] = entry.tier
    item |= {name: getattr(entry, name) for name in ("reason", "source") if getattr(entry, name)}
    return item["pattern"] if len(item) == 1 else item
