"""The picture of one linear layer: inputs, weights, bias, sum and output, painted in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gdstudio.core.concealment import UNKNOWN
from gdstudio.views.plotting.network.flow import Flow, written
from gdstudio.views.plotting.network.layout import LEAST_PIXELS, Labels, Layout, lay_out
from gdstudio.views.widgets.theme import SMALL, TITLE

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent, QResizeEvent

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.network.layout import Edge
    from gdstudio.views.widgets.theme import Appearance

THINNEST, WIDEST = 1.5, 10.0
"""The width of an edge in pixels at 100 %: of a weight of 0, and of one as large as the reference."""
_DASH = [2.2, 1.2]
_LIT = 0.22
"""How much of its colour a node is filled with that the phase has reached."""
_CENTRE = Qt.AlignmentFlag.AlignCenter


def _unknown(weight: float) -> str:
    return UNKNOWN


class NetworkDrawing(QWidget):
    """Shows weights (P,), the bias last where there is one; the layout is made only for a new size."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._labels: Labels | None = None
        self._layout: Layout | None = None
        self._weights: Floats = np.zeros(0)
        self._reference = 1.0
        self._written = written
        self.flow = Flow()
        self.numbers: tuple[str, ...] = ()
        self.setMinimumSize(1, 84)
        self.setAccessibleName("The network")

    @property
    def layout_now(self) -> Layout | None:
        """Where everything stands; None before there is anything to draw."""
        return self._layout

    def show_labels(self, labels: Labels) -> None:
        """Draw another network."""
        self._labels = labels
        self._weights = np.zeros(len(labels.inputs) + bool(labels.bias))
        self.numbers = ()
        self.arrange()

    def show_weights(self, weights: Floats, reference: float, *, concealed: bool = False) -> None:
        """Show weights; ``reference`` is the size that has the widest edge. Paints only what is new.

        Concealed weights stand as "?".
        """
        self._written = _unknown if concealed else written
        if self._layout is None:
            return
        shown = [float(weights[edge.weight]) for edge in self._layout.edges]
        numbers = tuple(map(self._written, shown))
        if numbers == self.numbers and reference == self._reference:
            return
        self._weights, self._reference, self.numbers = np.array(weights), reference, numbers
        self.update()

    def show_flow(self, flow: Flow) -> None:
        """Show the last update, or what the phases of the step under way have made."""
        if flow != self.flow:
            self.flow = flow
            self.update()

    def texts(self) -> list[str]:
        """Return what is written on each edge: its weight, its last change, or its gradient."""
        if self._layout is None:
            return []
        return [self._text(edge, now) for edge, now in zip(self._layout.edges, self.numbers, strict=True)]

    def width_of(self, weight: float) -> float:
        """Return the width in pixels of a weight's edge."""
        share = min(abs(weight) / self._reference, 1.0)
        return (THINNEST + (WIDEST - THINNEST) * share) * self._appearance.scale

    def arrange(self) -> None:
        """Lay the drawing out again, for another size, network or size of text."""
        if self._labels is None or self.width() < 2 or self.height() < 2:
            return
        size, largest = QSizeF(self.width(), self.height()), self._appearance.pixels(TITLE)
        pixels = range(largest, LEAST_PIXELS - 1, -1)
        if min(self.width() / 420, self.height() / 230) < self._appearance.scale:
            pixels = range(self._appearance.pixels(SMALL + 2), LEAST_PIXELS - 1, -1)
        self._layout = lay_out(size, self._labels, self._font, pixels)
        shown = (float(self._weights[edge.weight]) for edge in self._layout.edges)
        self.numbers = tuple(map(self._written, shown))
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._layout is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._layout.font)
        for edge in self._layout.edges:
            self._paint_edge(painter, edge.begin, float(self._weights[edge.weight]))
        self._paint_output(painter, self._layout)
        self._paint_numbers(painter, self._layout)
        for name, centre in self._layout.nodes:
            self._paint_node(painter, centre, name, "data", lit=bool(self.flow.row))
        predicted = self.flow.output is not None
        self._paint_node(painter, self._layout.sum, "Σ", "data", lit=predicted)
        output = "residuals" if self.flow.is_lost else "prediction"
        self._paint_node(painter, self._layout.output, "ŷ", output, lit=predicted)
        self._paint_words(painter, self._layout)

    def _font(self, pixels: int) -> QFont:
        font = self._appearance.font(SMALL)
        font.setPixelSize(pixels)
        return font

    def _colour(self, name: str) -> QColor:
        return QColor(getattr(self._appearance.theme, name))

    def _sign(self, weight: float) -> QColor:
        return self._colour("negative" if weight < 0 else "weights")

    def _paint_edge(self, painter: QPainter, begin: QPointF, weight: float) -> None:
        assert self._layout is not None
        pen = QPen(self._sign(weight), self.width_of(weight), c=Qt.PenCapStyle.FlatCap)
        if weight < 0:
            pen.setDashPattern(_DASH)
        painter.setPen(pen)
        painter.drawLine(begin, self._layout.sum)

    def _paint_output(self, painter: QPainter, layout: Layout) -> None:
        """Draw the arrow from the sum to the prediction: h is the sum itself."""
        tip = layout.output - QPointF(layout.radius + 2, 0)
        size = 0.4 * layout.radius
        painter.setPen(QPen(self._colour("prediction"), 2 * self._appearance.scale))
        painter.drawLine(layout.sum, tip)
        painter.drawPolyline([tip + QPointF(-size, -size), tip, tip + QPointF(-size, size)])

    def _paint_numbers(self, painter: QPainter, layout: Layout) -> None:
        card = self._colour("card")
        metrics = painter.fontMetrics()
        for edge, text in zip(layout.edges, self.texts(), strict=True):
            wide = metrics.horizontalAdvance(text) + 6
            box = QRectF(edge.number.center().x() - wide / 2, edge.number.y(), wide, edge.number.height())
            painter.fillRect(box, card)
            shade = self._colour("gradient_text") if self.flow.gradient else None
            painter.setPen(shade or self._sign(float(self._weights[edge.weight])))
            painter.drawText(box, _CENTRE, text)

    def _text(self, edge: Edge, now: str) -> str:
        assert self._layout is not None
        longer = ""
        if self.flow.gradient:
            name = edge.title.removesuffix(" = ")
            gradient = written(self.flow.gradient[edge.weight])
            longer = f"∂J/∂{name} = {gradient}" if name else f"∂ {gradient}"
        elif self.flow.before:
            longer = f"{edge.title}{written(self.flow.before[edge.weight])} → {now}"
        fits = QFontMetricsF(self._layout.font).horizontalAdvance(longer) + 6 <= edge.number.width()
        return longer if longer and fits else edge.title + now

    def _paint_node(
        self, painter: QPainter, centre: QPointF, name: str, quantity: str, *, lit: bool = False
    ) -> None:
        """Paint a node; one that the phase has reached is lit in its colour."""
        assert self._layout is not None
        radius, colour = self._layout.radius, self._colour(quantity)
        painter.setPen(QPen(colour, (3.5 if lit else 2.0) * self._appearance.scale))
        painter.setBrush(self._colour("card"))
        painter.drawEllipse(centre, radius, radius)
        if lit:
            colour.setAlphaF(_LIT)
            painter.setBrush(colour)
            painter.drawEllipse(centre, radius, radius)
        painter.setPen(self._colour("text"))
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, _CENTRE, name)

    def _paint_words(self, painter: QPainter, layout: Layout) -> None:
        painter.setPen(self._colour("muted"))
        if layout.gap is not None:
            dots = QRectF(layout.gap.x(), layout.gap.y(), 2 * layout.radius + 2, layout.gap.height())
            painter.drawText(dots, _CENTRE, "⋮")
            more, room = f"{layout.left_out} more", layout.gap.adjusted(dots.width(), 0, 0, 0)
            if painter.fontMetrics().horizontalAdvance(more) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, more)
        if layout.formula is not None:
            painter.setPen(self._colour("text"))
            words, box = layout.formula
            numbers = self.flow.sum_in_numbers(tuple(self._weights.tolist()))
            fits = numbers and painter.fontMetrics().horizontalAdvance(numbers) <= box.width()
            painter.drawText(box, _CENTRE, numbers if fits else words)
