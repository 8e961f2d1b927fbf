"""Steps of plain SGD on linear layers, written out in the operations that autograd would call.

Autograd records a graph and goes back through it at every step, which for ten rows takes three times as long
as the arithmetic. Here its operations are written down: the same kernels in the same order, each result put
where it is needed next. The numbers are those of ``torch.autograd.grad`` and ``torch.optim.SGD`` to the last
bit (tests compare them), with a third of the calls.

With a = X W' + b for a layer and h = tanh(a) between layers, backpropagation (Rumelhart, Hinton and Williams,
1986) gives dW = d' X and db = the sum of d over the rows, where d is the cost's derivative with respect to a;
the layer before gets d W, times 1 - h^2 for its tanh.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from gdstudio.core.training.descent import Descended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.problems.layers import FastForm
    from gdstudio.core.training.batches import Batch

# What torch.nn.functional.mse_loss calls after its checks, which take longer than its work on ten rows.
_mse_loss: Any = torch._C._nn.mse_loss  # noqa: SLF001 - the public ways in cost four times as much
_MANY_ROWS = 4096
"""From so many rows on, memory of earlier steps is used again: new memory would take longer than the step."""
_REDUCTIONS = {"mean": 1, "sum": 2}
"""The numbers by which the operations of aten know them."""


class _Layer(NamedTuple):
    """One layer's matrices (out, in) and biases (out,), as views into rows of flat weights: one a row."""

    matrices: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor | None, ...]


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


class WrittenOutDescent:
    """A `Descent` by plain SGD on a stack of layers whose cost is made of squared residuals.

    Parameters
    ----------
    form
        The layers, and how the cost adds up.
    weights
        The flat weights (P,) of the run.
    """

    def __init__(self, form: FastForm, weights: torch.Tensor) -> None:
        self._stack, self._weights = form.layers, weights
        self._reduction, self._scale = _REDUCTIONS[form.squares.reduction], form.squares.times
        # The derivative of the cost by its reduced squares, from which the backward pass starts.
        self._seed = torch.full((), self._scale, dtype=weights.dtype, device=weights.device)
        self.gradient = torch.empty_like(weights)
        """The flat gradient (P,) of the latest step; the next one writes over it."""
        self._slots = [(layer.matrices[0], layer.biases[0]) for layer in self._views(self.gradient[None])]
        self._ahead: tuple[list[torch.Tensor], torch.Tensor, torch.Tensor] | None = None
        self._scratch: _Scratch | None = None

    def cost_ahead(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of rows at the weights now, and keep its forward pass for the next step.

        Where every step sees the same rows, the cost after one step is that of the next before its update.
        """
        inputs, h = self._forward(self._views(self._weights[None]), 0, X)
        cost = self._cost(h, y)
        self._ahead = inputs, h, cost
        return cost

    def discard_cost_ahead(self) -> None:
        """Drop the forward pass that was kept."""
        self._ahead = None

    def descend(self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float) -> Descended:
        """Make the steps of `Descent.descend`."""
        layers, rows = self._views(track), track.unbind()
        gradient, rate, add = self.gradient, -learning_rate, torch.add
        forward, backward, cost_of = self._forward, self._backward, self._cost
        ahead, self._ahead = self._ahead, None
        costs = []
        for k, (X, y) in enumerate(batches):
            if ahead is not None:
                (inputs, h, cost), ahead = ahead, None
            else:
                inputs, h = forward(layers, k, X)
                cost = cost_of(h, y)
            costs.append(cost)
            backward(layers, k, inputs, h, y)
            add(rows[k], gradient, alpha=rate, out=rows[k + 1])
        self._weights.copy_(rows[len(batches)])
        return Descended(costs, [gradient.clone()])

    def _cost(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            cost = scratch.cost(y, self._reduction)
        else:
            cost = _mse_loss(h, y, self._reduction)
        return cost if self._scale == 1.0 else self._scale * cost

    def _forward(
        self, layers: list[_Layer], k: int, X: torch.Tensor
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the input of every layer and the output of the last, at row k of the weights."""
        inputs: list[torch.Tensor] = []
        h, place = X, None
        for layer in layers:
            X = h.tanh() if inputs else X
            inputs.append(X)
            bias, matrix = layer.biases[k], layer.matrices[k].t()
            if len(inputs) == len(layers):
                place = self._place(X)
            h = torch.mm(X, matrix, out=place) if bias is None else torch.addmm(bias, X, matrix, out=place)
        return inputs, h

    def _place(self, X: torch.Tensor) -> torch.Tensor | None:
        """Return the memory for the last output of a batch; None for a new tensor."""
        if len(X) < _MANY_ROWS:
            return None
        if self._scratch is None or len(self._scratch.h) != len(X):
            self._scratch = _Scratch(len(X), self._stack.sizes[-1], X)
        return self._scratch.h

    def _backward(
        self, layers: list[_Layer], k: int, inputs: list[torch.Tensor], h: torch.Tensor, y: torch.Tensor
    ) -> None:
        """Write the gradient of the cost at row k of the weights into the flat gradient."""
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            d = scratch.d
            torch.ops.aten.mse_loss_backward.grad_input(self._seed, h, y, self._reduction, grad_input=d)
        else:
            d = torch.ops.aten.mse_loss_backward.default(self._seed, h, y, self._reduction)
        for i in range(len(layers) - 1, -1, -1):
            matrix, bias = self._slots[i]
            torch.mm(d.t(), inputs[i], out=matrix)
            if bias is not None:
                torch.sum(d, 0, out=bias)
            if i:
                d = torch.ops.aten.tanh_backward.default(d.mm(layers[i].matrices[k]), inputs[i])

    def _views(self, flat: torch.Tensor) -> list[_Layer]:
        """Return each layer's views into rows of flat weights (m, P)."""
        begin, layers = 0, []
        for inner, outer in pairwise(self._stack.sizes):
            matrices = flat[:, begin : begin + inner * outer].view(len(flat), outer, inner).unbind()
            begin += inner * outer
            biases: tuple[torch.Tensor | None, ...] = (None,) * len(flat)
            if self._stack.has_bias:
                biases = flat[:, begin : begin + outer].unbind()
                begin += outer
            layers.append(_Layer(matrices, biases))
        return layers
