"""h(x) = w x + b on given points: two weights, the multi-dimensional problem of the notebook (L203-213)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.core.problems.points import PointsSpec

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats


class LineSpec(PointsSpec):
    """``kind = "line"``."""

    title: ClassVar[str] = "line with intercept, h(x) = w x + b"
    kind: Literal["line"] = "line"

    @property
    def weight_names(self) -> tuple[str, ...]:
        """Slope and intercept."""
        return ("w", "b")

    def build(self, seed: int) -> Line:
        """Return the problem."""
        return Line(self, self.dataset())


class Line(LeastSquaresProblem):
    """``nn.Linear(1, 1)`` on given points."""

    @property
    def bias_count(self) -> int:
        """One bias, b."""
        return 1

    def module(self) -> nn.Module:
        """Return ``nn.Linear(1, 1)``."""
        from torch import nn

        return nn.Linear(1, 1)

    def forward(self) -> Forward:
        """Return h(X) = X w + b."""
        from torch.nn.functional import linear

        return lambda weights, X: linear(X, weights[0], weights[1])

    def design(self, X: Floats) -> Floats:
        """Return the columns x and 1."""
        return np.column_stack([X, np.ones(len(X))])
