"""The colours of basins: one for each minimum, grey where runs diverge, none where they reach neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor

from gdstudio.core.numbers import counted, format_number
from gdstudio.core.sweep.basins import DIVERGED, ELSEWHERE, UNSETTLED
from gdstudio.views.plotting.pin_layer import pin_colour
from gdstudio.worker.pins import MOST_PINS

if TYPE_CHECKING:
    from gdstudio.core.sweep.basins import Basins
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Theme

_DEPTH = 0.5
"""How much of its colour a basin has on the card, so that path and lines stand out."""
_MOST_NAMED = 6


def basin_colour(theme: Theme, place: int) -> QColor:
    """Return the colour on the card of the basin of a minimum, or of the starts that are in none."""
    card = QColor(theme.card)
    if place == UNSETTLED:
        return card
    greys = {DIVERGED: theme.truth, ELSEWHERE: theme.groove}
    strong = QColor(greys[place]) if place in greys else pin_colour(theme, place % MOST_PINS)
    mixed = (1 - _DEPTH) * _numbers(card) + _DEPTH * _numbers(strong)
    return QColor(*mixed.round().astype(int).tolist())


def _numbers(colour: QColor) -> Floats:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=float)


def coloured(theme: Theme, basin: np.ndarray) -> np.ndarray:
    """Return places of minima (rows, columns) as colours (rows, columns, 3)."""
    kinds = np.unique(basin)
    table = np.array([_numbers(basin_colour(theme, int(kind))) for kind in kinds]).astype(np.ubyte)
    found: np.ndarray = table[np.searchsorted(kinds, basin)]
    return found


def legend(theme: Theme, found: Basins, half_width: float) -> str:
    """Return as rich text, in two lines, which colour is which minimum, and what the others are.

    Those minima are named that most starts reach, as finely as the picture shows them.
    """
    counts = np.bincount(found.basin[found.basin >= 0], minlength=len(found.minima))
    named = np.sort(np.argsort(-counts, kind="stable")[:_MOST_NAMED]).tolist()
    minima = [_item(theme, place, _place(found.minima[place], half_width)) for place in named]
    more = len(found.minima) - _MOST_NAMED
    if more > 0:
        minima.append(f"and {more} more")
    if (found.basin == ELSEWHERE).any():
        minima.append(_item(theme, ELSEWHERE, "others"))
    others = [f"after {counted(found.steps, 'step')}"]
    if (found.basin == UNSETTLED).any():
        others.append("□\N{NO-BREAK SPACE}at no minimum")
    if (found.basin == DIVERGED).any():
        others.append(_item(theme, DIVERGED, "diverged"))
    return "<br>".join(" &nbsp; ".join(parts) for parts in (minima, others) if parts)


def _item(theme: Theme, place: int, words: str) -> str:
    square = f'<span style="color:{basin_colour(theme, place).name()}">■</span>'
    return f"{square}\N{NO-BREAK SPACE}{words}"


def _place(minimum: Floats, half_width: float) -> str:
    decimals = max(0, 2 - int(np.floor(np.log10(half_width))))
    numbers = [format_number(round(float(w), decimals) + 0.0, 4) for w in minimum]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"
