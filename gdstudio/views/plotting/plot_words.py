"""What writes words on a plot, with an edge that sets them off from what is under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainterPath, QPen
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.views.plotting.plot_panel import PlotPanel

_EDGE = 4.0
"""The width of the letters' edge in the card's colour, in pixels; half of it is outside."""


class PlotWords(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """The base of what writes in bold letters of the ticks' size; ``paint`` says what and where."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__()
        self._panel = panel
        self._font = QFont()
        self.setZValue(7)
        panel.plot.addItem(self, ignoreBounds=True)

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

    def write(self, painter: QPainter, at: QPointF, text: str, quantity: str) -> None:
        """Write a text from a place on its base line, in the colour of a quantity."""
        theme = self._panel.appearance.theme
        letters = QPainterPath()
        letters.addText(at, self._font, text)
        round_joins = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, QPen(QColor(theme.card), _EDGE, *round_joins))
        painter.fillPath(letters, QColor(getattr(theme, quantity)))
