"""The rows that a problem is fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows of features X with shape (n, d) and their labels y with shape (n,), both float64."""

    X: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.y)


NO_ROWS = Dataset(np.empty((0, 0)), np.empty(0))
"""What a function of the weights alone is fitted to."""
