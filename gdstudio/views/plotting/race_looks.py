"""How the runs of a race are told apart: each place of the line-up has a colour, a dash and a mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from gdstudio.views.widgets.theme import Theme

SYMBOLS = ("o", "t1", "d", "p", "star", "h", "t", "s", "t2", "+", "x", "t3")
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (6.0, 3.0),
    (2.0, 2.0),
    (8.0, 3.0, 2.0, 3.0),
    (4.0, 4.0),
    (10.0, 3.0),
    (6.0, 2.0, 2.0, 2.0, 2.0, 2.0),
    (3.0, 1.5),
    (1.0, 2.0),
    (12.0, 3.0, 2.0, 3.0),
    (5.0, 2.0),
    (2.0, 4.0),
)
"""Those of place 0, the run on screen, first: its line is solid, as everywhere."""


def race_colour(theme: Theme, place: int) -> QColor:
    """Return the colour of a place: of the run on screen that of the weights, as everywhere."""
    return QColor(theme.weights if not place else theme.racers[(place - 1) % len(theme.racers)])
