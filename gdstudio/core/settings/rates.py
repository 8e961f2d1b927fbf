"""The learning rates that the steps of a run are made with, where a schedule makes others of the run's own.

For pictures and batches of runs: by the closed form of the schedule, to rounding what the run itself has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


def factors_after(experiment: Experiment, steps: Floats) -> Floats:
    """Return what the learning rate is multiplied by in the step after each of some others (m,): (m,)."""
    return experiment.run.schedule.factor(steps // experiment.steps_per_tick, experiment.schedule_ticks)


def rate_after(experiment: Experiment, step: int) -> float:
    """Return the learning rate of the step after another one, at the learning rate of the run now."""
    rate = experiment.run.learning_rate
    if experiment.run.schedule.is_constant:
        return rate
    return rate * float(factors_after(experiment, np.array([float(step)]))[0])


def rates_after(experiment: Experiment, steps: Floats, changes: Iterable[tuple[int, float]]) -> Floats:
    """Return the learning rates of the steps after some others (m,), with changes on the way: (m,).

    The changes are pairs (step, rate), in order, of the rate that the schedule multiplies.
    """
    rates = np.full(len(steps), experiment.run.learning_rate)
    for step, rate in changes:
        rates[steps >= step] = rate
    return np.asarray(rates * factors_after(experiment, steps))


def shortened(experiment: Experiment, steps: int) -> Experiment:
    """Return an experiment that makes the first so many steps of another, at the same learning rates."""
    schedule = experiment.run.schedule.over(experiment.schedule_ticks)
    changes = {"max_steps": min(steps, experiment.total_steps), "max_epochs": None, "schedule": schedule}
    # As it is: a schedule may be longer than the steps of it that are made.
    return experiment.model_copy(update={"run": experiment.run.model_copy(update=changes)})
