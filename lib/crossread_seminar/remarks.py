"""What a check says: right, not yet, or no answer; pages and tables that read like text."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pandas as pd

from crossread import CrossreadError, Study, TextNeeded
from crossread.vocabulary import column_of
from crossread.wording import Labels

NO_ANSWER = (
    "There is no answer yet. Replace the three dots in the cell above by your answer, run that cell, "
    "then run this one again."
)


class NotYet(CrossreadError):
    """A remark that stops a notebook at an answer which is not right yet, without a page of red lines."""

    def _render_traceback_(self) -> list[str]:
        _let_the_rest_arrive()
        return [str(self)]


def _let_the_rest_arrive(seconds: float = 0.5) -> None:
    """Wait in a notebook until the cells started together with this one have reached the kernel: it drops those that
    have, while one that comes later would run without what it needs, and fail in words that no beginner understands."""
    from IPython import get_ipython

    if hasattr(get_ipython(), "kernel"):
        time.sleep(seconds)


class AnswerMissing(NotYet):
    """There is no answer to look at."""

    def __init__(self):
        super().__init__(NO_ANSWER)


class Right(str):
    """What a check has to say of a right answer; a notebook shows it as text."""

    def _repr_markdown_(self) -> str:
        return str(self)


DOCUMENT_COLUMNS = ("doc_id", "doc_a", "doc_b")
HEAD = re.compile(r"(<th\b[^>]*>)([^<]+)(?=</th>)")


class ShownTable:
    """A table in a notebook, its text and numbers set from the left: JupyterLab sets sentences from the right."""

    def __init__(self, table: pd.DataFrame, **options: Any):
        self.table, self.options = table, options

    def _repr_html_(self) -> str:
        made = self.table.to_html(border=0, **self.options)
        made = re.sub(r"<(t[rhd])\b[^>]*>", r'<\1 style="text-align: left">', made)
        head, rows = made.split("</thead>", 1)
        return HEAD.sub(lambda found: found[1] + _in_words(found[2]), head) + "</thead>" + rows

    def __repr__(self) -> str:
        return self.table.to_string(**self.options)


def _in_words(name: str) -> str:
    """What a column is called by people and, where that is another name, the one by which code asks for it."""
    if name == "label":  # in the sessions that of a document
        return name
    said = column_of(name).name.removeprefix("of ")
    return said if said == name else f"{said}<br><code>{name}</code>"


def show_table(table: pd.DataFrame, labels: Labels | None = None, **options: object) -> ShownTable:
    """Return a table for reading: over each column stands what people call it, and below that its name in code.

    Parameters
    ----------
    table : DataFrame
        What is shown.
    labels : Labels, optional
        Those of a study (`study.labels`): documents and themes are then shown by what people call them.
    **options
        As of `DataFrame.to_html`, such as index=False.

    Examples
    --------
    >>> import pandas as pd
    >>> show_table(pd.DataFrame({"word": ["ally"], "count": [3]}), index=False)
    word  count
    ally      3
    """
    return ShownTable(table if labels is None else _labelled(table, labels), **options)


def _labelled(table: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """The table with documents and themes by their labels; documents that are columns in the order of time."""
    calls = dict.fromkeys(DOCUMENT_COLUMNS, labels.document) | {"key": labels.theme}
    table = table.assign(**{name: table[name].map(call) for name, call in calls.items() if name in table})
    documents = [name for name in labels.documents if name in table]
    others = [name for name in table if name not in documents]
    return table[others + documents].rename(columns=labels.document)


class ShownPage:
    """A document in a notebook, paragraph by paragraph."""

    def __init__(self, paragraphs: list[str]):
        self.paragraphs = paragraphs

    def _repr_html_(self) -> str:
        return "".join(f"<p>{html.escape(text)}</p>" for text in self.paragraphs)

    def __repr__(self) -> str:
        return "\n\n".join(self.paragraphs)


def show_page(study: Study, document: str) -> ShownPage:
    """Return a document for reading: its heading and body, paragraph by paragraph.

    Parameters
    ----------
    study : Study
        With running texts.
    document : str
        The id of a document.

    Raises
    ------
    TextNeeded
        Where only the published counts of the document are here.

    Examples
    --------
    >>> import crossread as cr
    >>> show_page(cr.study({"a": "Who pays? Allies pay."}, lexicon={"cost": ["pay*"]}), "a")
    Who pays? Allies pay.
    """
    if not study.corpus.attached:
        raise TextNeeded(f"To show “{document}”", study.corpus.name)
    rows = study.sentences[study.sentences["doc_id"] == document]
    return ShownPage(list(rows.groupby(["kind", "paragraph"], sort=False)["text"].agg(" ".join)))
