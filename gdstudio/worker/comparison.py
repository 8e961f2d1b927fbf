"""Runs batch, mini-batch and stochastic descent from one start, pins them, and replays them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History
from gdstudio.core.training.run_control import RunControl
from gdstudio.worker.replay import Replay
from gdstudio.worker.training_worker import RunRequest

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.worker.pins import Pins
    from gdstudio.worker.player import Player
    from gdstudio.worker.thread import TrainingThread

_GROUP = "comparison"
_MINI_BATCH = 10
"""The mini-batch that is compared where the experiment has none of its own."""


def batch_sizes(experiment: Experiment) -> tuple[int, ...]:
    """Return all rows, a mini-batch (the experiment's own, or 10) and a single row, where they differ."""
    rows = experiment.problem.row_count
    mini = experiment.batch_size
    if experiment.is_full_batch or mini == 1:
        mini = _MINI_BATCH
    return tuple(sorted({rows, min(mini, rows), 1}, reverse=True))


class Comparison(QObject):
    """Makes its runs at full speed in the training thread; the experiment on screen stays as it is.

    There is one worker: whatever the user does with the run on screen ends a comparison that is under way
    (the session calls `cancel`). The runs that have ended by then stay pinned. When all have ended,
    ``replay`` shows them against the rows that they have seen, since that is what their steps cost.
    """

    changed = Signal()  # it has begun, has come to its next run, or has ended
    rejected = Signal(object)  # a tuple of lines that say why it cannot go on
    _run_requested = Signal(object)

    def __init__(
        self, player: Player, pins: Pins, thread: TrainingThread, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._player, self._pins = player, pins
        self._waiting: list[Experiment] = []
        self._request: RunRequest | None = None
        self._last_id = 0
        self.replay = Replay(self)
        # The worker itself, for the thread passes on only what the run on screen tells.
        self._run_requested.connect(thread.worker.run, Qt.ConnectionType.QueuedConnection)
        thread.worker.run_finished.connect(self._on_finished)

    @property
    def batch_size(self) -> int | None:
        """The batch size of the run under way, None where there is none."""
        return None if self._request is None else self._request.experiment.batch_size

    def start(self) -> None:
        """Begin; a run that is under way on screen goes back to its start, for there is one worker."""
        player = self._player
        if player.run.problem is None or not player.has_torch:
            return
        if not player.run.experiment.problem.row_count:
            self.rejected.emit(("There are no rows here to make batches of.",))
            return
        self.cancel()
        if player.run.control is not None:
            player.reset()
        own = player.run.experiment_to_begin
        sizes = batch_sizes(own)
        self._pins.unpin_group(_GROUP)
        if self._pins.free < len(sizes):
            lines = f"A comparison pins {len(sizes)} runs, and there is room for {self._pins.free}."
            self.rejected.emit((f"{lines} Unpin some first.",))
            return
        self._waiting = [own.edited({"run.batch_size": size}) for size in sizes]
        self._next()

    def cancel(self) -> None:
        """End the comparison at the next step of its run; what has been pinned stays."""
        self._waiting.clear()
        self.replay.stop()
        if self._request is not None:
            self._request.control.stop()
            self._request = None
            self.changed.emit()

    def _next(self) -> None:
        problem = self._player.run.problem
        self._request = None
        if self._waiting and problem is not None:
            self._last_id -= 1  # negative, since the runs on screen count up from 1
            history, control = History(len(problem.weight_names)), RunControl()
            self._request = RunRequest(self._last_id, self._waiting.pop(0), problem, control, history)
            self._run_requested.emit(self._request)
        else:
            self.replay.start(_GROUP, [pin for pin in self._pins.all if pin.group == _GROUP])
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        request = self._request
        if request is None or result.run_id != request.run_id:
            return
        if result.reason is FinishReason.FAILED:
            self.rejected.emit(("The comparison could not go on: a run broke.",))
            self.cancel()
            return
        try:
            self._pins.pin(
                request.experiment, request.problem, request.history.snapshot(), result=result, group=_GROUP
            )
        except InputError as error:
            self.rejected.emit(error.problems)
        self._next()
