"""Matrices side by side with their shapes, and one row of the product written out, painted in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gdstudio.views.widgets.theme import LEAST_TYPE, TITLE

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPaintEvent

    from gdstudio.views.widgets.theme import Appearance

Words = tuple[tuple[str, str], ...]
"""Pieces of a line, each with the quantity whose colour it has."""
_MORE = "⋮"
_BRACKET, _PADDING, _GAP = 0.3, 0.5, 0.7
"""The width of a bracket's hooks, and the room in a cell and around a block, in ems."""
_WRITTEN_LINES = 2
_MOST_ROWS = 6


@dataclass(frozen=True, slots=True)
class Block:
    """A matrix: what stands before it, its name with its shape, its quantity, and its cells as text.

    ``cells`` are rows; ``goes_on`` says that there are more rows than these.
    """

    before: str
    name: str
    quantity: str
    cells: tuple[tuple[str, ...], ...]
    goes_on: bool = False

    def first(self, count: int) -> tuple[tuple[str, ...], ...]:
        """Return so many rows, and a row of dots where there are more."""
        if len(self.cells) <= count and not self.goes_on:
            return self.cells
        return (*self.cells[:count], (_MORE,) * len(self.cells[0]))


class MatrixDrawing(QWidget):
    """Shows blocks from left to right; of long ones as many rows as there is room for."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._blocks: tuple[Block, ...] = ()
        self._lines: tuple[Words, ...] = ()
        self.setMinimumSize(1, 84)
        self.setAccessibleName("The matrix product")

    def show_product(self, blocks: tuple[Block, ...], lines: tuple[Words, ...]) -> None:
        """Show blocks, and below them lines that write one row out; paints only what is new."""
        if (blocks, lines) != (self._blocks, self._lines):
            self._blocks, self._lines = blocks, lines
            self.setAccessibleDescription("; ".join([self.shapes(), *self.written()]))
            self.update()

    def shapes(self) -> str:
        """Return the names and shapes as one line."""
        return " ".join(f"{block.before} {block.name}".strip() for block in self._blocks)

    def written(self) -> list[str]:
        """Return the lines below the blocks as plain text."""
        return ["".join(text for text, _ in line) for line in self._lines]

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._blocks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._font()
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        line, rows = metrics.lineSpacing(), self._rows(metrics.lineSpacing())
        left = max(0.0, (self.width() - self._width(metrics)) / 2)
        middle = line + (self.height() - line * (1 + _WRITTEN_LINES)) / 2
        for block in self._blocks:
            left = self._paint_block(painter, metrics, block, QPointF(left, middle), rows)
        top = self.height() - line * len(self._lines)
        for i, words in enumerate(self._lines):
            self._paint_words(painter, metrics, words, top + i * line)

    def _font(self) -> QFont:
        """Return the largest font in which all of it has room across; the least that can be read."""
        largest = self._appearance.pixels(TITLE)
        for pixels in range(largest, LEAST_TYPE, -1):
            font = self._appearance.font(TITLE)
            font.setPixelSize(pixels)
            metrics = QFontMetricsF(font)
            widest = max([self._width(metrics), *(metrics.horizontalAdvance(t) for t in self.written())])
            if widest <= self.width() and metrics.lineSpacing() * (_WRITTEN_LINES + 4) <= self.height():
                return font
        font.setPixelSize(LEAST_TYPE)
        return font

    def _rows(self, line: float) -> int:
        room = int(self.height() / line) - 2 - _WRITTEN_LINES  # the names, and a row of dots
        return max(1, min(_MOST_ROWS, room))

    def _width(self, metrics: QFontMetricsF) -> float:
        return sum(self._block_width(metrics, block) for block in self._blocks)

    def _block_width(self, metrics: QFontMetricsF, block: Block) -> float:
        em = metrics.height()
        before = metrics.horizontalAdvance(block.before) + _GAP * em if block.before else 0.0
        return before + self._inner_width(metrics, block) + _GAP * em

    def _inner_width(self, metrics: QFontMetricsF, block: Block) -> float:
        em, columns = metrics.height(), len(block.cells[0])
        cells = columns * self._cell_width(metrics, block) + 2 * _BRACKET * em
        return max(cells, metrics.horizontalAdvance(block.name))

    def _cell_width(self, metrics: QFontMetricsF, block: Block) -> float:
        widest = max(metrics.horizontalAdvance(cell) for row in block.cells for cell in row)
        return widest + _PADDING * metrics.height()

    def _paint_block(
        self, painter: QPainter, metrics: QFontMetricsF, block: Block, at: QPointF, rows: int
    ) -> float:
        """Paint a block with its sign, its left edge and middle at a point; return its right edge."""
        em, line, theme = metrics.height(), metrics.lineSpacing(), self._appearance.theme
        left = at.x()
        if block.before:
            painter.setPen(QColor(theme.text))
            painter.drawText(QPointF(left, at.y() + metrics.ascent() / 2), block.before)
            left += metrics.horizontalAdvance(block.before) + _GAP * em
        cells, width = block.first(rows), self._inner_width(metrics, block)
        top, height = at.y() - line * len(cells) / 2, line * len(cells)
        inner = self._cell_width(metrics, block) * len(cells[0]) + 2 * _BRACKET * em
        box = QRectF(left + (width - inner) / 2, top, inner, height)
        colour = QColor(getattr(theme, block.quantity))
        painter.setPen(colour)
        centre = Qt.AlignmentFlag.AlignCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0.0, width, line), centre, block.name)
        for i, row in enumerate(cells):
            for j, cell in enumerate(row):
                across = self._cell_width(metrics, block)
                place = QRectF(box.left() + _BRACKET * em + j * across, top + i * line, across, line)
                place.setRight(place.right() - _PADDING / 2 * em)
                painter.drawText(place, right, cell)
        painter.setPen(QPen(QColor(theme.muted), 1.5 * self._appearance.scale))
        for x, hook in ((box.left(), _BRACKET * em), (box.right(), -_BRACKET * em)):
            painter.drawPolyline(
                [
                    QPointF(x + hook, box.top()),
                    QPointF(x, box.top()),
                    QPointF(x, box.bottom()),
                    QPointF(x + hook, box.bottom()),
                ]
            )
        return left + width + _GAP * em

    def _paint_words(self, painter: QPainter, metrics: QFontMetricsF, words: Words, top: float) -> None:
        whole = sum(metrics.horizontalAdvance(text) for text, _ in words)
        left = max(0.0, (self.width() - whole) / 2)
        for text, quantity in words:
            painter.setPen(QColor(getattr(self._appearance.theme, quantity)))
            painter.drawText(QPointF(left, top + metrics.ascent()), text)
            left += metrics.horizontalAdvance(text)
