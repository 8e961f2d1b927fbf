"""A window that plays for a while, watched: steps, frames, processor time."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QSettings, QTimer, Slot

from gdstudio.views.window.main_window import MainWindow

if TYPE_CHECKING:
    from pathlib import Path

    from gdstudio.lessons.lesson import Lesson

FULL_HD = (1920, 1080)


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen in a stretch of a run: steps and processor seconds a second, intervals of frames (s)."""

    steps_per_second: float
    processor: float
    intervals: np.ndarray


class Stage(QObject):
    """Opens one window and lets it play."""

    def __init__(self, lesson: Lesson, settings: Path, changes: dict[str, Any]) -> None:
        super().__init__()
        self.window = MainWindow(lesson, QSettings(str(settings), QSettings.Format.IniFormat))
        self.window.resize(*FULL_HD)
        self.session = self.window.session
        self._frames: list[float] = []
        self.frames = 0
        self.window.clock.frame.connect(self._on_frame)
        loop = QEventLoop()
        self.session.player.torch_ready.connect(loop.quit)
        self.window.show()
        loop.exec()
        self.session.load(self.session.experiment.edited(changes))
        self.rest(3)  # until all that is loaded in idle time is there

    def rest(self, seconds: float) -> None:
        """Let the window live for so long."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def play(self, seconds: float, *, settle: float = 1.0) -> Watched:
        """Play, look away for the first second, watch for so long, and pause."""
        self.session.player.play()
        self.rest(settle)
        watched = self.watch(seconds)
        self.session.player.pause()
        self.rest(0.2)
        return watched

    def watch(self, seconds: float) -> Watched:
        """Watch whatever the window does for so long."""
        self._frames.clear()
        began, used, step = time.perf_counter(), _processor_seconds(), self.step
        self.rest(seconds)
        lasted = time.perf_counter() - began
        return Watched(
            (self.step - step) / lasted, (_processor_seconds() - used) / lasted, np.diff(self._frames)
        )

    @property
    def step(self) -> int:
        """Where the run is."""
        snapshot = self.session.run.snapshot()
        return 0 if snapshot is None else snapshot.step

    def close(self) -> None:
        """Close the window, end its thread and delete it here, lest a later one's thread collect it."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)

    @Slot(object)
    def _on_frame(self, _: object) -> None:
        self.frames += 1
        self._frames.append(time.perf_counter())


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
