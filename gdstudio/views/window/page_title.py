"""The title of the page: smaller where it would not fit, and only then with an ellipsis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.views.widgets.theme import BODY, SMALL, TITLE

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.views.widgets.theme import Appearance


class PageTitle(QLabel):
    """One line; ``full_text`` is all of it, and so are its tooltip and its accessible name."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.full_text = ""
        self.setMinimumWidth(1)
        appearance.changed.connect(self._fit)

    def say(self, text: str, tip: str = "") -> None:
        """Show a text; the tooltip adds the tip to it."""
        self.full_text = text
        self.setAccessibleName(text)
        self.setToolTip(f"{text} – {tip}" if tip else text)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        fonts = [self._appearance.font(size, bold=True) for size in (TITLE, BODY, SMALL)]
        fitting = (f for f in fonts if QFontMetrics(f).horizontalAdvance(self.full_text) <= self.width())
        font = next(fitting, fonts[-1])
        self.setStyleSheet(f"font-size: {font.pixelSize()}px; font-weight: 600;")
        seen = QFontMetrics(font).elidedText(self.full_text, Qt.TextElideMode.ElideRight, self.width())
        if seen != self.text():
            self.setText(seen)
