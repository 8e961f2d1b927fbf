"""The line that an answer is typed into."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget
from typing_extensions import override

from gdstudio.views.controls.entry import read_number
from gdstudio.views.controls.written import full
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.theme import GRID

_LONGEST = 64


def beside(label: QLabel, entry: AnswerEntry) -> QWidget:
    """Return a widget with a label and its line, which stay in one row."""
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    row.addWidget(label)
    row.addWidget(entry)
    row.addStretch(1)
    return pair


class AnswerEntry(QLineEdit):
    """Keeps what is typed, right or wrong, until another answer is typed.

    Enter emits ``entered``, leaving the line after a change ``left``; Esc puts back what was taken last.
    """

    entered = Signal()
    left = Signal()

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._taken = ""
        self.characters = 12
        """How many digits there is room for."""
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMaxLength(_LONGEST)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        letters = 17 * self.fontMetrics().horizontalAdvance("x")  # what Qt's own hint has room for
        digits = self.characters * self.fontMetrics().horizontalAdvance("0")
        return QSize(hint.width() - letters + digits, hint.height())

    def put(self, text: str) -> None:
        """Write a text, which is then what Esc puts back."""
        self._taken = text
        self.setText(text)

    def put_number(self, value: float) -> None:
        """Write a number in full, unless it is what stands there."""
        self.put(full(value))

    def take(self) -> None:
        """Remember what is typed as the answer."""
        self._taken = self.text()
        self.setModified(False)

    def number(self, *, integer: bool = False) -> float | None:
        """Return what is typed; None where nothing is.

        Raises
        ------
        ValueError
            Where it is no finite number, with a sentence that says what would be one.
        """
        text = self.text().strip()
        if not text:
            return None
        value = read_number(text, integer=integer)
        if not math.isfinite(value):
            raise ValueError(f"“{text}” is not a finite number; give a number such as 0.1 or 3/14")
        return value

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            super().event(event)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # Esc belongs to the line while it is written in
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._taken)
            self.left.emit()
            give_keys_back(self)
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isModified():
            self.left.emit()
