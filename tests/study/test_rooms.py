"""The arrows between the rooms: each knows those below it, nobody the rooms beside, and nothing runs in a circle.

And what a room offers shows an example of itself.
"""

import ast
from graphlib import TopologicalSorter
from importlib import import_module
from inspect import getdoc, isroutine

import pytest

from crossread import Corpus, Study, Table

BELOW = {
    "corpus": {"corpus"},
    "lexicon": {"corpus", "lexicon"},
    "measure": {"corpus", "lexicon", "measure"},
    "topics": {"corpus", "lexicon", "topics"},
    "charts": {"corpus", "lexicon", "measure", "topics", "charts"},
}
SHARED = {
    "errors",
    "files",
    "notebook",
    "progress",
    "wording",
    "vocabulary",
    "__init__",
}  # words and files, for every room


@pytest.fixture(scope="module")
def imports(root):
    """Of each module what it imports: of itself when it is loaded, and anywhere."""
    modules = {".".join(path.relative_to(root / "lib").with_suffix("").parts): path for path in _sources(root)}
    return {name: _imported(path.read_text(encoding="utf-8"), modules) for name, path in modules.items()}


def _sources(root):
    return [path for path in (root / "lib").rglob("*.py") if "corpora" not in path.parts]


def _imported(source, modules):
    tree = ast.parse(source)
    inside = {node for part in ast.walk(tree) if isinstance(part, ast.FunctionDef) for node in ast.walk(part)}
    inside |= {node for part in ast.walk(tree) if isinstance(part, ast.If) and "TYPE_CHECKING" in ast.dump(part.test)
               for node in ast.walk(part)}  # fmt: skip
    at_once, anywhere = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("crossread"):
            named = {(node.module, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            named = {(alias.name, "") for alias in node.names if alias.name.startswith("crossread")}
        else:
            continue
        anywhere |= named
        at_once |= named if node not in inside else set()
    return {_module(*one, modules) for one in at_once}, anywhere


def _module(module, name, modules):
    candidates = (f"{module}.{name}", f"{module}.{name}.__init__", module)
    return next((one for one in candidates if one in modules), f"{module}.__init__")


def test_a_room_knows_only_the_rooms_below_it(imports):
    for name, (_, anywhere) in imports.items():
        room = name.split(".")[1]
        if name.startswith("crossread.") and room in BELOW:
            known = {module.split(".")[1] if "." in module else part for module, part in anywhere}
            assert known <= BELOW[room] | SHARED, name


def test_nobody_imports_the_rooms_beside_and_they_ask_for_public_names(imports):
    for name, (_, anywhere) in imports.items():
        own = name.split(".")[0]
        for module, part in anywhere:
            assert module.split(".")[0] in ("crossread", own), f"{name} imports {module}"
            assert own == "crossread" or module.startswith(own) or not f"{module}.{part}".count("._"), name


def test_no_module_needs_itself_to_be_loaded(imports):
    TopologicalSorter({name: at_once - {name} for name, (at_once, _) in imports.items()}).prepare()


def test_public_functions_say_of_which_type_everything_is(root):
    untyped = []
    for path in _sources(root):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        for function in (
            node for scope in (tree, *classes) for node in scope.body if isinstance(node, ast.FunctionDef)
        ):
            if function.name.startswith("_") and function.name != "__init__":
                continue
            given = function.args
            named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
            unsaid = [one.arg for one in named if one.annotation is None and one.arg not in ("self", "cls")]
            unsaid += ["return"] if function.returns is None and function.name != "__init__" else []
            untyped += [f"{path.name}: {function.name}: {name}" for name in unsaid]
    assert untyped == []


ROOMS = ["crossread", "crossread_seminar", "crossread_scale", "crossread_explorer"]
ROOMS += [f"crossread.{room}" for room in ("corpus", "lexicon", "measure", "topics")]


@pytest.mark.parametrize("room", [*ROOMS, Study, Table, Corpus])
def test_what_is_offered_shows_an_example(room):
    if isinstance(room, type):
        offered = {name: part for name, part in vars(room).items() if not name.startswith("_")}
    else:
        offered = {name: getattr(import_module(room), name) for name in import_module(room).__all__}
    shown = {name: getdoc(part) for name, part in offered.items() if isroutine(part) or isinstance(part, property)}
    assert [name for name, said in shown.items() if ">>> " not in (said or "")] == []
