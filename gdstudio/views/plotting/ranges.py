"""Ranges that follow a run in few, large moves, so that a plot does not shake."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

_ROOM = 1.25
"""How many times as wide as needed a view is made, so that it lasts for a while."""
WHOLE_STEPS = 2000
"""Runs of up to so many steps are seen whole from their start."""
_LEAST_LENGTH = 10.0
"""How many steps or epochs of a long run are seen at least."""
_USUAL, _WALL = 0.9, 5.0
"""Costs that are so many times as far above the least as nine tenths of them are those of a wall."""
_BORDER = 0.96
"""Up to which part of its half width a view shows what it must."""


def ceiling(value: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... (times any power of ten) that is not below ``value``."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-12))


def length_ahead(total: float, reached: float, *, whole_up_to: float) -> float:
    """Return how long an axis of steps or epochs is: a long run's only a little longer than it has come."""
    return float(total if total <= whole_up_to else min(total, ceiling(max(reached, _LEAST_LENGTH))))


def half_width_around(centre: float, value: float, least: float) -> float:
    """Return a half width that shows ``value`` around a centre: ``least`` times 1, 1.5, 2, 3, 4, 6, 8, ..."""
    away = abs(value - centre)
    if away * _ROOM <= least or not math.isfinite(away):
        return least
    doubled = float(least * 2.0 ** math.ceil(math.log2(away * _ROOM / least)))
    return 0.75 * doubled if away * _ROOM <= 0.75 * doubled else doubled


def decades(low: float, high: float) -> tuple[float, float]:
    """Return the exponents of the whole decades that hold the positive values ``low`` to ``high``."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return float(first), float(max(last, first + 1))


def height_of(costs: Floats) -> tuple[float, float]:
    """Return between which costs a curve (k,), NaN where there is none, is seen.

    That is all of them, but for the walls beside a pole, which would leave no height to the rest.
    """
    least, most = float(np.nanmin(costs)), float(np.nanmax(costs))
    usual = float(np.nanquantile(costs, _USUAL))
    return least, min(most, least + _WALL * (usual - least)) if usual > least else most


def exponent_of(largest: float) -> int:
    """Return the power of ten to draw values of up to ``largest`` in: 0 up to a million, then thousands."""
    if largest < 1e6 or not math.isfinite(largest):
        return 0
    return 3 * math.floor(math.log10(largest) / 3)


class Reach:
    """The half width of a view around its centre, which follows a run in few steps.

    It grows when the run leaves the view. It shrinks only for a run that starts much nearer to the centre.
    """

    def __init__(self, least: float = 1.0) -> None:
        self._least = least
        self._stale = True
        self.is_off = False
        self.half = 0.0

    def begin(self, *, afresh: bool, least: float | None = None) -> None:
        """Make the next `follow` return True; with ``afresh`` the half width starts again from the least.

        ``least`` is the smallest half width from now on; None leaves it as it was.
        """
        self._stale = True
        self._least = self._least if least is None else least
        if afresh:
            self.half = 0.0

    def follow(self, away: float, *, at_start: bool, rests: bool = False, seen: bool = False) -> bool:
        """Fit the view to a run that is ``away`` from the centre; return whether to draw it again.

        What is ``seen`` already needs no wider view. A view that ``rests`` keeps its half
        width; `is_off` says then whether another would fit better.
        """
        half = half_width_around(0.0, away, self._least)
        shows = self.half > 0 and (seen or away <= _BORDER * self.half)
        fits = shows and (not at_start or self.half <= 4 * half)
        rests = rests and self.half > 0
        self.is_off = rests and not fits
        if (fits or rests) and not self._stale:
            return False
        self.half = self.half if fits or rests else half
        self._stale = False
        return True
