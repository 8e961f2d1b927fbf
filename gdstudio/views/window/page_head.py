"""The head of the page, in one line: the lesson's title, its pictures, where it computes, and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget
from typing_extensions import override

from gdstudio.views.widgets.overflow import OverflowButton
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.page_title import PageTitle

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.views.widgets.theme import Appearance

_ROOM_FOR_TITLE = 320


class PageHead(QWidget):
    """Shows the title beside the tools; where that leaves it no room, they are in a menu."""

    def __init__(self, appearance: Appearance, device: QComboBox, pictures: QToolButton) -> None:
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
        files = (self.open, self.data, self.save, self.export)
        self.pictures = pictures
        self._parts = (pictures, device, *files, self.theme, self.help)
        self.more = OverflowButton("more_tools", "Pictures, files and help", self._parts)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID // 2)
        self._line.addWidget(self.title, 1)
        for part in (*self._parts, self.more):
            self._line.addWidget(part)
        appearance.changed.connect(self._fit)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Fold away what leaves the title no room: all but the pictures, and where it must be, these too."""
        least, gap = self._appearance.pixels(_ROOM_FOR_TITLE), self._line.spacing()
        widths = [part.sizeHint().width() + gap for part in self._parts]
        more = self.more.sizeHint().width() + gap
        if sum(widths) + least <= self.width():
            self.more.fold(())
        else:
            is_room = widths[0] + more + least <= self.width()
            self.more.fold(self._parts[1:] if is_room else self._parts)


def _tool(name: str, tip: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
