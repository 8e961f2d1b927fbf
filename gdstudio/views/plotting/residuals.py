"""Residuals on a plot of the data: lines from label to prediction, and the squares that the cost adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel

SQUARE_ALPHA = 0.12


class _Squares(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Rectangles that are filled one by one: where they overlap they are darker, so each can be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.rects: list[QRectF] = []
        self.brush = QBrush()

    def set_rects(self, rects: list[QRectF]) -> None:
        """Draw these."""
        self.prepareGeometryChange()
        self.rects = rects

    @override
    def boundingRect(self) -> QRectF:
        whole = QRectF()
        for rect in self.rects:
            whole |= rect
        return whole

    @override
    def paint(self, painter: QPainter, *_: Any) -> None:
        for rect in self.rects:
            painter.fillRect(rect, self.brush)


class Residuals:
    """What leaves the picture goes to its border, and is open there."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.lines = panel.curve("residuals", 2.5, smooth=True, connect="pairs")
        self.squares = _Squares()
        self.squares.setZValue(-1)
        panel.plot.addItem(self.squares, ignoreBounds=True)

    def show(self, x: Floats, y: Floats, h: Floats, view: View, *, squares: bool) -> None:
        """Draw rows with feature x, label y and prediction h, all (k,), as far as they are in the view.

        A square stands to the left of its residual.
        """
        left, right, low, high = view
        ends = np.clip(np.nan_to_num(h, nan=high), low, high)
        self.lines.setData(np.repeat(x, 2), np.column_stack([y, ends]).ravel())
        rects = []
        if squares:
            with np.errstate(over="ignore"):
                sides = np.clip(x - np.abs(np.nan_to_num(h, nan=np.inf) - y), left, right)
            corners = np.column_stack([sides, np.minimum(y, ends), x - sides, np.abs(ends - y)])
            rects = [QRectF(*corner) for corner in corners.tolist()]
        self.squares.set_rects(rects)

    def clear(self) -> None:
        """Draw none."""
        self.lines.clear()
        self.squares.set_rects([])

    def restyle(self) -> None:
        """Apply the theme's colour."""
        self.squares.brush = QBrush(self._panel.brush("residuals", SQUARE_ALPHA))
        self.squares.update()
