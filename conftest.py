"""What the examples in lib need: the studies that those of Study and Table ask; for two files, an optional package."""

from functools import cache
from importlib.util import find_spec

import pytest

NEEDED = {"lib/crossread/corpus/compiled.py": "numba", "lib/crossread_scale/runs.py": "distributed"}
collect_ignore = [file for file, package in NEEDED.items() if not find_spec(package)]


@pytest.fixture
def doctest_namespace(request):
    """The studies that the examples of the parts of Study and Table ask, as they say; opened by the first of these."""
    return _studies() if request.node.name.startswith(("crossread.study.Study.", "crossread.table.Table.")) else {}


@cache
def _studies():
    import crossread as cr

    return {"cr": cr, "study": cr.study("practice")} | {name: cr.study(name) for name in ("parties", "alliances")}


def pytest_collection_modifyitems(items):
    """Run the tests in a browser last: under the event loop of its driver no notebook can be executed."""
    items.sort(key=lambda item: "browser" in item.path.parts)
