"""Finds the steps at which a run has diverged: where a cost or a weight is infinite or not a number."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.typing import Floats

_NEAR_OVERFLOW = 0.75
"""Costs above this power of the largest number are so large that the full cost may overflow."""


def count_finite(
    costs: Floats, weights: Floats, full_cost_at: Callable[[Floats], float] | None, largest: float
) -> int:
    """Return how many steps there are before the first that is not finite.

    Parameters
    ----------
    costs, weights
        Those of consecutive steps, shapes (m,) and (m, P).
    full_cost_at
        Returns the full cost at weights (P,), which must be finite too where ``costs`` are those of
        mini-batches; None where they are full costs.
    largest
        The largest number of the type that the run computes in.
    """
    finite = np.isfinite(costs) & np.isfinite(weights).all(axis=1)
    if full_cost_at is not None:
        # The full cost, a longer sum, overflows a few steps before a mini-batch's does. It takes a pass over
        # all rows, so it is computed only for steps whose own cost is near: which steps these are does not
        # depend on how many steps one call makes.
        for row in np.flatnonzero(finite & (np.abs(costs) > largest**_NEAR_OVERFLOW)):
            finite[row] = math.isfinite(full_cost_at(weights[row]))
            if not finite[row]:
                break
    return len(finite) if finite.all() else int(np.argmin(finite))
