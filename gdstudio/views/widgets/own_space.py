"""A button that Space presses when it was reached by Tab, and that leaves Space to Play otherwise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton


class OwnSpaceButton(QPushButton):
    """A click does not give it the focus, so that Space goes on playing and pausing."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
