"""The changes of the learning rate that were made during a run, so that it can be repeated exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.training.trainer import Trainer


class RateSchedule:
    """Pairs (step, rate), in order: the steps after ``step`` are made with the learning rate ``rate``.

    The training thread alone changes it; any other may read ``changes``.
    """

    def __init__(self, changes: Sequence[tuple[int, float]] = ()) -> None:
        self._changes = tuple(changes)
        self._applied = 0  # how many of the changes the trainer has by now

    @property
    def changes(self) -> tuple[tuple[int, float], ...]:
        """All changes, those still to come included."""
        return self._changes

    def until(self, step: int) -> tuple[tuple[int, float], ...]:
        """Return the changes that acted on the steps up to and including ``step``.

        One made at ``step`` itself is not among them: it acts from the step after it on.
        """
        return tuple(change for change in self._changes if change[0] < step)

    def record(self, trainer: Trainer, rate: float, from_step: int = 0) -> None:
        """Change the rate after the trainer's latest step, or after ``from_step`` where that is still ahead.

        Changes planned for that step or later are dropped: the user has changed the run's future.
        """
        at = max(from_step, trainer.step)
        kept = (change for i, change in enumerate(self._changes) if i < self._applied or change[0] < at)
        self._changes = (*kept, (at, rate))

    def advance(self, trainer: Trainer, most: int) -> int:
        """Apply the changes that are due; return how many steps, at most ``most``, precede the next one."""
        while self._applied < len(self._changes) and self._changes[self._applied][0] <= trainer.step:
            trainer.learning_rate = self._changes[self._applied][1]
            self._applied += 1
        if self._applied == len(self._changes):
            return most
        return min(most, self._changes[self._applied][0] - trainer.step)
