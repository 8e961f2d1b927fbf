"""How a slider's positions and a hyperparameter's values belong together. No widgets."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

NOTCHES_A_DECADE = 20
_LINEAR_NOTCHES = 200


@dataclass(frozen=True, slots=True)
class SliderScale:
    """The values of a slider, ascending, one a position."""

    values: tuple[float, ...]

    def position(self, value: float) -> int:
        """Return the position nearest to a value; the end for one beyond it."""
        after = min(bisect_left(self.values, value), len(self.values) - 1)
        before = max(0, after - 1)
        return min((before, after), key=lambda i: abs(self.values[i] - value))

    def neighbour(self, value: float, direction: int) -> float:
        """Return the next value above (1) or below (-1) any value, or the last one there is."""
        if direction > 0:
            above = [v for v in self.values if v > value * (1 + 1e-12) + 1e-300]
            return above[0] if above else value
        below = [v for v in self.values if v < value * (1 - 1e-12) - 1e-300]
        return below[-1] if below else value


def linear(minimum: float, maximum: float, step: float | None, *, integer: bool) -> SliderScale:
    """Return evenly spaced values, ``step`` apart, both ends included."""
    if maximum <= minimum:
        return SliderScale((minimum,))
    step = step or ((maximum - minimum) / _LINEAR_NOTCHES)
    step = max(1.0, round(step)) if integer else step
    count = math.floor((maximum - minimum) / step + 1e-9)
    values = [float(f"{minimum + i * step:.12g}") for i in range(count + 1)]
    return SliderScale(_ended(values, maximum))


def logarithmic(minimum: float, maximum: float, *, integer: bool) -> SliderScale:
    """Return 20 values a decade, each of three digits, so that 0.1 is 0.1; both ends included.

    ``minimum`` is above 0.
    """
    if maximum <= minimum:
        return SliderScale((minimum,))
    first = math.ceil(math.log10(minimum) * NOTCHES_A_DECADE - 1e-9)
    last = math.floor(math.log10(maximum) * NOTCHES_A_DECADE + 1e-9)
    raw = [minimum, *(10 ** (i / NOTCHES_A_DECADE) for i in range(first, last + 1)), maximum]
    rounded = {float(round(v)) if integer else float(f"{v:.3g}") for v in raw[1:-1]}
    inside = sorted(v for v in rounded if minimum < v < maximum)
    return SliderScale((minimum, *inside, maximum))


def chosen(values: tuple[float, ...]) -> SliderScale:
    """Return the scale of given values."""
    return SliderScale(tuple(sorted(values)))


def _ended(values: list[float], maximum: float) -> tuple[float, ...]:
    return tuple(values) if values and values[-1] >= maximum else (*values, maximum)
