"""An analysis as one small JSON: what is selected, asked, opened and changed in the working copy of the lexicon."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace

from crossread.errors import CrossreadError

UNITS = {"per_1000": "hits per 1,000 tokens", "share": "share of sentences with a hit"}
SMOOTHINGS = (0, 100, 200, 400)
SORTS = ("position", "left", "match", "right")
PAGED = ("found", "where", "how-much", "list")  # the lists that are turned over page by page
LONGEST = 100_000  # characters of a state that is still read


@dataclass(frozen=True)
class Edit:
    """One change of the working copy of the lexicon: an entry added to a key, or removed from it."""

    do: str  # add, remove
    key: str
    entry: str
    reason: str = ""


@dataclass(frozen=True)
class State:
    """What an analysis is made of; everything that the explorer shows follows from it and the corpus.

    Attributes
    ----------
    corpus : str
        The name of the corpus.
    documents, keys : tuple of str
        What is selected; empty for all.
    query : str
        A pattern counted beside the themes; empty for none.
    unit : {"per_1000", "share"}
    smoothing : int
        Tokens over which the curve of Where is smoothed; 0 for none.
    document, sentence : str
        What is open in the reading pane.
    listed : tuple of str
        (doc_id, key) of which the sentences are listed; empty strings stand for all that is selected.
    sort : {"position", "left", "match", "right"}
        The order of the list.
    compare : bool
        Whether documents are compared in pairs.
    edits : tuple of Edit
        The working copy of the lexicon, as changes to the file.
    find : str
        What the names of the documents to choose from hold, where there are too many to show at once.
    pages : tuple of int
        Which page is shown of the documents to choose from, of Where, of How much and of the list, the first being 0.
    """

    corpus: str = ""
    documents: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    query: str = ""
    unit: str = "per_1000"
    smoothing: int = 200
    document: str = ""
    sentence: str = ""
    listed: tuple[str, str] = ("", "")
    sort: str = "position"
    compare: bool = False
    edits: tuple[Edit, ...] = ()
    find: str = ""
    pages: tuple[int, ...] = (0, 0, 0, 0)

    def to_json(self) -> str:
        """Return the state as JSON, without what is as at the start.

        Examples
        --------
        >>> State("practice", query="cost*").to_json()
        '{"corpus": "practice", "query": "cost*"}'
        """
        start = asdict(State())
        changed = {name: value for name, value in asdict(self).items() if name == "corpus" or value != start[name]}
        return json.dumps(changed, ensure_ascii=False)

    def change(self, **changes) -> State:
        """Return the state with some attributes changed, checked as `read_state` checks them."""
        return _checked(replace(self, **changes))


def read_state(text: str) -> State:
    """Read a state from its JSON.

    Parameters
    ----------
    text : str
        As `State.to_json` gives it; attributes left out are as at the start.

    Returns
    -------
    State

    Raises
    ------
    CrossreadError
        "This is not a saved analysis: …".

    Examples
    --------
    >>> read_state('{"corpus": "practice", "keys": ["burden_sharing"]}').keys
    ('burden_sharing',)
    """
    if len(text) > LONGEST:
        raise CrossreadError(f"This is not a saved analysis: it has {len(text):,} characters.")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise CrossreadError(f"This is not a saved analysis: {error}.") from None
    if not isinstance(found, dict):
        raise CrossreadError("This is not a saved analysis: it holds no names with values.")
    unknown = sorted(set(found) - {field.name for field in fields(State)})
    if unknown:
        raise CrossreadError(f"This is not a saved analysis of this version: “{unknown[0]}” is not known.")
    for name in ("documents", "keys", "listed", "pages"):
        if name in found:
            found[name] = tuple(_list(found[name], name))
    edits = _list(found.get("edits", []), "edits")
    try:
        found["edits"] = tuple(Edit(**edit) for edit in edits)
    except TypeError:
        raise CrossreadError("This is not a saved analysis: each of its edits has do, key, entry and reason.") from None
    return _checked(State(**found))


def _list(value, name: str) -> list:
    if not isinstance(value, list | tuple):
        raise CrossreadError(f"This is not a saved analysis: “{name}” is no list.")
    return list(value)


def _checked(state: State) -> State:
    texts = [
        state.corpus,
        state.query,
        state.find,
        state.document,
        state.sentence,
        *state.documents,
        *state.keys,
        *state.listed,
    ]
    texts += [part for edit in state.edits for part in (edit.key, edit.entry, edit.reason)]
    if (
        not all(isinstance(text, str) for text in texts)
        or len(state.listed) != 2
        or not isinstance(state.compare, bool)
        or len(state.pages) != len(PAGED)
        or not all(type(number) is int and 0 <= number < LONGEST for number in state.pages)
    ):
        raise CrossreadError("This is not a saved analysis: one of its values is of the wrong kind.")
    for name, known in (("unit", UNITS), ("smoothing", SMOOTHINGS), ("sort", SORTS)):
        value = getattr(state, name)
        if isinstance(value, bool) or value not in known:
            raise CrossreadError(f"“{name}” is {value!r}; it is one of {', '.join(map(str, known))}.")
    if any(edit.do not in ("add", "remove") for edit in state.edits):
        raise CrossreadError("An edit is “add” or “remove”.")
    return state
