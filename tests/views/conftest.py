"""The window's tests: offscreen, with settings of their own, every window closed at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings

from gdstudio.lessons.library import lesson
from gdstudio.views.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenWindow]:
    """Return a function that opens the window with a lesson and waits until torch is there."""
    opened: list[MainWindow] = []

    def open_(name: str = "learning-rate", *, wait: bool = True) -> MainWindow:
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(lesson(name), settings)
        window.appearance.apply()
        opened.append(window)
        window.resize(1280, 800)
        if wait:
            with qtbot.waitSignal(window.session.torch_ready, timeout=20_000):
                window.show()
        else:
            window.show()
        return window

    yield open_
    for window in opened:
        window.close()
        window.deleteLater()
