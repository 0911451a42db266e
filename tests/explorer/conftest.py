"""What the page says of a study, asked under node."""

import json
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest

from crossread_explorer.data import page_data


@pytest.fixture(scope="session")
def node():
    """Ask the modules of the page: takes the data of a page and questions, returns its answers."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("needs node, which runs the modules of the page")

    def ask(data, **questions):
        asked = json.dumps({"data": data, **questions})
        script = str(Path(__file__).with_name("answer.mjs"))
        done = subprocess.run([program, script], input=asked, capture_output=True, encoding="utf-8", timeout=600)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return ask


@contextmanager
def lightly(*more):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_words", "_topics", "_company", *more):
            patch.setattr(f"crossread_explorer.data.{name}", lambda *_: [])
        for name in ("MOST_MAPPED", "MOST_CONTRASTED"):
            patch.setattr(f"crossread_explorer.data.{name}", 0)
        yield


@pytest.fixture(scope="session")
def light_data():
    """Make the data of a page without what takes long and is not counted by the page."""

    def make(study, *, claims=False, **options):
        with lightly(*(() if claims else ("_claims", "_ways"))):
            return page_data(study, **options)

    return make
