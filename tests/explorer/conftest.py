"""What the page says of a study, asked under node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def node():
    """Ask the modules of the page: takes the data of a page and questions, returns its answers."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("needs node, which runs the modules of the page")

    def ask(data, **questions):
        asked = json.dumps({"data": data, **questions})
        script = str(Path(__file__).with_name("answer.mjs"))
        done = subprocess.run([program, script], input=asked, capture_output=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return ask
