"""The key of a race: each contestant's line and mark, its true name and, where there is room, its cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.marked_line import dashed_pen
from gdstudio.views.plotting.race_looks import DASHES, SYMBOLS, race_colour
from gdstudio.views.widgets.theme import GRID, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.racing import Racing

_SWATCH = 34
_COST = "8.888×10⁻⁸⁸"
_HIDDEN = 0.35
_KEYS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A line of the key: whose it is, its name, what stands behind it, and whether that is a warning."""

    place: int
    name: str
    behind: str = ""
    is_warning: bool = False


class RaceKey(QWidget):
    """Points at a contestant where the mouse is over its name, and hides or shows it at a click.

    With the keyboard Up and Down point, and Return hides or shows. It is as wide as its panel lets it, in as
    many columns as fit.
    """

    def __init__(self, racing: Racing, appearance: Appearance, name: str, *, with_costs: bool) -> None:
        super().__init__()
        self._racing, self._appearance, self._with_costs = racing, appearance, with_costs
        self._rows: tuple[KeyRow, ...] = ()
        self.setObjectName("race_key")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        racing.marked.connect(self.update)

    @property
    def rows(self) -> tuple[KeyRow, ...]:
        """What it says, in its order."""
        return self._rows

    def show_rows(self, rows: Sequence[KeyRow]) -> bool:
        """Say other things, or the same in another order; return whether it needs other room."""
        if tuple(rows) == self._rows:
            return False
        is_other = {(row.place, row.name) for row in rows} != {(row.place, row.name) for row in self._rows}
        self._rows = tuple(rows)
        if is_other:
            self.updateGeometry()
        self.setAccessibleDescription("; ".join(f"{row.name} {row.behind}".strip() for row in rows))
        self.update()
        return is_other

    def show_costs(self, *, shown: bool) -> None:
        """Write what stands behind the names, or leave it out where there is no room for it."""
        if shown != self._with_costs:
            self._with_costs = shown
            self.updateGeometry()
            self.update()

    def fit(self) -> None:
        """Take the height that all lines need at this width."""
        self.setFixedHeight(self.heightForWidth(self.width()))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        lines = -(-len(self._rows) // self._columns(width))
        return lines * self._line

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.column_width, len(self._rows) * self._line)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.column_width // 2, self._line)

    @property
    def column_width(self) -> int:
        """The width that the longest name needs, with what stands beside it."""
        metrics = QFontMetrics(self._appearance.font(SMALL))
        names = max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0)
        cost = metrics.horizontalAdvance(_COST) + GRID if self._with_costs else 0
        return self._appearance.pixels(_SWATCH) + 2 * GRID + names + cost

    @property
    def _line(self) -> int:
        return round(1.4 * self._appearance.type_pixels(SMALL))

    def _columns(self, width: int) -> int:
        return max(1, min(width // max(1, self.column_width), len(self._rows) or 1))

    def _place_of(self, index: int) -> QRectF:
        """Return where a row stands: they follow each other down, then across."""
        columns = self._columns(self.width())
        lines = -(-len(self._rows) // columns)
        wide = self.width() / columns
        if self._with_costs:
            wide = min(wide, 1.25 * self.column_width)
        return QRectF(index // lines * wide, index % lines * self._line, wide - GRID, self._line)

    def _row_at(self, at: QPointF) -> KeyRow | None:
        found = (row for i, row in enumerate(self._rows) if self._place_of(i).contains(at))
        return next(found, None)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, row in enumerate(self._rows):
            self._paint_row(painter, row, self._place_of(i))

    def _paint_row(self, painter: QPainter, row: KeyRow, room: QRectF) -> None:
        theme, pointed = self._appearance.theme, self._racing.pointed == row.place
        painter.setOpacity(_HIDDEN if row.place in self._racing.hidden else 1.0)
        self._paint_swatch(painter, row.place, room)
        swatch = self._appearance.pixels(_SWATCH) + GRID
        painter.setFont(self._appearance.font(SMALL, bold=pointed))
        metrics = painter.fontMetrics()
        words = row.behind if self._with_costs else ""
        left = room.adjusted(swatch, 0, -(metrics.horizontalAdvance(words) + GRID if words else 0), 0)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, int(left.width()))
        painter.setPen(QColor(theme.text))
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(theme.warning if row.is_warning else theme.cost_text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        if pointed and self.hasFocus():
            painter.setPen(QColor(theme.accent))
            painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_swatch(self, painter: QPainter, place: int, room: QRectF) -> None:
        scale, wide = self._appearance.scale, self._appearance.pixels(_SWATCH)
        colour, middle = race_colour(self._appearance.theme, place), room.center().y()
        painter.setPen(dashed_pen(colour, 2 * scale, DASHES[place]))
        painter.drawLine(QPointF(room.left(), middle), QPointF(room.left() + wide, middle))
        painter.save()
        painter.translate(room.left() + wide / 2, middle)
        drawSymbol(painter, SYMBOLS[place], 11 * scale, pg.mkPen(None), pg.mkBrush(colour))
        painter.restore()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        self._racing.point_at(row.place if row is not None else None)
        self.setToolTip("" if row is None else f"{row.name}: a click hides it or shows it again")

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._racing.point_at(None)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self._racing.toggle(row.place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        places = [row.place for row in self._rows]
        if key in _KEYS and places:
            at = places.index(self._racing.pointed) if self._racing.pointed in places else -1
            self._racing.point_at(places[(at + _KEYS[key]) % len(places)])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._racing.pointed in places:
            self._racing.toggle(self._racing.pointed)
        else:
            super().keyPressEvent(event)


def cost_words(cost: float) -> str:
    """Return a cost as it stands behind a name."""
    return format_number(cost, 4)
