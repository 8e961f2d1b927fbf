"""The colours of basins: one for each minimum, grey where runs diverge, none where they reach neither.

There are six hues. Where there are more minima, basins share them, but never two that border on each other.
"""

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


def hues(table: np.ndarray, count: int) -> np.ndarray:
    """Return a hue for each of so many minima, by whose places a picture (rows, columns) is divided."""
    if count <= MOST_PINS:
        return np.arange(count)
    borders = [set[int]() for _ in range(count)]
    for before, after in ((table[1:], table[:-1]), (table[:, 1:], table[:, :-1])):
        meets = (before != after) & (before >= 0) & (after >= 0)
        for a, b in np.unique(np.column_stack([before[meets], after[meets]]), axis=0).tolist():
            borders[a].add(b)
            borders[b].add(a)
    found = np.full(count, -1)
    for place in sorted(range(count), key=lambda place: -len(borders[place])):
        beside = [int(found[other]) for other in borders[place]]
        found[place] = min(range(MOST_PINS), key=lambda hue: (beside.count(hue), (found == hue).sum()))
    return found


def basin_colour(theme: Theme, hue: int) -> QColor:
    """Return the colour on the card of a hue, or of the starts that are in no basin."""
    card = QColor(theme.card)
    if hue == UNSETTLED:
        return card
    greys = {DIVERGED: theme.truth, ELSEWHERE: theme.groove}
    strong = QColor(greys[hue]) if hue in greys else pin_colour(theme, hue)
    mixed = (1 - _DEPTH) * _numbers(card) + _DEPTH * _numbers(strong)
    return QColor(*mixed.round().astype(int).tolist())


def _numbers(colour: QColor) -> Floats:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=float)


def coloured(theme: Theme, table: np.ndarray, count: int) -> np.ndarray:
    """Return places of so many minima (rows, columns) as colours (rows, columns, 3)."""
    hue_of = np.append(hues(table, count), 0)  # the last one is for none
    painted = np.where(table >= 0, hue_of[np.maximum(table, -1)], table)
    kinds = np.unique(painted)
    colours = np.array([_numbers(basin_colour(theme, int(kind))) for kind in kinds]).astype(np.ubyte)
    found: np.ndarray = colours[np.searchsorted(kinds, painted)]
    return found


def legend(theme: Theme, found: Basins, half_width: float) -> str:
    """Return as rich text, in two lines, which colour is which minimum, and what the others are.

    The minima are written as finely as the picture shows them; more than have a hue are only counted.
    """
    minima = [
        _item(theme, place, _place(at, half_width)) for place, at in enumerate(found.minima[:MOST_PINS])
    ]
    if len(found.minima) > MOST_PINS:
        minima = [f"{len(found.minima)} minima, each ×; a colour is that of several"]
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
