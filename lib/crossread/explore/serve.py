"""The explorer as a page of its own: Voilà on this machine only, with a token, asking no other machine for anything."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crossread.corpus import corpus_folder, project_folder

LIBRARY = Path(__file__).resolve().parents[2]  # the kernel has to find the crossread that serves it
CORPUS_VARIABLE = "CROSSREAD_CORPUS"  # which corpus notebooks/explorer.ipynb opens


@contextlib.contextmanager
def server(corpus: str = "practice", port: int = 0, *, browser: bool = False) -> Iterator[tuple[subprocess.Popen, str]]:
    """Run the explorer's page until the block is left.

    Parameters
    ----------
    corpus : str
        What `crossread.load` takes.
    port : int
        Where to listen on 127.0.0.1; 0 for any that is free.
    browser : bool
        Whether to open the page in a browser.

    Yields
    ------
    process, address
        The server, and the page's address with its token.

    Raises
    ------
    CrossreadError
        "There is no corpus “x”. …"
    """
    folder = corpus_folder(corpus)
    token = secrets.token_urlsafe(24)
    port = port or _free_port()
    with tempfile.TemporaryDirectory(prefix="crossread-") as settings:
        # the token stands in a file that only this user can read, not in the list of processes
        page = {"Voila": {"token": token, "ip": "127.0.0.1", "port": port, "open_browser": browser}}
        page["VoilaConfiguration"] = {
            "template": "crossread",
            "strip_sources": True,
            "file_allowlist": [r"seminar/glossary\.md"],  # the notebook links to it
        }
        Path(settings, "voila.json").write_text(json.dumps(page), encoding="utf-8")
        environment = os.environ | {
            CORPUS_VARIABLE: str(folder),
            "JUPYTER_CONFIG_DIR": settings,
            "JUPYTER_PATH": str(Path(__file__).parent / "jupyter"),
            "JUPYTER_PREFER_ENV_PATH": "1",
            "PYTHONPATH": os.pathsep.join([str(LIBRARY), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        notebook = project_folder() / "notebooks" / "explorer.ipynb"
        process = subprocess.Popen([sys.executable, "-m", "voila", str(notebook)], env=environment)
        try:
            yield process, f"http://127.0.0.1:{port}/?token={token}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
