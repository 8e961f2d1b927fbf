"""The changes of the learning rate that were made on the way, so that a run can be made again exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.training.trainer import Trainer


class RateSchedule:
    """Pairs (step, rate): from the step after ``step`` on, the learning rate is ``rate``.

    One thread runs and changes it; any other may read ``changes``.
    """

    def __init__(self, changes: Sequence[tuple[int, float]] = ()) -> None:
        self._changes = tuple(changes)
        self._applied = 0

    @property
    def changes(self) -> tuple[tuple[int, float], ...]:
        """All changes, those still to come included."""
        return self._changes

    def until(self, step: int) -> tuple[tuple[int, float], ...]:
        """Return the changes that acted on the steps up to and including ``step``."""
        return tuple(change for change in self._changes if change[0] < step)

    def record(self, trainer: Trainer, rate: float) -> None:
        """Change the rate now; what was still to come is dropped, since it belonged to another run."""
        self._changes = (*self._changes[: self._applied], (trainer.step, rate))
        self._applied = len(self._changes)
        trainer.learning_rate = rate

    def advance(self, trainer: Trainer, most: int) -> int:
        """Apply what is due; return how many steps, at most ``most``, there are before the next change."""
        while self._applied < len(self._changes) and self._changes[self._applied][0] <= trainer.step:
            trainer.learning_rate = self._changes[self._applied][1]
            self._applied += 1
        if self._applied == len(self._changes):
            return most
        return min(most, self._changes[self._applied][0] - trainer.step)
