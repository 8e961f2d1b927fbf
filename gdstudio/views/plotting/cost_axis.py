"""A cost axis that can be logarithmic although a cost can be exactly 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.ranges import ceiling, decades

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class CostAxis:
    """Where costs are drawn. On a log axis, 0 has a line of its own a decade below the rest."""

    log: bool
    low: float
    high: float
    zero_at: float | None = None

    @classmethod
    def around(cls, costs: Floats, *, log: bool) -> CostAxis:
        """Return the axis that shows all of the costs (which are finite)."""
        if not log:
            top = float(np.max(costs, initial=0.0))
            return cls(log=False, low=min(0.0, float(np.min(costs, initial=0.0))), high=ceiling(top))
        positive = costs[costs > 0]
        if not len(positive):
            return cls(log=True, low=-1.0, high=0.0, zero_at=-1.0)
        low, high = decades(float(positive.min()), float(positive.max()))
        zero = low - 1 if len(positive) < len(costs) else None
        return cls(log=True, low=low if zero is None else zero, high=high, zero_at=zero)

    def joined(self, other: CostAxis) -> CostAxis:
        """Return the axis that shows what both show."""
        if self.log != other.log:
            return self
        low = min(self.low, other.low)
        has_zero = self.zero_at is not None or other.zero_at is not None
        return CostAxis(self.log, low, max(self.high, other.high), low if has_zero else None)

    def place(self, costs: Floats) -> Floats:
        """Return where the costs are drawn."""
        if not self.log:
            return costs
        at = np.full(len(costs), self.low)
        positive = costs > 0
        at[positive] = np.log10(costs[positive])
        return at
