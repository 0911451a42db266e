"""Read a handful of documents against one another, and know what may be claimed from it."""

from importlib import import_module

from crossread.corpus import Corpus, from_texts, load
from crossread.errors import CrossreadError, TextNeeded
from crossread.study import Study, study
from crossread.table import Table

_ROOMS = ("charts", "corpus", "lexicon", "measure", "topics")
__all__ = ["Corpus", "CrossreadError", "Study", "Table", "TextNeeded", "from_texts", "load", "study", *_ROOMS]
__version__ = "0.2.0"


def __getattr__(name: str):
    # A room is imported when it is first asked for, so that `import crossread` stays quick.
    if name in _ROOMS:
        return import_module(f"crossread.{name}")
    raise AttributeError(
        f"crossread has no “{name}”. Its rooms: {', '.join(_ROOMS)}. Begin with: crossread.study(NAME)"
    )


def __dir__() -> list[str]:
    return sorted(__all__)
