"""One run of a race: made as far as the clock of the race has come, which counts gradient evaluations."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.race.record import Record
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

    from gdstudio.core.problems import Problem
    from gdstudio.core.race.lineup import Contestant
    from gdstudio.core.training.rows import Rows
    from gdstudio.core.training.stopping import Finish

    Changes = Sequence[tuple[float, float]]

_TURN_SECONDS, _MOST_STEPS = 0.002, 1024
"""About how long, and how many steps at most, it steps before it asks whether to go on."""
_MOST_COSTS = 400
"""So many full costs of a run with mini-batches are computed at most on the way."""


class Racer:
    """Makes the very steps that ``gdstudio run`` makes of the contestant's experiment.

    Parameters
    ----------
    contestant, problem, device
        What is trained and how; the problem is shared by all of the race.
    counts_steps
        Whether changes of the learning rate are counted in its own steps, as those of the run on screen are,
        and not in gradient evaluations.
    """

    def __init__(
        self, contestant: Contestant, problem: Problem, device: torch.device, *, counts_steps: bool = False
    ) -> None:
        self.contestant, self._problem, self._device = contestant, problem, device
        self._counts_steps = counts_steps
        self._changes: tuple[tuple[float, float], ...] = ()
        total = contestant.experiment.total_steps
        self._every = 1 if contestant.experiment.is_full_batch else max(1, -(-total // _MOST_COSTS))
        self._begin()

    def _begin(self) -> None:
        experiment = self.contestant.experiment
        self._trainer = Trainer(experiment, self._problem, self._device)
        self._turn, self._made = 1, 0  # the steps of a turn, and the gradient evaluations so far
        self.record = Record(len(self._problem.weight_names), experiment.total_steps)
        first = self._trainer.start()
        self.record.append(first.steps, first.steps, first.costs, first.weights)

    @property
    def made(self) -> int:
        """How many gradient evaluations its steps have taken so far."""
        return self._made

    @property
    def steps(self) -> int:
        """How many steps it has made."""
        return self._trainer.step

    @property
    def finish(self) -> Finish | None:
        """How it has ended, None before."""
        return self._trainer.finish

    @property
    def ended_at(self) -> float:
        """After how many gradient evaluations it ended; infinite where it has not."""
        if self.finish is None:
            return float("inf")
        # The step that led beyond all numbers took an evaluation, too, though it is not kept.
        is_lost = self.finish.reason is FinishReason.DIVERGED and self.steps > 0
        return float(self._made + is_lost)

    @property
    def cost(self) -> float:
        """The full training cost at the weights that it has come to."""
        return self._trainer.full_cost()

    def advance(
        self,
        evaluations: float,
        changes: Changes = (),
        goes_on: Callable[[], bool] = lambda: True,
        *,
        steps: float = float("inf"),
    ) -> None:
        """Make every step that begins before so many evaluations, or steps, are made.

        Parameters
        ----------
        evaluations, steps
            How far to go. A step that takes several evaluations may end beyond.
        changes
            Pairs (evaluations, rate), or (step, rate), in order: what follows is made with the rate. Where
            they are other ones than those by which steps have been made, it begins anew.
        goes_on
            Asked every few milliseconds whether to go on.
        """
        self._follow(() if self.contestant.has_own_rate else tuple(changes))
        while self.finish is None and self._made < evaluations and self.steps < steps and goes_on():
            count = self._apply_changes(min(evaluations - self._made, steps - self.steps, self._turn))
            began, before = perf_counter(), self.steps
            self._take(self._trainer.advance(int(count)))
            spent, made = perf_counter() - began, self.steps - before
            self._turn = max(1, min(_MOST_STEPS, int(made * _TURN_SECONDS / max(spent, 1e-9))))

    @property
    def _at(self) -> int:
        return self.steps if self._counts_steps else self._made

    def _follow(self, changes: tuple[tuple[float, float], ...]) -> None:
        """Begin anew where steps have been made with other rates than these changes give them."""
        made = [
            tuple(change for change in known if change[0] < self._at) for known in (self._changes, changes)
        ]
        if made[0] != made[1]:
            self._begin()
        self._changes = changes

    def _apply_changes(self, most: float) -> float:
        """Set the rate of the next step; return how many steps, at most ``most``, are made with it."""
        at, rate = self._at, self.contestant.experiment.run.learning_rate
        for when, changed in self._changes:
            if when > at:
                most = min(most, when - at)
                break
            rate = changed
        self._trainer.learning_rate = rate
        if self.contestant.experiment.run.optimizer.needs_closure:
            return 1  # how many gradients a step takes is known only after it
        return min(most, self._every - self.steps % self._every)

    def _take(self, rows: Rows) -> None:
        if not len(rows):
            return
        self._made = self._trainer.evaluations
        costs, sees_all = rows.costs, self.contestant.experiment.is_full_batch
        if not sees_all:
            costs = np.full(len(rows), np.nan)
            if self.steps % self._every == 0 or self.finish is not None:
                costs[-1] = self.cost
        evaluations = rows.steps if rows.evaluations is None else rows.evaluations
        self.record.append(rows.steps, evaluations, costs, rows.weights)
