"""What compares probabilities p = sigmoid(z) with labels of 0 and 1: cross-entropy, and squares of p - y.

Cross-entropy is the mean of log(1 + e^z) - y z, which is -log of the probability given to what is true; its
derivative by z is p - y, as that of half the square by h. The square's own has the factor p (1 - p) besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.by_hand import HandLoss
from gdstudio.core.notation import maths
from gdstudio.core.problems.losses.loss import ATEN_REDUCTIONS, Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.notation import Piece


class CrossEntropy(Loss):
    """``nn.BCEWithLogitsLoss()``: it takes z, so that no logarithm of a p that has become 0 is asked for."""

    name, title, place = "cross_entropy", "cross-entropy", 1
    of_classes = is_cross_entropy = True
    broadcasts = False

    @property
    @override
    def formula(self) -> Piece:
        return maths("log(1 + eᶻ) − y z", r"\log(1 + e^{z}) - y\,z")

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import binary_cross_entropy_with_logits

        return binary_cross_entropy_with_logits

    @override
    def derivative(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        return lambda z, y: z.sigmoid().sub_(y).div_(z.numel())

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.BCEWithLogitsLoss()",)

    @override
    def by_hand(self) -> HandLoss:
        cost = "np.mean(np.logaddexp(0, z) - y{rows} * z)"
        return HandLoss(cost, "(1 / {n}) * ", link="1 / (1 + np.exp(-z))")


class SquaredError(Loss):
    """``nn.MSELoss()`` of sigmoid(z): not convex, and flat where p is wrong and sure of it."""

    name, title, place = "squared_error", "squared error of p", 2
    of_classes = True

    @property
    @override
    def formula(self) -> Piece:
        return maths("(p − y)²", r"(p - y)^{2}")

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import mse_loss

        return lambda z, y: mse_loss(z.sigmoid(), y)

    @override
    def derivative(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        import torch

        aten = torch.ops.aten

        def slope(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            p = z.sigmoid()
            by_p = aten.mse_loss_backward.default(p.new_ones(()), p, y, ATEN_REDUCTIONS["mean"])
            made: torch.Tensor = aten.sigmoid_backward.default(by_p, p)
            return made

        return slope

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.MSELoss()",)

    @override
    def expression(self, h: str, y: str) -> str:
        return f"loss(torch.sigmoid({h}), {y})"
