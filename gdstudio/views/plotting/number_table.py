"""A table of numbers, one row a weight, each column in the colour of its quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from gdstudio.views.widgets.theme import Appearance

_ROWS_IN_SIGHT = 4
_LEAST_DIGITS = 1


class Column(NamedTuple):
    """Its heading, the colour of the theme that its numbers have, and whether they are bold."""

    heading: str
    quantity: str
    is_bold: bool = False


class NumberTable(QTableWidget):
    """Only read: nothing in it can be chosen or changed. The first column stands left, the others right."""

    resized = Signal()

    def __init__(
        self, columns: Sequence[Column], appearance: Appearance, name: str, gap: int = GRID + GRID // 2
    ) -> None:
        super().__init__(0, len(columns))
        self._columns, self._appearance, self._gap = columns, appearance, gap
        self._plain, self._bold = self._measures()
        self.setHorizontalHeaderLabels([column.heading for column in columns])
        self.setAccessibleName(name)
        self.verticalHeader().setVisible(False)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keep_narrow(self, *columns: int) -> None:
        """Let columns whose texts are short be as wide as these, so that the others have the room."""
        for column in columns:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def set_rows(self, count: int) -> None:
        """Have so many rows, with a cell in each column."""
        if count == self.rowCount():
            return
        self.setRowCount(count)
        for row in range(count):
            for column in range(len(self._columns)):
                if self.item(row, column) is None:
                    self.setItem(row, column, QTableWidgetItem())
        self.restyle()

    def write(self, row: int, column: int, text: str) -> None:
        """Write a cell, which is painted anew only where it has changed."""
        item = self.item(row, column)
        if item is not None and item.text() != text:
            item.setText(text)

    def fitting(self, value: float, digits: int, column: int, *, before: str = "", across: int = 1) -> str:
        """Return a number behind some words, with as many digits as its cell has room for, one at least.

        The cell spans so many columns. Cut by an ellipsis a number would lose its power of ten.
        """
        metrics = self._bold if before else self._plain
        room = sum(self.columnWidth(column + i) for i in range(across)) - GRID
        texts = (f"{before}{format_number(value, d)}" for d in range(digits, _LEAST_DIGITS, -1))
        fits = (text for text in texts if metrics.horizontalAdvance(text) <= room)
        return next(fits, f"{before}{format_number(value, _LEAST_DIGITS)}")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    @property
    def line(self) -> int:
        """The height of a row, in pixels."""
        wanted = self._appearance.pixels(BODY) + self._appearance.pixels(self._gap)
        return max(wanted, self.verticalHeader().minimumSectionSize())

    def height_of(self, rows: int) -> int:
        """Return the height, in pixels, of the heading and of so many rows."""
        heading = max(self.line, self.horizontalHeader().sizeHint().height())
        return rows * self.line + heading + 2 * self.frameWidth()

    @property
    def height_in_sight(self) -> int:
        """The height, in pixels, of the heading and of the first rows, at most four."""
        return self.height_of(min(self.rowCount(), _ROWS_IN_SIGHT))

    def restyle(self) -> None:
        """Apply the theme and the size of text."""
        self._plain, self._bold = self._measures()
        for row in range(self.rowCount()):
            self.setRowHeight(row, self.line)
            for place, column in enumerate(self._columns):
                item = self.item(row, place)
                if item is not None:
                    item.setForeground(QColor(getattr(self._appearance.theme, column.quantity)))
                    item.setFont(self._appearance.font(BODY, bold=column.is_bold))
                    item.setTextAlignment(_alignment(place))
        for place in range(len(self._columns)):
            header = self.horizontalHeaderItem(place)
            if header is not None:
                header.setTextAlignment(_alignment(place))

    def _measures(self) -> tuple[QFontMetricsF, QFontMetricsF]:
        plain, bold = (QFontMetricsF(self._appearance.font(BODY, bold=bold)) for bold in (False, True))
        return plain, bold


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return Qt.AlignmentFlag.AlignVCenter | across
