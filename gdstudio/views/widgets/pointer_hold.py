"""Tells whether something is held with the pointer, and when it has been let go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

_LOOK_AGAIN = 50
"""Milliseconds after which it is looked whether the pointer has been released."""


class PointerHold(QObject):
    """Looks at the left button of the mouse, wherever the pointer is.

    ``released`` is emitted once the button is up again after somebody has found it down.
    """

    released = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=_LOOK_AGAIN)
        self._timer.timeout.connect(self._look)

    def is_held(self) -> bool:
        """Return whether the button is down; whoever asks is told by ``released`` when it is up again."""
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return False
        self._timer.start()
        return True

    @Slot()
    def _look(self) -> None:
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._timer.stop()
            self.released.emit()
