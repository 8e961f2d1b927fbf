"""Losses of different numbers of rows made comparable: where a cost is a sum, each is divided by its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats


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
