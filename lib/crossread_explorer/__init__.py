"""The explorer: a study as one HTML page that needs no server, and the same page inside JupyterLab."""

from crossread_explorer.build import write_page

__all__ = ["show", "write_page"]


def __getattr__(name: str):
    # The widget asks for anywidget, which a page does without.
    if name == "show":
        from crossread_explorer.widget import show

        return show
    raise AttributeError(f"crossread_explorer has no “{name}”.")
