"""The page of everything that `crossread` offers, made from the docstrings."""

from __future__ import annotations

import inspect
import pkgutil
import re
from html import escape
from importlib import import_module

import crossread
from crossread.questions import QUESTIONS
from crossread.vocabulary import column_of

SECTION = re.compile(r"^(\w+)\n-+$", re.MULTILINE)
TYPED = ("&gt;&gt;&gt;", "...")  # how lines of an example begin that are typed


def public_names() -> dict[str, object]:
    """Return what `crossread` offers by its name: its own names, the parts of its classes, and those of its rooms."""
    offered: dict[str, object] = {}
    for name in crossread.__all__:
        value = getattr(crossread, name)
        if inspect.ismodule(value):
            offered.update({f"{name}.{one}": part for one, part in _of_room(value).items()})
            continue
        offered[name] = value
        if inspect.isclass(value):
            parts = {one: part for one, part in vars(value).items() if not one.startswith("_")}
            offered.update({f"{name}.{one}": part for one, part in parts.items()})
    return offered


def _of_room(room) -> dict[str, object]:
    """The public names of a room; of the charts, the functions that draw one."""
    if hasattr(room, "__all__"):
        return {name: getattr(room, name) for name in sorted(room.__all__)}
    modules = [import_module(f"{room.__name__}.{module.name}") for module in pkgutil.iter_modules(room.__path__)]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if name.startswith("plot_") and value.__module__ == module.__name__
    }


def reference() -> str:
    """Return the page's content: a heading for every public name, its signature, its columns and its docstring."""
    return "".join(_entry(name, value) for name, value in public_names().items())


def _entry(name: str, value: object) -> str:
    head = f'<h2 id="{name}"><code>{name}{escape(_signature(value))}</code></h2>'
    if isinstance(value, tuple):
        return head + _columns(value)
    if not (callable(value) or hasattr(value, "__get__")):
        return head
    question = QUESTIONS.get(name.removeprefix("Study.")) if name.startswith("Study.") else None
    shown = [(one,) if isinstance(one, str) else one for one in question.shown] if question else []
    columns = dict.fromkeys([*question.keys, *(column for some in shown for column in some)]) if question else {}
    return head + _docstring(inspect.getdoc(value) or "") + (_columns(columns) if columns else "")


def _signature(value: object) -> str:
    if not callable(value):
        return ""
    parameters = inspect.signature(value).parameters.values()
    bare = [one.replace(annotation=inspect.Parameter.empty) for one in parameters if one.name != "self"]
    return str(inspect.Signature(bare))


def _columns(names) -> str:
    items = "".join(f"<dt><code>{one}</code></dt><dd>{escape(column_of(str(one)).name)}</dd>" for one in names)
    return f"<h3>Columns</h3><dl>{items}</dl>"


def _docstring(text: str) -> str:
    about, *sections = SECTION.split(text)
    parts = [f"<p>{_inline(paragraph)}</p>" for paragraph in about.strip().split("\n\n") if paragraph]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"<h3>{title}</h3>")
        body = body.strip("\n")
        if title == "Examples":
            parts += [_example(paragraph) for paragraph in body.split("\n\n")]
        elif title in ("References", "Notes", "Warnings"):
            parts.append(f"<p>{_inline(body)}</p>")
        else:
            entries = re.split(r"\n(?=\S)", body)
            pairs = [entry.partition("\n") for entry in entries]
            items = "".join(f"<dt>{_inline(term)}</dt><dd>{_inline(said)}</dd>" for term, _, said in pairs)
            parts.append(f"<dl>{items}</dl>")
    return "".join(parts)


def _example(text: str) -> str:
    """What is typed is told from what answers; a sentence between examples is a sentence."""
    if not text.startswith(">>>"):
        return f"<p>{_inline(text)}</p>"
    lines = [f"<kbd>{line}</kbd>" if line.startswith(TYPED) else line for line in escape(text).split("\n")]
    shown = "\n".join(lines)
    return f'<pre class="example" tabindex="0">{shown}</pre>'


def _inline(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split()), quote=False))
