"""Which panel draws which kind; each is imported when it is first shown, so that the window opens soon."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from gdstudio.core.settings.experiment import PANELS

if TYPE_CHECKING:
    from gdstudio.views.plotting.panel import Panel


def panel_type(kind: str) -> type[Panel]:
    """Return the class of a kind in `PANELS`: ``CostCurve`` in ``cost_curve.py`` for ``cost_curve``."""
    if kind not in PANELS:
        raise KeyError(f"{kind}: there is no such panel; panels are: {', '.join(PANELS)}")
    module = import_module(f"gdstudio.views.panels.{kind}")
    panel: type[Panel] = getattr(module, "".join(word.title() for word in kind.split("_")))
    return panel
