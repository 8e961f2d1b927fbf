"""What is true of a run, in a sentence: at the minimum, at rest, above its start, and why if proved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.training.course import STILL_STEPS
from gdstudio.core.training.stopping import why_it_grows

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.course import Course
    from gdstudio.core.typing import Floats

_CLEARLY = 1.01
"""From this many times its start on, a cost is told as such; below, by how much it has risen."""
_COUNTED = 6
"""From this power of ten on only the power is told."""
_LARGEST_POWER = 308


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sentence about a run, empty where there is nothing to say; ``is_rise`` where its cost has risen."""

    sentence: str = ""
    is_rise: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a run is: the latest step, its weights (P,), the cost at them, and what is known of the way."""

    step: int
    weights: Floats
    cost: float
    course: Course


class Outcomes:
    """Says of any state of one run what is true of it.

    Parameters
    ----------
    experiment, problem
        What is trained and how.
    """

    def __init__(self, experiment: Experiment, problem: Problem) -> None:
        self._experiment, self._problem = experiment, problem
        self._eps = float(np.finfo(experiment.run.dtype).eps)
        self._whys: dict[tuple[float, bool], str | None] = {}

    def at_end(self, state: State) -> Outcome:
        """Return what is true at the end of a run whose full cost is ``state.cost``."""
        if rests := self._rest(state):
            return Outcome(rests)
        if not self._has_risen(state):
            return Outcome()
        why = self._why(state.course)
        return Outcome(f"The cost {_by_how_much(state)}{f': {why}' if why else '.'}", is_rise=True)

    def on_the_way(self, state: State) -> Outcome:
        """Return what is true of a run that is under way, at a cost as its rows have it."""
        if rests := self._rest(state):
            return Outcome(rests)
        start = state.course.start_cost
        if not (start > 0 and state.cost >= _CLEARLY * start and self._has_risen(state)):
            return Outcome()
        times = _times(state.cost, start)
        if not self._experiment.is_full_batch:
            # A batch's own cost swings: only what no swing explains is told.
            is_far = state.cost >= 10 * start
            words = f"The cost of the latest batch is {times} that of all rows at the start."
            return Outcome(words, is_rise=True) if is_far else Outcome()
        why = self._why(state.course)
        begin = "Diverging: the" if why else "The"
        return Outcome(f"{begin} cost is {times} its start.", is_rise=True)

    def _why(self, course: Course) -> str | None:
        """Return why the cost has risen, computed once for all states with the same rates."""
        rates = course.least_rate, course.has_one_rate
        if rates not in self._whys:
            self._whys[rates] = why_it_grows(self._experiment, self._problem, course, overflowed=False)
        return self._whys[rates]

    def _rest(self, state: State) -> str:
        zero, still = state.course.zero_since, state.course.still_since
        if zero is not None:
            is_minimum = not self._problem.gradient_at(state.weights).any()
            if is_minimum and self._is_never_negative:
                return f"At the minimum {_since(zero)}: J is exactly 0."
            return f"J is exactly 0 {_since(zero)}."
        if still is not None and state.step - still >= STILL_STEPS:
            return f"The weights and J have not changed {_since(still)}."
        return ""

    @property
    def _is_never_negative(self) -> bool:
        """Whether the cost is known never to be negative, so that one of 0 is the least."""
        problem = self._problem
        if problem.squares is not None:
            return True
        return len(problem.minima) > 0 and float(np.min(problem.cost_at(problem.minima))) >= 0

    def _has_risen(self, state: State) -> bool:
        """Whether the cost is above its start by more than what rounding can make of it.

        A cost of squares that should be 0 is about (eps x the labels) squared instead.
        """
        start, noise = state.course.start_cost, math.sqrt(self._eps)
        rise = state.cost - start
        return rise > noise * abs(start) and rise > noise * self._eps * self._scale

    @cached_property
    def _scale(self) -> float:
        """The cost at weights of 0, which for squares is that of the labels themselves."""
        return abs(float(self._problem.cost_at(np.zeros(len(self._problem.weight_names)))))


def _by_how_much(state: State) -> str:
    start = state.course.start_cost
    if start > 0 and state.cost >= _CLEARLY * start:
        return f"is {_times(state.cost, start)} its start"
    return f"has risen by {format_number(state.cost - start, 3)} since the start"


def _times(cost: float, start: float) -> str:
    power = math.log10(cost) - math.log10(start)
    if power < 3:
        return f"{format_number(cost / start, 3)} times"
    if power < _COUNTED:
        return f"{format_count(round(cost / start))} times"
    if round(power) > _LARGEST_POWER:
        return f"more than {_power(_LARGEST_POWER)} times"
    return f"about {_power(round(power))} times"


def _power(exponent: int) -> str:
    return format_number(float(f"1e{exponent}")).removeprefix("1×")


def _since(step: int) -> str:
    return f"since step {format_count(step)}" if step else "since the start"
