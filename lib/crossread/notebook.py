"""In a notebook a refusal is a sentence on the page, and the cells below it still run."""

from __future__ import annotations

import html
import os
import sys

from crossread.errors import CrossreadError

STRICT_VARIABLE = "CROSSREAD_STRICT"  # set where the project makes its own figures: there a refusal stops the notebook


_BOX = '<div role="note" class="crossread-refusal"'


def is_refusal(page: str) -> bool:
    """Tell the output of a cell that was refused."""
    return page.startswith(_BOX)


class Refusal:
    """What was wrong and what to do about it, as a notebook shows it."""

    def __init__(self, message: str):
        self.message = message

    def __repr__(self) -> str:
        return self.message

    def _repr_html_(self) -> str:
        said = html.escape(self.message).replace("\n", "<br>")
        return f'{_BOX} style="border-left: 3px solid #8a6d00; padding: 2px 10px; max-width: 780px">{said}</div>'


def is_at_notebook() -> bool:
    """Tell whether a reader waits at a notebook: IPython runs, and the project is not making its own figures."""
    if "IPython" not in sys.modules or os.environ.get(STRICT_VARIABLE):
        return False
    from IPython import get_ipython

    return get_ipython() is not None


def tell_errors() -> None:
    """Have the notebook that is running show every `CrossreadError` as its sentence, without a traceback.

    A corpus fresh from its folder has no codes, no claims and no actors. What asks for them says so, and whatever
    stands below is run all the same. Outside of a notebook nothing is changed.
    """
    if not is_at_notebook():
        return
    from IPython import get_ipython

    shell = get_ipython()
    shell.set_custom_exc((CrossreadError,), _tell)
    if _go_on not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", _go_on)


def _tell(shell, kind, error, traceback, tb_offset=None) -> list[str]:
    from IPython.display import display

    display(Refusal(str(error)))
    return []  # the traceback that IPython keeps for the message of the kernel: none


def _go_on(result) -> None:
    """Let the cells below run: a kernel that hears of an error drops those that wait."""
    if isinstance(result.error_in_exec, CrossreadError):
        result.error_in_exec = None
