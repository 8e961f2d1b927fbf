"""Costs as colours: the ramp from the card to the cost's own colour, and where the cells of a grid lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Theme


def rgb(name: str) -> Floats:
    """Return red, green and blue (3,) of a colour, each from 0 to 255."""
    colour = QColor(name)
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)


def cost_ramp(theme: Theme, depth: float) -> pg.ColorMap:
    """Return the colours of costs: the card's for the least, and for the highest so much of the cost's."""
    ends = np.stack([rgb(theme.card), rgb(theme.cost)])
    ends[1] = (1 - depth) * ends[0] + depth * ends[1]
    return pg.ColorMap([0.0, 1.0], ends.round().astype(np.ubyte))


def cells(xs: Floats, ys: Floats) -> QRectF:
    """Return where an image lies whose pixels are centred at even places across (k,) and up (m,)."""
    across, up = xs[1] - xs[0], ys[1] - ys[0]
    return QRectF(xs[0] - across / 2, ys[0] - up / 2, len(xs) * across, len(ys) * up)
