"""The rows of each step, cut as a DataLoader cuts them: reshuffled each epoch, a partial last batch counts.

https://docs.pytorch.org/docs/stable/data.html. The rows are put in order once an epoch and
then cut, which is several times faster than a DataLoader and gives the same batches as
``DataLoader(dataset, batch_size, sampler=order)`` with ``order = torch.randperm(n, generator=...)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gdstudio.core.training.alignment import aligned_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    Batch: TypeAlias = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True, slots=True)
class BatchPosition:
    """Where a stream of batches stands, so that it can continue from there exactly.

    ``batch`` counts the batches taken of the epoch under way, ``generator_state`` is that of its shuffling.
    """

    epoch: int
    batch: int
    generator_state: torch.Tensor


class Batches:
    """An endless stream of mini-batches of X (n, d) and y (n, 1), epoch after epoch.

    ``epoch`` counts the passes that are complete, ``batch`` the batches taken of the one under way. A problem
    without rows has one batch an epoch all the same, an empty one: each of its steps is a pass.
    """

    def __init__(
        self, X: torch.Tensor, y: torch.Tensor, batch_size: int, *, shuffle: bool, generator: torch.Generator
    ) -> None:
        self._X, self._y = X, y
        self._size = batch_size
        self._generator = generator
        self._shuffles = shuffle and batch_size < len(X)  # all rows at once have no order
        self.per_epoch = -(-len(X) // batch_size) if len(X) else 1
        self.epoch = 0
        self.batch = 0
        self._begin_epoch()

    def take(self, most: int) -> Sequence[Batch]:
        """Return the next batches, at most so many and none of a later epoch.

        Where an epoch is one batch of all rows, the batches of several epochs come at once.
        """
        import torch

        if self.per_epoch == 1:
            self.epoch += most - (self.batch == 0)
            self.batch = 1
            return [(self._X, self._y)] * most

        if self.batch == self.per_epoch:
            self.epoch += 1
            self.batch = 0
            self._begin_epoch()
        first = self.batch * self._size
        count = min(most, self.per_epoch - self.batch)
        self.batch += count
        rows = slice(first, first + count * self._size)
        X = aligned_batches(self._shuffled_X[rows], self._size)
        return list(zip(X, torch.split(self._shuffled_y[rows], self._size), strict=True))

    @property
    def ends_epoch(self) -> bool:
        """Whether the batch taken last was the last of its epoch."""
        return self.batch == self.per_epoch

    def position(self) -> BatchPosition:
        """Return where the stream stands now."""
        return BatchPosition(self.epoch, self.batch, self._state)

    def go_to(self, position: BatchPosition) -> None:
        """Continue from a position that `position` returned earlier."""
        self.epoch, self.batch = position.epoch, position.batch
        self._generator.set_state(position.generator_state)
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        import torch

        self._state = self._generator.get_state()
        if self._shuffles:
            order = torch.randperm(len(self._X), generator=self._generator).to(self._X.device)
            self._shuffled_X, self._shuffled_y = self._X[order], self._y[order]
        else:
            self._shuffled_X, self._shuffled_y = self._X, self._y
