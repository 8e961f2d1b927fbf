"""The record of a run that is drawn: of bounded size, from its first step to its latest, read while written.

Every ``stride``-th row is kept. The stride doubles whenever the table is full, so that a run of any length
stays visible as a whole; the latest row is always among those read.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.core.training.phases import PhaseLog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.core.training.checkpoints import Mark
    from gdstudio.core.training.course import Course
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.training.rows import EpochRow, Rows
    from gdstudio.core.typing import Floats

CAPACITY = 1024
"""How many rows are kept at most."""
_FIRST_WEIGHT = 4
"""The column of the first weight: before it are step, epoch, cost and the gradients asked for."""


class ThinnedTable:
    """A table of bounded size that keeps only every ``stride``-th of the rows added to it.

    The first column numbers the rows one by one (a step or an epoch); kept are those whose number is a
    multiple of the stride, which doubles whenever the table is full.
    """

    def __init__(self, width: int, capacity: int = CAPACITY) -> None:
        self._data = np.empty((capacity, width))
        self._count = 0
        self.stride = 1

    def append(self, rows: Floats) -> None:
        """Add rows of shape (m, width); their numbers follow on from that of the last row."""
        rows = rows[rows[:, 0] % self.stride == 0]
        while self._count + len(rows) > len(self._data):
            self.stride *= 2
            kept = self.rows[self.rows[:, 0] % self.stride == 0]
            self._data[: len(kept)] = kept
            self._count = len(kept)
            rows = rows[rows[:, 0] % self.stride == 0]
        self._data[self._count : self._count + len(rows)] = rows
        self._count += len(rows)

    def up_to(self, last: float, column: int = 0) -> ThinnedTable:
        """Return a copy without the rows whose ``column`` is greater than ``last``."""
        made = ThinnedTable(self._data.shape[1], len(self._data))
        kept = self.rows[self.rows[:, column] <= last]
        made._data[: len(kept)] = kept
        made._count, made.stride = len(kept), self.stride
        return made

    @property
    def rows(self) -> Floats:
        """The rows kept, a view of shape (k, width)."""
        kept: Floats = self._data[: self._count]
        return kept


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A copy of a history as it was at one moment: k rows kept, P weights, e epochs.

    ``steps`` (k,), ``epochs`` (k,), ``costs`` (k,), ``weights`` (k, P): every ``stride``-th step and,
    always, the latest one. ``epoch_table`` (e, 4): epoch, step, training cost, test cost (NaN where
    none). The latest step was made with ``gradient`` (P,), taken at the weights ``came_from`` (P,), and
    with ``learning_rate``; ``optimizer_state`` is what torch's optimizer remembers after it, for weights
    that are one tensor (None for plain SGD, before the first step, and where it is not known). ``phase`` is
    what the step under way has computed so far, where it is made phase by phase. ``course`` is what is known
    of the whole run up to the latest step; None before the run has begun, and where the snapshot was cut.
    ``evaluations`` (k,) are the gradients that the run had asked for by then: one a step for most optimizers.
    ``version`` is the history's at that moment.
    """

    version: int
    stride: int
    steps: Floats
    epochs: Floats
    costs: Floats
    weights: Floats
    epoch_table: Floats
    gradient: Floats | None
    came_from: Floats | None
    learning_rate: float | None
    phase: PhaseFact | None = None
    course: Course | None = None
    optimizer_state: Mapping[str, Any] | None = None
    evaluations: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def step(self) -> int:
        """The latest step."""
        return int(self.steps[-1])

    @property
    def epoch(self) -> int:
        """The epoch that the latest step belongs to."""
        return int(self.epochs[-1])

    @property
    def cost(self) -> float:
        """The latest cost."""
        return float(self.costs[-1])

    @property
    def latest(self) -> Floats:
        """The latest weights, shape (P,)."""
        latest: Floats = self.weights[-1]
        return latest


def cut(snapshot: Snapshot, step: int) -> Snapshot:
    """Return a snapshot without the rows after ``step``; row 0 always stays."""
    rows = max(1, int(np.searchsorted(snapshot.steps, step, side="right")))
    table = snapshot.epoch_table
    return replace(
        snapshot,
        steps=snapshot.steps[:rows],
        epochs=snapshot.epochs[:rows],
        costs=snapshot.costs[:rows],
        weights=snapshot.weights[:rows],
        epoch_table=table[table[:, 1] <= step] if len(table) else table,
        gradient=None,
        came_from=None,
        learning_rate=None,
        phase=None,
        course=None,
        optimizer_state=None,
        evaluations=snapshot.evaluations[:rows],
    )


class History:
    """The record of one run: the training thread appends rows, any other thread takes snapshots.

    ``phases`` holds what the step under way has computed so far, where it is made phase by phase.
    """

    def __init__(self, weight_count: int, capacity: int = CAPACITY) -> None:
        width = _FIRST_WEIGHT + weight_count
        self.phases = PhaseLog()
        self._lock = threading.Lock()
        self._table = ThinnedTable(width, capacity)
        self._epochs = ThinnedTable(4, capacity)
        self._latest = np.full((1, width), np.nan)
        self._latest_epoch: Floats = np.empty((0, 4))
        self._gradient: Floats | None = None
        self._came_from: Floats | None = None
        self._learning_rate: float | None = None
        self._course: Course | None = None
        self._optimizer_state: Mapping[str, Any] | None = None
        self._version = 0

    @property
    def step(self) -> float:
        """The latest step; NaN before row 0 is in."""
        return float(self._latest[0, 0])

    @property
    def version(self) -> int:
        """A number that changes whenever rows or a phase are added: the same means nothing new to draw."""
        return self._version + self.phases.version

    def begin(self, cost: float, weights: Floats) -> None:
        """Add row 0 of a run that has not begun: its initial weights (P,) and their cost."""
        with self._lock:
            self._latest = np.concatenate([[0.0, 0.0, cost, 0.0], weights])[None, :]
            self._table.append(self._latest)
            self._version += 1

    def append(self, rows: Rows) -> None:
        """Add the rows of consecutive steps."""
        if not len(rows):
            return
        evaluations = rows.steps if rows.evaluations is None else rows.evaluations
        block = np.column_stack([rows.steps, rows.epochs, rows.costs, evaluations, rows.weights])
        with self._lock:
            self._table.append(block)
            self._latest = block[-1:]
            self._gradient, self._came_from = rows.gradient, rows.came_from
            self._learning_rate, self._optimizer_state = rows.learning_rate, rows.optimizer_state
            self._course = rows.course
            for row in rows.epoch_rows:
                self._latest_epoch = _epoch_values(row)
                self._epochs.append(self._latest_epoch)
            self._version += 1

    def snapshot(self) -> Snapshot:
        """Return a copy of what is kept now. Row 0 must have been added."""
        with self._lock:
            table = _with_latest(self._table.rows, self._latest)
            epochs = _with_latest(self._epochs.rows, self._latest_epoch)
            return Snapshot(
                self._version,
                self._table.stride,
                table[:, 0],
                table[:, 1],
                table[:, 2],
                table[:, _FIRST_WEIGHT:],
                epochs,
                self._gradient,
                self._came_from,
                self._learning_rate,
                self.phases.at(self.step),
                course=self._course,
                optimizer_state=self._optimizer_state,
                evaluations=table[:, _FIRST_WEIGHT - 1],
            )

    def back_to(self, mark: Mark) -> History:
        """Return a new history with the rows up to a mark's step, for a run that is continued from there."""
        weights = mark.checkpoint.weights.cpu().numpy().astype(np.float64)
        made = History(len(weights))
        with self._lock:
            made._table = self._table.up_to(mark.step)
            made._epochs = self._epochs.up_to(mark.step, column=1)
        latest = [mark.step, mark.epoch, mark.cost, mark.evaluations]
        made._latest = np.concatenate([latest, weights])[None, :]
        if mark.epoch_row is not None:
            made._latest_epoch = _epoch_values(mark.epoch_row)
        made._course = mark.checkpoint.course
        made._version = 1
        return made


def _epoch_values(row: EpochRow) -> Floats:
    test = np.nan if row.test_cost is None else row.test_cost
    return np.array([[row.epoch, row.step, row.train_cost, test]])


def _with_latest(rows: Floats, latest: Floats) -> Floats:
    if len(latest) and (not len(rows) or rows[-1, 0] != latest[-1, 0]):
        return np.concatenate([rows, latest])
    return rows.copy()
