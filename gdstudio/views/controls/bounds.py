"""What may be typed: the bounds of a hyperparameter, and the sentence for a value beyond them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_count, format_number
from gdstudio.views.controls.entry import read_number

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest value, None where there is none; an open one is not allowed itself."""

    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    integer: bool = False

    @classmethod
    def of(cls, parameter: Hyperparameter) -> Bounds:
        """Return what a hyperparameter's declaration allows."""
        return cls(
            parameter.minimum,
            parameter.maximum,
            parameter.open_minimum,
            parameter.open_maximum,
            parameter.kind == "integer",
        )

    def up_to(self, most: float | None) -> Bounds:
        """Return the same with ``most`` as the greatest value; None changes nothing."""
        return self if most is None else replace(self, maximum=most, open_maximum=False)

    def read(self, text: str) -> float | int:
        """Read a number that is within the bounds.

        Raises
        ------
        ValueError
            Where it is none, with a sentence that says what would be right.
        """
        value = read_number(text, integer=self.integer)
        if not math.isfinite(value):
            raise ValueError(f"“{text.strip()}” is too large for a number; give a smaller one")
        what = "small" if self._is_below(value) else "large" if self._is_above(value) else ""
        if what:
            raise ValueError(f"{text.strip()} is too {what}; give {self.words()}")
        return value

    def words(self) -> str:
        """Say what is allowed: ``1 to 1,000``, ``a number above 0``."""
        low, high = self.minimum, self.maximum
        if low is None and high is None:
            return "any whole number" if self.integer else "any number"
        if low is not None and high is not None and not self.open_minimum and not self.open_maximum:
            return f"{self._write(low)} to {self._write(high)}"
        words = []
        if low is not None:
            words.append(
                f"above {self._write(low)}" if self.open_minimum else f"of {self._write(low)} or more"
            )
        if high is not None:
            words.append(f"below {self._write(high)}" if self.open_maximum else f"up to {self._write(high)}")
        return f"a {'whole ' if self.integer else ''}number {' and '.join(words)}"

    def _is_below(self, value: float) -> bool:
        low = self.minimum
        return low is not None and (value < low or (value == low and self.open_minimum))

    def _is_above(self, value: float) -> bool:
        high = self.maximum
        return high is not None and (value > high or (value == high and self.open_maximum))

    def _write(self, value: float) -> str:
        return format_count(int(value)) if value == int(value) and abs(value) < 1e15 else format_number(value)
