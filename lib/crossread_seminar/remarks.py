"""What a check says: right, not yet, or no answer; pages and tables that read like text."""

from __future__ import annotations

import html
import re
import time

import pandas as pd

from crossread import CrossreadError, Study, TextNeeded

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


class ShownTable:
    """A table in a notebook, its text and numbers set from the left: JupyterLab sets sentences from the right."""

    def __init__(self, table, **options):
        self.table, self.options = table, options

    def _repr_html_(self) -> str:
        made = self.table.to_html(border=0, **self.options)
        return re.sub(r"<(t[rhd])\b[^>]*>", r'<\1 style="text-align: left">', made)

    def __repr__(self) -> str:
        return self.table.to_string(**self.options)


def show_table(table: pd.DataFrame, **options: object) -> ShownTable:
    """Return a table for reading.

    Parameters
    ----------
    table : DataFrame
        What is shown.
    **options
        As of `DataFrame.to_html`, such as index=False.

    Examples
    --------
    >>> import pandas as pd
    >>> show_table(pd.DataFrame({"word": ["ally"], "count": [3]}), index=False)
    word  count
    ally      3
    """
    return ShownTable(table, **options)


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
