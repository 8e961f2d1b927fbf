"""Scaling of features: a choice with its numbers shown.

Means and spreads are sums rounded once (`math.fsum`), so that a program in plain Python finds the same bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

ScalingName = Literal["none", "z_score", "min_max"]
WORDS: dict[str, str] = {
    "none": "none",
    "z_score": "z-score, (x − mean) / std",
    "min_max": "min-max, (x − min) / (max − min)",
}


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What each feature is lessened and then divided by, both (d,)."""

    name: ScalingName
    less: Floats
    by: Floats

    def of(self, X: Floats) -> Floats:
        """Return rows X (n, d) scaled; the very ones where there is no scaling."""
        return X if self.name == "none" else (X - self.less) / self.by

    def notes(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return its numbers as sentences."""
        if self.name == "none":
            return ()
        words = ("mean", "std") if self.name == "z_score" else ("min", "max − min")
        return tuple(
            f"{name} is scaled: less {words[0]} {format_number(less)}, divided by {words[1]} "
            f"{format_number(by)}."
            for name, less, by in zip(names, self.less.tolist(), self.by.tolist(), strict=True)
        )


def scaling(X: Floats, name: ScalingName, features: tuple[str, ...]) -> Scaling:
    """Return what scales rows X (n, d) of training; the standard deviation is divided by n.

    Raises
    ------
    InputError
        Where a feature is the same in all rows, so that it cannot be divided by its spread.
    """
    count = X.shape[1]
    if name == "none":
        return Scaling(name, np.zeros(count), np.ones(count))
    check_spread(X, name, features)
    if name == "min_max":
        return Scaling(name, X.min(axis=0), np.ptp(X, axis=0))
    moments = [_moments(X[:, i]) for i in range(count)]
    return Scaling(name, *(np.array(numbers) for numbers in zip(*moments, strict=True)))


def check_spread(X: Floats, name: ScalingName, features: tuple[str, ...]) -> None:
    """Check that every feature of rows X (n, d) can be scaled.

    Raises
    ------
    InputError
        Where one is the same in all rows, so that it cannot be divided by its spread.
    """
    if name == "none":
        return
    same = next((i for i in range(X.shape[1]) if np.ptp(X[:, i]) == 0), None)
    if same is not None:
        raise InputError(
            f"scaling: {features[same]!r} is {format_number(float(X[0, same]))} in all training rows, and "
            'has no spread to be divided by; leave it out, or choose scaling = "none"'
        )


def _moments(x: Floats) -> tuple[float, float]:
    """Return mean and standard deviation of numbers (n,)."""
    mean = math.fsum(x.tolist()) / len(x)
    off = x - mean
    return mean, math.sqrt(math.fsum((off * off).tolist()) / len(x))
