"""The worker: an object in a QThread that trains one run after another and tells by signals what happens."""

from __future__ import annotations

import gc
import sys
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.training.checkpoints import Checkpoints
from gdstudio.core.training.events import Failure, FinishReason, Progress, RunInfo, RunResult, RunState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import History
    from gdstudio.core.training.loop import Listener
    from gdstudio.core.training.rate_schedule import RateSchedule
    from gdstudio.core.training.rows import Rows
    from gdstudio.core.training.run_control import RunControl

_PROGRESS_SECONDS, _LONG_STEPS_PROGRESS_SECONDS = 0.1, 0.4
_IDLE_MILLISECONDS = 1000
"""After so long without a run, the worker also imports what only optimizers with a state need."""


@dataclass(frozen=True, slots=True, eq=False)
class RunRequest:
    """A run for the worker to make: its number and experiment, its control, and where its rows are kept.

    ``schedule`` are the changes of the learning rate, those of the experiment where None; ``company``
    receives the rows after the history has.
    """

    run_id: int
    experiment: Experiment
    problem: Problem
    control: RunControl
    history: History
    schedule: RateSchedule | None = None
    checkpoints: Checkpoints = field(default_factory=Checkpoints)
    company: tuple[Listener, ...] = ()


class TrainingWorker(QObject):
    """Trains in the thread that it was moved to.

    Each run emits ``run_started``, ``state_changed``, ``progress`` (at most ten a second), ``run_failed``
    where it breaks and, always, once and last, ``run_finished``. What the steps did is not sent: whoever
    draws it reads the run's history.
    """

    torch_ready = Signal(object)  # None, or the sentence that says why torch cannot be had
    devices_found = Signal(object)  # a list of gdstudio.core.training.devices.Device
    run_started = Signal(object)
    state_changed = Signal(object)
    progress = Signal(object)
    run_failed = Signal(object)
    run_finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._idle = QTimer(self, interval=_IDLE_MILLISECONDS, singleShot=True)
        self._idle.timeout.connect(self.load_optimizers)
        self.has_optimizers = False

    @Slot()
    def load_torch(self) -> None:
        """Import torch, which takes a second or more, and emit ``torch_ready``."""
        try:
            with _out_of_garbage_collection():
                import gdstudio.core.training.trainer  # noqa: F401 - imported for torch and what the loop needs
        except Exception as error:  # noqa: BLE001 - a broken torch breaks in many ways
            self.torch_ready.emit(f"PyTorch cannot be loaded: {error}. Install gdstudio again.")
        else:
            self.torch_ready.emit(None)
            self._find_devices()
            self._idle.start()

    @Slot()
    def load_optimizers(self) -> None:
        """Import what torch.optim would import at its first use; it takes most of a second."""
        with _out_of_garbage_collection():
            import torch._dynamo  # noqa: F401 - what the first optimizer imports

        self.has_optimizers = True

    def _find_devices(self) -> None:
        from gdstudio.core.training.devices import devices

        self.devices_found.emit(devices())

    @Slot(object)
    def run(self, request: RunRequest) -> None:
        """Make one run from its start to its end."""
        self._idle.stop()
        request.control.wait_at_gate()
        result = None
        try:
            result = self._train(request)
        except InputError as error:
            self.run_failed.emit(Failure(request.run_id, str(error), ""))
        except Exception as error:  # noqa: BLE001 - whatever breaks a run is told, and the worker goes on
            message = f"The run broke: {type(error).__name__}: {error}"
            self.run_failed.emit(Failure(request.run_id, message, traceback.format_exc()))
        finally:
            try:
                if request.control.state is not RunState.IDLE:
                    request.control.report(RunState.IDLE)
            finally:
                self.run_finished.emit(result or _failed(request))
                if not self.has_optimizers:
                    self._idle.start()

    def _train(self, request: RunRequest) -> RunResult:
        from gdstudio.core.training.devices import find_device
        from gdstudio.core.training.loop import train
        from gdstudio.core.training.phase_stops import PhaseStops
        from gdstudio.core.training.threads import use_one_thread_for_small
        from gdstudio.core.training.trainer import Trainer

        experiment = request.experiment
        device = find_device(experiment.run.device, experiment.run.dtype)
        use_one_thread_for_small(experiment)
        stops = PhaseStops(request.control, request.history.phases)
        trainer = Trainer(experiment, request.problem, device, stops=stops)
        self.run_started.emit(RunInfo(request.run_id, experiment, str(device), experiment.total_steps))
        resumed = request.checkpoints.resume
        reporter = _ProgressReporter(self, request, resumed.step if resumed is not None else 0)
        result = train(
            trainer,
            request.control,
            request.history,
            reporter,
            *request.company,
            run_id=request.run_id,
            schedule=request.schedule,
            checkpoints=request.checkpoints,
        )
        reporter.tell_last()
        return result


class _ProgressReporter:
    """Receives every row, and emits the worker's ``progress`` a few times a second.

    Less often where steps are long: they use every processor, and the window needs one to show progress.
    """

    def __init__(self, worker: TrainingWorker, request: RunRequest, step: int = 0) -> None:
        self._worker, self._run_id, self._control = worker, request.run_id, request.control
        self._told_at, self._told_step = time.monotonic(), step
        self._has_told = False
        self._step, self._epoch, self._cost = 0, 0, float("nan")

    def append(self, rows: Rows) -> None:
        if not len(rows):
            return
        self._step, self._epoch = int(rows.steps[-1]), int(rows.epochs[-1])
        self._cost = float(rows.costs[-1])
        is_long = self._control.has_long_steps
        interval = _LONG_STEPS_PROGRESS_SECONDS if is_long else _PROGRESS_SECONDS
        if time.monotonic() - self._told_at >= interval:
            self.tell()

    def tell_last(self) -> None:
        if self._step != self._told_step or not self._has_told:
            self.tell()

    def tell(self) -> None:
        now = time.monotonic()
        speed = (self._step - self._told_step) / max(now - self._told_at, 1e-9)
        self._told_at, self._told_step, self._has_told = now, self._step, True
        self._worker.progress.emit(Progress(self._run_id, self._step, self._epoch, self._cost, speed))


@contextmanager
def _out_of_garbage_collection() -> Iterator[None]:
    """Keep the garbage collector from ever looking at what is imported here.

    Torch makes half a million objects: with them each collection took 120 ms, in the middle of a frame, and
    the collections during the import took an eighth of its time. Once that is done nothing more is kept: it
    would be the garbage of what ran before, such as all the parts of windows that were closed.
    """
    known = len(sys.modules)
    gc.disable()
    try:
        yield
        if len(sys.modules) > known or not gc.get_freeze_count():
            gc.freeze()
    finally:
        gc.enable()


def _failed(request: RunRequest) -> RunResult:
    """Return the result of a run that broke: the last step in its history, with an unknown (NaN) cost."""
    step, epoch, weights = 0, 0, np.empty(0)
    if request.history.version:
        reached = request.history.snapshot()
        step, epoch, weights = reached.step, reached.epoch, reached.latest
    sentence = "The run could not go on."
    return RunResult(request.run_id, FinishReason.FAILED, sentence, step, epoch, float("nan"), weights, 0.0)
