"""The session: the experiment on screen, its run, and the thread that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from gdstudio.core.checkpoints import Checkpoints
from gdstudio.core.errors import InputError
from gdstudio.core.events import RunState
from gdstudio.core.history import History, cut
from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.initial import initial_weights, needs_torch
from gdstudio.core.mistaken import cost_at
from gdstudio.core.rate_schedule import RateSchedule
from gdstudio.core.run_control import RunControl
from gdstudio.core.seeds import MAX_SEED
from gdstudio.worker.comparison import Comparison
from gdstudio.worker.pins import Pins
from gdstudio.worker.training_worker import RunRequest, TrainingWorker

if TYPE_CHECKING:
    from gdstudio.core.devices import Device
    from gdstudio.core.events import Failure, Progress, RunInfo, RunResult
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.history import Snapshot
    from gdstudio.core.problems import Problem

_STACK_BYTES = 16 << 20  # macOS gives a Qt thread 512 KB, too little for torch


class Session(QObject):
    """Holds one experiment and its run; every command is a direct call from the window's thread.

    An edit makes a new experiment: what can act live does, anything else starts the run again from the
    new state (playing on if it was playing). Bad values are answered by ``rejected`` and change nothing.
    """

    experiment_changed = Signal(object)
    run_replaced = Signal()  # another problem or another start: views begin anew
    torch_ready = Signal()
    devices_found = Signal(object)
    state_changed = Signal(object)
    run_started = Signal(object)
    progress = Signal(object)
    run_failed = Signal(object)
    run_finished = Signal(object)
    rejected = Signal(object)  # a tuple of lines
    _run_requested = Signal(object)
    _torch_wanted = Signal()

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._problem: Problem | None = None
        self._still: Snapshot | None = None
        self._history: History | None = None
        self._control: RunControl | None = None
        self._result: RunResult | None = None
        self._run_id = 0
        self._has_begun = False
        self._state = RunState.IDLE
        self._has_torch = False
        self._waiting = ""
        self._target = 0  # until this step of a run that goes back is made, the still picture is shown
        self._goal = 0  # the step that those asked for by hand lead to
        self._schedule = RateSchedule()
        self._checkpoints = Checkpoints()
        self._whole: Snapshot | None = None
        self._previewed: Snapshot | None = None
        self._previews = 0
        self._first_rate = experiment.run.learning_rate
        self._start_worker()
        self.pins = Pins(self)
        self.comparison = Comparison(self, self._worker)
        self._prepare()

    @property
    def experiment(self) -> Experiment:
        """The experiment on screen."""
        return self._experiment

    @property
    def problem(self) -> Problem | None:
        """Its problem; None while torch, which draws its data, is still loading."""
        return self._problem

    @property
    def result(self) -> RunResult | None:
        """How the run on screen ended; None before its end."""
        return self._result

    @property
    def state(self) -> RunState:
        """Where the run is, as the worker last said."""
        return self._state

    @property
    def is_playing(self) -> bool:
        """Whether the run goes on by itself, or will as soon as torch is there."""
        if self._control is None:
            return self._waiting == "play"
        return self._control.wanted is RunState.RUNNING

    @property
    def has_torch(self) -> bool:
        """Whether torch has been loaded."""
        return self._has_torch

    @property
    def control(self) -> RunControl | None:
        """The control of the run under way, None where there is none."""
        return self._control

    @property
    def first_experiment(self) -> Experiment:
        """The experiment as the run on screen began it, before its learning rate was changed."""
        if self._history is None:
            return self._experiment
        return self._experiment.edited({"run.learning_rate": self._first_rate})

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """Pairs (step, rate): with `first_experiment`, all that it takes to make the run again exactly.

        A change made while the run is parked acts on its next step, and is among them.
        """
        if self._history is None:
            return ()
        changes, rate = self._schedule.changes, self._experiment.run.learning_rate
        if rate == (changes[-1][1] if changes else self._first_rate):
            return changes
        shown = self.snapshot()
        return (*changes, (max(self._target, shown.step if shown is not None else 0), rate))

    def snapshot(self) -> Snapshot | None:
        """Return what the run has done so far; its start where it has not begun; None without a problem."""
        if self._previewed is not None:
            return self._previewed
        if self._history is not None and not self._is_going_back:
            return self._history.snapshot()
        return self._still

    @property
    def _is_going_back(self) -> bool:
        """Whether the run is being made again, unseen, up to the step that was gone back to."""
        return self._history is not None and not self._history.step >= self._target

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever there is something new to draw."""
        if self._previewed is not None:
            return -1, self._previews
        if self._history is None or self._is_going_back:
            return self._run_id, 0
        return self._run_id, self._history.version

    def load_torch(self) -> None:
        """Let the worker import torch; call it once the window has been painted."""
        self._torch_wanted.emit()

    def load(self, experiment: Experiment) -> None:
        """Put another experiment on screen, ready to play."""
        self._end_run()
        self._experiment = experiment
        self._prepare()
        self.experiment_changed.emit(experiment)
        self.run_replaced.emit()

    def edit(self, changes: dict[str, Any]) -> bool:
        """Set paths such as ``run.learning_rate``; return whether the values were right.

        The picture goes on where all of them act live, and starts again from the new state elsewhere. The
        run is parked meanwhile, so that the two do not fight for the interpreter.
        """
        control = self._control
        if control is None:
            return self._edit(changes)
        control.hold()
        try:
            return self._edit(changes)
        finally:
            control.release()

    def _edit(self, changes: dict[str, Any]) -> bool:
        try:
            experiment = self._experiment.edited(changes)
        except InputError as error:
            self.rejected.emit(error.problems)
            self.experiment_changed.emit(self._experiment)
            return False
        if experiment == self._experiment:
            return True
        self._experiment = experiment
        if all(self._acts_live(path) for path in changes):
            self._change_live(experiment)
            self.experiment_changed.emit(experiment)
        else:
            self._start_over(playing=self.is_playing)
        return True

    def _start_over(self, *, playing: bool) -> None:
        """Put the start of the experiment on screen; play on, once it is painted, where it was playing."""
        self._end_run()
        self._prepare()
        if playing:
            self.play()
        control = self._control
        if control is not None:
            control.hold()
        try:
            self.experiment_changed.emit(self._experiment)
            self.run_replaced.emit()
        finally:
            if control is not None:
                control.release()

    def play(self) -> None:
        """Let the run go on; begin it where it has not, and again where it has ended."""
        self._end_preview()
        if self._control is not None:
            self._control.resume()
        elif not self._has_torch:
            self._waiting = "play"
        else:
            self._begin_again_if_ended()
            self._begin(paused=False)

    def pause(self) -> None:
        """Park the run."""
        self._waiting = ""
        if self._is_going_back and not self.is_playing:
            return  # it rests by itself where it is going to
        self._goal = self._target = 0
        if self._control is not None:
            self._control.pause()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def step_back(self) -> None:
        """Go one step back from the step shown, or from the one that is being gone back to."""
        self._end_preview()
        snapshot = self.snapshot()
        here = self._goal if self._is_going_back else snapshot.step if snapshot is not None else 0
        if here > 0:
            self.seek(here - 1)

    def step(self, count: int = 1) -> None:
        """Make so many steps and pause; a run that has ended makes none."""
        self._end_preview()
        if self._result is not None:
            return
        if not self._has_torch:
            self._waiting = "step"
            return
        if self._control is None:
            self._begin(paused=True)
        if self._control is not None:
            snapshot = self.snapshot()
            self._goal = count + max(self._goal, snapshot.step if snapshot is not None else 0)
            self._control.request_steps(count)

    def step_phase(self) -> None:
        """Make one phase of a step and rest there; a run that has ended makes none.

        Stepping finishes the step under way, playing finishes it and goes on.
        """
        if self._result is not None or not self._has_torch:
            return
        if self._control is None:
            self._begin(paused=True)
        if self._control is not None:
            self._control.request_phase()

    def preview(self, step: int) -> None:
        """Pause and show at once what is kept nearest before an earlier step; `seek` goes there."""
        if self._whole is None:
            self.pause()
            self._whole = self.snapshot()
        if self._whole is not None:
            self._previewed = cut(self._whole, max(0, step))
            self._previews += 1

    def seek(self, step: int) -> None:
        """Go to any step and pause there, with the weights, batches and rates of the first time.

        Going on goes forward. Going back takes the run up from the last checkpoint before the step, unseen,
        while the picture shows what it kept of that step. Later changes of the learning rate are forgotten.
        """
        self._end_preview()
        snapshot = self.snapshot()
        if snapshot is None or not self._has_torch:
            return
        step = max(0, min(step, self._experiment.total_steps))
        here = max(snapshot.step, self._goal)
        if step >= here:
            if step > here:
                self.step(step - here)
            return
        schedule = RateSchedule(self._schedule.until(step))
        rate = schedule.changes[-1][1] if schedule.changes else self._first_rate
        checkpoints = self._checkpoints.back_to(step)
        self._end_run()
        self._result, self._still = None, cut(snapshot, step)
        first = self._experiment.edited({"run.learning_rate": self._first_rate})
        self._begin(paused=True, first=first, schedule=schedule, checkpoints=checkpoints, target=step)
        mark = checkpoints.resume
        self._goal = step
        if self._control is not None and step:
            self._control.request_steps(step - (mark.step if mark is not None else 0))
        self._experiment = first.edited({"run.learning_rate": rate})
        self.experiment_changed.emit(self._experiment)

    def reset(self) -> None:
        """Go back to the start: same data, same initial weights."""
        self._end_run()
        self._prepare()
        self.run_replaced.emit()

    def reseed(self) -> None:
        """Go back to the start with the next seed: other data, other initial weights."""
        self.edit({"run.seed": (self._experiment.run.seed + 1) % (MAX_SEED + 1)})

    def pin(self) -> None:
        """Pin the run on screen as it is now; say what is in the way by ``rejected``."""
        snapshot = self.snapshot()
        if self._problem is None or snapshot is None:
            return
        first, changes = self.first_experiment, self.rate_changes
        try:
            self.pins.pin(first, self._problem, snapshot, rate_changes=changes, result=self._result)
        except InputError as error:
            self.rejected.emit(error.problems)

    def close(self) -> None:
        """End the run and the thread, whatever state they are in; return when they have ended."""
        self._end_run()
        self._run_id += 1  # what the ended run still says reaches nobody
        self._thread.quit()
        self._thread.wait()

    def _start_worker(self) -> None:
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._thread.setStackSize(_STACK_BYTES)
        self._worker = TrainingWorker()
        self._worker.moveToThread(self._thread)
        self._thread.finished.connect(self._worker.deleteLater)
        self._run_requested.connect(self._worker.run, Qt.ConnectionType.QueuedConnection)
        self._torch_wanted.connect(self._worker.load_torch, Qt.ConnectionType.QueuedConnection)
        self._worker.torch_ready.connect(self._on_torch_ready)
        self._worker.devices_found.connect(self._on_devices_found)
        self._worker.run_started.connect(self._on_run_started)
        self._worker.state_changed.connect(self._on_state_changed)
        self._worker.progress.connect(self._on_progress)
        self._worker.run_failed.connect(self._on_run_failed)
        self._worker.run_finished.connect(self._on_run_finished)
        self._thread.start()

    def _acts_live(self, path: str) -> bool:
        live = {p.path for p in hyperparameters(self._experiment) if p.applies == "live"}
        ended = self._result is not None and path.startswith("run.")
        return path.startswith("view.") or (path in live and not ended)

    def _change_live(self, experiment: Experiment) -> None:
        self.comparison.cancel()
        if self._control is not None:
            self._control.set_learning_rate(experiment.run.learning_rate)
            self._control.set_pace(experiment.view.steps_per_second)

    def _prepare(self) -> None:
        """Make the still picture of a run that has not begun."""
        self._history, self._result, self._problem, self._still = None, None, None, None
        self._target = self._goal = 0
        self._run_id += 1
        experiment = self._experiment
        if needs_torch(experiment) and not self._has_torch:
            return
        try:
            problem = experiment.problem.build(experiment.run.seed)
            weights = initial_weights(experiment, problem)
            still = History(len(weights))
            still.begin(float(cost_at(problem, experiment.run.mistake, weights)), weights)
        except (MemoryError, RuntimeError) as error:  # torch reports exhausted memory as the latter
            self.rejected.emit((f"The data cannot be made: {error}. Choose fewer rows.",))
            return
        self._problem, self._still = problem, still.snapshot()

    def _begin_again_if_ended(self) -> None:
        if self._result is not None:
            self._prepare()
            self.run_replaced.emit()

    def _begin(
        self,
        *,
        paused: bool,
        first: Experiment | None = None,
        schedule: RateSchedule | None = None,
        checkpoints: Checkpoints | None = None,
        target: int = 0,
    ) -> None:
        """Begin a run; one that goes back begins from its ``first`` experiment and its rates' schedule."""
        if self._problem is None:
            self._prepare()
        if self._problem is None or self._thread.isFinished():
            return
        self.comparison.cancel()
        experiment = first or self._experiment
        self._first_rate = experiment.run.learning_rate
        self._schedule = schedule or RateSchedule()
        self._target = target
        self._run_id += 1
        self._has_begun = False
        self._checkpoints = checkpoints or Checkpoints()
        mark, before = self._checkpoints.resume, self._history
        self._history = History(len(self._problem.weight_names))
        if mark is not None and before is not None:
            self._history = before.back_to(mark)
        self._control = RunControl(
            paused=paused,
            steps_per_second=self._experiment.view.steps_per_second,
            on_state=self._worker.state_changed.emit,
        )
        self._run_requested.emit(
            RunRequest(
                self._run_id,
                experiment,
                self._problem,
                self._control,
                self._history,
                self._schedule,
                self._checkpoints,
            )
        )

    def _end_preview(self) -> None:
        self._whole = self._previewed = None

    def _end_run(self) -> None:
        self._waiting = ""
        self._end_preview()
        self.comparison.cancel()
        if self._control is not None:
            self._control.stop()
            self._control = None
        self._set_state(RunState.IDLE)

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    @Slot(object)
    def _on_torch_ready(self, problem: str | None) -> None:
        if problem is not None:
            self._waiting = ""
            self.rejected.emit((problem,))
            return
        self._has_torch = True
        waiting, self._waiting = self._waiting, ""
        if self._problem is None:
            self._prepare()
            self.run_replaced.emit()
        self.torch_ready.emit()
        if waiting == "play":
            self.play()
        elif waiting:
            self.step()

    @Slot(object)
    def _on_devices_found(self, found: list[Device]) -> None:
        self.devices_found.emit(found)

    @Slot(object)
    def _on_run_started(self, info: RunInfo) -> None:
        if info.run_id == self._run_id:
            self._has_begun = True
            self.run_started.emit(info)

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        if self._control is not None and self._has_begun:  # before, an older run is still ending
            self._set_state(state)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if progress.run_id == self._run_id:
            self.progress.emit(progress)

    @Slot(object)
    def _on_run_failed(self, failure: Failure) -> None:
        if failure.run_id == self._run_id:
            self.run_failed.emit(failure)

    @Slot(object)
    def _on_run_finished(self, result: RunResult) -> None:
        if result.run_id != self._run_id:
            return
        self._control = None
        self._result = result
        self._set_state(RunState.IDLE)
        self.run_finished.emit(result)
