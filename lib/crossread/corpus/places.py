"""Where a project's files are: where the user stands, not where the package lies."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "CROSSREAD_PROJECT"  # set by run.py, so that it works from any folder
_PACKAGE = Path(__file__).resolve().parents[1]


def project_folder() -> Path:
    """Return the folder that holds, or will hold, `corpus/` and `figures/`.

    It is what CROSSREAD_PROJECT names; else the nearest folder, from where the user stands upwards, that has corpora;
    else the folder where the user stands: never where the package lies.

    Examples
    --------
    >>> (project_folder() / "corpus").is_dir()
    True
    """
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE]).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents):
        if any((folder / "corpus").glob("*/documents.csv")):
            return folder
    return here


def shipped_folder() -> Path:
    """Return the folder with the corpora and lists that come with the package (in a checkout, its `corpus/`)."""
    packed = _PACKAGE / "corpora"
    return packed if packed.is_dir() else _PACKAGE.parents[1] / "corpus"


def corpora_folders() -> list[Path]:
    """Return the folders in which a corpus, a lexicon or a list is looked for by name, the user's own first."""
    return list(dict.fromkeys((project_folder() / "corpus", shipped_folder())))


def shipped_file(name: str) -> Path:
    """Return a list that the project may replace by its own: spelling.csv, variants.csv.

    Parameters
    ----------
    name : str
        The name of the file.
    """
    places = [folder / name for folder in corpora_folders()]
    return next((path for path in places if path.is_file()), places[-1])
