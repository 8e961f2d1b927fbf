"""Batch, mini-batch and stochastic descent from one start, one after another, pinned beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History
from gdstudio.core.training.run_control import RunControl
from gdstudio.worker.training_worker import RunRequest

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunResult
    from gdstudio.worker.session import Session
    from gdstudio.worker.training_worker import TrainingWorker

_GROUP = "comparison"
_MINI = 10


def batch_sizes(experiment: Experiment) -> tuple[int, ...]:
    """Return all rows, a mini-batch (the experiment's own, or 10) and a single row, where they differ."""
    rows = experiment.problem.row_count
    mini = _MINI if experiment.is_full_batch else experiment.batch_size
    if mini == 1:
        mini = _MINI
    return tuple(sorted({rows, min(mini, rows), 1}, reverse=True))


class Comparison(QObject):
    """Makes the runs at full speed in the worker's thread, apart from the run on screen.

    The experiment on screen stays as it is. Whatever the user does with the session ends a comparison that
    is under way (the session calls `cancel`); the runs that have ended by then stay pinned.
    """

    changed = Signal()  # begun, come to its next run, or ended
    _run_requested = Signal(object)

    def __init__(self, session: Session, worker: TrainingWorker) -> None:
        super().__init__(session)
        self._session = session
        self._waiting: list[Experiment] = []
        self._request: RunRequest | None = None
        self._last_id = 0
        self._run_requested.connect(worker.run, Qt.ConnectionType.QueuedConnection)
        worker.run_finished.connect(self._on_finished)

    @property
    def batch_size(self) -> int | None:
        """The batch size of the run under way, None where there is none."""
        return None if self._request is None else self._request.experiment.batch_size

    def start(self) -> None:
        """Begin; a run that is under way on screen goes back to its start, for there is one worker."""
        session = self._session
        if session.problem is None or not session.has_torch:
            return
        self.cancel()
        if session.control is not None:
            session.reset()
        own = session.experiment
        sizes = batch_sizes(own)
        session.pins.unpin_group(_GROUP)
        if session.pins.free < len(sizes):
            lines = f"A comparison pins {len(sizes)} runs, and there is room for {session.pins.free}."
            session.rejected.emit((f"{lines} Unpin some first.",))
            return
        self._waiting = [own.edited({"run.batch_size": size}) for size in sizes]
        self._next()

    def cancel(self) -> None:
        """End it at the next step; what has been pinned stays."""
        self._waiting.clear()
        if self._request is not None:
            self._request.control.stop()
            self._request = None
            self.changed.emit()

    def _next(self) -> None:
        problem = self._session.problem
        self._request = None
        if self._waiting and problem is not None:
            self._last_id -= 1  # the session's own runs count up
            history, control = History(len(problem.weight_names)), RunControl()
            self._request = RunRequest(self._last_id, self._waiting.pop(0), problem, control, history)
            self._run_requested.emit(self._request)
        self.changed.emit()

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        request = self._request
        if request is None or result.run_id != request.run_id:
            return
        if result.reason is FinishReason.FAILED:
            self._session.rejected.emit(("The comparison could not go on: a run broke.",))
            self.cancel()
            return
        try:
            self._session.pins.pin(
                request.experiment, request.problem, request.history.snapshot(), result=result, group=_GROUP
            )
        except InputError as error:
            self._session.rejected.emit(error.problems)
        self._next()
