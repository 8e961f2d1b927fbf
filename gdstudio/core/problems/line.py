"""h(x) = w x + b on given points: two weights, the multi-dimensional problem of the notebook (L203-213)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.datasets import Dataset
from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.core.problems.points import PointsSpec
from gdstudio.core.problems.stack import Layers

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats


class LineSpec(PointsSpec):
    """``kind = "line"``."""

    title: ClassVar[str] = "line with intercept, h(x) = w x + b"
    kind: Literal["line"] = "line"
    scaling: Literal["raw", "centred", "z_score"] = hyperparameter(
        "raw",
        title="Feature x",
        help="As it is, less its mean, or less its mean and divided by its standard deviation",
        choices={"raw": "raw", "centred": "centred, x − mean", "z_score": "z-score, (x − mean) / std"},
    )

    @model_validator(mode="after")
    def _can_be_scaled(self) -> Self:
        if self.scaling == "z_score" and len(set(self.x)) == 1:
            raise ValueError("scaling: z_score needs at least two different x; give them, or centred")
        return self

    @property
    def weight_names(self) -> tuple[str, ...]:
        """Slope and intercept."""
        return ("w", "b")

    def build(self, seed: int) -> Line:
        """Return the problem."""
        data = self.dataset()
        return Line(self, Dataset(self._scaled(data.X), data.y))

    def _scaled(self, X: Floats) -> Floats:
        """Return x as ``scaling`` asks; the standard deviation is the population's (divided by n)."""
        if self.scaling == "raw":
            return X
        centred = X - X.mean()
        return centred if self.scaling == "centred" else np.asarray(centred / X.std())


class Line(LeastSquaresProblem):
    """``nn.Linear(1, 1)`` on given points."""

    @property
    def bias_count(self) -> int:
        """One bias, b."""
        return 1

    @property
    def layers(self) -> Layers | None:
        """One layer."""
        return Layers((1, 1))

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
