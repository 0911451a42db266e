"""What a check says: right, not yet, or no answer; tables that read like text; charts that a screen reader can read."""

import html
import re
import time

from crossread.errors import CrossreadError

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


class ShownChart:
    """A chart in a notebook: picture, caption, and the finding in words for a screen reader."""

    def __init__(self, svg: bytes, caption: str, alt: str):
        self.svg, self.caption, self.alt = svg, caption, alt

    def _repr_html_(self) -> str:
        import base64

        source = base64.b64encode(self.svg).decode("ascii")
        return (
            f'<figure style="margin: 0"><img alt="{html.escape(self.alt)}" src="data:image/svg+xml;base64,{source}" '
            f'style="max-width: 100%; height: auto; background: white"><figcaption>{html.escape(self.caption)}'
            "</figcaption></figure>"
        )

    def __repr__(self) -> str:
        return f"[Figure: {self.alt}]"


def show_chart(drawing, caption: str, alt: str) -> ShownChart:
    """Return a chart for showing, with its caption and an alt text; nothing is saved.

    Parameters
    ----------
    drawing : Axes, array of Axes or Figure
        What a function of `crossread.charts` returns.
    caption : str
        What is drawn.
    alt : str
        What is seen, for readers who cannot see it.

    Raises
    ------
    CrossreadError
        "A chart without words for those who cannot see it: give caption and alt."

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> show_chart(Figure(figsize=(1, 1)), "Nothing.", "An empty page.")
    [Figure: An empty page.]
    """
    import io

    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib import rc_context

    from crossread.charts.figures import DRAWN_THE_SAME, NO_DATES

    if not (caption.strip() and alt.strip()):
        raise CrossreadError("A chart without words for those who cannot see it: give caption and alt.")
    first = drawing.flat[0] if isinstance(drawing, np.ndarray) else drawing
    picture = getattr(first, "figure", None) or first
    buffer = io.BytesIO()
    with rc_context(DRAWN_THE_SAME):
        picture.savefig(buffer, format="svg", metadata=NO_DATES["svg"])
    plt.close(picture)
    return ShownChart(buffer.getvalue(), caption, alt)


class ShownTable:
    """A table in a notebook, its text and numbers set from the left: JupyterLab sets sentences from the right."""

    def __init__(self, table, **options):
        self.table, self.options = table, options

    def _repr_html_(self) -> str:
        made = self.table.to_html(border=0, **self.options)
        return re.sub(r"<(t[rhd])\b[^>]*>", r'<\1 style="text-align: left">', made)

    def __repr__(self) -> str:
        return self.table.to_string(**self.options)


def show_table(table, **options) -> ShownTable:
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


def blind(sets: dict, seed: int = 0) -> tuple[tuple, tuple[str, ...]]:
    """Return sets of questions in an order that is not known beforehand, and the key to it.

    Parameters
    ----------
    sets : dict
        Name to questions.
    seed : int
        Where the random numbers start.

    Returns
    -------
    sets, names : tuple
        The questions, and their names in the same order: not to be looked at before all have answered.

    Examples
    --------
    >>> (first, second), key = blind({"x": 1, "y": 2}, seed=1)
    >>> {"x": 1, "y": 2}[key[0]] == first
    True
    """
    import numpy as np

    names = list(sets)
    order = np.random.default_rng(seed).permutation(len(names))
    return tuple(sets[names[place]] for place in order), tuple(names[place] for place in order)
