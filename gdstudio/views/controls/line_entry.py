"""A line to write in: Enter and Esc are its own while it is written in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

_ENTERED = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class LineEntry(QLineEdit):
    """Enter emits ``entered`` after ``editingFinished``; Esc puts the old text back and emits ``escaped``."""

    entered = Signal()
    escaped = Signal()

    def put_back(self) -> None:
        """Write what is in force again."""

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            super().event(event)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()  # Esc belongs to the line while it is written in
            if event.matches(QKeySequence.StandardKey.Undo) and not self.isModified():
                event.ignore()  # nothing has been written that could be taken back
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.put_back()
            self.escaped.emit()
            return
        super().keyPressEvent(event)
        if event.key() in _ENTERED:
            self.entered.emit()
