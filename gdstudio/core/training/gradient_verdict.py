"""What a gradient check says in words: the gradient of the code beside the slope of the cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from gdstudio.core.problems.difference_quotients import Slopes
    from gdstudio.core.typing import Floats

_SHARES = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth"}


def verdict(gradient: Floats, found: Slopes) -> str:
    """Return one sentence about the gradient (k,) that the code steps along at some weights.

    It claims no more than the difference quotients can tell.
    """
    slopes, doubts = found.slopes, found.doubts
    if not (np.isfinite(gradient).all() and np.isfinite(slopes).all() and np.isfinite(doubts).all()):
        return "At weights of this size no difference quotient can tell the slope."
    away = np.abs(gradient - slopes)
    if (away <= doubts + _rounding(gradient)).all():
        if (np.maximum(np.abs(gradient), np.abs(slopes)) <= doubts).all():
            return "The gradient of the code and the slope of the cost are both 0, as far as costs can tell."
        return "The gradient of the code is the slope of the cost."
    if not gradient.any():
        return "The gradient of the code is 0, and the slope of the cost is not."
    if (np.abs(slopes) <= doubts).all():
        return "The slope of the cost is 0, as far as costs can tell, and the gradient of the code is not."
    times = float(gradient @ slopes / (slopes @ slopes))
    if (np.abs(gradient - times * slopes) <= (1 + abs(times)) * doubts + _rounding(gradient)).all():
        return _multiple(times, float(doubts.max() / np.abs(slopes).max()), of_one=len(slopes) == 1)
    return _turned(gradient, slopes)


def _rounding(gradient: Floats) -> Floats:
    """Return what the gradient itself may have been rounded by."""
    return np.asarray(64 * np.finfo(np.float64).eps * np.abs(gradient))


def _multiple(times: float, uncertainty: float, *, of_one: bool) -> str:
    """Say how many times the slope the gradient is; with one weight that may be so at this one alone."""
    where = " at this weight" if of_one else ""
    return f"The gradient of the code is {_times(times, uncertainty)} the slope of the cost{where}."


def _times(times: float, uncertainty: float) -> str:
    """Write a factor that is known up to a relative uncertainty: twice, 3 times, half, a third of."""
    size, against = abs(times), "the opposite of " if times < 0 else ""

    def is_near(value: float) -> bool:
        return abs(size - value) <= 2 * (uncertainty + 1e-12) * value

    if is_near(1.0):
        return against.removesuffix(" of ") + " of" if against else "as large as"
    if is_near(2.0):
        return f"{against}twice"
    if round(size) > 2 and is_near(round(size)):
        return f"{against}{format_number(round(size))} times"
    share = round(1 / size) if size else 0
    if share in _SHARES and is_near(1 / share):
        return f"{against}{_SHARES[share]} of"
    return f"{against}{format_number(size)} times"


def _turned(gradient: Floats, slopes: Floats) -> str:
    """Say by which angle two vectors, of which neither is 0, point apart."""
    cosine = float(gradient @ slopes / (np.linalg.norm(gradient) * np.linalg.norm(slopes)))
    degrees = format_number(math.degrees(math.acos(max(-1.0, min(1.0, cosine)))), 3)
    return f"The gradient of the code is not the slope of the cost: it points {degrees}° away from it."
