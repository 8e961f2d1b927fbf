"""The window's tests: offscreen, with settings of their own, every window closed at the end."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# A screen that the windows have room on; Qt takes no path with a colon, which those of Windows have.
if ":" in (screen := Path(__file__).with_name("screen.json").as_posix()):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={screen}")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from gdstudio.lessons.library import lesson
from gdstudio.views.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class WindowOpener:
    """Opens windows with settings of their own, and gets rid of them."""

    def __init__(self, qtbot: QtBot, settings: Path) -> None:
        self._qtbot, self._settings = qtbot, str(settings)
        self._opened: list[MainWindow] = []
        if not settings.exists():
            self._remember_size(1280, 840)

    def _remember_size(self, width: int, height: int) -> None:
        """Have the next window its size before it has its parts, so that they are styled once."""
        place = QWidget()
        place.resize(width, height)
        self._remembered().setValue("geometry", place.saveGeometry())

    def at(self, name: str, size: tuple[int, int], zoom: float = 1.0, theme: str = "light") -> MainWindow:
        """Open a lesson at a size, zoom and theme: far sooner than one that takes them when it is there."""
        self._remember_size(*size)
        self._remembered().setValue("zoom", zoom)
        self._remembered().setValue("theme", theme)
        return self(name, size=size)

    def _remembered(self) -> QSettings:
        return QSettings(self._settings, QSettings.Format.IniFormat)

    def __call__(
        self, name: str = "learning-rate", *, wait: bool = True, size: tuple[int, int] = (1280, 840)
    ) -> MainWindow:
        """Open a lesson; wait until torch is there and the window takes keys."""
        window = MainWindow(lesson(name), self._remembered())
        self._opened.append(window)
        window.resize(*size)
        if not wait:
            window.show()
            return window
        with self._qtbot.waitSignal(window.session.player.torch_ready, timeout=20_000):
            window.show()
        window.activateWindow()
        self._qtbot.waitUntil(window.isActiveWindow)
        return window

    def discard(self, window: MainWindow) -> None:
        """Close a window and delete it now, so that the next one is not slowed by it."""
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete.value)
        self._opened.remove(window)
        del window
        gc.collect()  # here, in the thread of the window, lest a training thread delete what Qt made here

    def discard_all(self) -> None:
        """Close whatever is open."""
        for window in list(self._opened):
            self.discard(window)


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowOpener]:
    """Return a function that opens the window."""
    opener = WindowOpener(qtbot, tmp_path / "settings.ini")
    yield opener
    opener.discard_all()
    held = QGuiApplication.mouseButtons()
    assert held == Qt.MouseButton.NoButton, (
        f"the test leaves {held} pressed, so that later pictures would rest"
    )
