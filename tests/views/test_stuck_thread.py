"""The studio ends although its training thread does not: no hang, no crash, a line that says so."""

from __future__ import annotations

import os
import subprocess
import sys

SCRIPT = """
import threading
from PySide6.QtCore import QTimer
from gdstudio import app as studio
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson
from gdstudio.worker import thread

thread._END_SECONDS = 0.2
entered = threading.Event()

def advance(trainer, count):
    entered.set()
    threading.Event().wait()

class Window(studio.MainWindow):
    def __init__(self, shown):
        super().__init__(shown)
        self.session.player.torch_ready.connect(self.session.player.play)
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(lambda: entered.is_set() and self.close())
        self._timer.start()

Trainer.advance = advance
studio.MainWindow = Window
raise SystemExit(studio.run_app(lesson("learning-rate")))
"""


def test_that_the_studio_ends_although_its_thread_does_not() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.endswith("The training thread has not ended within 0.2 seconds; it is left behind.")
