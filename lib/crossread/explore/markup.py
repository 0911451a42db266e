"""HTML in which whatever comes from a document, a file name or a lexicon is escaped by construction."""

from html import escape


class Safe(str):
    """Text that is HTML already. Made here only; any other string is escaped when it goes into an element."""


_VOID = frozenset({"br", "hr", "img", "input", "rect", "line", "path", "polyline", "circle"})


def element(name: str, /, *children, **attributes) -> Safe:
    """Return one HTML element.

    Parameters
    ----------
    name : str
        The tag, from the program, never from data.
    *children
        Strings, which are escaped unless they are `Safe`; lists of children; None, which is nothing.
    **attributes
        `class_` and `for_` lose their underscore, `aria_label` becomes `aria-label`; True gives a bare attribute, None
        and False none.

    Examples
    --------
    >>> element("b", "<script>", class_="loud", title='"')
    '<b class="loud" title="&quot;">&lt;script&gt;</b>'
    """
    parts = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{escape(str(value), quote=True)}"')
    start = f"<{name}{''.join(parts)}>"
    return Safe(start if name in _VOID else f"{start}{join(children)}</{name}>")


def join(children) -> Safe:
    """Return the children as one piece of HTML, each escaped unless it is `Safe`.

    Examples
    --------
    >>> join(["a < b", element("i", "c")])
    'a &lt; b<i>c</i>'
    """
    pieces = []
    for child in children:
        if child is None:
            continue
        if isinstance(child, Safe):
            pieces.append(child)
        elif isinstance(child, str):
            pieces.append(escape(child, quote=True))
        elif isinstance(child, int | float):
            pieces.append(str(child))
        else:
            pieces.append(join(child))
    return Safe("".join(pieces))
