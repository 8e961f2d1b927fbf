"""The session: the experiment on screen, what is edited in it, and all that can be asked of its run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.seeds import MAX_SEED
from gdstudio.worker.comparison import Comparison
from gdstudio.worker.pins import Pins
from gdstudio.worker.player import Player
from gdstudio.worker.thread import TrainingThread
from gdstudio.worker.time_travel import TimeTravel

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult, RunState
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.run_control import RunControl


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

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = TrainingThread(self)
        self._player = Player(self._thread, experiment, self)
        self._time = TimeTravel(self._player)
        self.pins = Pins(self)
        self.comparison = Comparison(self, self._thread.worker)
        self._connect()

    @property
    def experiment(self) -> Experiment:
        """The experiment on screen."""
        return self._player.run.experiment

    @property
    def first_experiment(self) -> Experiment:
        """The experiment as the run on screen began it, before its learning rate was changed."""
        return self._player.run.first_experiment

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """Pairs (step, rate): with `first_experiment`, all that it takes to make the run again exactly."""
        return self._player.run.rate_changes

    @property
    def problem(self) -> Problem | None:
        """Its problem; None while torch, which draws its data, is still loading."""
        return self._player.run.problem

    @property
    def result(self) -> RunResult | None:
        """How the run on screen ended; None before its end."""
        return self._player.run.result

    @property
    def control(self) -> RunControl | None:
        """The control of the run under way, None where there is none."""
        return self._player.run.control

    @property
    def version(self) -> tuple[int, int]:
        """Changes whenever there is something new to draw."""
        return self._player.run.version

    @property
    def state(self) -> RunState:
        """Where the run is, as the worker last said."""
        return self._player.state

    @property
    def is_playing(self) -> bool:
        """Whether the run goes on by itself, or will as soon as torch is there."""
        return self._player.is_playing

    @property
    def has_torch(self) -> bool:
        """Whether torch has been loaded."""
        return self._player.has_torch

    def snapshot(self) -> Snapshot | None:
        """Return what the run has done so far; its start where it has not begun; None without a problem."""
        return self._player.run.snapshot()

    def load_torch(self) -> None:
        """Let the worker import torch; call it once the window has been painted."""
        self._thread.load_torch()

    def load(self, experiment: Experiment) -> None:
        """Put another experiment on screen, ready to play."""
        self._player.put(experiment)
        self.experiment_changed.emit(experiment)
        self.run_replaced.emit()

    def reset(self) -> None:
        """Go back to the start: same data, same initial weights."""
        self._player.put(self.experiment)
        self.run_replaced.emit()

    def reseed(self) -> None:
        """Go back to the start with the next seed: other data, other initial weights."""
        self.edit({"run.seed": (self.experiment.run.seed + 1) % (MAX_SEED + 1)})

    def edit(self, changes: dict[str, Any]) -> bool:
        """Set paths such as ``run.learning_rate``; return whether the values were right.

        The picture goes on where all of them act live, and starts again from the new state elsewhere. The
        run is parked meanwhile, so that the two do not fight for the interpreter.
        """
        with self._player.run.held():
            try:
                experiment = self.experiment.edited(changes)
            except InputError as error:
                self.rejected.emit(error.problems)
                self.experiment_changed.emit(self.experiment)
                return False
            if experiment != self.experiment:
                self._take(experiment, live=self._player.run.acts_live(experiment, changes))
        return True

    def play(self) -> None:
        """Let the run go on; begin it where it has not, and again where it has ended."""
        self._player.play()

    def pause(self) -> None:
        """Park the run."""
        self._player.pause()

    def toggle(self) -> None:
        """Play or pause."""
        self._player.toggle()

    def step(self, count: int = 1) -> None:
        """Make so many steps and pause; a run that has ended makes none."""
        self._player.step(count)

    def step_phase(self) -> None:
        """Make one phase of a step and rest there; a run that has ended makes none."""
        self._player.step_phase()

    def step_back(self) -> None:
        """Go one step back from the step shown, or from the one that is being gone back to."""
        self._time.step_back()

    def preview(self, step: int) -> None:
        """Pause and show at once what is kept nearest before an earlier step."""
        self._time.preview(step)

    def seek(self, step: int) -> None:
        """Go to any step and pause there; going back forgets later changes of the learning rate."""
        self._time.seek(step)

    def pin(self) -> None:
        """Pin the run on screen as it is now; say what is in the way by ``rejected``."""
        run, snapshot = self._player.run, self.snapshot()
        if run.problem is None or snapshot is None:
            return
        first, changes = run.first_experiment, run.rate_changes
        try:
            self.pins.pin(first, run.problem, snapshot, rate_changes=changes, result=run.result)
        except InputError as error:
            self.rejected.emit(error.problems)

    def close(self) -> None:
        """End the run and the thread, whatever state they are in; return when they have ended."""
        self._player.stop()
        self._thread.end()

    def _connect(self) -> None:
        """Hand on what the thread and the player say."""
        thread, player = self._thread, self._player
        thread.devices_found.connect(self.devices_found)
        thread.run_started.connect(self.run_started)
        thread.progress.connect(self.progress)
        thread.run_failed.connect(self.run_failed)
        player.torch_ready.connect(self.torch_ready)
        player.state_changed.connect(self.state_changed)
        player.run_replaced.connect(self.run_replaced)
        player.run_finished.connect(self.run_finished)
        player.rejected.connect(self.rejected)
        player.went_back.connect(self._on_went_back)
        player.interrupted.connect(self.comparison.cancel)

    def _take(self, experiment: Experiment, *, live: bool) -> None:
        """Go on with an edited experiment, or begin again with it and play on where the run was playing."""
        if live:
            self.comparison.cancel()
            self._player.run.change(experiment)
            self.experiment_changed.emit(experiment)
            return
        playing = self.is_playing
        self._player.put(experiment)
        if playing:
            self.play()
        with self._player.run.held():  # the new run waits until its start is painted
            self.experiment_changed.emit(experiment)
            self.run_replaced.emit()

    @Slot()
    def _on_went_back(self) -> None:
        self.experiment_changed.emit(self.experiment)
