"""Coding in a notebook: a thin face for a `CodingSession`. ipywidgets are imported when it is shown, and not before."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from crossread.errors import CrossreadError
from crossread.measure.coding import MEANINGS, CodingSession
from crossread.measure.validation import describe_agreement
from crossread.wording import Labels

if TYPE_CHECKING:
    from ipywidgets import VBox


class Coding:
    """A session of coding that shows itself in a notebook.

    Parameters
    ----------
    session : CodingSession
    others : DataFrame, optional
        Codes of other coders; agreement is shown on demand, never while a sentence is open.
    note : str
        What the coder should know first.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from crossread import from_texts
    >>> path = pathlib.Path(tempfile.mkdtemp(), "codes.csv")
    >>> coding = Coding(CodingSession(from_texts({"a": "Allies pay. Rain falls."}), ["cost"], "x", path=path))
    >>> coding
    Coding for x: 0 of 2 sentences coded.
    >>> coding.widget.digits.value = "2"
    >>> coding.session.n_coded, coding.widget.digits.value
    (1, '')
    """

    def __init__(self, session: CodingSession, others: pd.DataFrame | None = None, note: str = ""):
        self.session, self.note = session, note
        of_others = None if others is None else others[others["coder"] != session.coder]
        self.others = None if of_others is None or of_others.empty else of_others

    def __repr__(self) -> str:
        session = self.session
        said = f"Coding for {session.coder}: {session.n_coded} of {len(session.order)} sentences coded."
        return " ".join(filter(None, [self.note, said]))

    def agreement(self) -> str:
        """How far the coders agree so far, in a sentence."""
        if self.others is None:
            return "Nobody else has coded these sentences."
        return describe_agreement(self.session.measure_agreement(self.others), Labels())

    def given_lines(self) -> list[str]:
        """What others coded of the sentence in front, where that is to be settled."""
        session = self.session
        if session.given is None or session.sentence_id not in session.given.index:
            return []
        row = session.given.loc[session.sentence_id, list(session.keys)]
        return [f"{key.replace('_', ' ')}: {codes}" for key, codes in row.items() if codes]

    @cached_property
    def widget(self) -> VBox:
        """The widget (ipywidgets.VBox): see `coding_widget`."""
        return coding_widget(self)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)


def coding_widget(coding: Coding) -> VBox:
    """Return a widget to code one sentence after the other.

    Everything can be done from the keyboard: type one digit per theme into the field ("0 2 1" or "021") and
    press Enter. The machine's label is shown nowhere.

    Returns
    -------
    ipywidgets.VBox
        With the attributes `sentence`, `progress`, `message`, `agreement` (HTML), `choices` (dict of theme to
        ToggleButtons), `digits` (Text), `save`, `back`, `skip`, `compare` (Button).
    """
    import ipywidgets as widgets

    session, others, note = coding.session, coding.others, coding.note
    sentence, progress, message, agreement = (widgets.HTML() for _ in range(4))
    message.value = f"<p>{escape(note)}</p>" if note else ""
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
        text = f'<p lang="en" style="font-size: 120%; max-width: 45em">{escape(session.text)}</p>'
        sentence.value = text + "".join(f"<p>{escape(line)}</p>" for line in coding.given_lines())
        done = " All are coded; Back and Skip let you look again." if session.is_done else ""
        n, drawn, coder = session.n_coded, len(session.order), escape(session.coder)
        progress.value = f"{n} of {drawn} sentences drawn for coding are coded by {coder}.{done}"
        for key, choice in choices.items():
            choice.value = known.get(key, 0)

    def keep(record, codes):
        try:
            record(codes)
            message.value = ""
        except CrossreadError as error:
            message.value = f'<p role="alert">{escape(str(error))}</p>'
        show()

    def typed(change):
        if change["new"]:
            keep(session.record_digits, change["new"])
            digits.value = ""

    def move(step):
        session.go(step)
        message.value = ""
        show()

    digits.observe(typed, names="value")
    save.on_click(lambda _: keep(session.record, {key: choice.value for key, choice in choices.items()}))
    back.on_click(lambda _: move(-1))
    skip.on_click(lambda _: move(1))
    compare.on_click(lambda _: setattr(agreement, "value", escape(coding.agreement())))
    compare.layout.display = "none" if others is None else ""
    show()
    box = widgets.VBox(
        [progress, sentence, *choices.values(), digits, widgets.HBox([save, back, skip, compare]), message, agreement]
    )
    box.sentence, box.progress, box.message, box.agreement = sentence, progress, message, agreement
    box.choices, box.digits, box.save, box.back, box.skip, box.compare = choices, digits, save, back, skip, compare
    return box
