"""The keys of the window, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSlider, QTabBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class Key:
    """One command, its keys, and what it does in words."""

    keys: tuple[str, ...]
    words: str
    command: Callable[[], object]


class Shortcuts(QObject):
    """Puts keys on a window.

    While it has the focus, a slider or a row of tabs keeps the arrow keys, and a button or a list Space.
    """

    def __init__(self, window: QWidget, table: Sequence[Key]) -> None:
        super().__init__(window)
        self._arrows: list[QAction] = []
        self._space: list[QAction] = []
        for key in table:
            action = QAction(key.words, window)
            action.setShortcuts([QKeySequence(text) for text in key.keys])
            action.triggered.connect(key.command)
            window.addAction(action)
            if set(key.keys) & {"Left", "Right"}:
                self._arrows.append(action)
            if "Space" in key.keys:
                self._space.append(action)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _: QWidget | None, now: QWidget | None) -> None:
        for action in self._arrows:
            action.setEnabled(not isinstance(now, QSlider | QTabBar))
        for action in self._space:
            action.setEnabled(not isinstance(now, QAbstractButton | QComboBox))
