"""Leave the compiled kernels out of the collection of examples where numba, an optional package, is missing."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("numba") else ["lib/crossread/compiled.py", "lib/crossread/topics/compiled.py"]
