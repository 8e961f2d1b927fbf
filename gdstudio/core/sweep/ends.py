"""How the runs of a sweep have ended: one row a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.training.events import FinishReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """The ends of R runs, in the order of the swept values.

    ``costs`` (R,) are the full training costs at ``weights`` (R, P), which are the last finite ones of each
    run, after ``steps`` (R,) of its steps; ``start_costs`` (R,) are the costs before any.
    """

    costs: Floats
    steps: np.ndarray
    reasons: tuple[FinishReason, ...]
    weights: Floats
    start_costs: Floats

    def __len__(self) -> int:
        return len(self.costs)

    @property
    def diverged(self) -> np.ndarray:
        """Which of the runs came to a number that is not finite, as truth values (R,)."""
        return np.array([reason is FinishReason.DIVERGED for reason in self.reasons])

    @property
    def ended_above(self) -> np.ndarray:
        """Which of the runs ended at a higher cost than they began at, those that diverged included."""
        return self.diverged | (self.costs > self.start_costs)

    @property
    def best(self) -> int | None:
        """The place of the least cost among the runs that did not diverge; None where all did."""
        costs = np.where(self.diverged, np.inf, self.costs)
        return int(np.argmin(costs)) if np.isfinite(costs).any() else None

    @classmethod
    def joined(cls, parts: Sequence[Ends]) -> Ends:
        """Return the ends of runs that were made in parts, one after another."""
        return cls(
            np.concatenate([part.costs for part in parts]),
            np.concatenate([part.steps for part in parts]),
            tuple(reason for part in parts for reason in part.reasons),
            np.concatenate([part.weights for part in parts]),
            np.concatenate([part.start_costs for part in parts]),
        )
