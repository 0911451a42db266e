"""Progress bars: what a step does and how long it will take, for steps of more than two seconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from crossread.notebook import is_at_notebook

if TYPE_CHECKING:
    from tqdm.auto import tqdm

DELAY = 2.0  # seconds before a bar appears
Step = TypeVar("Step")
_is_asked_for = ContextVar("bars are asked for", default=False)


def progress_bar(what: str, total: float | None = None, unit: str = "", *, shown: bool = True) -> tqdm:
    """Return a bar that appears when a step has taken two seconds; one that never appears where `shown` is False.

    Parameters
    ----------
    what : str
        What the step does, in a word or two.
    total : float, optional
        How many of `unit` there are.
    unit : str
        What is counted: " files", or "B" for bytes, of which thousands and millions are written short.
    shown : bool
        The library itself writes nothing: whoever calls it says whether a bar may appear.

    Examples
    --------
    >>> bar = progress_bar("reading", 3, " files", shown=False)
    >>> bar.update()
    >>> bar.close()
    """
    if shown:
        from tqdm.auto import tqdm
    else:  # without a look at what the notebook can show
        from tqdm import tqdm

    form = {"unit": unit or "it", "unit_scale": unit == "B", "mininterval": 1.0, "leave": False}
    return tqdm(desc=what, total=total, delay=DELAY, disable=not shown, **form)


@contextmanager
def bars() -> Iterator[None]:
    """Show a bar for what is long in here, as the commands do."""
    before = _is_asked_for.set(True)
    try:
        yield
    finally:
        _is_asked_for.reset(before)


def follow(steps: Iterable[Step], what: str, total: float | None = None, unit: str = " steps") -> Iterator[Step]:
    """Go through the steps of something long, with a bar once it has taken two seconds.

    The library writes nothing by itself: the bar appears at a notebook, and where a command asks for `bars`.

    Parameters
    ----------
    steps : iterable
    what : str
        What is done, in a word or two.
    total : float, optional
        How many steps there are.
    unit : str
        What a step is.

    Examples
    --------
    >>> list(follow("ab", "reading"))
    ['a', 'b']
    """
    bar = progress_bar(what, total, unit, shown=_is_asked_for.get() or is_at_notebook())
    try:
        for step in steps:
            yield step
            bar.update()
    finally:
        bar.close()
