"""The cost of runs with many learning rates, after each of their steps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.settings.rates import shortened
from gdstudio.core.sweep.batch import RATE, train_batch
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.threads import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.sweep.verdicts import Stretch
    from gdstudio.core.typing import Floats

MOST_STEPS = 2000
"""So many steps of a run are made at most."""


@dataclass(frozen=True, slots=True, eq=False)
class CostsByRate:
    """Costs (k + 1, R) after 0 to k steps with each of the learning rates ``rates`` (R,).

    A run that a stop rule has ended keeps its cost; that of one which has diverged is infinite from then on.
    ``seconds`` is the time of the processor that they took.
    """

    rates: Floats
    costs: Floats
    seconds: float

    @property
    def steps(self) -> int:
        """How many steps were made at most."""
        return len(self.costs) - 1

    def after(self, step: int) -> Floats:
        """Return the costs (R,) after so many steps, or after the last of them."""
        return np.asarray(self.costs[min(step, self.steps)])


def of_one_rate(experiment: Experiment) -> Experiment:
    """Return an experiment whose rate is never changed by hand, and which makes `MOST_STEPS` at most."""
    return shortened(experiment.edited({"run.change": None}), MOST_STEPS)


def costs_by_rate(
    experiment: Experiment, problem: Problem, rates: Floats, goes_on: Callable[[], bool] = lambda: True
) -> CostsByRate | None:
    """Train an experiment with each of the rates (R,), never changed on the way; see `train_batch`."""
    use_one_thread()  # beside whatever else trains
    began = time.thread_time()
    alike = of_one_rate(experiment)
    costs = np.full((alike.total_steps + 1, len(rates)), np.inf)

    def keep(stretch: Stretch, runs: np.ndarray) -> None:
        costs[stretch.first : stretch.first + len(stretch.costs), runs] = stretch.costs

    ends = train_batch(alike, problem, {RATE: rates}, goes_on, keep)
    if ends is None:
        return None
    for j, (step, reason) in enumerate(zip(ends.steps.tolist(), ends.reasons, strict=True)):
        costs[step + 1 :, j] = np.inf if reason is FinishReason.DIVERGED else ends.costs[j]
    return CostsByRate(rates, costs, time.thread_time() - began)
