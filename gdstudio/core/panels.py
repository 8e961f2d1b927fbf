"""The names of the panels: one for each module in the folder ``gdstudio/views/panels``.

Only the names of its files are read. Nothing of the views is imported, so that files can be checked
where Qt is not installed.
"""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic_core import PydanticKnownError

MOST_PANELS = 4
"""How many panels a page shows at most."""
_PACKAGE = "gdstudio.views.panels"
_FOLDER = Path(__file__).parents[1] / "views" / "panels"
_LISTED_FIRST = (
    "data_plot",
    "cost_curve",
    "cost_history",
    "epoch_loss",
    "weights_table",
    "contour",
    "surface",
    "network",
)
"""The order in which an error message lists the panels; any other follows by its name."""


def panel_names() -> tuple[str, ...]:
    """Return what ``[view] panels`` may contain.

    Once the package of the panels has been imported, its ``__path__`` says which folders belong to it.
    """
    package = sys.modules.get(_PACKAGE)
    return _names_in(tuple(package.__path__) if package is not None else (str(_FOLDER),))


@cache
def _names_in(folders: tuple[str, ...]) -> tuple[str, ...]:
    found = {module.name for module in pkgutil.iter_modules(folders)}
    first = [name for name in _LISTED_FIRST if name in found]
    return (*first, *sorted(found.difference(first)))


def _checked(value: Any) -> str:
    names = panel_names()
    if value in names:
        return str(value)
    quoted = [repr(name) for name in names]
    expected = " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
    raise PydanticKnownError("literal_error", {"expected": expected})


PanelName = Annotated[str, PlainValidator(_checked)]
"""The type of a field that names a panel; a wrong name is reported like a wrong literal."""
