"""The panels: every module here is one, and its name is the panel's name in ``[view] panels``.

A new panel is one new file in this folder with a subclass of `Panel` whose ``kind`` is the file's name.
"""

from __future__ import annotations

import inspect
from importlib import import_module

from gdstudio.core.panels import panel_names
from gdstudio.views.plotting.panel import Panel


def panel_type(kind: str) -> type[Panel]:
    """Return the class of a panel; its module is imported at the first use, so that the window opens soon.

    Raises
    ------
    KeyError
        Where there is no module of that name.
    TypeError
        Where the module does not define exactly one panel of that kind.
    """
    if kind not in panel_names():
        raise KeyError(f"{kind}: there is no such panel; panels are: {', '.join(panel_names())}")
    module = import_module(f"{__name__}.{kind}")
    classes = [found for _, found in inspect.getmembers(module, inspect.isclass)]
    panels = [
        c for c in classes if issubclass(c, Panel) and c.kind == kind and c.__module__ == module.__name__
    ]
    if len(panels) != 1:
        raise TypeError(f'{module.__name__}: give it one subclass of Panel with kind = "{kind}"')
    return panels[0]
