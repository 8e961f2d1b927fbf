"""What compares outputs with labels in a written-out step: the cost, and its derivative by the outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch

from gdstudio.core.problems.losses.loss import ATEN_REDUCTIONS

if TYPE_CHECKING:
    from gdstudio.core.problems.layers import FastForm
    from gdstudio.core.problems.losses.loss import Squares
    from gdstudio.core.problems.problem import LossFunction

# What torch.nn.functional.mse_loss calls after its checks, which take longer than its work on ten rows.
_mse_loss: Any = torch._C._nn.mse_loss  # noqa: SLF001 - the public ways in cost four times as much
_MANY_ROWS = 4096
"""From so many rows on, memory of earlier steps is used again: new memory would take longer than the step."""


class Comparison(Protocol):
    """Compares outputs h with labels y, both of a batch."""

    def place(self, X: torch.Tensor) -> torch.Tensor | None:
        """Return the memory for the outputs of inputs X (n, d) of the last layer; None for a new tensor."""

    def cost(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost, a scalar."""

    def derivative(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the derivative of the cost by the outputs, of their shape."""


def comparison(form: FastForm, like: torch.Tensor) -> Comparison:
    """Return what compares, for numbers on the device of a tensor and in its precision."""
    if form.loss.squares is not None:
        return _OfSquares(form.loss.squares, form.layers.sizes[-1], like)
    slope = form.loss.derivative()
    assert slope is not None  # or there would be no fast form
    return _ByFunction(form.loss.function(), slope)


class _ByFunction:
    """A `Comparison` by a loss's own function and derivative."""

    def __init__(self, cost: LossFunction, derivative: LossFunction) -> None:
        self.cost, self.derivative = cost, derivative

    def place(self, X: torch.Tensor) -> torch.Tensor | None:
        return None


class _Scratch:
    """Memory that every step over many rows uses again: for predictions, derivatives and squares.

    Each is of shape (rows, outputs); ``h`` holds the predictions, ``d`` the cost's derivatives by them.
    """

    def __init__(self, rows: int, outputs: int, like: torch.Tensor) -> None:
        self.h = like.new_empty(rows, outputs)
        self.d = like.new_empty(rows, outputs)
        self._squares = like.new_empty(rows, outputs)

    def cost(self, y: torch.Tensor, reduction: int) -> torch.Tensor:
        """Return the cost of the predictions ``h``; torch adds up the squares in the memory given as out."""
        _mse_loss(self.h, y, reduction, out=self._squares.resize_(0))
        return self._squares.clone()


class _OfSquares:
    """A `Comparison` by squared residuals."""

    def __init__(self, squares: Squares, outputs: int, like: torch.Tensor) -> None:
        self._outputs = outputs
        self._reduction, self._scale = ATEN_REDUCTIONS[squares.reduction], squares.times
        # The derivative of the cost by its reduced squares, from which the backward pass starts.
        self._seed = torch.full((), self._scale, dtype=like.dtype, device=like.device)
        self._scratch: _Scratch | None = None

    def place(self, X: torch.Tensor) -> torch.Tensor | None:
        if len(X) < _MANY_ROWS:
            return None
        if self._scratch is None or len(self._scratch.h) != len(X):
            self._scratch = _Scratch(len(X), self._outputs, X)
        return self._scratch.h

    def cost(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            cost = scratch.cost(y, self._reduction)
        else:
            cost = _mse_loss(h, y, self._reduction)
        return cost if self._scale == 1.0 else self._scale * cost

    def derivative(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            d = scratch.d
            torch.ops.aten.mse_loss_backward.grad_input(self._seed, h, y, self._reduction, grad_input=d)
            return d
        made: torch.Tensor = torch.ops.aten.mse_loss_backward.default(self._seed, h, y, self._reduction)
        return made
