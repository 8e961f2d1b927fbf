"""Some cells of a grid, filled or hatched; the lines of the hatching are as far apart at any zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF, Qt

    from gdstudio.views.plotting.plot_panel import PlotPanel


class CellRegion(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Marks cells in a quantity's colour, behind the curves of a panel."""

    def __init__(self, panel: PlotPanel, quantity: str, pattern: Qt.BrushStyle) -> None:
        super().__init__()
        self._panel, self._quantity = panel, quantity
        self._brush = QBrush(pattern)
        self._path = QPainterPath()
        self.setZValue(-2)
        panel.plot.addItem(self, ignoreBounds=True)

    def show_cells(self, marked: np.ndarray, rect: QRectF) -> None:
        """Mark cells (m, k) of a grid, from the lowest row on, that fills a rectangle."""
        self.prepareGeometryChange()
        self._path = QPainterPath()
        rows, columns = marked.shape
        across, up = rect.width() / columns, rect.height() / rows
        for row in range(rows):
            # where a stretch of marked cells begins, and where it has ended
            edges = np.flatnonzero(np.diff(np.concatenate([[0], marked[row].astype(int), [0]]))).tolist()
            for first, end in zip(edges[::2], edges[1::2], strict=True):
                left, low = rect.left() + first * across, rect.top() + row * up
                self._path.addRect(left, low, (end - first) * across, up)
        self.update()

    def clear(self) -> None:
        """Mark no cells."""
        self.prepareGeometryChange()
        self._path = QPainterPath()

    def restyle(self) -> None:
        """Apply the theme's colour."""
        self._brush.setColor(QColor(getattr(self._panel.appearance.theme, self._quantity)))
        self.update()

    @property
    def is_empty(self) -> bool:
        """Whether no cell is marked."""
        return self._path.isEmpty()

    @override
    def boundingRect(self) -> QRectF:
        return self._path.boundingRect()

    @override
    def paint(self, painter: QPainter, *_: Any) -> None:
        brush = QBrush(self._brush)
        brush.setTransform(painter.worldTransform().inverted()[0])  # the pattern is in pixels
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(self._path, brush)
