"""The rows that a problem is fitted to, and the notebook's synthetic ones (L265-276)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows of features X with shape (n, d) and their labels y with shape (n,), both float64."""

    X: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.y)


def points(x: Sequence[float], y: Sequence[float]) -> Dataset:
    """Return n given points (x_i, y_i) as a data set with one feature."""
    return Dataset(np.asarray(x, dtype=np.float64)[:, None], np.asarray(y, dtype=np.float64))


def synthetic_linear(
    weights: Sequence[float], bias: float, noise: float, count: int, generator: torch.Generator
) -> Dataset:
    """Draw X ~ N(0, 1) with shape (count, d), then y = X w + b + noise * N(0, 1).

    ``noise`` is a standard deviation (the notebook's "variance", L309, is one). The numbers are drawn
    in float64 whatever the run computes in, so that the data do not depend on the precision.
    """
    import torch

    X = torch.randn(count, len(weights), generator=generator, dtype=torch.float64)
    y = X @ torch.tensor(weights, dtype=torch.float64) + bias
    y = y + noise * torch.randn(count, generator=generator, dtype=torch.float64)
    return Dataset(X.numpy(), y.numpy())
