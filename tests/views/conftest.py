"""The window's tests: offscreen, with settings of their own, every window closed at the end."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytestqt.qtbot import QtBot

# A screen that the windows have room on; Qt takes no path with a colon, which those of Windows have.
if ":" in (screen := Path(__file__).with_name("screen.json").as_posix()):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={screen}")

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from gdstudio.lessons.library import lesson
from gdstudio.views.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


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


class LessonOpener(WindowOpener):
    """Opens one lesson after another in a single window, as its user does: in a fifth of the time."""

    @override
    def __call__(
        self, name: str = "learning-rate", *, wait: bool = True, size: tuple[int, int] = (1280, 840)
    ) -> MainWindow:
        if not self._opened:
            return super().__call__(name, wait=wait, size=size)
        [window] = self._opened
        for pin in window.session.pins.all:
            window.session.pins.unpin(pin.slot)
        window.session.concealed.conceal([])
        window.resize(*size)
        window.open(name)
        window.setFocus()
        self._qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
        return window

    @override
    def at(self, name: str, size: tuple[int, int], zoom: float = 1.0, theme: str = "light") -> MainWindow:
        self.discard_all()
        return super().at(name, size, zoom, theme)

    def keep(self, *, is_good: bool) -> None:
        """Keep the window for the next test if nothing failed in it and it looks as a new one does."""
        for window in list(self._opened):
            looks = window.appearance.zoomed, window.appearance.theme.name
            if not is_good or looks != (1.0, "light") or not window.isVisible():
                self.discard(window)

    def waiting_by(self, qtbot: QtBot) -> LessonOpener:
        """Wait with the means of another test."""
        self._qtbot = qtbot
        return self


@pytest.fixture(scope="module")
def _lessons(
    qapp: QApplication, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LessonOpener]:
    opener = LessonOpener(QtBot(request), tmp_path_factory.mktemp("window") / "settings.ini")
    yield opener
    opener.discard_all()


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[WindowOpener]:
    """Return a function that opens the window; the same one in a module with the mark ``one_window``.

    A test of such a module that needs a new one has the mark ``one_window(False)``.
    """
    mark = request.node.get_closest_marker("one_window")
    lessons: LessonOpener | None = request.getfixturevalue("_lessons") if mark else None
    if lessons is not None and mark.args == (False,):
        lessons.discard_all()
        lessons = None
    if lessons is not None:
        failed = request.session.testsfailed
        yield lessons.waiting_by(qtbot)
        lessons.keep(is_good=request.session.testsfailed == failed)
    else:
        opener = WindowOpener(qtbot, tmp_path / "settings.ini")
        yield opener
        opener.discard_all()
    held = QGuiApplication.mouseButtons()
    assert held == Qt.MouseButton.NoButton, (
        f"the test leaves {held} pressed, so that later pictures would rest"
    )
