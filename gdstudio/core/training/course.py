"""The facts of a run as a whole: where its cost began, its least rate, since when nothing changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats

STILL_STEPS = 20
"""After so many steps without a change a run that can change no more is said to rest."""


@dataclass(frozen=True, slots=True)
class Course:
    """The facts of a run up to its latest step, from all of its rows.

    Attributes
    ----------
    start_cost
        The full training cost before the first step.
    least_rate
        The smallest learning rate that a step was made with; infinite before the first.
    rate, rate_since
        The learning rate of the latest step, and the step after which it was set.
    zero_since
        The first of the latest steps after which the cost is exactly 0; None where it is not, and where
        steps do not see all rows.
    still_since
        The step since which the weights have not changed by one bit; None where the latest step changed
        them, and where steps do not see all rows.
    """

    start_cost: float
    least_rate: float = math.inf
    rate: float = math.nan
    rate_since: int = 0
    zero_since: int | None = None
    still_since: int | None = None

    @classmethod
    def begin(cls, cost: float, *, sees_all_rows: bool) -> Course:
        """Return that of a run before its first step."""
        return cls(cost, zero_since=0 if sees_all_rows and cost == 0 else None)

    def with_rate(self, step: int, rate: float) -> Course:
        """Return it with the learning rate of the steps after ``step``."""
        if rate == self.rate:
            return self
        return replace(self, least_rate=min(self.least_rate, rate), rate=rate, rate_since=step)

    def with_rates(self, step: int, rates: Sequence[float]) -> Course:
        """Return it with the learning rates of the steps after ``step``, at least one."""
        rate, count = rates[-1], len(rates)
        if rates.count(rate) == count:
            return self.with_rate(step, rate)
        other = max(k for k in range(count) if rates[k] != rate)
        least = min(self.least_rate, *rates)
        return replace(self, least_rate=least, rate=rate, rate_since=step + other + 1)

    def after(self, step: int, costs: Floats, path: Floats) -> Course:
        """Return it after more steps, each of which saw all rows.

        ``path`` (m + 1, P) begins with the weights after ``step``, which the steps were made from; ``costs``
        (m,) are those of the others.
        """
        zero, still = self._zero_since(step, costs), self._still_since(step, path)
        if zero == self.zero_since and still == self.still_since:
            return self
        return replace(self, zero_since=zero, still_since=still)

    @property
    def has_one_rate(self) -> bool:
        """Whether all steps were made with the same learning rate."""
        return self.rate_since == 0

    def _zero_since(self, step: int, costs: Floats) -> int | None:
        if costs[-1] != 0:
            return None
        other = np.flatnonzero(costs)
        if len(other):
            return step + int(other[-1]) + 2
        return step + 1 if self.zero_since is None else self.zero_since

    def _still_since(self, step: int, path: Floats) -> int | None:
        last, before = path[-1], path[-2]
        if last[0] != before[0] or (last != before).any():  # the first weight nearly always tells
            return None
        moved = np.flatnonzero((path[1:] != path[:-1]).any(axis=1))
        if len(moved):
            return step + int(moved[-1]) + 1
        return step if self.still_since is None else self.still_since


def is_at_rest(course: Course, experiment: Experiment, step: int, gradient: Floats | None) -> bool:
    """Whether no step to come can change the weights, as long as the learning rate of the run stays.

    ``gradient`` (P,) made the latest step. What a step depends on besides the weights must be known: a
    mistake that keeps gradients from step to step is the caller's to rule out.
    """
    if course.still_since is None or gradient is None or not experiment.is_full_batch:
        return False
    optimizer = experiment.run.optimizer
    if not experiment.run.schedule.is_constant:  # larger rates may be to come: only a slope of 0 is certain
        return step - course.still_since >= STILL_STEPS and optimizer.is_plain and not gradient.any()
    if step - max(course.still_since, course.rate_since) < STILL_STEPS:
        return False
    # A plain step is a function of the weights alone: what did not change them once never will. A velocity
    # only shrinks where the gradient is 0, so that a move too small to change the weights stays too small.
    return optimizer.is_plain or (optimizer.only_slows_at_zero_gradient and not gradient.any())
