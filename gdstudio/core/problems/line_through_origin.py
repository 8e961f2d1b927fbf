"""h(x) = theta x: the notebook's first hypothesis (L11, L160-200), one weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.core.problems.points import PointsSpec
from gdstudio.core.problems.stack import Layers

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats


class LineThroughOriginSpec(PointsSpec):
    """``kind = "line_through_origin"``."""

    title: ClassVar[str] = "line through the origin, h(x) = θ x"
    kind: Literal["line_through_origin"] = "line_through_origin"

    @property
    def weight_names(self) -> tuple[str, ...]:
        """Theta."""
        return ("theta",)

    def build(self, seed: int) -> LineThroughOrigin:
        """Return the problem."""
        return LineThroughOrigin(self, self.dataset())


class LineThroughOrigin(LeastSquaresProblem):
    """``nn.Linear(1, 1, bias=False)`` on given points."""

    @property
    def bias_count(self) -> int:
        """No bias."""
        return 0

    @property
    def layers(self) -> Layers | None:
        """One layer."""
        return Layers((1, 1), has_bias=False)

    def module(self) -> nn.Module:
        """Return ``nn.Linear(1, 1, bias=False)``."""
        from torch import nn

        return nn.Linear(1, 1, bias=False)

    def forward(self) -> Forward:
        """Return h(X) = X theta."""
        from torch.nn.functional import linear

        return lambda weights, X: linear(X, weights[0])

    def design(self, X: Floats) -> Floats:
        """Return x itself."""
        return X
