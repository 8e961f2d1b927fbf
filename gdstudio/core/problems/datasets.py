"""The rows that a problem is fitted to, and the notebook's synthetic ones (L265-276)."""

from __future__ import annotations

import math
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


@dataclass(frozen=True, slots=True)
class SecondFeature:
    """How the second feature is made of two drawn ones: x2 = scale (rho x1 + sqrt(1 - rho^2) z2).

    It then has the standard deviation ``scale`` and with x1 the correlation ``rho``.
    """

    scale: float = 1.0
    correlation: float = 0.0

    @property
    def parts(self) -> tuple[float, float]:
        """What x1 and z2 are multiplied by."""
        return self.scale * self.correlation, self.scale * math.sqrt(1 - self.correlation**2)

    @property
    def is_drawn(self) -> bool:
        """Whether it is z2 itself."""
        return self.parts == (0.0, 1.0)


def synthetic_linear(
    weights: Sequence[float],
    bias: float,
    noise: float,
    count: int,
    generator: torch.Generator,
    second: SecondFeature | None = None,
) -> Dataset:
    """Draw X ~ N(0, 1) with shape (count, d), make the second feature, then y = X w + b + noise * N(0, 1).

    ``noise`` is a standard deviation (the notebook's "variance", L309, is one). The numbers are drawn
    in float64 whatever the run computes in, so that the data do not depend on the precision.
    """
    import torch

    X = torch.randn(count, len(weights), generator=generator, dtype=torch.float64)
    if second is not None and not second.is_drawn:
        of_first, of_own = second.parts
        X[:, 1] = of_first * X[:, 0] + of_own * X[:, 1]
    y = X @ torch.tensor(weights, dtype=torch.float64) + bias
    y = y + noise * torch.randn(count, generator=generator, dtype=torch.float64)
    return Dataset(X.numpy(), y.numpy())
