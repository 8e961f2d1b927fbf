"""A button that takes the focus by the Tab key alone, so that a click on it leaves Space to Play."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton


class TabFocusButton(QPushButton):
    """Space presses it only after Tab has reached it; after a click, Space still plays and pauses."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
