"""A window whose keys command the run, with Tab in reading order and Esc as the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from typing_extensions import override

from gdstudio.views.widgets.reading_order import bring_into_sight, following, stops

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent


class KeyboardWindow(QMainWindow):
    """Finds the next stop of the Tab key from what is on screen, so that it needs not be kept in order."""

    def reading_order(self) -> list[QWidget]:
        """Return the regions of the window in the order in which they are read."""
        return [self]

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, RUF100 - Qt's signature
        """Go to the next stop; Qt also asks for it where the focused widget is hidden or disabled."""
        left = QApplication.focusWidget()
        left = left if left is not None and self.isAncestorOf(left) else None
        stop = following(stops(self.reading_order(), left), left, forward=forward)
        if stop is None:
            return False
        reasons = Qt.FocusReason
        stop.setFocus(reasons.TabFocusReason if forward else reasons.BacktabFocusReason)
        bring_into_sight(stop)
        return True

    def escape(self) -> None:
        """Give the keys back to the run."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escape()
        else:
            super().keyPressEvent(event)
