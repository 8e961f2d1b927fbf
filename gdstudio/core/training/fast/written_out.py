"""Steps of plain SGD on linear layers, written out in the operations that autograd would call.

Autograd records a graph and goes back through it at every step, which for ten rows takes three times as long
as the arithmetic. Here its operations are written down: the same kernels in the same order, each result put
where it is needed next. The numbers are those of ``torch.autograd.grad`` and ``torch.optim.SGD`` to the last
bit (tests compare them), with a third of the calls.

With a = X W' + b for a layer and h = tanh(a) between layers, backpropagation (Rumelhart, Hinton and Williams,
1986) gives dW = d' X and db = the sum of d over the rows, where d is the cost's derivative with respect to a;
the layer before gets d W, times 1 - h^2 for its tanh, and what stands in that place for another activation.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import torch

from gdstudio.core.problems.models.activations import activated
from gdstudio.core.training.descent import Descended
from gdstudio.core.training.fast.comparison import comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems.layers import FastForm
    from gdstudio.core.problems.models.activations import Activation
    from gdstudio.core.training.batches import Batch

_Back: TypeAlias = "Callable[[torch.Tensor, torch.Tensor], torch.Tensor]"


# What backward makes of the derivatives by what hidden units have made, and of what they have made.
_BACK: dict[Activation, _Back] = {
    "tanh": torch.ops.aten.tanh_backward.default,
    "relu": lambda d, made: torch.ops.aten.threshold_backward.default(d, made, 0),
    "sigmoid": torch.ops.aten.sigmoid_backward.default,
    "linear": lambda d, made: d,
}


class _Layer(NamedTuple):
    """One layer's matrices (out, in) and biases (out,), as views into rows of flat weights: one a row."""

    matrices: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor | None, ...]


class WrittenOutDescent:
    """A `Descent` by SGD without a memory on a stack of layers.

    Parameters
    ----------
    form
        The layers, and what compares.
    weights
        The flat weights (P,) of the run.
    decay
        How much of the weights is added to each gradient: torch's ``weight_decay``.
    """

    def __init__(self, form: FastForm, weights: torch.Tensor, decay: float = 0.0) -> None:
        self._stack, self._weights, self._decay = form.layers, weights, decay
        self._compares, self._inputs = comparison(form, weights), form.inputs
        activation = form.layers.activation
        self._unit, self._back = activated(activation), _BACK[activation]
        self.gradient = torch.empty_like(weights)
        """The flat gradient (P,) of the latest step; the next one writes over it."""
        self._slots = [(layer.matrices[0], layer.biases[0]) for layer in self._views(self.gradient[None])]
        self._ahead: tuple[list[torch.Tensor], torch.Tensor, torch.Tensor] | None = None

    def cost_ahead(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of rows at the weights now, and keep its forward pass for the next step.

        Where every step sees the same rows, the cost after one step is that of the next before its update.
        """
        inputs, h = self._forward(self._views(self._weights[None]), 0, X)
        cost = self._compares.cost(h, y)
        self._ahead = inputs, h, cost
        return cost

    def discard_cost_ahead(self) -> None:
        """Drop the forward pass that was kept."""
        self._ahead = None

    def descend(self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float) -> Descended:
        """Make the steps of `Descent.descend`."""
        layers, rows = self._views(track), track.unbind()
        gradient, rate, add, decay = self.gradient, -learning_rate, torch.add, self._decay
        forward, backward, cost_of = self._forward, self._backward, self._compares.cost
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
            used = add(gradient, rows[k], alpha=decay) if decay else gradient
            add(rows[k], used, alpha=rate, out=rows[k + 1])
        self._weights.copy_(rows[len(batches)])
        return Descended(costs, [gradient.clone()])

    def _forward(
        self, layers: list[_Layer], k: int, X: torch.Tensor
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the input of every layer and the output of the last, at row k of the weights."""
        inputs: list[torch.Tensor] = []
        X = X if self._inputs is None else self._inputs(X)
        h, place, unit = X, None, self._unit
        for layer in layers:
            X = unit(h) if inputs else X
            inputs.append(X)
            bias, matrix = layer.biases[k], layer.matrices[k].t()
            if len(inputs) == len(layers):
                place = self._compares.place(X)
            h = torch.mm(X, matrix, out=place) if bias is None else torch.addmm(bias, X, matrix, out=place)
        return inputs, h

    def _backward(
        self, layers: list[_Layer], k: int, inputs: list[torch.Tensor], h: torch.Tensor, y: torch.Tensor
    ) -> None:
        """Write the gradient of the cost at row k of the weights into the flat gradient."""
        d = self._compares.derivative(h, y)
        for i in range(len(layers) - 1, -1, -1):
            matrix, bias = self._slots[i]
            torch.mm(d.t(), inputs[i], out=matrix)
            if bias is not None:
                torch.sum(d, 0, out=bias)
            if i:
                d = self._back(d.mm(layers[i].matrices[k]), inputs[i])

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
