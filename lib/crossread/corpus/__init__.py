"""A folder of documents to a `Corpus`, and back."""

from crossread.corpus.attach import attach
from crossread.corpus.create import create
from crossread.corpus.describe import corpus_of
from crossread.corpus.gather import gather
from crossread.corpus.load import corpus_folder, load, read_documents, text_paths
from crossread.corpus.model import Corpus, build, cover, from_texts, pack
from crossread.corpus.places import project_folder
from crossread.corpus.published import FolderTables
from crossread.corpus.sealing import seal

__all__ = [
    "Corpus", "FolderTables", "attach", "build", "corpus_folder", "corpus_of", "cover", "create", "from_texts",
    "gather", "load", "pack", "project_folder", "read_documents", "seal", "text_paths",
]  # fmt: skip
