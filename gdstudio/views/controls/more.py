"""The controls that a lesson needs less often: folded away behind one button, which says how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.views.controls.base import Control


class More(QWidget):
    """Folded at first; hidden where there is nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.button = TabFocusButton()
        self.button.setObjectName("more_controls")
        self.button.clicked.connect(self.toggle)
        self._inside = QWidget()
        self._inside.hide()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.button)
        column.addWidget(self._inside)
        self._say()

    @property
    def is_open(self) -> bool:
        """Whether the controls are shown."""
        return not self._inside.isHidden()

    def take(self, control: Control, place: int) -> None:
        """Put a control at a place among those inside."""
        self._column.insertWidget(place, control)

    def count(self, controls: int) -> None:
        """Say how many controls are inside."""
        self._count = max(0, controls)
        self.setVisible(self._count > 0)
        self._say()

    def open(self, is_open: bool) -> None:
        """Show the controls, or fold them away."""
        self._inside.setVisible(is_open)
        self._say()

    @Slot()
    def toggle(self) -> None:
        """Fold the controls away, or show them again."""
        self.open(not self.is_open)

    def _say(self) -> None:
        self.button.setText("Fewer  ▴" if self.is_open else f"More ({self._count})  ▾")
        words = "Show fewer controls" if self.is_open else f"Show {self._count} more of the controls"
        self.button.setAccessibleName(words)
        self.button.setToolTip(words)
