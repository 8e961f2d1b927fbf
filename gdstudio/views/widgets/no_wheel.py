"""Sliders, lists and tabs that ignore the mouse wheel, so that it scrolls the page that they are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidget, QSlider, QTabBar
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent


class NoWheelSlider(QSlider):
    """A horizontal slider that only a drag, a click or a key moves; a click leaves the keys to the run."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NoWheelComboBox(QComboBox):
    """A list that only a click or a key changes; it may be narrower than its longest words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NoWheelList(QListWidget):
    """A list that is always shown whole; the wheel over it scrolls the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NoWheelTabBar(QTabBar):
    """Tabs that only a click or a key changes."""

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
