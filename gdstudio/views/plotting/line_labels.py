"""Words on lines of a plot, kept whole within the picture, with an edge that sets them off from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF
from typing_extensions import override

from gdstudio.views.plotting.plot_words import PlotWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from gdstudio.views.plotting.plot_panel import PlotPanel

    Label = tuple[float, float, str]


class LineLabels(PlotWords):
    """Writes words beside places of the plot; where they would leave it, they are moved back into it."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._labels: list[Label] = []

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
            base = QPointF(room.left(), room.top() + QFontMetricsF(self._font).ascent())
            self.write(painter, base, text, "text")
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
