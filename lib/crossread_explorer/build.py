"""A page as one file: modules joined, Vega taken from its package, data packed, and nothing else asked of anyone."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import sys
from contextlib import suppress
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from crossread import Study
from crossread.errors import CrossreadError, NotWritten
from crossread.files import write_whole
from crossread_explorer.data import page_data

FOLDER = Path(__file__).parent / "page"
JUDGE = ("stats", "judge")  # what a worker needs
MODULES = (
    "patterns", *JUDGE, "model", "dom", "address", "evidence", "charts", "claims", "strips", "pane",
    "argument", "reader", "search", "words", "topics", "edit", "seminar", "files", "main",
)  # fmt: skip
STYLE = (FOLDER / "page.css").read_text(encoding="utf-8")
MODULAR = re.compile(r"^(?:import [^;]*;\n|export )", re.MULTILINE)


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join(MODULAR.sub("", (FOLDER / f"{name}.js").read_text(encoding="utf-8")) for name in names)


@lru_cache
def script() -> str:
    """Return the one ES module of the page; of what judges edited lists the text is in it, too, for a worker."""
    worker = f"{_joined(JUDGE)}\nonmessage = event => postMessage(judge(event.data));\n"
    return f"{_joined(MODULES)}\nconst WORKER = {json.dumps(worker)};\nexport {{ mount }};\n"


@lru_cache
def vega() -> str:
    """Return the script of Vega, Vega-Lite and their embedding, as the installed package bundles it.

    The package takes four seconds, so the script is kept in the environment, under a name that holds its hash.
    """
    try:
        from vl_convert import __version__, javascript_bundle
    except ImportError:
        raise CrossreadError(
            "The charts of a page need the package vl-convert-python: pip install vl-convert-python"
        ) from None
    folder = Path(sys.prefix, "share", "crossread")
    for path in folder.glob(f"vega-{__version__}-*.js"):
        with suppress(OSError):
            kept = path.read_bytes()
            if path.stem.endswith(f"-{hashlib.sha256(kept).hexdigest()}"):
                return kept.decode("utf-8")
    made = javascript_bundle().replace("</script", "<\\/script")
    with suppress(NotWritten):  # where the environment is write-protected it is made each time
        write_whole(folder / f"vega-{__version__}-{hashlib.sha256(made.encode('utf-8')).hexdigest()}.js", made)
    return made


def pack(text: str) -> str:
    """Return a text packed with gzip, in base64: the same bytes each time."""
    return base64.b64encode(gzip.compress(text.encode("utf-8"), 6, mtime=0)).decode("ascii")


@lru_cache
def _packed_vega() -> str:
    return pack(vega())


def packed_data(study: Study, **options: Any) -> str:
    """Return what a page of a study holds, packed; options as in `page_data`."""
    data = page_data(study, **options)
    return pack(json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _page_html(study: Study, *, title: str | None = None, **options: Any) -> str:
    data = packed_data(study, title=title, **options)
    code = script() + (FOLDER / "start.js").read_text(encoding="utf-8")
    # Only these two scripts may run, whatever a title or a text holds, and nothing may be fetched.
    policy = (
        f"default-src 'none'; script-src {_hash(code)} {_hash(vega())}; worker-src blob:; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    return (FOLDER / "page.html").read_text(encoding="utf-8").format(
        policy=policy,
        title=escape(title or study.corpus.name),
        style=STYLE,
        data=data,
        vega=_packed_vega(),
        code=code,
    )  # fmt: skip


def page_place(name: str) -> Path:
    """Return where the page of a corpus is written unless said otherwise: an ignored folder where the user stands."""
    folder = Path("pages")
    if not (folder / ".gitignore").exists():  # pages may hold texts of others: no version control takes them up
        write_whole(folder / ".gitignore", "*\n")
    return folder / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name).strip('-') or 'page'}.html"


def write_page(study: Study, path: str | os.PathLike, **options: Any) -> Path:
    """Write a page of a study; nothing is half-written.

    Parameters
    ----------
    study : Study
    path : path
        The file, ending in .html.
    texts : bool, optional
        False leaves out the sentences of attached texts; True insists on them.
    title : str, optional
        What stands at its head; the name of the corpus without it.

    Returns
    -------
    Path

    Raises
    ------
    TextNeeded, CrossreadError
        "The charts of a page need the package vl-convert-python: …"; "… cannot be written: …".

    Examples
    --------
    >>> import crossread as cr
    >>> write_page(cr.study("practice"), "practice.csv")
    Traceback (most recent call last):
    crossread.errors.CrossreadError: practice.csv: a page is a file that ends in .html.
    """
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise CrossreadError(f"{path.name}: a page is a file that ends in .html.")
    return write_whole(path, _page_html(study, **options))
