"""The gradient check: what the code of a run steps along, beside the slope of the cost by its differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.problems.difference_quotients import (
    GREATEST_EXPONENT,
    LEAST_EXPONENT,
    central_differences,
    relative_error,
    slopes,
)
from gdstudio.core.training.gradient_verdict import verdict

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.difference_quotients import Slopes
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats

_MOST_WEIGHTS = 12
_MOST_WORK = 2e7
"""So many products of a row with a weight are made for one check, about a tenth of a second's work."""


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """The check of the first k weights at one moment of a run.

    Attributes
    ----------
    step
        The step of the run after which it was made.
    h
        The chosen step of the differences.
    gradient
        What the code steps along (k,), over all rows.
    quotients
        The central differences with the chosen step (k,).
    slopes
        Those with all other steps, and the slope that they tell.
    sentence
        What is true of the gradient, whichever step is chosen.
    """

    step: int
    h: float
    gradient: Floats
    quotients: Floats
    slopes: Slopes
    sentence: str

    @property
    def error(self) -> float:
        """The relative error of the gradient beside the differences with the chosen step."""
        return relative_error(self.gradient, self.quotients)

    @property
    def errors(self) -> Floats:
        """The relative error over all steps, shape (m,)."""
        return self.slopes.errors(self.gradient)


def check_gradient(
    experiment: Experiment, problem: Problem, snapshot: Snapshot, h: float
) -> GradientCheck | None:
    """Check the gradient at the latest weights of a run, with the step ``h`` and many others.

    None where the gradient of the next step is not known (see `CodeGradient.at`).
    """
    from gdstudio.core.training.code_gradient import CodeGradient

    gradient, weights = CodeGradient(experiment, problem).at(snapshot), snapshot.latest
    if gradient is None:
        return None
    count, per_decade = extent(len(weights), len(problem.rows))
    found = slopes(problem, weights, count, per_decade)
    quotients = central_differences(problem, weights, h, count)
    gradient = gradient[:count]
    return GradientCheck(snapshot.step, h, gradient, quotients, found, verdict(gradient, found))


def extent(weights: int, rows: int) -> tuple[int, int]:
    """Return how many weights are checked, with how many steps a decade, so that it does not take long."""
    decades, product = GREATEST_EXPONENT - LEAST_EXPONENT, max(1, rows) * weights
    most = min(weights, _MOST_WEIGHTS)
    for per_decade in (4, 2, 1):
        one = 2 * (decades * per_decade + 1) * product
        if one * most <= _MOST_WORK:
            return most, per_decade
    return max(1, int(_MOST_WORK // one)), 1
