"""Which of a run's rows are numbers still."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.typing import Array, Floats

_NEAR_OVERFLOW = 0.75
"""A cost above this power of the largest number may overflow in the next step."""


def finite_rows(costs: Floats, weights: Floats) -> Array:
    """Say of each row whether its cost (m,) and its weights (m, P) are finite; shape (m,)."""
    finite: Array = np.isfinite(costs) & np.isfinite(weights).all(axis=1)
    return finite


def finite_batch_rows(
    costs: Floats, weights: Floats, full_cost_at: Callable[[Floats], float], largest: float
) -> Array:
    """Say the same where a row's cost is its mini-batch's, whose full cost has to be finite too.

    A mini-batch's cost is still finite a few steps after the full cost, a longer sum, overflows. The full
    cost is tried only where that is near, by a bound on the row's own cost in terms of the ``largest``
    number of its type, so that the answer does not depend on how the steps are cut into calls.
    """
    finite = finite_rows(costs, weights)
    for row in np.flatnonzero(finite & (costs > largest**_NEAR_OVERFLOW)):
        finite[row] = math.isfinite(full_cost_at(weights[row]))
        if not finite[row]:
            break
    return finite
