"""One of several lines on a plot: it has a colour, a dash and a few marks of its own, to be told apart by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPen

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_MARKS = 7
_MOST_DASHED = 200
"""A line of more points is drawn solid: on a noisy one dashes are lost, and cost far more to paint."""
_MOST_DASHED_WIDTHS = 50.0
"""A line that extends over more widths (or heights) of the view is drawn solid, for the same price."""
_WIDE, _NARROW = 2.5, 1.5
"""How wide a line of few and one of many points is."""


def dashed_pen(colour: QColor, width: float, dash: tuple[float, ...]) -> QPen:
    """Return a pen with a dash, in widths of the pen; a solid one where it is empty."""
    pen: QPen = pg.mkPen(colour, width=width)
    if dash:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(list(dash))
    return pen


class DashedLine:
    """A line on a panel's plot, dashed where it has few points.

    Parameters
    ----------
    panel
        Whose plot it is.
    dash
        What tells it apart besides its colour, which `restyle` gives.
    z
        Where it lies above or below what else is on the plot.
    """

    def __init__(self, panel: PlotPanel, dash: tuple[float, ...], z: float) -> None:
        self._panel, self._dash = panel, dash
        self._styled: tuple[object, ...] | None = None
        self._line = pg.PlotCurveItem(antialias=False, connect="finite")
        self._line.setZValue(z)
        panel.plot.addItem(self._line)

    @property
    def points(self) -> tuple[Floats, Floats]:
        """The points that the line is drawn through."""
        if self._line.xData is None:
            return np.empty(0), np.empty(0)
        return self._line.xData, self._line.yData

    def set(self, x: Floats, y: Floats) -> None:
        """Draw it through points (k,), with a gap where one is not a number."""
        self._line.setData(x, y)

    def clear(self) -> None:
        """Draw nothing."""
        self._line.clear()

    def restyle(self, colour: QColor) -> None:
        """Apply a colour, and the dash where there are few points."""
        theme, scale = self._panel.appearance.theme, self._panel.appearance.scale
        few = self._can_be_dashed(*self.points)
        styled = (colour.rgba(), theme.name, scale, few)
        if styled == self._styled:
            return
        self._styled = styled
        self._line.opts["antialias"] = few
        self._line.setPen(dashed_pen(colour, (_WIDE if few else _NARROW) * scale, self._dash if few else ()))

    def _can_be_dashed(self, x: Floats, y: Floats) -> bool:
        """Whether the line has few points and extends not too far beyond the view, so dashes cost little."""
        if not 0 < len(x) <= _MOST_DASHED:
            return False
        sides = self._panel.plot.viewRange()
        return all(
            np.ptp(v) <= _MOST_DASHED_WIDTHS * (high - low)
            for v, (low, high) in zip((x, y), sides, strict=True)
        )


class MarkedLine(DashedLine):
    """The same with a few marks along it, of a symbol of its own."""

    def __init__(self, panel: PlotPanel, symbol: str, dash: tuple[float, ...], z: float) -> None:
        super().__init__(panel, dash, z)
        self._marks = pg.ScatterPlotItem(pxMode=True, symbol=symbol, antialias=True, useCache=True)
        self._marks.setZValue(z + 0.1)
        panel.plot.addItem(self._marks)

    @override
    def set(self, x: Floats, y: Floats) -> None:
        super().set(x, y)
        drawn = np.isfinite(x) & np.isfinite(y)
        x, y = x[drawn], y[drawn]
        kept = self._spread(x, y)
        self._marks.setData(x[kept], y[kept])

    @override
    def clear(self) -> None:
        super().clear()
        self._marks.clear()

    @override
    def restyle(self, colour: QColor) -> None:
        super().restyle(colour)
        self._marks.setPen(pg.mkPen(self._panel.appearance.theme.card))
        self._marks.setBrush(pg.mkBrush(colour))
        self._marks.setSize(11 * self._panel.appearance.scale)

    def _spread(self, x: Floats, y: Floats) -> np.ndarray:
        """Return which points get a mark: a few, evenly far apart along the line as it is seen."""
        if len(x) <= _MARKS:
            return np.arange(len(x))
        (left, right), (low, high) = self._panel.plot.viewRange()
        moves = np.hypot(np.diff(x) / (right - left), np.diff(y) / (high - low))
        along = np.append(0.0, np.cumsum(moves))
        return np.unique(np.searchsorted(along, np.linspace(0, along[-1], _MARKS)).clip(0, len(x) - 1))
