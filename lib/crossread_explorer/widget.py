"""The page inside JupyterLab: the same module in a widget."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from crossread import Study
from crossread_explorer.build import STYLE, _packed_vega, packed_data, script

RENDER = """
export default {
  async render({ model, el }) {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "open" });  // the styles of the page and of JupyterLab do not meet
    host.dataset.lmSuppressShortcuts = "true";  // what is typed here is no shortcut of JupyterLab
    el.append(host);
    await mount(root, model.get("data"), { css: model.get("page_style"), vega: () => unpack(model.get("vega")) });
  },
};
"""


class Explorer(anywidget.AnyWidget):
    """The page of a study as a widget."""

    _esm = script() + RENDER
    data = traitlets.Unicode().tag(sync=True)
    vega = traitlets.Unicode().tag(sync=True)
    page_style = traitlets.Unicode().tag(sync=True)


def show(study: Study, **options: Any) -> Explorer:
    """Show the page of a study in a notebook.

    Parameters
    ----------
    study, **options
        As in `write_page`.

    Returns
    -------
    Explorer

    Examples
    --------
    >>> import crossread as cr
    >>> study = cr.study({"a": "Allies pay. They talk."}, lexicon={"cost": ["pay*"]})
    >>> type(show(study)).__name__
    'Explorer'
    """
    return Explorer(data=packed_data(study, **options), vega=_packed_vega(), page_style=STYLE)
