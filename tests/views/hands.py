"""A user's hands on a window: keys, clicks, drags and the wheel, as the platform would send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QSlider, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from gdstudio.views.window.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def type_into(window: MainWindow, name: str, text: str) -> QLineEdit:
    """Type a number into the entry of a setting, and Enter."""
    entry = window.findChild(QLineEdit, f"{name}_entry")
    assert isinstance(entry, QLineEdit)
    entry.setFocus()
    entry.selectAll()
    QTest.keyClicks(entry, text)
    QTest.keyClick(entry, Qt.Key.Key_Return)
    return entry


class Hands:
    """Sends events to the window of the platform, never to a widget."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def _screen(self) -> QWindow:
        return self.window.windowHandle()

    @property
    def focus(self) -> QWidget | None:
        return QApplication.focusWidget()

    def has_keys(self) -> bool:
        """Whether the run has the keys."""
        return self.focus is self.window

    def find(self, kind: type[QWidget], name: str) -> QWidget:
        found = self.window.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def entry(self, name: str) -> QLineEdit:
        found = self.find(QLineEdit, f"{name}_entry")
        assert isinstance(found, QLineEdit)
        return found

    def slider(self, name: str) -> QSlider:
        found = self.find(QSlider, f"{name}_slider")
        assert isinstance(found, QSlider)
        return found

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self._screen, key, modifier)

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self._screen, letter)  # type: ignore[call-overload]  # the stubs know no letters

    def place(self, widget: QWidget, at: QPoint | None = None) -> QPoint:
        return widget.mapTo(self.window, widget.rect().center() if at is None else at)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(self._screen, LEFT, NONE, self.place(widget, at))

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseDClick(self._screen, LEFT, NONE, self.place(widget, at))

    def press(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mousePress(self._screen, LEFT, NONE, self.place(widget, at))

    def move(self, widget: QWidget, to: QPoint) -> None:
        QTest.mouseMove(self._screen, self.place(widget, to))

    def release(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseRelease(self._screen, LEFT, NONE, self.place(widget, at))

    def write(self, name: str, text: str) -> QLineEdit:
        """Click an entry and type into it: the first click selects what is there."""
        entry = self.entry(name)
        self.click(entry)
        self.type(text)
        return entry

    def turn_wheel(self, widget: QWidget, angle: int = -120) -> None:
        """Turn the wheel over a widget; what it ignores goes to the widgets that it is on."""
        QTest.wheelEvent(self._screen, QPointF(self.place(widget)), QPoint(0, angle))
