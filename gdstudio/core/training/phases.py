"""What the phases of a step have made, where it is made phase by phase; a window reads it to draw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.listing import PHASES, PhaseName

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

MOST_ROWS = 64
"""At most so many rows of a batch are kept of a phase."""


@dataclass(frozen=True, slots=True, eq=False)
class PhaseFact:
    """What step ``step`` has made up to and including its phase ``phase``.

    ``rows`` is the number of rows of the batch, 0 where the problem has none. Of these n rows with d features
    the first k = min(n, `MOST_ROWS`) are kept: ``X`` (k, d), ``y`` (k,) and ``predictions``, the outputs of
    the module: (k,), or (k, c) where it has c > 1.
    ``gradient`` (P,) is what ``.grad`` would hold, ``weights`` (P,) are those before the update and
    ``weights_after`` those after it. What the step has not made yet is None.
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
    """Holds what the latest phase has made; the training thread publishes it, any other may read it."""

    def __init__(self) -> None:
        self._fact: PhaseFact | None = None
        self._version = 0

    @property
    def version(self) -> int:
        """How many phases have been published."""
        return self._version

    def publish(self, fact: PhaseFact) -> None:
        """Hold what a phase has made."""
        self._fact = fact
        self._version += 1

    def at(self, step: float) -> PhaseFact | None:
        """Return what belongs to a history whose latest step is ``step``, None where there is nothing.

        That is the latest phase of the step under way, or the last phase of ``step`` itself.
        """
        fact = self._fact
        if fact is None:
            return None
        is_under_way = fact.step == step + 1
        is_just_made = fact.step == step and fact.phase == PHASES[-1]
        return fact if is_under_way or is_just_made else None
