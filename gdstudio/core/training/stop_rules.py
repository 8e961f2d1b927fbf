"""The rules by which a run ends before its last step: a small gradient, a cost that no longer changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training import stopping

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import RunSettings
    from gdstudio.core.training.stopping import Finish


class StopRules:
    """Compares one step's cost with the one before it.

    ``last_cost`` is the cost that was looked at last, that of the start before any; ``watches`` says whether
    a rule is set at all.
    """

    def __init__(self, run: RunSettings, cost: float) -> None:
        self._gradient_tolerance = run.gradient_tolerance
        self._cost_tolerance = run.cost_tolerance
        self.watches = run.gradient_tolerance is not None or run.cost_tolerance is not None
        self.last_cost = cost

    def look(self, cost: float, gradient_size: float, step: int) -> Finish | None:
        """Apply the rules to the full cost and its gradient's Euclidean norm at the weights of a step."""
        change, self.last_cost = abs(cost - self.last_cost), cost
        if self._gradient_tolerance is not None and gradient_size < self._gradient_tolerance:
            return stopping.small_gradient(step, gradient_size, self._gradient_tolerance)
        if self._cost_tolerance is not None and step > 0 and change < self._cost_tolerance:
            return stopping.small_change(step, change, self._cost_tolerance)
        return None
