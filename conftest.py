"""Leave the compiled kernels out of the collection of examples where numba, an optional package, is missing."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("numba") else ["lib/crossread/corpus/compiled.py"]


def pytest_collection_modifyitems(items):
    """Run the tests in a browser last: under the event loop of its driver no notebook can be executed."""
    items.sort(key=lambda item: "browser" in item.path.parts)
