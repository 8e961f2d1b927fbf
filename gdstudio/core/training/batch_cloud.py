"""The gradients of all mini-batches of an epoch at the same weights: a cloud around the full gradient.

Batches of equal size cut the rows of a mean without rest: then the mean of their gradients is the full one.
Where the last batch is smaller, that holds of the mean weighted by rows (Bottou, Curtis and Nocedal,
Optimization methods for large-scale machine learning, SIAM Review 2018, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.seeds import generator

if TYPE_CHECKING:
    import torch

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.batches import Batch
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats

_MOST_BATCHES, _MOST_ROWS = 500, 100_000
"""No more are taken at once, so that it does not take long."""
_MOST_SHUFFLED = 20_000_000
"""So many rows are put in order at most to reach the epoch of a run; further on, its first epoch is taken."""
_SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class BatchCloud:
    """The gradients of m batches of one epoch at one moment of a run, in float64.

    Attributes
    ----------
    step, epoch
        The step after which they were taken, and the epoch whose batches they are, counted from 1.
    gradients
        The gradient of each batch (m, P), by its own rows alone; of a cost that is a sum, divided by them.
    sizes
        The rows of each batch (m,).
    full
        The gradient of all rows (P,), of a sum divided by their number.
    batches
        How many batches the epoch has; only the first m of very many are taken.
    """

    step: int
    epoch: int
    gradients: Floats
    sizes: Floats
    full: Floats
    batches: int

    @property
    def mean(self) -> Floats:
        """The mean of the batches' gradients (P,), each counted once."""
        return np.asarray(self.gradients.mean(axis=0))

    @property
    def mean_by_rows(self) -> Floats:
        """The mean of the batches' gradients (P,), each counted once a row."""
        return np.asarray(self.sizes @ self.gradients / self.sizes.sum())

    @property
    def spread(self) -> float:
        """The root of the mean squared distance of a batch's gradient from the full one."""
        return float(np.sqrt(((self.gradients - self.full) ** 2).sum(axis=1).mean()))

    def is_full(self, gradient: Floats) -> bool:
        """Whether a gradient (P,) is the full one, but for rounding."""
        size = max(float(np.linalg.norm(self.full)), self.spread)
        return float(np.linalg.norm(gradient - self.full)) <= _SAME * size


def batch_cloud(experiment: Experiment, problem: Problem, snapshot: Snapshot) -> BatchCloud:
    """Return the gradients of the batches of the epoch that a run is in, at its latest weights.

    They are those of the cost, without what a mistake makes of a gradient.
    """
    import torch

    size, rows = experiment.batch_size, len(problem.rows)
    epoch, order = _order(experiment, rows, max(1, snapshot.epoch))
    count = -(-rows // size)
    taken = max(1, min(count, _MOST_BATCHES, _MOST_ROWS // size))
    X, y = torch.from_numpy(problem.rows.X)[order], torch.from_numpy(problem.rows.y)[order]
    parts = list(zip(torch.split(X, size), torch.split(y[:, None], size), strict=True))[:taken]
    gradients = _gradients(problem, snapshot.latest, parts)
    sizes = np.array([float(len(part)) for part, _ in parts])
    full = problem.gradient_at(snapshot.latest)
    if experiment.problem.cost_adds_up:
        gradients, full = gradients / sizes[:, None], full / rows
    return BatchCloud(snapshot.step, epoch, gradients, sizes, full, count)


def _order(experiment: Experiment, rows: int, epoch: int) -> tuple[int, torch.Tensor]:
    """Return the epoch and the order of its rows, as `gdstudio.core.training.batches` draws it."""
    import torch

    if not experiment.run.shuffle or experiment.is_full_batch:
        return epoch, torch.arange(rows)
    stream = generator(experiment.run.seed, "order")
    epoch = epoch if epoch * rows <= _MOST_SHUFFLED else 1
    for _ in range(epoch):
        order = torch.randperm(rows, generator=stream)
    return epoch, order


def _gradients(problem: Problem, weights: Floats, batches: list[Batch]) -> Floats:
    """Return the gradient of the cost of each of m batches, shape (m, P), at weights (P,)."""
    import torch

    from gdstudio.core.training.flat_weights import FlatWeights

    trained = FlatWeights(problem.module(), weights, "cpu", torch.float64).parameters
    forward, loss = problem.forward(), problem.loss()
    rows = []
    for X, y in batches:
        found = torch.autograd.grad(loss(forward(trained, X), y), trained)
        rows.append(torch.cat([part.reshape(-1) for part in found]))
    return np.asarray(torch.stack(rows).numpy())
