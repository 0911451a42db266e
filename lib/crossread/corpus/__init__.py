"""A folder of documents to a `Corpus`, and back."""

from crossread.corpus.attach import attach
from crossread.corpus.create import create
from crossread.corpus.load import corpus_folder, load, read_documents, text_paths
from crossread.corpus.model import Corpus, build, cover, from_texts, pack
from crossread.corpus.places import project_folder

__all__ = [
    "Corpus",
    "attach",
    "build",
    "corpus_folder",
    "cover",
    "create",
    "from_texts",
    "load",
    "pack",
    "project_folder",
    "read_documents",
    "text_paths",
]
