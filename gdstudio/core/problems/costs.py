"""The four conventions of the squared cost, each by its own name.

With residuals r_i = h(x_i) - y_i over n rows: ``mean`` is (1/n) sum r^2 (``nn.MSELoss``, the notebook's
L70), ``half_sum`` (1/2) sum r^2 (L13), ``sum`` sum r^2, ``half_mean`` (1/2n) sum r^2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

CostName = Literal["mean", "half_sum", "sum", "half_mean"]
COST_NAMES: tuple[CostName, ...] = get_args(CostName)
COST_TITLES = {
    "mean": "mean of squares",
    "half_sum": "half the sum",
    "sum": "sum of squares",
    "half_mean": "half the mean",
}


def factor(cost: CostName, rows: int) -> float:
    """Return what the sum of squared residuals over ``rows`` rows is multiplied by."""
    return {"mean": 1 / rows, "half_sum": 0.5, "sum": 1.0, "half_mean": 0.5 / rows}[cost]


def cost_function(cost: CostName) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return the cost of predictions and labels of one shape, as a differentiable torch function."""
    from torch.nn import functional

    if cost == "mean":
        return functional.mse_loss
    if cost == "sum":
        return lambda h, y: functional.mse_loss(h, y, reduction="sum")
    if cost == "half_sum":
        return lambda h, y: 0.5 * functional.mse_loss(h, y, reduction="sum")
    return lambda h, y: 0.5 * functional.mse_loss(h, y)
