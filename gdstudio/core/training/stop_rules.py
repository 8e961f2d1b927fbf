"""The rules by which a run ends before its last step: a small gradient, a cost that no longer changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdstudio.core.training import stopping

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.settings.run_settings import RunSettings
    from gdstudio.core.training.stopping import Finish


class StopRules:
    """Compares the full cost and its gradient at some weights with the tolerances that a run sets.

    ``are_set`` says whether it sets any. ``last_cost`` is the cost that was looked at before; the trainer
    sets it to that of the start.
    """

    def __init__(self, run: RunSettings) -> None:
        self._gradient_tolerance = run.gradient_tolerance
        self._cost_tolerance = run.cost_tolerance
        self.are_set = run.gradient_tolerance is not None or run.cost_tolerance is not None
        self.last_cost = math.nan

    def look(self, cost: torch.Tensor, gradients: Sequence[torch.Tensor], step: int) -> Finish | None:
        """Return how the run ends at the weights of a step, None where it goes on.

        ``cost`` is the full cost there, ``gradients`` are its gradients, one for each parameter.
        """
        value = float(cost.detach())
        size = math.sqrt(sum(float((g * g).sum()) for g in gradients))
        change, self.last_cost = abs(value - self.last_cost), value
        if self._gradient_tolerance is not None and size < self._gradient_tolerance:
            return stopping.small_gradient(step, size, self._gradient_tolerance)
        if self._cost_tolerance is not None and step > 0 and change < self._cost_tolerance:
            return stopping.small_change(step, change, self._cost_tolerance, size)
        return None
