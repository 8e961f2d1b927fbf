"""The slope of a cost by central differences, and how far such a quotient can be trusted.

(J(w + h e) - J(w - h e)) / 2h differs from the slope by about h^2 J'''/6, its truncation, and by about
eps J / h, the rounding of float64 costs: the first falls with h, the second grows (Nocedal and Wright,
Numerical Optimization, 2006, section 8.1). On a quadratic cost there is no truncation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.problems.problem import Problem
    from gdstudio.core.typing import Floats

LEAST_EXPONENT, GREATEST_EXPONENT = -16, 0
"""The steps h that are tried are powers of ten from the least to the greatest of these exponents."""
_TRUSTED = (1e-8, 0.2)
"""Between these, times the size of the weight or 1, a step is neither lost in rounding nor far too long."""
_EPS = float(np.finfo(np.float64).eps)
_CAUTION = 4.0
"""How many times as much as neighbouring steps differ a slope may be off."""


def central_differences(problem: Problem, weights: Floats, h: float, count: int | None = None) -> Floats:
    """Return (J(w + h e) - J(w - h e)) / 2h for the first ``count`` weights, shape (count,).

    NaN or infinite where a cost overflows. ``weights`` has shape (P,); all of them where no count is given.
    """
    found = _Quotients.of(problem, weights, np.array([h]), len(weights) if count is None else count)
    return np.asarray(found.values[0])


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """The slope of a cost along each of its first k weights, as far as difference quotients can tell.

    Attributes
    ----------
    steps
        The steps h (m,), ascending.
    quotients
        The central difference for every step and weight (m, k).
    slopes
        For each weight the quotient of the step that neighbouring ones confirm best (k,).
    doubts
        How far each slope, or a gradient taken in float64, may be off (k,); infinite where no step can be
        trusted, since the weight is so large that each is lost in rounding.
    """

    steps: Floats
    quotients: Floats
    slopes: Floats
    doubts: Floats

    def errors(self, gradient: Floats) -> Floats:
        """Return the relative error of a gradient (k,) beside the quotients of every step, shape (m,)."""
        return np.array([relative_error(gradient, quotients) for quotients in self.quotients])


def slopes(problem: Problem, weights: Floats, count: int, per_decade: int = 4) -> Slopes:
    """Return the slopes of the cost along the first ``count`` weights at weights (P,)."""
    decades = GREATEST_EXPONENT - LEAST_EXPONENT
    steps = 10.0 ** np.linspace(LEAST_EXPONENT, GREATEST_EXPONENT, decades * per_decade + 1)
    made = _Quotients.of(problem, weights, steps, count)
    with np.errstate(invalid="ignore"):
        change = np.abs(np.diff(made.values, axis=0))
    apart = np.full_like(made.values, np.inf)
    apart[1:-1] = np.maximum(change[:-1], change[1:])
    size = np.maximum(1.0, np.abs(weights[:count]))
    trusted = (steps[:, None] >= _TRUSTED[0] * size) & (steps[:, None] <= _TRUSTED[1] * size)
    apart = np.where(trusted & np.isfinite(apart), apart + made.rounding, np.inf)
    best = apart.argmin(axis=0), np.arange(count)
    # The weights are rounded themselves: the slope differs by so much between two neighbouring ones.
    with np.errstate(over="ignore", invalid="ignore"):
        grain = _EPS * float(np.linalg.norm(weights)) * float(np.max(np.abs(made.curvatures[best])))
    return Slopes(steps, made.values, made.values[best], _CAUTION * (apart[best] + grain))


def relative_error(first: Floats, second: Floats) -> float:
    """Return |a - b| / max(|a|, |b|) in the Euclidean norm of two vectors (k,); 0 where both are 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        larger = max(float(np.linalg.norm(first)), float(np.linalg.norm(second)))
        return float(np.linalg.norm(first - second)) / larger if larger else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Quotients:
    """For m steps and k weights (m, k): first and second differences, and the rounding that is sure."""

    values: Floats
    curvatures: Floats
    rounding: Floats

    @classmethod
    def of(cls, problem: Problem, weights: Floats, steps: Floats, count: int) -> _Quotients:
        moves = np.eye(len(weights))[:count] * steps[:, None, None]
        h = steps[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            above, below = problem.cost_at(weights + moves), problem.cost_at(weights - moves)
            here = float(problem.cost_at(weights))
            rounding = _EPS * np.maximum(np.abs(above), np.abs(below)) / h
            return cls((above - below) / (2 * h), (above - 2 * here + below) / h / h, rounding)
