"""The cost over all rows of a problem: those it is trained on, and those held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from gdstudio.core.training.rows import EpochRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.training.batches import Batch
    from gdstudio.core.training.flat_weights import FlatWeights
    from gdstudio.core.typing import Floats


class Evaluation:
    """Computes the cost over all training rows, and over the test rows, at the weights of a run.

    Parameters
    ----------
    problem
        The problem whose rows they are.
    weights
        The weights of the run; the rows are put on their device, in their precision.
    cost
        Returns the cost of rows X (n, d) and y (n, 1) at the weights now.
    """

    def __init__(
        self,
        problem: Problem,
        weights: FlatWeights,
        cost: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    ) -> None:
        self._weights, self._cost = weights, cost
        self.train = _tensors(problem.rows, weights.vector)
        """All training rows, X (n, d) and y (n, 1)."""
        self.test = _tensors(problem.held_out, weights.vector) if problem.held_out is not None else None
        """All test rows, or None."""

    def train_cost(self) -> float:
        """Return the cost over all training rows at the weights now."""
        return float(self._cost(*self.train))

    def train_cost_at(self, weights: Floats) -> float:
        """Return the same at other weights (P,); those of the run stay as they are."""
        with self._weights.preserved():
            self._weights.set(weights)
            return self.train_cost()

    def test_cost(self) -> float | None:
        """Return the cost over all test rows at the weights now; None without test rows."""
        return float(self._cost(*self.test)) if self.test is not None else None

    def epoch_row(self, epoch: int, step: int) -> EpochRow:
        """Return the row of an epoch that ends now, after step ``step``."""
        return EpochRow(epoch, step, self.train_cost(), self.test_cost())


def _tensors(data: Dataset, like: torch.Tensor) -> Batch:
    X = torch.from_numpy(data.X).to(like)
    y = torch.from_numpy(data.y[:, None]).to(like)
    return X.contiguous(), y.contiguous()
