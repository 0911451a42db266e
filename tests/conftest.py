"""What the tests share: the folders, toy corpora small enough to count by hand, and where the five texts may be."""

import os
import sys
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"
NUMBERS = count()  # of the folders that tests draw into: pytest's own numbers look through all that are there

# The same examples every time. For a longer search: HYPOTHESIS_PROFILE=thorough python3 run.py test
settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_texts(root) -> Path:
    """The folder with the five texts, which are not published: beside the project, or nowhere."""
    folder = root.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("needs the five texts, which are not published (looked in ../shared/corpus)")
    return folder


@pytest.fixture(scope="session")
def library(root) -> dict[str, str]:
    """The variables with which another process finds the library under test."""
    return os.environ | {"PYTHONPATH": str(root / "lib")}


@pytest.fixture(scope="session")
def all_figures(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("all_figures")


@pytest.fixture(autouse=True)
def own_figures(all_figures, monkeypatch):
    """No test writes into figures/, and none leaves a figure open."""
    folder = all_figures / str(next(NUMBERS))
    folder.mkdir()
    monkeypatch.setenv("CROSSREAD_FIGURES", str(folder))
    monkeypatch.delenv("CROSSREAD_NOTEBOOK", raising=False)
    yield folder
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def toy():
    """Three documents: ten, six and four tokens, “ally” three times, once and never."""
    from crossread import from_texts

    return from_texts(
        {
            "long": "An ally pays. Every ally pays more. No ally rests.",
            "short": "One ally left. Two came back.",
            "other": "Rain fell all day.",
        }
    )


@pytest.fixture(scope="session")
def alliances_with_texts(shared_texts, tmp_path_factory):
    """The five documents with their texts attached, in a copy of the corpus folder."""
    import shutil

    from crossread import load
    from crossread.corpus import attach, corpus_folder

    folder = tmp_path_factory.mktemp("corpus") / "alliances"
    shutil.copytree(corpus_folder("alliances"), folder, ignore=shutil.ignore_patterns("texts"))
    for lexicon in corpus_folder("alliances").parent.glob("*.yml"):
        shutil.copy(lexicon, folder.parent)
    attach(shared_texts, folder)
    return load(folder)
