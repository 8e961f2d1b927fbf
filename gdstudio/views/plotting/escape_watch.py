"""Esc during a drag, wherever the keys of the application go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

_KEY_EVENTS = {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}


class EscapeWatch(QObject):
    """Emits ``escaped`` for Esc, before any shortcut takes it, from `begin` to `end`."""

    escaped = Signal()

    def begin(self) -> None:
        """See the keys of the application."""
        self._watch(on=True)

    def end(self) -> None:
        """Leave the keys alone again."""
        self._watch(on=False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in _KEY_EVENTS or not isinstance(event, QKeyEvent):
            return False
        if event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        self.escaped.emit()
        return True

    def _watch(self, *, on: bool) -> None:
        app = QApplication.instance()
        if app is not None:
            (app.installEventFilter if on else app.removeEventFilter)(self)
