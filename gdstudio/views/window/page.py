"""The page beside the lessons: it is scrolled where the window is too small for what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence


class Page(QScrollArea):
    """Lines of their own height, and below them the pictures, which take the rest.

    Parameters
    ----------
    lines
        From top to bottom.
    pictures
        What grows and shrinks with the window.
    """

    def __init__(self, lines: Sequence[QWidget], pictures: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        inside.setObjectName("page_column")
        column = QVBoxLayout(inside)
        column.setContentsMargins(GRID, 2 * GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        for line in lines:
            column.addWidget(line)
        column.addWidget(pictures, 1)
        self.setWidget(inside)
