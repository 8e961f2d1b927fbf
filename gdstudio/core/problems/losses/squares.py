"""The four conventions of the squared cost, each by its own name.

With residuals r_i = h(x_i) - y_i over n rows: ``mean`` is (1/n) sum r^2 (``nn.MSELoss``, the notebook's
L70), ``half_sum`` (1/2) sum r^2 (L13), ``sum`` sum r^2, ``half_mean`` (1/2n) sum r^2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.core.by_hand import HandLoss
from gdstudio.core.problems.losses.loss import Loss, Squares

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch


class _SquaredLoss(Loss):
    """A multiple of ``nn.MSELoss``."""

    squares: ClassVar[Squares]

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import mse_loss

        reduction, times = self.squares.reduction, self.squares.times
        if times == 1.0:
            return mse_loss if reduction == "mean" else lambda h, y: mse_loss(h, y, reduction="sum")
        return lambda h, y: times * mse_loss(h, y, reduction=reduction)

    @override
    def definition(self) -> tuple[str, ...]:
        words = "" if self.squares.reduction == "mean" else 'reduction="sum"'
        return (f"loss = nn.MSELoss({words})",)

    @override
    def expression(self, h: str, y: str) -> str:
        times = "" if self.squares.times == 1.0 else f"{self.squares.times!r} * "
        return f"{times}loss({h}, {y})"

    @override
    def by_hand(self) -> HandLoss:
        times, is_mean = self.squares.times, self.squares.reduction == "mean"
        before = "" if times == 1.0 else f"{times!r} * "
        twice = f"{2 * times:g}"  # of the square's own derivative
        slope = f"({twice} / {{n}}) * " if is_mean else "" if twice == "1" else f"{twice} * "
        return HandLoss(f"{before}np.{'mean' if is_mean else 'sum'}(error ** 2)", slope)


class Mean(_SquaredLoss):
    """The mean of the squared residuals over the rows of a step: ``nn.MSELoss()``."""

    name, title, place = "mean", "mean of squares", 1
    squares = Squares("mean")


class HalfSum(_SquaredLoss):
    """Half the sum of the squared residuals."""

    name, title, place = "half_sum", "half the sum", 2
    squares = Squares("sum", 0.5)
    is_mean = False


class Sum(_SquaredLoss):
    """The sum of the squared residuals."""

    name, title, place = "sum", "sum of squares", 3
    squares = Squares("sum")
    is_mean = False


class HalfMean(_SquaredLoss):
    """Half the mean of the squared residuals."""

    name, title, place = "half_mean", "half the mean", 4
    squares = Squares("mean", 0.5)
