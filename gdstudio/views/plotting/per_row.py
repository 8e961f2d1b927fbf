"""Losses of different numbers of rows made comparable: where a cost is a sum, each is divided by its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats

_BETWEEN = 48
"""At so many steps between the epochs the loss of a pinned run is computed."""
_MOST_LOSSES = 2_000_000
"""More losses of single rows than these are not computed for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """What is drawn of a run's losses, all on one scale.

    ``table`` (e + 1, 4) has a row for the start and one for each epoch: epoch, step, training and test loss.
    ``steps`` (k,) and ``batch`` (k,) are the losses of the batches; there are none in a full-batch run.
    """

    table: Floats
    steps: Floats
    batch: Floats

    @classmethod
    def of(cls, snapshot: Snapshot, experiment: Experiment) -> Losses:
        """Return the losses of a run."""
        table = np.concatenate([[[0.0, 0.0, snapshot.costs[0], np.nan]], snapshot.epoch_table])
        steps, batch = snapshot.steps[1:], snapshot.costs[1:]
        if experiment.is_full_batch:
            steps, batch = steps[:0], batch[:0]
        if experiment.problem.cost_adds_up:
            table[:, 2] /= experiment.problem.row_count
            table[:, 3] /= max(1, experiment.problem.test_row_count)
            batch = batch / rows_of(steps, experiment)
        return cls(table, steps, batch)

    @property
    def tested(self) -> Floats:
        """The rows of the table that have a test loss."""
        return self.table[np.isfinite(self.table[:, 3])]


def rows_of(steps: Floats, experiment: Experiment) -> Floats:
    """Return the number of rows in the batch of each step (k,); the last batch of an epoch may be smaller."""
    per_epoch, size = experiment.steps_per_epoch, experiment.batch_size
    last = experiment.problem.row_count - size * (per_epoch - 1)
    return np.where(steps % per_epoch == 0, float(last), float(size))


def pinned_losses(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Floats, Floats]:
    """Return epochs, which are rows seen, and training losses (k,) of a run, also between its epochs."""
    table = Losses.of(snapshot, experiment).table
    if len(problem.rows) * _BETWEEN > _MOST_LOSSES:
        return table[:, 0], table[:, 2]
    kept = evenly(np.arange(float(len(snapshot.steps))), _BETWEEN).astype(int)
    with np.errstate(over="ignore", invalid="ignore"):
        losses = problem.cost_at(snapshot.weights[kept])
    if experiment.problem.cost_adds_up:
        losses = losses / experiment.problem.row_count
    epochs = np.concatenate([snapshot.steps[kept] / experiment.steps_per_epoch, table[:, 0]])
    every = np.concatenate([losses, table[:, 2]])
    epochs, first = np.unique(epochs[np.isfinite(every)], return_index=True)
    return epochs, every[np.isfinite(every)][first]
