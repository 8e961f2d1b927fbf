"""The numbers of the first steps, beside their dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainterPath, QPen
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import PlotPanel

MOST_NUMBERED = 12
"""So many steps are numbered; of more, none is."""
_NEAREST = 1.6
"""How far apart two numbers are at least, in heights of the type."""


class StepNumbers(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Writes 0, 1, 2, ... beside points; one that would stand on an earlier one is left out."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__()
        self._panel = panel
        self._font = QFont()
        self._places: Floats = np.empty((0, 2))
        self.setZValue(7)
        panel.plot.addItem(self, ignoreBounds=True)

    @property
    def places(self) -> Floats:
        """The points (k, 2) that are numbered."""
        return self._places

    def show_at(self, places: Floats) -> None:
        """Write a number beside each of these points (k, 2), or none where they are too many."""
        self._places = places if len(places) <= MOST_NUMBERED + 1 else places[:0]
        self.prepareGeometryChange()
        self.update()

    def restyle(self, font: QFont) -> None:
        """Take the font of the ticks."""
        self._font = QFont(font)
        self._font.setBold(True)
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect()) if self.getViewBox() is not None else QRectF()

    @override
    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()

    @override
    def paint(self, painter: QPainter, *_: Any) -> None:
        if not len(self._places):
            return
        to_screen = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        height = float(self._font.pixelSize())
        taken: list[QPointF] = []
        for step, (x, y) in enumerate(self._places.tolist()):
            if not (np.isfinite(x) and np.isfinite(y)):
                continue
            at = to_screen.map(QPointF(x, y)) + QPointF(0.55 * height, -0.55 * height)
            if all(abs(at.x() - o.x()) + abs(at.y() - o.y()) > _NEAREST * height for o in taken):
                taken.append(at)
                self._write(painter, at, str(step))
        painter.restore()

    def _write(self, painter: QPainter, at: QPointF, text: str) -> None:
        theme = self._panel.appearance.theme
        letters = QPainterPath()
        letters.addText(at, self._font, text)
        round_joins = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, QPen(QColor(theme.card), 4.0, *round_joins))
        painter.fillPath(letters, QColor(theme.weights))
