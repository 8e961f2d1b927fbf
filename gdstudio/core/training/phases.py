"""The phases of one step, and what each of them made: small facts that a window can pull."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.listing import PHASES, PhaseName

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

MOST_ROWS = 64
"""A fact keeps so many rows of its batch at most."""


@dataclass(frozen=True, slots=True, eq=False)
class PhaseFact:
    """What step ``step`` has made up to and including its phase ``phase``.

    ``rows`` counts the batch; of its n rows and d features the first k = min(n, `MOST_ROWS`) are kept:
    ``X`` (k, d), ``y`` (k,) and ``predictions`` (k,). ``gradient`` (P,) is what ``.grad`` would hold,
    and ``weights`` (P,) those before the update. What the step has not made yet is None.
    """

    phase: PhaseName
    step: int
    learning_rate: float
    weights: Floats
    rows: int
    X: Floats
    y: Floats
    predictions: Floats | None = None
    cost: float | None = None
    gradient: Floats | None = None
    weights_after: Floats | None = None

    def has_made(self, phase: PhaseName) -> bool:
        """Whether the step has come as far as a phase."""
        return PHASES.index(phase) <= PHASES.index(self.phase)


class PhaseLog:
    """Holds the latest fact; the run publishes it, any thread may read it."""

    def __init__(self) -> None:
        self._fact: PhaseFact | None = None
        self._version = 0

    @property
    def version(self) -> int:
        """Counts the facts."""
        return self._version

    def publish(self, fact: PhaseFact) -> None:
        """Put in what a phase has made."""
        self._fact = fact
        self._version += 1

    def at(self, step: float) -> PhaseFact | None:
        """Return the fact that belongs to a history that is at ``step``, None where there is none.

        It is of the step under way, or the last one of the step just made.
        """
        fact = self._fact
        if fact is None:
            return None
        is_under_way = fact.step == step + 1
        is_just_made = fact.step == step and fact.phase == PHASES[-1]
        return fact if is_under_way or is_just_made else None
