"""Points as a table: each coordinate typed, rows added and taken away, two columns pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted, format_count
from gdstudio.views.controls.base import error_line
from gdstudio.views.controls.point_row import PointRow
from gdstudio.views.controls.point_text import read_points
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.low_area import LowArea
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.problems.given_points import GivenPoints, Point
    from gdstudio.worker.point_edits import PointEdits

PAGE = 50
"""So many points are shown at a time."""
_WIDTH = 208


class PointsTable(QWidget):
    """Shows the points, and has `PointEdits` make what is typed; the last row is for one more.

    Of many points a part is shown at a time. A text that is no number is explained below, and stays until it
    is mended or left.
    """

    chosen = Signal(int)  # the point whose row is written in

    def __init__(self, edits: PointEdits) -> None:
        super().__init__()
        self._edits = edits
        self._given: GivenPoints | None = None
        self._first = 0
        self.rows: list[PointRow] = []
        self.setObjectName("points_table")
        self.setAccessibleName("Points")
        self.note = QLabel()
        self.note.setProperty("role", "help")
        self.note.setWordWrap(True)
        self.note.hide()
        self.error = error_line("points")
        self.paste = QToolButton()
        self.paste.setText("Paste")
        self.paste.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.paste.setObjectName("paste_points")
        self.paste.setProperty("pin", True)
        self.paste.setProperty("link", True)
        self.paste.setAccessibleName("Paste two columns in place of all points")
        self.paste.setToolTip(
            "Two columns, x and y, copied from a spreadsheet, take the place of all points. "
            "Ctrl+V in a cell does the same."
        )
        self.paste.clicked.connect(self.paste_clipboard)
        self.before, self.after = self._pager("‹", "The points before"), self._pager("›", "The next points")
        self.before.clicked.connect(self._page_back)
        self.after.clicked.connect(self._page_on)
        self.part = QLabel()
        self.part.setProperty("role", "help")
        self._lay_out()

    def show_points(self, given: GivenPoints) -> None:
        """Show the points as they are now."""
        count_before = len(self._given) if self._given is not None else 0
        self._given = given
        if len(given) > count_before > 0 and count_before >= self._first + PAGE:
            self._first = (len(given) - 1) // PAGE * PAGE  # the new one is the last
        self._first = max(0, min(self._first, (len(given) - 1) // PAGE * PAGE))
        shown = list(zip(given.x, given.y, strict=True))[self._first : self._first + PAGE]
        self._make_rows(len(shown))
        for i, (row, point) in enumerate(zip(self.rows, shown, strict=True)):
            row.show_point(self._first + i, point)
        self.spare.show_none(len(given))
        last = self._first + len(shown)
        self.part.setText(f"{self._first + 1}–{last} of {format_count(len(given))}")
        for widget in (self.before, self.part, self.after):
            widget.setVisible(len(given) > PAGE)
        self.before.setEnabled(self._first > 0)
        self.after.setEnabled(last < len(given))

    def fit(self, scale: float, digit: int, most: int) -> None:
        """Take the page's scale, room for digits of a width in pixels, and no more than ``most`` pixels."""
        self.setFixedWidth(min(max(round(_WIDTH * scale), 18 * digit), most))

    @Slot()
    def paste_clipboard(self) -> None:
        """Put the two columns on the clipboard in the place of all points."""
        self.paste_text(QApplication.clipboard().text())

    @Slot(str)
    def paste_text(self, text: str) -> None:
        """Put the two columns of a text in the place of all points, or say what is wrong with it."""
        self.say("")
        try:
            pasted = read_points(text)
        except InputError as error:
            self.say_wrong(error.problems[0])
            return
        before = 0 if self._given is None else len(self._given)
        if self._edits.replace(pasted.points):
            below = f" below the names “{pasted.header}”" if pasted.header else ""
            self.say(
                f"{counted(len(pasted.points), 'point')} pasted{below} in place of {format_count(before)}. "
                "Ctrl+Z brings the old ones back."
            )
            give_keys_back(self)

    def say(self, words: str) -> None:
        """Say what was done; nothing where there are no words."""
        self.say_wrong("")
        self.note.setText(words)
        self.note.setVisible(bool(words))

    @Slot(str)
    def say_wrong(self, words: str) -> None:
        """Say what is wrong with a text; nothing where there are no words."""
        self.error.setText(words)
        self.error.setVisible(bool(words))
        self.note.hide()

    def _lay_out(self) -> None:
        page = QWidget()
        page.setObjectName("points_page")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, GRID // 2, 0)
        self._column.setSpacing(GRID // 4)
        self._column.addStretch(1)
        self.spare = self._row()
        self.spare.setObjectName("new_point")
        self.spare.setContentsMargins(0, 0, GRID // 2, 0)
        pages = QHBoxLayout()
        pages.setSpacing(GRID // 2)
        for widget in (self.before, self.part, self.after):
            pages.addWidget(widget)
        pages.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID, 0, 0, 0)
        whole.setSpacing(GRID // 4)
        whole.addLayout(self._names())
        whole.addWidget(LowArea(page), 100)
        whole.addWidget(self.spare)
        whole.addStretch(1)
        whole.addWidget(self.error)
        whole.addWidget(self.note)
        whole.addLayout(pages)
        whole.addWidget(self.paste, alignment=Qt.AlignmentFlag.AlignRight)

    @staticmethod
    def _names() -> QHBoxLayout:
        names = QHBoxLayout()
        for axis in "xy":
            label = QLabel(axis)
            label.setProperty("role", "section")
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            names.addWidget(label, 1)
        names.addSpacing(4 * GRID)
        return names

    @staticmethod
    def _pager(text: str, name: str) -> QPushButton:
        button = QPushButton(text)
        button.setProperty("chip", True)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def _row(self) -> PointRow:
        row = PointRow(self._propose)
        row.removed.connect(self._on_removed)
        row.wrong.connect(self.say_wrong)
        row.pasted.connect(self.paste_text)
        row.entered.connect(self.chosen)
        return row

    def _make_rows(self, count: int) -> None:
        while len(self.rows) < count:
            row = self._row()
            self._column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        while len(self.rows) > count:
            row = self.rows.pop()
            if row.has_focus():
                give_keys_back(self)
            row.hide()
            row.deleteLater()

    def _propose(self, index: int, point: Point) -> bool:
        self.say("")
        if self._given is not None and index < len(self._given):
            return self._edits.move(index, point)
        if made := self._edits.add(point):
            self.spare.empty()
        return made

    @Slot(int)
    def _on_removed(self, index: int) -> None:
        self.say("")
        self._edits.remove(index)

    @Slot()
    def _page_back(self) -> None:
        self._turn(-PAGE)

    @Slot()
    def _page_on(self) -> None:
        self._turn(PAGE)

    def _turn(self, by: int) -> None:
        self._first += by
        if self._given is not None:
            self.show_points(self._given)
