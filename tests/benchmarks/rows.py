"""What is measured, a function for each row or group of rows of the table."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.sweep.batch import RATE, train_batch
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.lesson import Lesson
from gdstudio.lessons.library import lesson, lesson_ids
from tests.benchmarks import baselines, controls
from tests.benchmarks.race import race_of_nine
from tests.benchmarks.table import Row
from tests.benchmarks.tables import large_table
from tests.benchmarks.watch import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdstudio.core.typing import Floats

ENDLESS: dict[str, Any] = {
    "run.max_epochs": 10**9,
    "view.steps_per_second": None,
    "run.dtype": "float32",
    "view.panels": ("data_plot", "epoch_loss", "weights_table", "cost_history"),
}
TANH = {
    "problem": {"kind": "tanh_network"},
    "run": {
        "learning_rate": 0.03,
        "batch_size": 10,
        "max_epochs": 10**9,
        "initial_std": 1.0,
        "dtype": "float32",
    },
    "view": {"panels": ("data_plot", "epoch_loss", "cost_history")},
}
MILLION_ROWS: dict[str, dict[str, Any]] = {
    "problem": {"kind": "linear_network", "n": 1_000_000, "n_test": 0},
    "run": {"learning_rate": 0.01, "max_steps": 10**9, "dtype": "float32"},
    "view": {"panels": ("data_plot", "epoch_loss", "weights_table", "cost_history")},
}
SECONDS = 6.0


class Bench:
    """Opens stages in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def stage(self, shown: Lesson, changes: dict[str, Any]) -> Stage:
        """Open a window on a lesson with changes."""
        self._count += 1
        return Stage(shown, self._folder / f"{self._count}.ini", changes)


def network_in_the_window(bench: Bench) -> Iterator[Row]:
    """Measure the notebook's network, ten rows a batch, against the notebook's own loop alone."""
    shown = lesson("pytorch-loop")
    problem = shown.experiment.problem.build(0)
    alone = baselines.best_of(lambda: baselines.notebook_speed(problem, torch.float32))
    stage = bench.stage(shown, ENDLESS)
    for frames, bound in ((30, 1.0), (60, 0.6)):
        stage.window.clock.set_rate(frames)
        seen = stage.play(SECONDS)
        speed = f"{seen.steps_per_second:,.0f} against {alone:,.0f} steps/s"
        yield Row(
            f"network, four plots, {frames} frames a second",
            seen.steps_per_second / alone,
            at_least=bound,
            detail=speed,
        )
        late = float(np.quantile(seen.intervals, 0.99)) * frames
        yield Row(f"99th percentile of frame intervals at {frames}", late, "int.", at_most=1.25)
        yield Row(f"latest frame at {frames}", float(seen.intervals.max()) * 1e3, "ms", at_most=100)
    stage.window.clock.set_rate(30)
    stage.window.hide()
    seen = stage.play(SECONDS)
    yield Row("network, window hidden", seen.steps_per_second / alone, at_least=1.6)
    stage.close()
    headless = baselines.best_of(lambda: _headless(shown.experiment.edited(ENDLESS), 40_000))
    yield Row("network without a window", headless / alone, at_least=1.6, detail=f"{headless:,.0f} steps/s")


def small_tanh_network(bench: Bench) -> Iterator[Row]:
    """Measure a 2-8-8-1 network in the window against bare eager torch."""
    experiment = Experiment.parse(TANH)
    problem = experiment.problem.build(0)
    alone = baselines.best_of(lambda: baselines.tanh_network_speed(problem, torch.float32, (2, 8, 8, 1)))
    stage = bench.stage(Lesson(id="tanh", title="tanh", experiment=experiment), {})
    seen = stage.play(SECONDS)
    stage.close()
    detail = f"{seen.steps_per_second:,.0f} against {alone:,.0f} steps/s"
    yield Row(
        "small network 2-8-8-1 in the window", seen.steps_per_second / alone, at_least=0.8, detail=detail
    )


def decision_maps(bench: Bench) -> Iterator[Row]:
    """Measure small networks with their maps at 30 frames a second, against the notebook's own loop alone.

    TensorFlow Playground makes 60 epochs a second of its default network and 19 of its largest, of 20 steps
    each, on a machine where that loop makes 8,900 steps.
    """
    problem = lesson("pytorch-loop").experiment.problem.build(0)
    alone = baselines.best_of(lambda: baselines.notebook_speed(problem, torch.float32))
    for name, hidden, epochs in (("default", (4, 2), 120), ("largest", (16,) * 4, 19)):
        changes = {**ENDLESS, "problem.hidden": hidden, "view.panels": ("decision_map", "hidden_units")}
        stage = bench.stage(lesson("small-network"), changes)
        seen = stage.play(SECONDS)
        stage.close()
        ratio = seen.steps_per_second / alone
        detail = f"{seen.steps_per_second:,.0f} steps/s, scaled {ratio * 8900 / 20:,.0f} epochs/s"
        bound = epochs * 20 / 8900
        yield Row(f"{name} small network and its maps", ratio, at_least=bound, detail=detail)
        late = float(np.quantile(seen.intervals, 0.99)) * 30
        yield Row(f"99th percentile of its frame intervals, {name}", late, "int.", at_most=1.25)


def million_rows(bench: Bench) -> Iterator[Row]:
    """Measure full-batch steps over a million rows in the window against the bare torch step."""
    experiment = Experiment.parse(MILLION_ROWS)
    alone = baselines.all_rows_speed_alone(MILLION_ROWS["problem"])
    stage = bench.stage(Lesson(id="rows", title="rows", experiment=experiment), {})
    seen = stage.play(SECONDS)
    stage.close()
    detail = f"{seen.steps_per_second:,.1f} against {alone:,.1f} steps/s"
    yield Row(
        "a million rows, full batch, in the window",
        seen.steps_per_second / alone,
        at_least=0.9,
        detail=detail,
    )
    late = float(np.quantile(seen.intervals, 0.99)) * 1e3 if len(seen.intervals) else float("nan")
    yield Row("99th percentile of its frames", late, "ms", detail="no faster than its steps")


def control_to_plots(bench: Bench) -> Iterator[Row]:
    """Measure every control of every lesson, paused and running, until the plots are painted."""
    for name in lesson_ids():
        stage = bench.stage(lesson(name), {})
        for playing in (False, True):
            if playing:
                stage.session.player.play()
                stage.rest(0.3)
            took = list(controls.moves(stage))
            words = "running" if playing else "paused"
            worst = float(np.quantile(took, 0.99)) * 1e3
            detail = f"median {np.median(took) * 1e3:.1f} ms of {len(took)} moves"
            yield Row(f"control to painted plots, {name}, {words}", worst, "ms", at_most=33, detail=detail)
        stage.close()


def processor_at_rest(bench: Bench) -> Iterator[Row]:
    """Measure how much of one core is used while paused and at five steps a second."""
    stage = bench.stage(lesson("pytorch-loop"), {**ENDLESS, "view.steps_per_second": 5.0})
    stage.session.player.play()
    stage.rest(1)
    yield Row("processor at 5 steps a second", 100 * stage.watch(5).processor, "%", at_most=15)
    stage.session.player.pause()
    stage.rest(1)
    yield Row("processor while paused", 100 * stage.watch(5).processor, "%", at_most=1)
    stage.close()


def cuda_graphs(_: Bench) -> Iterator[Row]:
    """Measure the network on a CUDA device, where there is one, against the notebook's own loop there."""
    if not torch.cuda.is_available():
        yield Row(
            "network on CUDA, by graphs", float("nan"), detail="not measured: there is no CUDA device here"
        )
        return
    shown = lesson("pytorch-loop").experiment.edited({**ENDLESS, "run.device": "cuda:0"})
    problem, name = shown.problem.build(0), torch.cuda.get_device_name(0)
    eager = baselines.best_of(lambda: baselines.notebook_speed(problem, torch.float32, device="cuda:0"))
    graphs = baselines.best_of(lambda: _headless(shown, 100_000))
    detail = f"{graphs:,.0f} against {eager:,.0f} steps/s, {name}"
    yield Row("network on CUDA, by graphs", graphs / eager, at_least=5, detail=detail)


def batch_of_runs(_: Bench) -> Iterator[Row]:
    """Measure a step of 1,000 runs trained as one batch, each run's part of it, against that of one run."""
    steps = 2_000
    changes = {"run.batch_size": None, "run.max_epochs": None, "run.max_steps": steps, "run.dtype": "float64"}
    for name, more in (("learning-rate", {}), ("pytorch-loop", {"problem.n_test": 0})):
        shown = lesson(name).experiment.edited({**changes, **more})
        alone = baselines.best_of(partial(_headless, shown, steps))
        batch = baselines.best_of(partial(_as_a_batch, shown, np.geomspace(1e-4, 1e-2, 1_000)))
        detail = f"{1e6 / batch:.3f} against {1e6 / alone:.1f} µs a run-step"
        yield Row(
            f"a run-step of 1,000 runs at once, {name}", 100 * alone / batch, "%", at_most=5, detail=detail
        )


def start_up(_: Bench) -> Iterator[Row]:
    """Measure the first painted window and torch ready against ``import torch``, each in its process."""
    importing = min(_process("import torch", None)[0] for _ in range(4))
    painted = min(_process(_FIRST_PAINT, "painted")[1] for _ in range(4))
    ready = min(_process(_TORCH_READY, "ready")[1] for _ in range(4))
    detail = f"{painted:.2f} against {importing:.2f} s"
    yield Row("first painted window / import torch", painted / importing, at_most=0.6, detail=detail)
    yield Row("torch ready / import torch", ready / importing, at_most=1.5, detail=f"{ready:.2f} s")


def long_run(bench: Bench) -> Iterator[Row]:
    """Measure a frame and the memory of a long run against a short one, and scrubbing through it."""
    stage = bench.stage(lesson("pytorch-loop"), {**ENDLESS})
    _advance(stage, 1_000)
    early = _frame_seconds(stage)
    _advance(stage, 100_000)
    memory = _resident()
    stage.session.load(stage.session.experiment.edited({"run.max_epochs": None, "run.max_steps": 10_000_000}))
    _advance(stage, 1_000_000)
    scrubs = [_scrub(stage, step) for step in (999_000, 900_000, 500_000, 333_000, 10_000)]
    yield Row("scrubbing in 1,000,000 steps, to the picture", max(scrubs) * 1e3, "ms", at_most=33)
    _advance(stage, 10_000_000)
    late = _frame_seconds(stage)
    yield Row(
        "a frame at step 10,000,000 / at 1,000", late / early, at_most=1.2, detail=f"{late * 1e3:.1f} ms"
    )
    yield Row("memory after 10,000,000 steps", (_resident() - memory) / 1e6, "MB", at_most=10)
    stage.close()


long_run.slow = True  # type: ignore[attr-defined]  # a mark for --quick

ROWS: tuple[Callable[[Bench], Iterator[Row]], ...] = (
    network_in_the_window,
    small_tanh_network,
    decision_maps,
    million_rows,
    race_of_nine,
    control_to_plots,
    processor_at_rest,
    cuda_graphs,
    batch_of_runs,
    start_up,
    long_run,
    large_table,
)

_FIRST_PAINT = """
import gc, os, sys
gc.disable()  # as the command line does
from gdstudio.app import make_app
app = make_app()
from gdstudio.views.window.main_window import MainWindow
class Shown(MainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)
        os._exit(0)
window = Shown()
window.show()
app.exec()
"""
_TORCH_READY = """
import gc, os, sys
gc.disable()
from gdstudio.app import make_app
from PySide6.QtCore import QObject, Slot
app = make_app()
from gdstudio.views.window.main_window import MainWindow
window = MainWindow()
class Ready(QObject):
    @Slot()
    def say(self):
        print("ready", flush=True)
        os._exit(0)
ready = Ready()
window.session.player.torch_ready.connect(ready.say)
window.show()
app.exec()
"""


def _process(code: str, word: str | None) -> tuple[float, float]:
    """Run code in a new Python; return the seconds to its end and to its first line."""
    with_bytecode = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=with_bytecode
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    first = time.perf_counter() - began
    process.wait()
    if word is not None and word not in line:
        raise RuntimeError(f"the process said {line!r} instead of {word!r}")
    return time.perf_counter() - began, first


def _headless(experiment: Experiment, steps: int) -> float:
    ends = experiment.edited({"run.max_epochs": None, "run.max_steps": steps})
    problem = ends.problem.build(0)
    began = time.perf_counter()
    train(Trainer(ends, problem, ends.run.device), RunControl(), History(len(problem.weight_names)))
    return steps / (time.perf_counter() - began)


def _as_a_batch(experiment: Experiment, rates: Floats) -> float:
    """Return the steps per second of all runs together."""
    problem = experiment.build_problem()
    began = time.perf_counter()
    train_batch(experiment, problem, {RATE: rates})
    return len(rates) * experiment.total_steps / (time.perf_counter() - began)


def _advance(stage: Stage, step: int) -> None:
    """Go on to a step with the window hidden, which is faster, and show it again."""
    stage.window.hide()
    stage.session.player.step(step - stage.step)
    while stage.step < step:
        stage.rest(0.1)
    stage.window.show()
    stage.rest(0.5)


def _frame_seconds(stage: Stage) -> float:
    """Return the median time in which a snapshot is taken, drawn and painted."""
    took = []
    for _ in range(40):
        began = time.perf_counter()
        snapshot = stage.session.run.snapshot()
        assert snapshot is not None
        stage.window.panels.draw(snapshot)
        stage.window.panels.grab()
        took.append(time.perf_counter() - began)
    return float(np.median(took))


def _scrub(stage: Stage, step: int) -> float:
    """Return the seconds from a drag of the timeline to its painted picture."""
    bar = stage.window.transport.bar
    total = stage.session.experiment.total_steps
    began, frames = time.perf_counter(), stage.frames
    bar.setSliderDown(True)
    bar.setSliderPosition(round(step * bar.maximum() / total))
    controls.paint(stage, frames)
    took = time.perf_counter() - began
    bar.setSliderDown(False)
    while stage.step != round(bar.value() * total / bar.maximum()):
        stage.rest(0.05)
    return took


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
