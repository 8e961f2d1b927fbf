"""A race of nine optimizers in the window: a thousand steps of each, at 60 frames a second."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.core.race.race import Race
from gdstudio.lessons.library import lesson
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.rows import Bench
    from tests.benchmarks.watch import Stage

STEPS, FRAMES = 1000, 60
NINE: dict[str, Any] = {
    "run.learning_rate": 0.05,
    "run.max_steps": STEPS,
    "view.steps_per_second": None,
    "race.entrant": [
        {"optimizer": {"kind": "sgd"}},
        {"optimizer": {"kind": "sgd", "momentum": 0.9, "nesterov": True}},
        {"optimizer": {"kind": "adagrad"}},
        {"optimizer": {"kind": "rmsprop"}},
        {"optimizer": {"kind": "adam"}},
        {"optimizer": {"kind": "adam", "amsgrad": True}},
        {"optimizer": {"kind": "adamw"}},
        {"optimizer": {"kind": "lbfgs"}},
    ],
}
_MOST_SECONDS = 60


def race_of_nine(bench: Bench) -> Iterator[Row]:
    """Measure nine runs that advance together in the window, against the same race without one."""
    shown = lesson("optimizer-race")
    alone = _seconds_alone(shown.experiment.edited(NINE))
    stage = bench.stage(shown, NINE)
    stage.window.clock.set_rate(FRAMES)
    _play(stage)  # the first time torch imports what some of them need
    stage.session.load(stage.session.experiment.edited({"run.learning_rate": 0.06}))
    took, intervals = _play(stage)
    stage.close()
    yield Row(
        f"a race of nine, {STEPS:,} steps each, without a window / in it",
        alone / took,
        at_least=0.6,
        detail=f"{alone:.1f} against {took:.1f} s",
    )
    late = float(np.quantile(intervals, 0.99)) * FRAMES
    yield Row(f"99th percentile of its frame intervals at {FRAMES}", late, "int.", at_most=1.5)
    yield Row(f"its latest frame at {FRAMES}", float(intervals.max()) * 1e3, "ms", at_most=100)


def _seconds_alone(experiment: Any) -> float:
    def once() -> float:
        race = Race(experiment, experiment.build_problem())
        began = time.perf_counter()
        race.advance(math.inf)
        return time.perf_counter() - began

    return min(once() for _ in range(3))


def _play(stage: Stage) -> tuple[float, np.ndarray]:
    """Play to the end; return the seconds until all are there, and the intervals of the frames (s)."""
    stage.session.player.play()
    stage.rest(0.3)
    stage._frames.clear()
    step, began = stage.step, time.perf_counter()
    while not _is_over(stage) and time.perf_counter() - began < _MOST_SECONDS:
        stage.rest(0.05)
    took = time.perf_counter() - began
    return took * STEPS / max(1, STEPS - step), np.diff(stage._frames)


def _is_over(stage: Stage) -> bool:
    snapshot = stage.session.run.snapshot()
    view = None if snapshot is None else stage.session.racing.view(snapshot)
    return view is not None and view.clock >= STEPS
