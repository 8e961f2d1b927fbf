"""The cost that runs end at over learning rate and momentum, and the limit beyond which they diverge."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from gdstudio.core.sweep.batch import OPTIMIZER, RATE, train_batch, why_no_batch
from gdstudio.core.sweep.by_rate import of_one_rate
from gdstudio.core.training.stopping import step_limit
from gdstudio.core.training.threads import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.settings.optimizers import Optimizer
    from gdstudio.core.typing import Floats

NAME = "momentum"
MOMENTUM = OPTIMIZER + NAME
LARGEST = 0.99
"""The largest momentum that is tried."""
LEAST_ABOVE_ZERO = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class CostsByRateAndMomentum:
    """Costs (M, R) after the same number of steps, for momenta (M,) and learning rates (R,).

    A run that a stop rule has ended before keeps its cost; that of one which has ``diverged`` (M, R), as a
    number was no longer finite, is infinite. ``start_cost`` is the cost before the first step, ``steps`` how
    many steps were made at most, ``seconds`` the time of the processor that they took.
    """

    rates: Floats
    momenta: Floats
    costs: Floats
    start_cost: float
    steps: int
    seconds: float

    @property
    def diverged(self) -> np.ndarray:
        """Which runs came to a number that is not finite, as truth values (M, R)."""
        return np.isinf(self.costs)

    @property
    def ended_above(self) -> np.ndarray:
        """Which runs did not diverge so far, but ended at a higher cost than they began at, as (M, R)."""
        return np.isfinite(self.costs) & (self.costs > self.start_cost)

    @property
    def best(self) -> tuple[int, int] | None:
        """The row and the column of the least cost, the first of several; None where all runs diverged."""
        if self.diverged.all():
            return None
        row, column = np.unravel_index(np.argmin(self.costs), self.costs.shape)
        return int(row), int(column)


def why_no_map(experiment: Experiment, problem: Problem) -> str:
    """Return why there is no map over rate and momentum; empty where there is one."""
    count = len(problem.weight_names)
    if count != 2:
        return f"the map is for two weights, and this problem has {count}"
    if NAME not in type(experiment.run.optimizer).model_fields:
        return f"{experiment.run.optimizer.title} has no setting {NAME}"
    return why_no_batch(experiment, problem, RATE) or why_no_batch(experiment, problem, MOMENTUM)


def costs_by_rate_and_momentum(
    experiment: Experiment,
    problem: Problem,
    rates: Floats,
    momenta: Floats,
    goes_on: Callable[[], bool] = lambda: True,
) -> CostsByRateAndMomentum | None:
    """Train an experiment with each momentum (M,) and rate (R,), never changed on the way.

    All are one batch of runs; see `train_batch`. `why_no_map` has no objection.
    """
    use_one_thread()  # beside whatever else trains
    began = time.thread_time()
    alike = of_one_rate(experiment)
    of_runs = np.repeat(momenta, len(rates))
    ends = train_batch(alike, problem, {RATE: np.tile(rates, len(momenta)), MOMENTUM: of_runs}, goes_on)
    if ends is None:
        return None
    costs = np.where(ends.diverged, np.inf, ends.costs).reshape(len(momenta), len(rates))
    start, seconds = float(ends.start_costs[0]), time.thread_time() - began
    return CostsByRateAndMomentum(rates, momenta, costs, start, alike.total_steps, seconds)


def limits_by_momentum(experiment: Experiment, problem: Problem, momenta: Floats) -> Floats | None:
    """Return the rates (M,) from which runs with these momenta (M,) diverge; None where none are known.

    Without Nesterov's look ahead, which has another limit, they are (2 + 2 beta)/lambda_max.
    """
    limit = step_limit(experiment, problem)
    if limit is None or not experiment.run.schedule.is_constant:
        return None
    optimizers = [_with(experiment.run.optimizer, momentum) for momentum in momenta.tolist()]
    limits = [optimizer.step_limit(limit.curvature) for optimizer in optimizers]
    return np.array([np.nan if value is None else value for value in limits])


def limit_symbol(experiment: Experiment) -> str:
    """Return that limit as a formula of the momentum."""
    return _with(experiment.run.optimizer, LEAST_ABOVE_ZERO).limit_symbol("λmax")


def momentum_of(optimizer: Optimizer) -> float:
    """Return the momentum of an optimizer that has one as a setting, 0 of any other."""
    return float(getattr(optimizer, NAME, 0.0))


def least_momentum(optimizer: Optimizer) -> float:
    """Return the least momentum that an optimizer takes: 0, or more where its other settings need one."""
    try:
        type(optimizer).model_validate({**optimizer.model_dump(), NAME: 0.0})
    except ValidationError:
        return LEAST_ABOVE_ZERO
    return 0.0


def _with(optimizer: Optimizer, momentum: float) -> Optimizer:
    return optimizer.model_copy(update={NAME: momentum})
