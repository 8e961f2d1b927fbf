"""One point of the table: x, y, and what takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from gdstudio.views.controls.number_entry import NumberEntry
from gdstudio.views.controls.point_text import is_table, read_coordinate
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from gdstudio.core.problems.given_points import Point


class CoordinateEntry(NumberEntry):
    """A cell; a text of several cells that is pasted into it is not written there but told by ``pasted``."""

    pasted = Signal(str)
    entered_by = Signal()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = QApplication.clipboard().text() if event.matches(QKeySequence.StandardKey.Paste) else ""
        if is_table(text):
            self.pasted.emit(text)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered_by.emit()


class PointRow(QWidget):
    """Proposes its point once both coordinates are numbers; one that is refused stays until it is left.

    A text that is no number is told by ``wrong``; Enter and Esc give the keys back to the run.

    Parameters
    ----------
    propose
        Takes the index of the point and the point; returns whether it is in force now.
    """

    removed = Signal(int)
    wrong = Signal(str)
    pasted = Signal(str)
    entered = Signal(int)

    def __init__(self, propose: Callable[[int, Point], bool]) -> None:
        super().__init__()
        self._propose = propose
        self.index = -1
        self._point: list[float | None] = [None, None]
        self._is_wrong = False
        self.x_entry, self.y_entry = CoordinateEntry("x", "x"), CoordinateEntry("y", "y")
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setProperty("pin", True)
        self.remove.clicked.connect(self._on_removed)
        room = self.remove.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(room)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for entry in (self.x_entry, self.y_entry):
            entry.setMinimumWidth(24)
            entry.editingFinished.connect(self._on_typed)
            entry.entered.connect(self._on_entered)
            entry.escaped.connect(self._on_escaped)
            entry.pasted.connect(self.pasted)
            entry.entered_by.connect(self._on_focused)
            row.addWidget(entry, 1)
        row.addWidget(self.remove)

    def show_point(self, index: int, point: Point) -> None:
        """Show a point of the problem, counted from 0."""
        if [index, *point] == [self.index, *self._point]:
            return  # to write it again costs time while another point is dragged
        self._name(index, f"point {index + 1}")
        self.remove.setVisible(True)
        self._show(list(point))

    def show_none(self, index: int) -> None:
        """Be the row for one more point, whose coordinates are not given yet."""
        self._name(index, "a new point")
        self.remove.setVisible(False)
        self.x_entry.setPlaceholderText("x")
        self.y_entry.setPlaceholderText("y")

    def empty(self) -> None:
        """Forget what has been typed, since it is a point now."""
        self._point, self._is_wrong = [0.0, 0.0], False
        self._show([None, None])

    def has_focus(self) -> bool:
        """Whether one of its cells is written in."""
        return any(widget.hasFocus() for widget in (self.x_entry, self.y_entry, self.remove))

    def _show(self, point: list[float | None]) -> None:
        if self._is_wrong and point == self._point:
            return
        self._point, self._is_wrong = point, False
        for entry, value in zip((self.x_entry, self.y_entry), point, strict=True):
            if entry.isModified():
                continue
            entry.show_words("") if value is None else entry.show_number(value)

    def _name(self, index: int, name: str) -> None:
        self.index = index
        for entry, axis in ((self.x_entry, "x"), (self.y_entry, "y")):
            entry.setObjectName(f"point_{index + 1}_{axis}_entry")
            entry.setAccessibleName(f"{axis} of {name}, typed")
            entry.setToolTip(f"{axis} of {name}: 0.1 or 0,1, 1e-3, 3/14")
        self.remove.setAccessibleName(f"Take {name} away")
        self.remove.setToolTip(f"Take {name} away")

    @Slot()
    def _on_typed(self) -> None:
        entry, place = (self.x_entry, 0) if self.sender() is self.x_entry else (self.y_entry, 1)
        if not entry.isModified():
            return
        entry.setModified(False)
        if not entry.text().strip() and self._point[place] is None:
            return
        try:
            value = read_coordinate(entry.text())
        except ValueError as error:
            entry.keep_wrong_text()
            self._is_wrong = True
            self.wrong.emit(f"{error}.")
            return
        self._is_wrong = False
        self.wrong.emit("")
        self._take(entry, place, value)

    def _take(self, entry: CoordinateEntry, place: int, value: float) -> None:
        before = self._point
        wanted = [value if i == place else old for i, old in enumerate(before)]
        x, y = wanted
        if x is None or y is None or wanted == before:
            self._point = wanted
            entry.show_number(value)
        elif not self._propose(self.index, (x, y)):
            entry.keep_wrong_text()
            self._is_wrong = True

    @Slot()
    def _on_entered(self) -> None:
        """Go to the coordinate that a new point lacks; else give the keys back."""
        lacking = [
            e for e, value in zip((self.x_entry, self.y_entry), self._point, strict=True) if value is None
        ]
        if self._is_wrong:
            return
        if len(lacking) == 1:
            lacking[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            give_keys_back(self)

    @Slot()
    def _on_escaped(self) -> None:
        self._is_wrong = False
        self.wrong.emit("")
        give_keys_back(self)

    @Slot()
    def _on_removed(self) -> None:
        self.removed.emit(self.index)

    @Slot()
    def _on_focused(self) -> None:
        self.entered.emit(self.index)
