"""The session: the experiment on screen, its edits, and the parts that run, compare and pin it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.seeds import MAX_SEED
from gdstudio.worker.comparison import Comparison
from gdstudio.worker.concealed import Concealed
from gdstudio.worker.guess import Guess
from gdstudio.worker.pins import Pins
from gdstudio.worker.player import Player
from gdstudio.worker.racing import Racing
from gdstudio.worker.sketch import Sketch
from gdstudio.worker.thread import TrainingThread
from gdstudio.worker.time_travel import TimeTravel
from gdstudio.worker.undo import Undo

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.worker.run import Run


class Session(QObject):
    """One experiment on screen with all that can be done to it, called from the window's thread.

    The session itself edits the experiment: an edit makes a new one, with which the run goes on where all
    that was changed allows it, and begins again elsewhere. Values that are wrong, or whose data cannot be
    made, change nothing, and ``rejected`` says why. All else is done by its parts.

    Attributes
    ----------
    player
        Play, pause, step and reset; tells the state of the run and its end.
    run
        The run on screen: its problem, what it has done, its result.
    time
        Shows and goes to earlier and later steps.
    training
        The training thread; tells that a run has started, how far it is, and that it broke.
    pins
        Runs kept on screen.
    comparison
        Makes runs with three batch sizes and pins them.
    concealed
        What the question on screen hides.
    guess
        Where the user expects the run to end, while a question asks for it.
    undo
        Takes edits back, and makes them again, until something else is loaded.
    racing
        Other optimizers beside the run on screen.
    sketch
        The curve of the cost that the user expects, while a question asks for it.
    """

    experiment_changed = Signal(object)  # the new experiment
    loaded = Signal()  # a lesson or a file is being put on screen
    run_replaced = Signal()  # another problem or another start is on screen: views begin anew
    rejected = Signal(object)  # a tuple of lines that say why something cannot be done

    def __init__(self, experiment: Experiment, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.training = TrainingThread(self)
        self.player = Player(self.training, experiment, self)
        self.time = TimeTravel(self.player)
        self.pins = Pins(self)
        self.concealed = Concealed(self)
        self.guess = Guess(self)
        self.undo = Undo(self.edit, self)
        self.sketch = Sketch(self)
        self.racing = Racing(self.player, self)
        self.comparison = Comparison(self.player, self.pins, self.training, self)
        self.player.interrupted.connect(self.comparison.cancel)
        self.player.went_back.connect(self._on_went_back)
        self.player.run_replaced.connect(self.run_replaced)
        self.player.rejected.connect(self.rejected)
        self.comparison.rejected.connect(self.rejected)

    @property
    def run(self) -> Run:
        """The run on screen; another object after each restart."""
        return self.player.run

    @property
    def experiment(self) -> Experiment:
        """The experiment on screen."""
        return self.run.experiment

    def load(self, experiment: Experiment) -> bool:
        """Put another experiment on screen, ready to play; return whether its data could be made."""
        if not self.player.put(experiment):
            return False
        self.undo.clear()
        self.loaded.emit()
        self.experiment_changed.emit(experiment)
        self.run_replaced.emit()
        return True

    def reseed(self) -> None:
        """Go back to the start with the next seed: other data, other initial weights."""
        self.edit({"run.seed": (self.experiment.run.seed + 1) % (MAX_SEED + 1)})

    def edit(self, changes: dict[str, Any]) -> bool:
        """Set paths such as ``run.learning_rate``; return whether the values were right.

        The run goes on where every change allows it, and elsewhere begins again, playing where it played.
        It waits meanwhile, so that it and the window do not slow each other down.
        """
        with self.run.held():
            try:
                changes = self._by_hand(changes)
                experiment = self.experiment.edited(changes)
            except InputError as error:
                self.rejected.emit(error.problems)
                return self._stay()
            if experiment == (before := self.experiment):
                return True
            if self.run.can_change(experiment, changes):
                self._go_on_with(experiment, changes)
            elif not self._begin_again_with(self.run.experiment_to_begin.edited(changes)):
                return self._stay()
            self.undo.note(before, self.experiment, changes)
        return True

    def _stay(self) -> bool:
        """Let controls show the values in force again; return False."""
        self.experiment_changed.emit(self.experiment)
        return False

    @Slot()
    def follow_plan(self) -> None:
        """Take over the learning rate of the next step where the experiment's file plans it."""
        rate = self.run.planned_rate
        if rate is not None and rate != self.experiment.run.learning_rate:
            self.run.experiment = self.experiment.edited({"run.learning_rate": rate})
            self.experiment_changed.emit(self.experiment)

    def pin(self) -> None:
        """Pin the run on screen as it is now; ``rejected`` says why where it cannot be."""
        run, snapshot = self.run, self.run.snapshot()
        if run.problem is None or snapshot is None:
            return
        first, changes = run.first_experiment, run.rate_changes
        try:
            self.pins.pin(first, run.problem, snapshot, rate_changes=changes, result=run.result)
        except InputError as error:
            self.rejected.emit(error.problems)

    def close(self) -> bool:
        """End the run and the thread; return whether the thread has ended in time."""
        self.player.stop()
        return self.training.end()

    def _by_hand(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Return changes that also drop the planned ones of a learning rate which is changed by hand."""
        run = self.experiment.run
        if not run.change or changes.get("run.learning_rate", run.learning_rate) == run.learning_rate:
            return changes
        return {"run.change": None, **changes}

    def _go_on_with(self, experiment: Experiment, changes: dict[str, Any]) -> None:
        self.comparison.cancel()
        self.run.change(experiment, changes)
        self.experiment_changed.emit(experiment)

    def _begin_again_with(self, experiment: Experiment) -> bool:
        """Begin with another experiment; return whether its data could be made."""
        playing = self.player.is_playing
        if not self.player.put(experiment):
            return False
        if playing:
            self.player.play()
        with self.run.held():  # the new run waits until its start is painted
            self.experiment_changed.emit(experiment)
            self.run_replaced.emit()
        return True

    @Slot()
    def _on_went_back(self) -> None:
        self.experiment_changed.emit(self.experiment)
