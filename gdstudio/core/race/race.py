"""A race: runs with several optimizers from one start, on the same data, all as far as one clock has come.

The clock counts gradient evaluations, for these are what a run pays for: an optimizer that takes several for
one step makes fewer steps. Every run has as many of them to spend as the experiment has steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.race.lineup import line_up
from gdstudio.core.race.record import Way
from gdstudio.core.training.events import FinishReason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems import Problem
    from gdstudio.core.race.lineup import Contestant
    from gdstudio.core.race.racer import Racer
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.stopping import Finish
    from gdstudio.core.typing import Floats

_STRIDE = 64
"""So many evaluations all make at most before any makes more, so that they come along together."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where one run of a race is: its ``way`` so far, and the full training ``cost`` at its end.

    ``finish`` says how it has ended, None where it goes on.
    """

    contestant: Contestant
    way: Way
    cost: float
    finish: Finish | None

    @property
    def has_diverged(self) -> bool:
        """Whether it has come to a number that is not finite; it then stands where it was before."""
        return self.finish is not None and self.finish.reason is FinishReason.DIVERGED

    @property
    def step(self) -> int:
        """How many steps it has made."""
        return int(self.way.steps[-1])

    @property
    def evaluations(self) -> int:
        """How many gradient evaluations these have taken."""
        return int(self.way.evaluations[-1])


@dataclass(frozen=True, slots=True, eq=False)
class RaceView:
    """A race as it was after ``clock`` evaluations, of ``budget`` that there are: one standing a contestant.

    ``start_cost`` is the cost at which all began.
    """

    clock: int
    budget: int
    standings: tuple[Standing, ...]
    start_cost: float

    @property
    def is_over(self) -> bool:
        """Whether nothing comes any more."""
        return self.clock >= self.budget or all(one.finish is not None for one in self.standings)

    @property
    def order(self) -> tuple[Standing, ...]:
        """The standings by their costs; those that have diverged come last, the first of them at the end."""
        return tuple(sorted(self.standings, key=_rank))


class Race:
    """The runs of a race. Any one thread may let them go on at a time, while others look at them.

    Parameters
    ----------
    experiment
        The experiment of the run on screen, with the learning rate that it began with.
    problem
        Its problem, which all share.
    """

    def __init__(self, experiment: Experiment, problem: Problem) -> None:
        self.contestants = line_up(experiment)
        self.budget = experiment.total_steps
        self._experiment, self._problem = experiment, problem
        self._racers: tuple[Racer, ...] = ()
        self._lock = Lock()

    @property
    def reached(self) -> float:
        """After how many evaluations all that have not ended are; negative before any has begun."""
        return self._reached if self._racers else -1.0

    def has_come(self, step: float) -> bool:
        """Whether all are as far as the experiment's own run at a step."""
        racers = self._racers
        return bool(racers) and self._is_far_enough(racers[0], step) and self._clock(step) <= self._reached

    def advance(
        self,
        step: float,
        changes: Sequence[tuple[float, float]] = (),
        goes_on: Callable[[], bool] = lambda: True,
    ) -> bool:
        """Let all runs come as far as the experiment's own run at a step; return whether they have.

        Parameters
        ----------
        step
            The step of the run on screen; infinite for the whole budget.
        changes
            The changes of the learning rate, pairs (step, rate) of the run on screen.
        goes_on
            Asked every few milliseconds whether to go on.
        """
        if not self._lock.acquire(blocking=False):
            return False  # another thread is at it
        try:
            if not self._racers:
                self._racers = self._made()
            own, *others = self._racers
            done = False
            while not done and goes_on():
                ahead = self._reached + _STRIDE
                own.advance(min(ahead, self.budget), changes, goes_on, steps=step)
                clock = self._clock(step)
                timed = [
                    (own.record.evaluations_at(int(when)), rate)
                    for when, rate in changes
                    if when <= own.steps
                ]
                for racer in others:
                    racer.advance(min(ahead, clock), timed, goes_on)
                done = clock <= self._reached and self._is_far_enough(own, step)
            return done
        finally:
            self._lock.release()

    def view(self, step: float) -> RaceView | None:
        """Return the race as it was when the run on screen was at a step, or as far as it has come.

        None where nobody has let it go on yet.
        """
        racers = self._racers
        if not racers:
            return None
        clock = int(min(self._clock(step), self._reached))
        standings = tuple(self._standing(racer, clock) for racer in racers)
        return RaceView(clock, self.budget, standings, float(standings[0].way.costs[0]))

    def at_start(self, weights: Floats, cost: float) -> RaceView:
        """Return the race before it has begun: all at the first weights (P,), with their full cost."""
        zero = np.zeros(1)
        way = Way(zero, zero, np.array([cost]), weights[None, :])
        standings = tuple(Standing(one, way, cost, None) for one in self.contestants)
        return RaceView(0, self.budget, standings, cost)

    def _made(self) -> tuple[Racer, ...]:
        from gdstudio.core.race.racer import Racer
        from gdstudio.core.training.devices import find_device

        run = self._experiment.run
        device = find_device(run.device, run.dtype)
        return tuple(
            Racer(one, self._problem, device, counts_steps=one.place == 0) for one in self.contestants
        )

    def _is_far_enough(self, own: Racer, step: float) -> bool:
        return own.finish is not None or own.steps >= step or own.made >= self.budget

    @property
    def _reached(self) -> float:
        """How far all runs that have not ended have come."""
        going = [racer.made for racer in self._racers if racer.finish is None]
        return min([*going, self.budget])

    def _clock(self, step: float) -> float:
        """Return the evaluations that the run on screen has made at a step; all of them after its end."""
        own = self._racers[0]
        if math.isinf(step):
            return self.budget
        return min(own.record.evaluations_at(int(step)), self.budget)

    def _standing(self, racer: Racer, clock: int) -> Standing:
        way = racer.record.up_to(clock)
        cost = float(way.costs[-1])
        if np.isnan(cost):
            cost = float(self._problem.cost_at(way.weights[-1]))
        finish = racer.finish if racer.ended_at <= clock else None
        return Standing(racer.contestant, way, cost, finish)


def _rank(one: Standing) -> tuple[float, float, int]:
    if one.has_diverged:
        return math.inf, -one.evaluations, one.contestant.place
    return one.cost, 0.0, one.contestant.place
