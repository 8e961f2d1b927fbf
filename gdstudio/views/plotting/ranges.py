"""Ranges that follow a run in few, large moves, so that a plot does not shake."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


def ceiling(value: float) -> float:
    """Return the least of 1, 2, 5, 10, 20, ... (times any power of ten) that is not below ``value``."""
    if value <= 0 or not math.isfinite(value):
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-12))


def half_width_around(centre: float, value: float, least: float) -> float:
    """Return the half width, ``least`` doubled as often as needed, that shows ``value`` around a centre."""
    away = abs(value - centre)
    if away * 1.25 <= least or not math.isfinite(away):
        return least
    return float(least * 2.0 ** math.ceil(math.log2(away * 1.25 / least)))


def decades(low: float, high: float) -> tuple[float, float]:
    """Return the exponents of the whole decades that hold the positive values ``low`` to ``high``."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return float(first), float(max(last, first + 1))


def exponent_of(largest: float) -> int:
    """Return the power of ten to draw values of up to ``largest`` in: 0 up to a million, then thousands."""
    if largest < 1e6 or not math.isfinite(largest):
        return 0
    return 3 * math.floor(math.log10(largest) / 3)


def clip_to_distance(points: Floats, farthest: float) -> Floats:
    """Return points (k, 2) with those farther from 0 than ``farthest`` scaled down to that distance.

    The distance is that of the larger coordinate. A scaled point keeps its direction from 0.
    """
    away = np.abs(points).max(axis=1, keepdims=True)
    clipped: Floats = points * (farthest / np.maximum(away, farthest))
    return clipped


def clip_path_to_distance(points: Floats, farthest: float) -> Floats:
    """Return a path (k, 2) without points much farther than ``farthest``, unchanged near 0.

    A line that leads from a near point to one beyond ``farthest``, or back, is cut after that distance and
    keeps its direction, so that the part of it in the view is exact. A line between two points beyond is
    left out: a row of NaN stands for it.
    """
    far = np.abs(points).max(axis=1) > farthest
    if not far.any():
        return points
    clipped: list[Floats] = []
    for k, point in enumerate(points):
        if not far[k]:
            clipped.append(point)
            continue
        if k and not far[k - 1]:
            clipped.append(_cut_line(points[k - 1], point, farthest))
        clipped.append(np.full(2, np.nan))
        if k + 1 < len(points) and not far[k + 1]:
            clipped.append(_cut_line(points[k + 1], point, farthest))
    return np.array(clipped)


def _cut_line(start: Floats, end: Floats, farthest: float) -> Floats:
    """Return the new end, somewhat beyond ``farthest``, of a line from a point within it to one beyond."""
    way = end - start
    cut: Floats = start + way * (2 * farthest / np.abs(way).max())
    return cut


class Reach:
    """The half width of a view around its centre, which follows a run in few steps.

    It grows when the run leaves the view. It shrinks only for a run that starts much nearer to the centre.
    """

    def __init__(self, least: float = 1.0) -> None:
        self._least = least
        self._stale = True
        self.half = 0.0

    def begin(self, *, afresh: bool, least: float | None = None) -> None:
        """Make the next `follow` return True; with ``afresh`` the half width starts again from the least.

        ``least`` is the smallest half width from now on; None leaves it as it was.
        """
        self._stale = True
        self._least = self._least if least is None else least
        if afresh:
            self.half = 0.0

    def follow(self, away: float, *, at_start: bool) -> bool:
        """Fit the view to a run that is ``away`` from the centre; return whether to draw it again."""
        half = half_width_around(0.0, away, self._least)
        fits = half <= self.half and (not at_start or self.half <= 4 * half)
        if fits and not self._stale:
            return False
        self.half = self.half if fits else half
        self._stale = False
        return True
