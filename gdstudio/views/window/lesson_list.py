"""The list of the lessons; a click on the lesson that is open opens it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from typing_extensions import override

from gdstudio.views.widgets.no_wheel import NoWheelList

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent


class LessonList(NoWheelList):
    """Emits ``opened_again`` with the row where the current one is clicked."""

    opened_again = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._before = -1
        self.clicked.connect(self._on_clicked)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._before = self.currentRow()
        super().mousePressEvent(event)

    @Slot()
    def _on_clicked(self) -> None:
        if self.currentRow() == self._before:
            self.opened_again.emit(self._before)
