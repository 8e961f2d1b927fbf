"""Plays a lesson flat out in the window for minutes and reports late frames, memory and answers.

    python tests/benchmarks/endurance.py [--seconds 600] [--lesson pytorch-loop] [--json]

Exit status 1 where a frame came later than 250 ms, memory grew by 20 MB or more after the first minute,
or a pause took more than 100 ms. Offscreen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

from gdstudio.app import make_app
from gdstudio.core.training.events import RunState
from gdstudio.lessons.library import lesson
from gdstudio.views.window.main_window import MainWindow

LATEST_FRAME, MOST_GROWTH, SLOWEST_ANSWER = 0.250, 20e6, 0.100


def resident_bytes() -> int:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Endurance(QObject):
    """Watches a window that plays, pausing it now and then."""

    def __init__(self, window: MainWindow, seconds: float) -> None:
        super().__init__()
        self.window, self.seconds = window, seconds
        self.frames: list[float] = []
        self.answers: list[float] = []
        self.memory: list[int] = []
        self.steps = 0
        self._asked = 0.0
        self._began = 0.0
        self._last = 0.0
        window.session.player.torch_ready.connect(self._begin)
        window.clock.frame.connect(self._on_frame)
        window.session.player.state_changed.connect(self._on_state)
        self._minute = QTimer(self, interval=2000)
        self._minute.timeout.connect(self._measure)

    @Slot()
    def _begin(self) -> None:
        self._began = time.perf_counter()
        self.window.session.player.play()
        self._minute.start()

    @Slot(object)
    def _on_frame(self, snapshot: object) -> None:
        now = time.perf_counter()
        paused = self._asked > 0
        if self._last and not paused and now - self._began > 1:
            self.frames.append(now - self._last)
        self._last = 0.0 if paused else now
        self.steps = getattr(snapshot, "step", 0)

    @Slot()
    def _measure(self) -> None:
        elapsed = time.perf_counter() - self._began
        self.memory.append(resident_bytes())
        if elapsed > self.seconds:
            self._minute.stop()
            self.window.close()
            return
        self._asked = time.perf_counter()
        self.window.session.player.pause()

    @Slot(object)
    def _on_state(self, state: RunState) -> None:
        if state is RunState.PAUSED and self._asked:
            self.answers.append(time.perf_counter() - self._asked)
            self._asked, self._last = 0.0, 0.0
            self.window.session.player.play()


def main() -> int:
    """Run the benchmark and print its three figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--lesson", default="pytorch-loop")
    options = parser.parse_args()
    app = make_app()
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "s.ini"), QSettings.Format.IniFormat)
        window = MainWindow(lesson(options.lesson), settings)
        window.resize(1920, 1080)
        endless = {"run.max_epochs": 10**9, "view.steps_per_second": None, "run.dtype": "float32"}
        window.session.load(window.session.experiment.edited(endless))
        watch = Endurance(window, options.seconds)
        window.show()
        app.exec()
    return report(watch)


def report(watch: Endurance) -> int:
    """Print the figures; return 1 where one is out of bounds."""
    frames = sorted(watch.frames)
    first_minute = watch.memory[min(30, len(watch.memory) // 2)]
    growth = max(watch.memory[-3:]) - first_minute
    worst, slowest = frames[-1], max(watch.answers)
    print(f"steps                 {watch.steps:,} in {watch.seconds:.0f} s")
    print(
        f"frames                {len(frames):,}, 99 % within {frames[int(0.99 * len(frames))] * 1e3:.1f} ms"
    )
    print(f"latest frame          {worst * 1e3:.1f} ms (at most {LATEST_FRAME * 1e3:.0f})")
    print(f"memory after minute 1 {growth / 1e6:+.1f} MB (less than {MOST_GROWTH / 1e6:.0f})")
    pauses = f"{len(watch.answers)} pauses"
    print(f"slowest of {pauses:11}{slowest * 1e3:.1f} ms (at most {SLOWEST_ANSWER * 1e3:.0f})")
    return int(worst > LATEST_FRAME or growth >= MOST_GROWTH or slowest > SLOWEST_ANSWER)


if __name__ == "__main__":
    sys.exit(main())
