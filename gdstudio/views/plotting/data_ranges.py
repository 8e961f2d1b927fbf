"""Which ranges a plot of data shows: the data, and what is drawn beside them unless that is far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

    Range = tuple[float, float]
    Ranges = tuple[Range, Range]

_WIDEST = 10.0
"""How many times as wide as the data a picture may become for the squares."""
_FIRST_PREDICTED = 2.0
"""How many times as high as the labels predictions against them may reach at first."""
_PAD = 0.12


def padded(low: float, high: float) -> Range:
    """Return a range with some room at each side."""
    pad = _PAD * max(high - low, 1.0)
    return low - pad, high + pad


def far_from(y: Floats) -> float:
    """Return how far beyond labels (n,) their predictions are followed."""
    return _FIRST_PREDICTED * max(float(np.ptp(y)), 1.0)


def with_predictions(y: Floats, h: Floats) -> Range:
    """Return a range of labels (n,) and of their predictions, as far as those are near."""
    low, high, far = float(y.min()), float(y.max()), far_from(y)
    finite = h[np.isfinite(h)]
    bottom = max(low - far, min(low, float(finite.min(initial=low))))
    return bottom, min(high + far, max(high, float(finite.max(initial=high))))


def with_squares(ranges: Ranges, x: Floats, y: Floats, h: Floats) -> Ranges:
    """Return ranges of x and y wide enough for the squares of rows (k,), unless those are huge."""
    x_range, y_range = ranges
    left = float((x - np.abs(h - y)).min())
    if not x_range[0] - left <= _WIDEST * (x_range[1] - x_range[0]):
        return ranges
    low, high = min(y_range[0], float(h.min())), max(y_range[1], float(h.max()))
    return (min(x_range[0], left), x_range[1]), (low, high)
