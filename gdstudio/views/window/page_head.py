"""The head of the page: the lesson's title, its pictures, where it computes, and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QToolButton, QWidget
from typing_extensions import override

from gdstudio.views.widgets.flow_layout import FlowLayout
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.page_title import PageTitle

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.views.widgets.theme import Appearance

_ROOM_FOR_TITLE = 320


class PageHead(QWidget):
    """Shows the title beside the tools where that leaves it room, else above them."""

    def __init__(self, appearance: Appearance, device: QWidget, pictures: QWidget) -> None:
        super().__init__()
        self._appearance = appearance
        self.title = PageTitle(appearance)
        self.open = _tool("open", "Open an experiment or a lesson of your own (Ctrl+O)", "Open…")
        self.data = _tool(
            "data", "Open a table of your own: CSV or Excel (Ctrl+D); or paste one (Ctrl+V)", "Data…"
        )
        self.save = _tool("save", "Save this experiment as a small file (Ctrl+S)", "Save…")
        self.export = _tool("export", "Export as a script or notebook of plain PyTorch (Ctrl+E)", "Export…")
        self.theme = _tool("theme", "Light or dark (T)", "◐")
        self.help = _tool("help_button", "Keys and controls (?)", "?")
        self._tools = FlowLayout(aligned=Qt.AlignmentFlag.AlignRight)
        self._tools.setSpacing(GRID // 2)
        for widget in (pictures, device, self.open, self.data, self.save, self.export, self.theme, self.help):
            self._tools.addWidget(widget)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID)
        self._line.addWidget(self.title, 1)
        self._line.addLayout(self._tools)
        appearance.changed.connect(self._fit)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        beside = self.width() - self._tools.sizeHint().width() >= self._appearance.pixels(_ROOM_FOR_TITLE)
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.LeftToRight if beside else ways.TopToBottom)


def _tool(name: str, tip: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
