"""Read a handful of documents against one another, and know what may be claimed from it."""

from crossread.corpus import Corpus, from_texts, load
from crossread.errors import CrossreadError, TextNeeded

__all__ = ["Corpus", "CrossreadError", "TextNeeded", "from_texts", "load"]
__version__ = "0.2.0"
