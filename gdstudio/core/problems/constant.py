"""h(x) = c: what the notebook really plots when it draws the cost against the predicted value (L51-62)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.core.problems.points import PointsSpec

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats


class ConstantSpec(PointsSpec):
    """``kind = "constant"``."""

    title: ClassVar[str] = "constant, h(x) = c"
    kind: Literal["constant"] = "constant"

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The constant."""
        return ("c",)

    def build(self, seed: int) -> Constant:
        """Return the problem."""
        return Constant(self, self.dataset())


class Constant(LeastSquaresProblem):
    """One parameter, the same prediction for every point."""

    @property
    def bias_count(self) -> int:
        """C is a bias: drawn weights start at 0."""
        return 1

    def module(self) -> nn.Module:
        """Return a module that answers c for every row."""
        import torch
        from torch import nn

        class ConstantModule(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.c = nn.Parameter(torch.zeros(1))

            def forward(self, X: torch.Tensor) -> torch.Tensor:
                return self.c.expand(len(X), 1)

        return ConstantModule()

    def forward(self) -> Forward:
        """Return h(X) = c."""
        return lambda weights, X: weights[0].expand(len(X), 1)

    def design(self, X: Floats) -> Floats:
        """Return a column of ones."""
        return np.ones((len(X), 1))
