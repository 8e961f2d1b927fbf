"""Which learning rates are tried at once, and where their costs are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.cost_axis import CostAxis

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

POINTS = 200
_DECADES = 3.0
_USUAL = 0.0
"""Rates up to 10 to the power of this are tried where no limit is known."""
_ABOVE, _BELOW = 1e3, 1e-12
"""How many times the cost of the start is in the picture at most, and at least."""


def decades_of_rates(limit: float | None, rate: float) -> tuple[float, float]:
    """Return the exponents of the least and the largest rate tried: whole decades around the limit.

    The rate of the run is always among them.
    """
    high = _USUAL if limit is None else float(math.ceil(math.log10(2 * limit)))
    at = math.log10(rate)
    return min(high - _DECADES, float(math.floor(at))), max(high, float(math.ceil(at)))


def rates_between(decades: tuple[float, float]) -> Floats:
    """Return the rates (200,), evenly on a log axis."""
    return np.geomspace(10.0 ** decades[0], 10.0 ** decades[1], POINTS)


def axis_of(start: float, ends: Floats, *, log: bool, with_higher: bool = True) -> CostAxis:
    """Return the axis for the cost before the first step, and the costs of runs after the last.

    There is room for higher costs than that of the start, unless they are drawn otherwise; those far above it
    leave the picture at its top, those at the size of rounding at its bottom.
    """
    ends = ends[np.isfinite(ends)]
    if not math.isfinite(start):
        return CostAxis.around(np.ones(1), log=log)
    least = float(np.min(ends, initial=start))
    if not log or least < 0 or start <= 0:
        higher = 0.5 * max(start - least, 1e-300) if with_higher else 0.0
        return CostAxis.around(np.array([least, start + higher]), log=log)
    most = start * _ABOVE if with_higher else start
    return CostAxis.around(np.clip([start, *ends.ravel()], start * _BELOW, most), log=log)
