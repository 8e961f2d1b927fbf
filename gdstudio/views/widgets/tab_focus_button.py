"""Buttons that take the focus by the Tab key alone, so that a click on them leaves Space to Play."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton


class TabFocusButton(QPushButton):
    """Space presses it only after Tab has reached it; after a click, Space still plays and pauses."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class TabFocusBox(QCheckBox):
    """A box to tick; Space ticks it only after Tab has reached it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
