"""The foot of the window: the result of the run, and below it the transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.views.window.result_line import ResultLine
    from gdstudio.views.window.transport import Transport

_LOW_WINDOW = 620
"""In a window lower than this, at 100 %, the foot keeps no room that the pictures need more."""


class Foot(QWidget):
    """Stacks the two; where the window is low both take as little of its height as they can."""

    def __init__(self, appearance: Appearance, result: ResultLine, transport: Transport) -> None:
        super().__init__()
        self._appearance, self._result, self._transport = appearance, result, transport
        self._room = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(result)
        column.addWidget(transport)
        appearance.changed.connect(self._fit)

    def set_room(self, height: int) -> None:
        """Take over the height of the window."""
        self._room = height
        self._fit()

    @Slot()
    def _fit(self) -> None:
        is_low = self._room < self._appearance.pixels(_LOW_WINDOW)
        self._result.set_brief(is_brief=is_low)
        self._transport.set_low(is_low=is_low)
