"""Words on lines of a plot, kept whole within the picture, with an edge that sets them off from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath, QPen
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from gdstudio.views.plotting.panel import PlotPanel

    Label = tuple[float, float, str]


class LineLabels(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Writes words beside places of the plot; where they would leave it, they are moved back into it."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__()
        self._panel = panel
        self._font = QFont()
        self._labels: list[Label] = []
        self.setZValue(7)
        panel.plot.addItem(self, ignoreBounds=True)

    @property
    def words(self) -> list[str]:
        """What is written."""
        return [text for _, _, text in self._labels]

    def show_at(self, labels: Sequence[Label]) -> None:
        """Write words, each with its place (x, y) first."""
        if list(labels) != self._labels:
            self._labels = list(labels)
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
        to_screen = painter.worldTransform()
        seen = to_screen.mapRect(QRectF(self.viewRect()))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        taken: list[QRectF] = []
        gap = 0.5 * QFontMetricsF(self._font).height()
        for x, y, text in self._labels:
            room = self._room(to_screen.map(QPointF(x, y)), text, seen)
            while any(room.adjusted(-gap, 0, gap, 0).intersects(other) for other in taken):
                room.translate(0, room.height())
            taken.append(room)
            self._write(painter, room, text)
        painter.restore()

    def _room(self, at: QPointF, text: str, seen: QRectF) -> QRectF:
        """Return where a label stands: right of its place, within the picture."""
        metrics = QFontMetricsF(self._font)
        gap = 0.5 * metrics.height()
        room = QRectF(
            at.x() + gap, at.y() - metrics.height() / 2, metrics.horizontalAdvance(text), metrics.height()
        )
        room.moveLeft(max(seen.left() + gap, min(room.left(), seen.right() - room.width() - gap)))
        room.moveTop(max(seen.top() + gap, min(room.top(), seen.bottom() - room.height() - gap)))
        return room

    def _write(self, painter: QPainter, room: QRectF, text: str) -> None:
        theme = self._panel.appearance.theme
        letters = QPainterPath()
        letters.addText(
            QPointF(room.left(), room.top() + QFontMetricsF(self._font).ascent()), self._font, text
        )
        round_joins = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(letters, QPen(QColor(theme.card), 4.0, *round_joins))
        painter.fillPath(letters, QColor(theme.text))
