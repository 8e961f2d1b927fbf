"""A cost axis that can be logarithmic although a cost can be exactly 0, and linear where one is negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.ranges import ceiling, decades

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class CostAxis:
    """Where costs are drawn. On a log axis, 0 has a line of its own a decade below the rest.

    ``log_wanted`` is what the user asked for. Costs below 0 have no logarithm, so ``log`` is False where
    there is one among them. ``least`` and ``greatest`` are the extreme costs that the axis was made for.
    """

    log: bool
    low: float
    high: float
    zero_at: float | None = None
    log_wanted: bool = False
    least: float = field(default=0.0, compare=False)
    greatest: float = field(default=0.0, compare=False)

    @classmethod
    def around(cls, costs: Floats, *, log: bool) -> CostAxis:
        """Return the axis that shows all of the costs (which are finite), a logarithmic one if possible."""
        least, greatest = float(np.min(costs, initial=np.inf)), float(np.max(costs, initial=-np.inf))
        if not log or least < 0:
            low = -ceiling(-least) if least < 0 else 0.0
            high = ceiling(greatest) if greatest > 0 or low == 0 else 0.0
            return cls(False, low, high, None, log, least, greatest)
        positive = costs[costs > 0]
        if not len(positive):
            return cls(True, -1.0, 0.0, -1.0, log, least, greatest)
        low, high = decades(float(positive.min()), greatest)
        zero = low - 1 if len(positive) < len(costs) else None
        return cls(True, low if zero is None else zero, high, zero, log, least, greatest)

    @property
    def room(self) -> tuple[float, float]:
        """The range that a plot shows of it, with a little room below and above."""
        pad = 0.04 * (self.high - self.low)
        return self.low - pad, self.high + pad

    @property
    def note(self) -> str:
        """Why the axis is not the one asked for, to be shown beside the plot; empty where it is."""
        return "linear axis: the cost is negative" if self.log_wanted and not self.log else ""

    def joined(self, other: CostAxis) -> CostAxis:
        """Return the axis that shows what both show; this one where another kind was wanted for the other."""
        if self.log_wanted != other.log_wanted:
            return self
        least, greatest = min(self.least, other.least), max(self.greatest, other.greatest)
        if self.log != other.log:
            return CostAxis.around(np.array([least, greatest]), log=self.log_wanted)
        low, high = min(self.low, other.low), max(self.high, other.high)
        has_zero = self.zero_at is not None or other.zero_at is not None
        zero = low if has_zero else None
        return CostAxis(self.log, low, high, zero, self.log_wanted, least, greatest)

    def place(self, costs: Floats) -> Floats:
        """Return where the costs are drawn."""
        if not self.log:
            return costs
        at = np.full(len(costs), self.low)
        positive = costs > 0
        at[positive] = np.log10(costs[positive])
        return at
