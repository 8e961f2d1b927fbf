"""States of a trainer kept during a run, so that any earlier step can be reached again quickly.

Going back to a step restores the last state kept before it and repeats the few steps between. The number of
states is bounded: they are spread over the whole run and lie closer together over its most recent steps.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.training.rows import Checkpoint, EpochRow, Rows
    from gdstudio.core.training.trainer import Trainer

CAPACITY = 512
"""At most so many marks over the whole run; every second one is dropped when there are more."""
FIRST_STRIDE = 64
"""Steps from one of these marks to the next, until some are dropped."""
RECENT = 16
"""So many marks are kept of the most recent steps besides."""
RECENT_STRIDE = 128
"""Steps from one recent mark to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A state of the trainer with what the history needs there.

    That is its epoch, its cost, the last finished epoch, and how many gradients were asked for.
    """

    checkpoint: Checkpoint
    epoch: float
    cost: float
    epoch_row: EpochRow | None
    evaluations: int

    @property
    def step(self) -> int:
        """The step whose weights it holds."""
        return self.checkpoint.step


class Checkpoints:
    """The marks of one run: some over its whole length, some of its most recent steps.

    The training thread offers them, any other thread may ask for the way back. ``resume`` is the mark that
    the run begins from, None where it begins at its start.
    """

    def __init__(self, marks: Iterable[Mark] = (), *, stride: int = FIRST_STRIDE) -> None:
        self._lock = threading.Lock()
        self._marks = list(marks)
        self._recent: deque[Mark] = deque(maxlen=RECENT)
        self._epoch_row = self._marks[-1].epoch_row if self._marks else None
        self.stride = stride
        self.resume: Mark | None = None

    def __len__(self) -> int:
        return len(self._marks) + len(self._recent)

    def offer(self, trainer: Trainer, rows: Rows) -> None:
        """Keep a mark of the trainer's state where one is due.

        ``rows`` are those that the trainer made last; there is at least one.
        """
        if rows.epoch_rows:
            self._epoch_row = rows.epoch_rows[-1]
        is_due = trainer.step >= self._next(self._marks, self.stride)
        is_recent = trainer.step >= self._next(self._recent, RECENT_STRIDE)
        if not (is_due or is_recent):
            return
        epoch, cost = float(rows.epochs[-1]), float(rows.costs[-1])
        mark = Mark(trainer.checkpoint(), epoch, cost, self._epoch_row, trainer.evaluations)
        with self._lock:
            if is_recent:
                self._recent.append(mark)
            if is_due:
                self._marks.append(mark)
                if len(self._marks) > CAPACITY:
                    self._marks = self._marks[1::2]
                    self.stride *= 2

    def back_to(self, step: int) -> Checkpoints:
        """Return the marks before ``step`` for a run that resumes from the last of them."""
        with self._lock:
            known = {mark.step: mark for mark in (*self._marks, *self._recent) if mark.step < step}
            kept = [mark for mark in self._marks if mark.step < step]
            made = Checkpoints(kept, stride=self.stride)
        made.resume = known[max(known)] if known else None
        if made.resume is not None:
            made._epoch_row = made.resume.epoch_row
        return made

    @staticmethod
    def _next(marks: list[Mark] | deque[Mark], stride: int) -> int:
        return marks[-1].step + stride if marks else stride
