"""Coding sentences by hand: one at a time, in random order, blind to the lexicon, saved after each."""

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.validation import CODES, NOT_THEMES, measure_agreement

MEANINGS = {0: "no", 1: "weak", 2: "core"}


class CodingSession:
    """One coder at work on one corpus: which sentence is next, what was coded, and the file where it is kept.

    Sentences come in an order drawn with `seed`, so that neighbours do not lend each other their code. The file
    is written anew after each sentence and read again when a session with the same coder and file begins.

    Parameters
    ----------
    corpus : Corpus
        With texts attached.
    keys : sequence of str
        Themes to be coded.
    coder : str
        Name or initials; letters, digits, spaces, dots, hyphens.
    codebook : str
        Version of the codebook that is coded by; saved with every row.
    path : path, optional
        The file; codes-CODER.csv in the folder of the corpus by default.
    sentence_ids : sequence of str, optional
        The sentences to code; all of the body by default.
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

    def __init__(self, corpus, keys, coder, *, codebook="1", path=None, sentence_ids=None, seed=0):
        texts = corpus.source.sentence_texts("the coding of sentences")
        self.coder, self.codebook, self.keys = str(coder).strip(), str(codebook), tuple(keys)
        if not re.fullmatch(r"[\w .-]+", self.coder):
            raise CrossreadError("The coder needs a name of letters, digits, spaces, dots or hyphens.")
        if path is None and corpus.folder is None:
            raise CrossreadError("This corpus has no folder: say where the codes are to be kept (path=…).")
        slug = re.sub(r"\W+", "-", self.coder.lower()).strip("-")
        self.path = Path(path) if path is not None else corpus.folder / f"codes-{slug}.csv"
        sentences = corpus.sentences
        ids = sentences.index[sentences["kind"] == "body"] if sentence_ids is None else list(sentence_ids)
        unknown = [name for name in ids if name not in sentences.index]
        if unknown:
            raise CrossreadError(f"There is no sentence “{unknown[0]}” in the corpus “{corpus.name}”.")
        if not len(ids):
            raise CrossreadError("There is no sentence to code.")
        self.order = [ids[number] for number in np.random.default_rng(seed).permutation(len(ids))]
        self._documents = sentences["doc_id"].to_dict()
        self._texts = texts.to_dict()
        self.codes = self._read()
        self.position = self._next_uncoded(0)

    def _read(self):
        if not self.path.is_file():
            return {}
        table = pd.read_csv(self.path, dtype={"coder": str, "codebook": str})
        missing = [name for name in (*NOT_THEMES, *self.keys) if name not in table.columns]
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

    def _next_uncoded(self, start):
        for step in range(len(self.order)):
            place = (start + step) % len(self.order)
            if self.order[place] not in self.codes:
                return place
        return min(start, len(self.order) - 1)

    @property
    def sentence_id(self):
        """The id of the sentence in front of the coder."""
        return self.order[self.position]

    @property
    def text(self):
        """The sentence in front of the coder."""
        return self._texts[self.sentence_id]

    @property
    def n_coded(self):
        """How many of the sentences of this session are coded."""
        return sum(name in self.codes for name in self.order)

    @property
    def is_done(self):
        """Whether every sentence is coded."""
        return self.n_coded == len(self.order)

    def record(self, codes):
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
        except OSError as error:
            self.codes = before
            raise CrossreadError(
                f"{self.path.name}: could not be written ({error.strerror}); nothing was lost."
            ) from None
        self.position = self._next_uncoded(self.position + 1)
        return self

    def go(self, step):
        """Go some sentences on (or back, if negative) without coding; return the session."""
        self.position = (self.position + step) % len(self.order)
        return self

    def table(self):
        """Return the codes so far: doc_id, sentence_id, coder, codebook, a column per theme; sorted by sentence."""
        rows = [
            (self._documents.get(name, ""), name, self.coder, self.codebook, *(codes[key] for key in self.keys))
            for name, codes in sorted(self.codes.items())
        ]
        return pd.DataFrame(rows, columns=[*NOT_THEMES, *self.keys])

    def save(self):
        """Write the file in one step, so that it is never half written."""
        draft = self.path.with_name(f".{self.path.name}.draft")
        self.table().to_csv(draft, index=False, lineterminator="\n")
        os.replace(draft, self.path)

    def measure_agreement(self, others):
        """Return the agreement with other coders where all have coded (columns as validation.AGREEMENT)."""
        own = self.table()
        shared = [key for key in self.keys if key in others.columns]
        both = set(own["sentence_id"]) & set(others["sentence_id"])
        others = others[others["coder"].astype(str) != self.coder]
        table = pd.concat([own, others], ignore_index=True)[[*CODES, *shared]]
        return measure_agreement(table[table["sentence_id"].isin(both)], shared)


def coding_widget(session, others=None):
    """Return a widget to code one sentence after the other.

    Everything can be done from the keyboard: type one digit per theme into the field ("0 2 1" or "021") and
    press Enter. The machine's label is shown nowhere.

    Parameters
    ----------
    session : CodingSession
    others : DataFrame, optional
        Codes of other coders; agreement is then shown on demand, never while a sentence is open.

    Returns
    -------
    ipywidgets.VBox
        With the attributes `sentence`, `progress`, `message`, `agreement` (HTML), `choices` (dict of theme to
        ToggleButtons), `digits` (Text), `save`, `back`, `skip`, `compare` (Button).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from crossread import from_texts
    >>> path = pathlib.Path(tempfile.mkdtemp(), "codes.csv")
    >>> session = CodingSession(from_texts({"a": "Allies pay. Rain falls."}), ["cost"], "x", path=path)
    >>> widget = coding_widget(session)
    >>> widget.digits.value = "2"
    >>> session.n_coded, widget.digits.value
    (1, '')
    """
    import html

    import ipywidgets as widgets

    sentence, progress, message, agreement = (widgets.HTML() for _ in range(4))
    choices = {
        key: widgets.ToggleButtons(
            options=[(f"{code} {meaning}", code) for code, meaning in MEANINGS.items()], value=0,
            description=key.replace("_", " "), style={"description_width": "12em", "button_width": "6em"},
            tooltips=[f"{key}: {meaning}" for meaning in MEANINGS.values()],
        )
        for key in session.keys
    }  # fmt: skip
    digits = widgets.Text(
        placeholder=f"{len(session.keys)} digits, then Enter", description="codes", continuous_update=False,
        tooltip=f"One digit for each of {', '.join(session.keys)}: 0 no, 1 weak, 2 core",
        style={"description_width": "12em"},
    )  # fmt: skip
    save, back, skip, compare = (
        widgets.Button(description=name, tooltip=tooltip)
        for name, tooltip in (
            ("Save and next", "Keep these codes and go to the next sentence without codes"),
            ("Back", "Go one sentence back"),
            ("Skip", "Go one sentence on without coding"),
            ("Agreement", "Compare with the other coders"),
        )
    )

    def show():
        known = session.codes.get(session.sentence_id, {})
        sentence.value = f'<p lang="en" style="font-size: 120%; max-width: 45em">{html.escape(session.text)}</p>'
        done = " All are coded; Back and Skip let you look again." if session.is_done else ""
        progress.value = (
            f"{session.n_coded} of {len(session.order)} sentences coded by {html.escape(session.coder)}.{done}"
        )
        for key, choice in choices.items():
            choice.value = known.get(key, 0)

    def keep(codes):
        try:
            session.record(codes)
            message.value = ""
        except CrossreadError as error:
            message.value = f'<p role="alert">{html.escape(str(error))}</p>'
        show()

    def typed(change):
        entered = re.findall(r"\d", change["new"])
        if not change["new"]:
            return
        if len(entered) != len(session.keys) or re.search(r"[^\d\s,]", change["new"]):
            message.value = f'<p role="alert">Type {len(session.keys)} digits: {", ".join(session.keys)}.</p>'
        else:
            keep(dict(zip(session.keys, map(int, entered), strict=True)))
        digits.value = ""

    def move(step):
        session.go(step)
        message.value = ""
        show()

    def show_agreement(_):
        table = session.measure_agreement(others)
        lines = [
            f"{row.key}: alpha {row.alpha:.2f} ({row.low:.2f} to {row.high:.2f})"
            if row.alpha == row.alpha
            else f"{row.key}: unknown yet"
            for row in table.itertuples()
        ]
        n = int(table["n_coded"].max()) if len(table) else 0
        agreement.value = f"Agreement on {n} sentences coded by all. " + "; ".join(map(html.escape, lines))

    digits.observe(typed, names="value")
    save.on_click(lambda _: keep({key: choice.value for key, choice in choices.items()}))
    back.on_click(lambda _: move(-1))
    skip.on_click(lambda _: move(1))
    compare.on_click(show_agreement)
    compare.layout.display = "none" if others is None else ""
    show()
    box = widgets.VBox(
        [progress, sentence, *choices.values(), digits, widgets.HBox([save, back, skip, compare]), message, agreement]
    )
    box.sentence, box.progress, box.message, box.agreement = sentence, progress, message, agreement
    box.choices, box.digits, box.save, box.back, box.skip, box.compare = choices, digits, save, back, skip, compare
    return box
