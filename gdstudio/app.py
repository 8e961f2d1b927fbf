"""The application: its attributes, what happens to an error nobody caught, and its one window."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from gdstudio.views import qt_features  # noqa: F401 - first of all: what is imported after it starts faster

# isort: split
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QStyleFactory

from gdstudio.core.resources import resource
from gdstudio.views.window.main_window import MainWindow

if TYPE_CHECKING:
    from types import TracebackType

    from gdstudio.lessons.lesson import Lesson

_SWITCH_SECONDS = 0.0005  # how long a thread may keep the interpreter from the window


def make_app() -> QApplication:
    """Return the application, prepared for the window."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    sys.setswitchinterval(_SWITCH_SECONDS)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("gdstudio")
    app.setDesktopFileName("gdstudio")
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setWindowIcon(QIcon(str(resource("icons", "gdstudio.svg"))))
    pg.setConfigOptions(antialias=False)
    return app


def run_app(lesson: Lesson | None) -> int:
    """Open the window and stay until it is closed; return the exit status."""
    app = make_app()
    window = MainWindow(lesson)
    hook = _ErrorHook(window)
    sys.excepthook = hook.handle
    window.show()
    status = app.exec()
    sys.excepthook = sys.__excepthook__
    if not window.session.training.thread_has_ended:
        _exit_at_once(status)
    return status


def _exit_at_once(status: int) -> None:
    """End the process without Python's clean-up, which would abort it while the training thread runs."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class _ErrorHook:
    """Tells an error that nobody caught in the banner, and on stderr for whoever mends it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        traceback.print_exception(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        self._window.banner.show_text(f"Something broke inside gdstudio: {kind.__name__}: {error}", "error")
