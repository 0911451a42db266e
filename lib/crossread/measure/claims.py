"""What the study says, each sentence in a form that can be tested.

A claim is a sentence bound to a theme or sense, to documents and to a direction. Whether it is true is not written in
it: `ledger.evaluate_claims` measures it in one way, the way of the notebooks, and `choices.multiverse` in every
defensible way.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.yaml_files import read_items
from crossread.errors import CrossreadError
from crossread.lexicon import settle_matches
from crossread.measure.themes import Observations, observe
from crossread.wording import Labels

DIRECTIONS = ("higher", "lower", "first", "absent", "no difference")
BEFORE, AFTER = "before", "after"
_NEEDED = ("id", "text", "quantity", "documents", "direction")
_REFERENCE = re.compile(r"\bclaim:([a-z0-9][a-z0-9-]*)")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Claim:
    """One sentence of the study and what would make it true.

    Attributes
    ----------
    id : str
        Small letters, digits and hyphens; notebooks name it as claim:id.
    text : str
        The sentence, with {a}, {b} … for the labels of the documents in their order.
    theme : str
        Key of the lexicon: a theme, all its senses together, or a sense.
    measure : str
        "per_1000" or "share".
    documents : tuple of str
        Two for "higher", "lower" and "no difference"; one for "first" and "absent".
    direction : str
        "higher" or "lower" (first document than second), "first" (higher than every other document), "absent", or "no
        difference" (the limits of the difference lie within plus or minus `margin`).
    margin : float
        For "no difference": what would still count as none, in the unit of the measure.
    lexicon : str
        The name of the lexicon that has the theme, where it is not that of the study.
    written : {"after", "before"}
        Whether the claim was written before or after its numbers were seen.
    chosen_from : int
        Of how many pairs its own was chosen by their numbers: its test is corrected for all of them.
    """

    id: str
    text: str
    theme: str
    measure: str
    documents: tuple[str, ...]
    direction: str
    margin: float = 0.0
    lexicon: str = ""
    written: str = AFTER
    chosen_from: int = 1

    @property
    def quantity(self) -> str:
        """Theme and measure in one word, such as "china_rise.per_1000"."""
        return f"{self.theme}.{self.measure}"

    @property
    def key(self) -> str:
        """The theme, and the lexicon that has it where that is another one: as `hits_of_claims` names it."""
        return f"{self.theme} of {self.lexicon}" if self.lexicon else self.theme

    @property
    def share(self) -> bool:
        """Whether sentences are counted, not hits."""
        return self.measure == "share"

    @property
    def exploratory(self) -> bool:
        """Whether it was written when its numbers had been seen."""
        return self.written != BEFORE

    @property
    def sign(self) -> int:
        """-1 where the first document is said to have less, else 1."""
        return -1 if self.direction == "lower" else 1

    def pairs(self, documents: Sequence[str]) -> list[tuple[str, str]]:
        """Return the pairs of documents that the claim compares."""
        if self.direction == "absent":
            return []
        if self.direction == "first":
            return [(self.documents[0], other) for other in documents if other != self.documents[0]]
        return [(self.documents[0], self.documents[1])]

    def told(self, labels: Labels) -> str:
        """Return the sentence with the names of its documents."""
        letters = {chr(ord("a") + place): labels.document(doc) for place, doc in enumerate(self.documents)}
        return self.text.format(**letters).strip().rstrip(".")


def read_claims(path: str | Path) -> tuple[Claim, ...]:
    """Return the claims of a file.

    Parameters
    ----------
    path : path
        A YAML file with a list of claims: id, text, quantity (theme or sense, then .per_1000 or .share), documents,
        direction; margin where the direction is "no difference"; lexicon, the name of another one than that of the
        study; written ("before" or "after" its numbers were seen; after, unless said).

    Returns
    -------
    tuple of Claim

    Raises
    ------
    CrossreadError
        "claims.yml: there is no such file.", "claims.yml, claim “x”: …" for whatever is missing or wrong.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp(), "claims.yml")
    >>> _ = path.write_text("- {id: cost-a, text: '{a} says more of cost than {b}', quantity: cost.money.share, "
    ...                     "documents: [a, b], direction: higher, written: before}")
    >>> read_claims(path)[0].theme, read_claims(path)[0].exploratory
    ('cost.money', False)
    """
    path = Path(path)
    if not path.is_file():
        raise CrossreadError(f"{path.name}: there is no such file ({path}).")
    rows = read_items(path, "claims")
    claims = [_read_claim(row, f"{path.name}, claim {number}") for number, row in enumerate(rows, start=1)]
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise CrossreadError(f"{path.name}, claim “{claim.id}”: this id is used twice.")
        seen.add(claim.id)
    return tuple(claims)


def _read_claim(row: object, where: str) -> Claim:
    if not isinstance(row, dict):
        raise CrossreadError(f"{where}: id, text, quantity, documents and direction are expected.")
    where = f"{where.rsplit(',', 1)[0]}, claim “{row['id']}”" if "id" in row else where
    missing = [name for name in _NEEDED if not row.get(name)]
    if missing:
        raise CrossreadError(f"{where}: “{missing[0]}” is missing.")
    unknown = sorted(set(row) - {*_NEEDED, "margin", "lexicon", "written"})
    if unknown:
        raise CrossreadError(f"{where}: “{unknown[0]}” is not known here.")
    lists = [name for name, value in row.items() if name != "documents" and not isinstance(value, str)]
    if lists:
        raise CrossreadError(f"{where}: “{lists[0]}” is a list or a block, and one text is expected.")
    theme, _, measure = str(row["quantity"]).rpartition(".")
    documents = tuple(map(str, row["documents"])) if isinstance(row["documents"], list) else (str(row["documents"]),)
    direction, written = row["direction"], row.get("written", AFTER)
    for wrong, problem in _problems_of(row, measure, documents, direction, written):
        if wrong:
            raise CrossreadError(f"{where}: {problem}")
    return Claim(
        str(row["id"]), str(row["text"]), theme, measure, documents, direction, _number(row.get("margin", "0")),
        str(row.get("lexicon", "")), written,
    )  # fmt: skip


def _problems_of(row, measure, documents, direction, written):
    wanted = 1 if direction in ("first", "absent") else 2
    letters = [chr(ord("a") + number) for number in range(len(documents))]
    return (
        (not _ID.fullmatch(str(row["id"])), "an id has small letters, digits and hyphens."),
        (
            measure not in ("per_1000", "share"),
            f"the quantity “{row['quantity']}” does not end in .per_1000 or .share.",
        ),
        (direction not in DIRECTIONS, f"the direction “{direction}” is not one of {', '.join(DIRECTIONS)}."),
        (len(documents) != wanted, f"the direction “{direction}” needs {wanted} document(s), not {len(documents)}."),
        (len(set(documents)) != len(documents), "a document is compared with itself."),
        (not 0 <= _number(row.get("margin", "0")) < math.inf, "the margin is a number of 0 or more."),
        (
            direction == "no difference" and not _number(row.get("margin", "0")),
            "“no difference” needs a margin above 0.",
        ),
        (
            not _holds_only(str(row["text"]), letters),
            f"the text may hold only {{{'}, {'.join(letters)}}}.",
        ),
        (written not in (BEFORE, AFTER), f"“written” is before or after, not “{written}”."),
    )


def _holds_only(text: str, letters: Iterable[str]) -> bool:
    """Tell whether all that stands in braces is a letter of a document, and no brace stands by itself."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return False
    plain = not any(mark in written for written, *_ in parts for mark in "{}")
    return plain and all(name is None or (name in letters and not how and kind is None) for _, name, how, kind in parts)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def draft_claims(rates: pd.DataFrame) -> tuple[Claim, ...]:
    """Return one claim per theme that a table of rates suggests: the document with the largest share over the smallest.

    For a corpus without a claims.yml. Such claims are found in the numbers by which they are then tested, so
    they are drafts, exploratory, and corrected for all pairs of documents, of which they are the farthest apart.

    Parameters
    ----------
    rates : DataFrame
        From `theme_rates`.

    Returns
    -------
    tuple of Claim

    Examples
    --------
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [(claim.id, claim.text) for claim in draft_claims(theme_rates(*_toy()))]
    [('draft-cost-highest', '{a} speaks of “cost” in a larger share of its sentences than {b}')]
    """
    claims = []
    for key, rows in rates.groupby("key", sort=False, observed=True):
        ranked = rows.dropna(subset=["share"]).sort_values("share", kind="stable")
        if len(ranked) < 2 or ranked["share"].iloc[-1] <= ranked["share"].iloc[0]:
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", str(key).lower()).strip("-")
        name = ranked["label"].iloc[0] if "label" in ranked else Labels().theme(key)
        text = f"{{a}} speaks of “{name}” in a larger share of its sentences than {{b}}"
        pair = (ranked["doc_id"].iloc[-1], ranked["doc_id"].iloc[0])
        n_pairs = len(ranked) * (len(ranked) - 1) // 2
        claims.append(Claim(f"draft-{slug}-highest", text, str(key), "share", pair, "higher", chosen_from=n_pairs))
    return tuple(claims)


def find_claims(corpus: Corpus, rates: pd.DataFrame) -> tuple[Claim, ...]:
    """Return the claims about a corpus: those of its claims.yml, else drafts.

    Parameters
    ----------
    corpus : Corpus
    rates : DataFrame
        From `themes.theme_rates`, for the drafts.

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.measure.themes import _toy, theme_rates
    >>> [claim.id for claim in find_claims(from_texts({"a": "Allies pay."}), theme_rates(*_toy()))]
    ['draft-cost-highest']
    """
    path = corpus.folder / "claims.yml" if corpus.folder is not None else None
    return read_claims(path) if path is not None and path.is_file() else draft_claims(rates)


# --- what claims are about ------------------------------------------------------------------------------------------


def matches_of_claim(claim: Claim, matches: pd.DataFrame) -> pd.DataFrame:
    """Return the matches of the claim's theme, its senses together, unsettled.

    Parameters
    ----------
    claim : Claim
    matches : DataFrame
        From `lexicon.find_matches`, of one lexicon or several; the first is that of the study.
    """
    lexicons, keys = matches["lexicon"].astype("category"), matches["key"].astype("category")
    names = list(lexicons.cat.categories)
    lexicon = claim.lexicon or (names[0] if names else "")
    wanted = [key for key in keys.cat.categories if key == claim.theme or str(key).startswith(f"{claim.theme}.")]
    if not wanted or lexicon not in [*names, ""]:
        known = ", ".join(map(str, keys.cat.categories)) or "none"
        raise CrossreadError(
            f"claim “{claim.id}”: the lexicon “{lexicon}” has no theme “{claim.theme}” (there are {known})."
        )
    return matches[((lexicons == lexicon) & keys.isin(wanted)).to_numpy()]


def hits_of_claims(claims: Iterable[Claim], matches: pd.DataFrame) -> pd.DataFrame:
    """Return the hits of every theme that claims are about, each word once a theme, under the key of the claim.

    Parameters
    ----------
    claims : iterable of Claim
    matches : DataFrame
        As in `matches_of_claim`.
    """
    by_key: Mapping[str, Claim] = {claim.key: claim for claim in claims}
    tables = [settle_matches(matches_of_claim(claim, matches).assign(key=key)) for key, claim in by_key.items()]
    hits = pd.concat(tables, ignore_index=True) if tables else matches.iloc[:0]
    return hits.assign(key=pd.Categorical(hits["key"].astype(object), categories=list(by_key)))


def observe_claims(claims: Sequence[Claim], matches: pd.DataFrame, sentences: pd.DataFrame) -> Observations:
    """Return the hits of what claims are about, sentence by sentence."""
    seen = observe(hits_of_claims(claims, matches), sentences)
    for claim in claims:
        for doc in claim.documents:
            if doc not in seen.documents:
                raise CrossreadError(f"claim “{claim.id}”: there is no document “{doc}” here.")
    return seen


def check_references(ids: Iterable[str], notebooks: str | Path) -> list[str]:
    """Return a sentence for each claim that a notebook names and that does not exist.

    Examples
    --------
    >>> check_references(["x"], "nowhere")
    []
    """
    known, problems = set(ids), []
    for path in sorted(Path(notebooks).rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts:
            continue
        for cell in json.loads(path.read_text(encoding="utf-8")).get("cells", []):
            for name in _REFERENCE.findall("".join(cell.get("source", ""))):
                if name not in known:
                    problems.append(f"{path.name}, cell “{cell.get('id', '?')}”: there is no claim “{name}”.")
    return problems
