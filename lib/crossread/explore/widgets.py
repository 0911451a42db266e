"""The explorer as a widget, for JupyterLab and for Voilà."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from crossread.corpus import Corpus, load
from crossread.errors import CrossreadError
from crossread.explore.model import Workbench
from crossread.explore.session import Session
from crossread.explore.state import State, read_state


def explorer(corpus: Corpus | str | Path = "practice", state: State | str | Path | None = None, folder=None):
    """Open the explorer.

    Parameters
    ----------
    corpus : Corpus, str or path
        A corpus, or what `crossread.load` takes.
    state : State, str or path, optional
        A saved analysis, its JSON, or the file that it was saved in.
    folder : path, optional
        Where analyses are saved; figures/mine unless said otherwise.

    Returns
    -------
    AnyWidget
        As the last value of a cell it is displayed; its `session.state` is what is on the page.

    Raises
    ------
    CrossreadError
        As `load`, `read_state` and `Workbench.check`; "There is no saved analysis “x.json”."

    Examples
    --------
    >>> explorer("practice", '{"query": "harbour*"}').session.state.query
    'harbour*'
    """
    corpus = corpus if isinstance(corpus, Corpus) else load(corpus)
    if isinstance(state, Path) or (isinstance(state, str) and state.endswith(".json")):
        path = Path(state)
        if not path.is_file():
            raise CrossreadError(f"There is no saved analysis “{path}”.")
        state = path.read_text(encoding="utf-8")
    state = read_state(state) if isinstance(state, str) else state
    return _widget_class()(Session(Workbench(corpus), state, folder))


@cache
def _widget_class():
    import anywidget

    here = Path(__file__).parent

    class Explorer(anywidget.AnyWidget):
        """Carries events from the page to a session, and its messages back."""

        _esm = (here / "explorer.js").read_text(encoding="utf-8")
        _css = (here / "explorer.css").read_text(encoding="utf-8")

        def __init__(self, session: Session):
            super().__init__()
            self.session = session
            self.on_msg(self._receive)

        def _receive(self, _widget, event, _buffers):
            for message in self.session.handle(event):
                self.send(message)

    return Explorer
