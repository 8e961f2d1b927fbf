"""The picture of a network of several layers: a square for each unit, a line for each weight between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gdstudio.views.plotting.network.columns import Columns, Link, links
from gdstudio.views.widgets.theme import SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance

_LARGEST_SQUARE = 92
_THINNEST, _WIDEST = 0.5, 7.0
"""The width of a line in pixels at 100 %: of a weight of 0, and of one as large as the reference."""
_WIDTHS = 40
"""Lines have so many widths."""
_DASHED = 80
"""Up to so many lines, those of negative weights are dashed besides their colour."""
_MARGIN = 4
_CENTRE = Qt.AlignmentFlag.AlignCenter


class StackDrawing(QWidget):
    """Shows units, with a map or a name in each, and the weights between them."""

    picked = Signal(int, int)  # layer and unit

    def __init__(self, appearance: Appearance, name: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._sizes: tuple[int, ...] = (1, 1)
        self._heads: tuple[str, ...] = ()
        self._names: list[list[str]] = []
        self._images: list[list[QImage]] = []
        self._weights: Floats = np.zeros(2)
        self._reference = 1.0
        self._links: tuple[Link, ...] = ()
        self._lines: list[QLineF] = []
        self._right, self._widest_text = 0.0, ""
        self._columns: Columns | None = None
        self.chosen: tuple[int, int] | None = None
        self.text: tuple[str, ...] = ()
        """Lines at the right of the units."""
        self.setMinimumSize(1, 84)
        self.setAccessibleName(name)

    @property
    def columns(self) -> Columns | None:
        """Where the units stand; None before there is any room."""
        return self._columns

    def show_network(
        self, sizes: Sequence[int], names: list[list[str]], heads: tuple[str, ...], widest_text: str = ""
    ) -> None:
        """Draw another network: what is written in each square, and above each layer."""
        self._sizes, self._names, self._heads = tuple(sizes), names, heads
        self._links, self._widest_text = links(sizes), widest_text
        self._images, self._weights = [], np.zeros(0)
        self.arrange()

    def show_weights(self, weights: Floats, reference: float) -> None:
        """Show weights (P,); ``reference`` is the size that has the widest line."""
        self._weights, self._reference = np.nan_to_num(weights), reference
        self.update()

    def show_maps(self, images: list[list[QImage]]) -> None:
        """Show a map in each square."""
        self._images = images
        self.update()

    def show_text(self, lines: tuple[str, ...], chosen: tuple[int, int] | None) -> None:
        """Write lines at the right, and mark the unit that they are about."""
        if (lines, chosen) != (self.text, self.chosen):
            self.text, self.chosen = lines, chosen
            self.update()

    def arrange(self) -> None:
        """Lay the units out again, for another size, network or size of text."""
        if self.width() < 2 or self.height() < 2 or not self._names:
            return
        self.setFont(self._appearance.font(SMALL))
        line, metrics = self.fontMetrics().height(), self.fontMetrics()
        right = metrics.horizontalAdvance(self._widest_text) + 2 * _MARGIN if self._widest_text else 0
        right = right if right < 0.6 * self.width() else 0
        top = line + _MARGIN if self._has_heads(self.width() - right) else 0
        room = QRectF(0, top, self.width() - right, self.height() - top)
        self._columns = Columns.of(room, self._sizes, self._appearance.scale * _LARGEST_SQUARE)
        self._right = float(right)
        self._lines = [QLineF(*self._columns.ends(link)) for link in self._links]
        self.update()

    def _has_heads(self, width: float) -> bool:
        across = width / len(self._sizes)
        fits = all(self.fontMetrics().horizontalAdvance(head) <= across - _MARGIN for head in self._heads)
        return fits and self.height() > 6 * self.fontMetrics().height()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = None if self._columns is None else self._columns.unit_at(event.position())
        if unit is not None:
            self.picked.emit(*unit)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._columns is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._links) <= 2 * _DASHED)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if len(self._weights):
            self._paint_links(painter, self._columns)
        for layer, squares in enumerate(self._columns.squares):
            for unit, square in enumerate(squares):
                self._paint_unit(painter, (layer, unit), square)
        self._paint_heads(painter, self._columns)
        self._paint_text(painter)

    def _colour(self, name: str) -> QColor:
        return QColor(getattr(self._appearance.theme, name))

    def width_of(self, weight: float) -> float:
        """Return the width in pixels of a weight's line."""
        share = min(abs(weight) / self._reference, 1.0)
        return (_THINNEST + (_WIDEST - _THINNEST) * share) * self._appearance.scale

    def _paint_links(self, painter: QPainter, columns: Columns) -> None:
        """Draw lines of about one width at once, the strong ones last, so that they are on top."""
        values = self._weights[[link.weight for link in self._links]]
        shares = np.minimum(np.abs(values) / self._reference, 1.0)
        classes = np.ceil(shares * _WIDTHS).astype(int)
        for level in np.unique(classes).tolist():
            for negative, colour in ((False, self._colour("weights")), (True, self._colour("negative"))):
                chosen = np.flatnonzero((classes == level) & ((values < 0) == negative))
                if not len(chosen):
                    continue
                width = self.width_of(level / _WIDTHS * self._reference)
                pen = QPen(colour, width, c=Qt.PenCapStyle.FlatCap)
                if negative and len(self._links) <= _DASHED:
                    pen.setDashPattern([2.2, 1.2])
                painter.setPen(pen)
                painter.drawLines([self._lines[i] for i in chosen.tolist()])

    def _paint_unit(self, painter: QPainter, unit: tuple[int, int], square: QRectF) -> None:
        layer, index = unit
        is_chosen = unit == self.chosen
        if self._images:
            painter.drawImage(square, self._images[layer][index])
        else:
            painter.fillRect(square, self._colour("card"))
        width = (3.0 if is_chosen else 1.0) * self._appearance.scale
        painter.setPen(QPen(self._colour("text" if is_chosen else "muted"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)
        name = self._names[layer][index]
        if not self._images and painter.fontMetrics().horizontalAdvance(name) <= square.width() - 2:
            painter.setPen(self._colour("text"))
            painter.drawText(square, _CENTRE, name)

    def _paint_heads(self, painter: QPainter, columns: Columns) -> None:
        if not self._has_heads(self.width() - self._right):
            return
        painter.setPen(self._colour("muted"))
        across = (self.width() - self._right) / len(self._sizes)
        for layer, head in enumerate(self._heads):
            box = QRectF(layer * across, 0, across, painter.fontMetrics().height())
            painter.drawText(box, _CENTRE, head)

    def _paint_text(self, painter: QPainter) -> None:
        if not self.text or not self._right:
            return
        line = painter.fontMetrics().height()
        room = int(self.height() // line)
        lines = self.text if len(self.text) <= room else (*self.text[: room - 1], "…")
        top = (self.height() - line * len(lines)) / 2
        painter.setPen(self._colour("text"))
        for i, text in enumerate(lines):
            painter.drawText(QPointF(self.width() - self._right + _MARGIN, top + line * (i + 0.8)), text)
