"""Coding sentences: one at a time, blind to the lexicon, saved after each; and settling what two coders differ on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus import Corpus
from crossread.errors import CrossreadError
from crossread.files import write_whole
from crossread.measure.codes import (
    ADJUDICATED,
    CODES,
    SAMPLE,
    read_code_table,
    read_coding_files,
    read_sample,
    themes_of,
)
from crossread.measure.groups import Groups
from crossread.measure.marks import Marked, gather_marks
from crossread.measure.planner import draw_sample, plan_coding
from crossread.measure.validation import measure_agreement

MEANINGS = {0: "no", 1: "weak", 2: "core"}
CODED = (*CODES, "codebook")


class CodingSession:
    """One coder at work on one corpus: which sentence is next, what was coded, and the file where it is kept.

    A sample that was drawn for coding is offered in its order, else sentences come in an order drawn with `seed`, so
    that neighbours do not lend each other their code. The file is written anew after each sentence, with the chance of
    each sentence to be drawn, and read again when a session with the same coder and file begins.

    Parameters
    ----------
    corpus : Corpus
        With texts attached.
    keys : sequence of str
        Themes to be coded.
    coder : str
        Name or initials; letters, digits, spaces, dots, hyphens.
    sample : DataFrame, optional
        From `draw_sample`; it is kept as sample.csv beside the codes with the first of them.
    codebook : str
        Version of the codebook that is coded by; saved with every row.
    path : path, optional
        The file; codes-CODER.csv in the folder of the corpus by default.
    sentence_ids : sequence of str, optional
        Without a sample: the sentences to code; all of the body by default.
    seed : int
        Where the random order starts; the same for all coders who are to be compared early on.

    Raises
    ------
    TextNeeded
        "The coding of sentences needs the running texts …"
    CrossreadError
        "The coder needs a name of letters, digits …", "codes-x.csv: was coded by version “1” of the codebook,
        not “2” …", "There is no sentence to code."

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Allies pay. Rain falls."})
    >>> path = pathlib.Path(tempfile.mkdtemp(), "codes.csv")
    >>> session = CodingSession(corpus, ["cost"], "x", path=path, seed=1)
    >>> session.record({"cost": 2}).n_coded
    1
    >>> CodingSession(corpus, ["cost"], "x", path=path, seed=1).n_coded
    1
    """

    def __init__(
        self,
        corpus: Corpus,
        keys: Sequence[str],
        coder: str,
        *,
        sample: pd.DataFrame | None = None,
        codebook: str = "1",
        path: str | Path | None = None,
        sentence_ids: Sequence[str] | None = None,
        seed: int = 0,
    ):
        texts = corpus.source.sentence_texts("the coding of sentences")
        self.coder, self.codebook, self.keys = str(coder).strip(), str(codebook), tuple(keys)
        if not re.fullmatch(r"[\w .-]+", self.coder):
            raise CrossreadError("The coder needs a name of letters, digits, spaces, dots or hyphens.")
        if path is None and corpus.folder is None:
            raise CrossreadError("This corpus has no folder: say where the codes are to be kept (path=…).")
        slug = re.sub(r"\W+", "-", self.coder.lower()).strip("-")
        self.path = Path(path) if path is not None else corpus.folder / f"codes-{slug}.csv"
        self.sample = sample
        self.given: pd.DataFrame | None = None  # what others coded, where it is to be settled
        sentences = corpus.sentences
        self.order = self._order(corpus, sample, sentence_ids, seed)
        self._documents = sentences["doc_id"].to_dict()
        self._texts = texts.to_dict()
        self.codes = self._read()
        self.position = self._next_uncoded(0)

    def _order(self, corpus, sample, sentence_ids, seed) -> list[str]:
        sentences = corpus.sentences
        if sample is not None:
            ids = list(sample["sentence_id"])
        else:
            ids = sentences.index[sentences["kind"] == "body"] if sentence_ids is None else list(sentence_ids)
        unknown = [name for name in ids if name not in sentences.index]
        if unknown:
            raise CrossreadError(f"There is no sentence “{unknown[0]}” in the corpus “{corpus.name}”.")
        if not len(ids):
            raise CrossreadError("There is no sentence to code.")
        if sample is not None:
            return ids
        return [ids[number] for number in np.random.default_rng(seed).permutation(len(ids))]

    def _read(self) -> dict[str, dict[str, int]]:
        if not self.path.is_file():
            return {}
        table = read_code_table(self.path)
        missing = [name for name in (*CODED, *self.keys) if name not in table.columns]
        if missing:
            raise CrossreadError(f"{self.path.name}: the column “{missing[0]}” is missing; choose another file.")
        other = table[(table["coder"] != self.coder) | (table["codebook"] != self.codebook)]
        if len(other):
            row = other.iloc[0]
            who, what = (row["coder"], self.coder), (row["codebook"], self.codebook)
            difference = (
                f"by {who[0]}, not {who[1]}"
                if who[0] != who[1]
                else f"by version “{what[0]}” of the codebook, not “{what[1]}”"
            )
            raise CrossreadError(f"{self.path.name}: was coded {difference}; choose another file.")
        return {row["sentence_id"]: {key: int(row[key]) for key in self.keys} for row in table.to_dict("records")}

    def _next_uncoded(self, start: int) -> int:
        for step in range(len(self.order)):
            place = (start + step) % len(self.order)
            if self.order[place] not in self.codes:
                return place
        return min(start, len(self.order) - 1)

    @property
    def sentence_id(self) -> str:
        """The id of the sentence in front of the coder."""
        return self.order[self.position]

    @property
    def text(self) -> str:
        """The sentence in front of the coder."""
        return self._texts[self.sentence_id]

    @property
    def n_coded(self) -> int:
        """How many of the sentences of this session are coded."""
        return sum(name in self.codes for name in self.order)

    @property
    def is_done(self) -> bool:
        """Whether every sentence is coded."""
        return self.n_coded == len(self.order)

    def record(self, codes: Mapping[str, int]) -> CodingSession:
        """Keep the codes of the sentence in front, save, go to the next one without codes; return the session.

        Raises
        ------
        CrossreadError
            "A code is 0, 1 or 2 for each of …."
        """
        if set(codes) != set(self.keys) or any(code not in MEANINGS for code in codes.values()):
            raise CrossreadError(f"A code is 0, 1 or 2 for each of {', '.join(self.keys)}.")
        before = self.codes
        self.codes = before | {self.sentence_id: {key: int(codes[key]) for key in self.keys}}
        try:
            self.save()
        except CrossreadError:
            self.codes = before
            raise
        self.position = self._next_uncoded(self.position + 1)
        return self

    def record_digits(self, typed: str) -> CodingSession:
        """Keep codes that are typed as one digit for each theme, such as "021" or "0 2 1"; return the session.

        Raises
        ------
        CrossreadError
            "Type 3 digits (0 no, 1 weak, 2 core): …"

        Examples
        --------
        >>> import tempfile, pathlib
        >>> from crossread import from_texts
        >>> path = pathlib.Path(tempfile.mkdtemp(), "codes.csv")
        >>> session = CodingSession(from_texts({"a": "Allies pay."}), ["cost", "war"], "x", path=path)
        >>> session.record_digits("2, 0").codes
        {'a-001': {'cost': 2, 'war': 0}}
        """
        digits = re.findall(r"\d", typed)
        if len(digits) != len(self.keys) or re.search(r"[^\d\s,]", typed):
            n = len(self.keys)
            told = ", ".join(f"{code} {meaning}" for code, meaning in MEANINGS.items())
            raise CrossreadError(f"Type {n} digit{'' if n == 1 else 's'} ({told}): {', '.join(self.keys)}.")
        return self.record(dict(zip(self.keys, map(int, digits), strict=True)))

    def go(self, step: int) -> CodingSession:
        """Go some sentences on (or back, if negative) without coding; return the session."""
        self.position = (self.position + step) % len(self.order)
        return self

    def table(self) -> pd.DataFrame:
        """Return the codes so far, sorted by sentence: doc_id, sentence_id, coder, codebook, a column per theme.

        Where a sample was drawn, also probability (of each sentence to be drawn) and lexicon (its SHA-256 then).
        """
        rows = [
            (self._documents.get(name, ""), name, self.coder, self.codebook, *(codes[key] for key in self.keys))
            for name, codes in sorted(self.codes.items())
        ]
        table = pd.DataFrame(rows, columns=[*CODED, *self.keys])
        if self.sample is None:
            return table
        drawn = self.sample.set_index("sentence_id")
        return table.assign(**{name: table["sentence_id"].map(drawn[name]) for name in ("probability", "lexicon")})

    def save(self) -> None:
        """Write the file, and the sample beside it, each in one step, so that none is ever half written."""
        if self.sample is not None:
            _write(self.sample, self.path.with_name(SAMPLE))
        _write(self.table(), self.path)

    def measure_agreement(self, others: pd.DataFrame) -> pd.DataFrame:
        """Return the agreement with other coders where all have coded (columns as validation.AGREEMENT)."""
        coded = self.table()
        shared = [key for key in self.keys if key in others.columns]
        others = others[others["coder"].astype(str) != self.coder]
        both = set(coded["sentence_id"]) & set(others["sentence_id"])
        table = pd.concat([coded, others], ignore_index=True)[[*CODES, *shared]]
        return measure_agreement(table[table["sentence_id"].isin(both)], shared)


def offer_sample(
    corpus: Corpus,
    hits: pd.DataFrame,
    keys: Sequence[str],
    coder: str,
    *,
    marks: Mapping[str, Marked] | None = None,
    margin: float = 0.1,
    budget: int | None = None,
    by: Groups | None = None,
    lexicon: str = "",
    seed: int = 0,
) -> pd.DataFrame:
    """Return the sample that a coder is to code: the one begun, or when that is done, a larger one if more is needed.

    All coders get the same sample. What was drawn stays in it, and so does its order.

    Parameters
    ----------
    corpus : Corpus
    hits, margin, budget, by
        As in `plan_coding`.
    keys : sequence of str
        Themes to be coded.
    coder : str
    marks : mapping of str to Marked, optional
        What is known of the lexicon's errors before anything is coded here.
    lexicon : str
        SHA-256 of the lexicon, kept with what is drawn now.
    seed : int

    Returns
    -------
    DataFrame
        As `draw_sample`.

    Examples
    --------
    >>> import crossread as cr
    >>> study = cr.study("practice", lexicon={"cold": ["winter*", "frost"]})
    >>> sample = offer_sample(study.corpus, study.hits, ["cold"], "ada", budget=60)
    >>> sample["stratum"].value_counts().to_dict()
    {'no hit': 42, 'cold': 18}
    """
    earlier, codes = read_sample(corpus), read_coding_files(corpus)
    coded_before = set() if codes is None else set(codes.loc[codes["coder"].astype(str) == coder, "sentence_id"])
    if earlier is not None and not set(earlier["sentence_id"]) <= coded_before:
        return earlier
    coded = [] if codes is None else list(dict.fromkeys(codes["sentence_id"]))
    known = gather_marks(codes, None, corpus.sentences) or marks or {}
    plan = plan_coding(hits, known, corpus.sentences, keys=keys, margin=margin, budget=budget, coded=coded, by=by)
    before = coded if earlier is None else list(dict.fromkeys([*earlier["sentence_id"], *coded]))
    sample = draw_sample(plan, hits, corpus.sentences, keys=keys, by=by, before=before, lexicon=lexicon, seed=seed)
    if earlier is not None:
        then = sample["sentence_id"].map(earlier.set_index("sentence_id")["lexicon"])
        sample["lexicon"] = then.fillna(sample["lexicon"])
    return sample


def _write(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, table.to_csv(index=False, lineterminator="\n"))


def find_differences(codes: pd.DataFrame, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the sentences on which coders differ and which are not settled yet.

    Parameters
    ----------
    codes : DataFrame
        As `merge_codes`.
    keys : sequence of str, optional
        Themes; all by default.

    Returns
    -------
    DataFrame
        One row per sentence: doc_id; sentence_id; and for each theme the codes of all coders, such as "x 2, y 0", or
        "all 0" where they agree.

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-2"] * 2, "coder": list("xxyy"),
    ...                       "cost": [0, 2, 0, 0]})
    >>> find_differences(codes).values.tolist()
    [['a', 'a-2', 'x 2, y 0']]
    """
    keys = themes_of(codes) if keys is None else list(keys)
    coder = codes["coder"].astype(str)
    settled = set(codes.loc[coder.str.startswith(ADJUDICATED), "sentence_id"])
    rows = []
    for name, of_sentence in codes[~codes["sentence_id"].isin(settled)].groupby("sentence_id", sort=True):
        given = {
            key: ", ".join(f"{who} {code}" for who, code in zip(of_sentence["coder"], of_sentence[key], strict=True))
            if of_sentence[key].nunique() > 1 else f"all {of_sentence[key].iloc[0]}"
            for key in keys
        }  # fmt: skip
        if of_sentence[keys].nunique().max() > 1:
            rows.append((of_sentence["doc_id"].iloc[0], name, *given.values()))
    return pd.DataFrame(rows, columns=["doc_id", "sentence_id", *keys])


def adjudicate(corpus: Corpus, codes: pd.DataFrame, coder: str, **options: object) -> CodingSession:
    """Return a session over the sentences on which coders differ; what it records stands instead of their codes.

    Parameters
    ----------
    corpus : Corpus
    codes : DataFrame
        From `read_codes`.
    coder : str
        Who settles; the session's coder is "adjudicated by" that name.
    **options
        As in `CodingSession`.

    Returns
    -------
    CodingSession
        Its attribute `given` is the table of `find_differences`, index sentence_id.

    Raises
    ------
    CrossreadError
        "No coders differ on any sentence …"

    Examples
    --------
    >>> from crossread import from_texts
    >>> corpus = from_texts({"a": "Allies pay. Rain falls."})
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-001", "a-001"], "coder": ["x", "y"], "cost": [2, 0]})
    >>> session = adjudicate(corpus, codes, "z", path="never-written.csv")
    >>> session.text, session.given.loc["a-001", "cost"]
    ('Allies pay.', 'x 2, y 0')
    """
    given = find_differences(codes)
    if given.empty:
        raise CrossreadError("No coders differ on any sentence that is not settled; there is nothing to adjudicate.")
    session = CodingSession(
        corpus, themes_of(codes), f"{ADJUDICATED}{coder}", sentence_ids=list(given["sentence_id"]), **options
    )
    session.given = given.set_index("sentence_id")
    return session
