"""How many labels of 0 and 1 are predicted right, and what becomes of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.core.typing import Floats

EVEN = 0.5
"""A probability above it is a yes."""


def are_right(y: Floats, predicted: Floats) -> NDArray[np.bool_]:
    """Return which labels (n,) are predicted right, by probabilities of a 1 or by classes themselves (n,).

    A probability of one half, or one that is no number, is a no.
    """
    return np.asarray(np.ceil(np.nan_to_num(predicted) - EVEN) == y)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The counts of a confusion matrix; the first word is the label, the second what is predicted."""

    no_no: int
    no_yes: int
    yes_no: int
    yes_yes: int

    @classmethod
    def of(cls, y: Floats, p: Floats) -> Verdicts:
        """Count labels (n,) and the probabilities (n,) predicted for them; one that is no number is a no."""
        yes, said = y > EVEN, p > EVEN
        both, only_said, only_is = (int(x.sum()) for x in (yes & said, ~yes & said, yes & ~said))
        return cls(len(y) - both - only_said - only_is, only_said, only_is, both)

    @property
    def right(self) -> int:
        """How many are predicted right."""
        return self.no_no + self.yes_yes

    @property
    def rows(self) -> int:
        """How many there are."""
        return self.right + self.no_yes + self.yes_no

    @property
    def accuracy(self) -> float:
        """The share that is predicted right."""
        return self.right / self.rows
