"""Plain descent on linear layers, written out in the very operations that autograd would call.

Autograd builds a graph and walks it back at every step, which for ten rows takes three times as long as the
arithmetic. Here the walk is written down once: the same kernels in the same order, each result put where it
is needed next, so that the numbers are those of ``torch.autograd.grad`` and ``torch.optim.SGD`` to the last
bit (held by tests) with a third of the calls.

With a = X W' + b for a layer and h = tanh(a) between layers, backpropagation (Rumelhart, Hinton and Williams,
1986) gives dW = d' X and db = the sum of d over the rows, where d is the cost's derivative with respect to a;
the layer before gets d W, times 1 - h^2 for its tanh.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from gdstudio.core.training.batches import ALIGNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.problems.layers import FastForm

    Batch = tuple[torch.Tensor, torch.Tensor]

# What torch.nn.functional.mse_loss calls after its checks, which take longer than ten rows.
_mse_loss: Any = torch._C._nn.mse_loss  # noqa: SLF001 - the public ways in cost four times as much
_MANY_ROWS = 4096
"""From so many rows on, what a step makes of them is put where the last one's was, not in fresh memory."""
_REDUCTIONS = {"mean": 1, "sum": 2}  # aten's numbers of them


class _Part(NamedTuple):
    """One layer's views of flat weights: the matrices (out, in), and the biases (out,), a view a row."""

    matrices: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor | None, ...]


class _Scratch:
    """Places for the predictions of many rows (k, outputs), for the derivative and for the squares."""

    def __init__(self, rows: int, outputs: int, like: torch.Tensor) -> None:
        self.h = like.new_empty(rows, outputs)
        self.d = like.new_empty(rows, outputs)
        self._squares = like.new_empty(rows, outputs)

    def cost(self, y: torch.Tensor, reduction: int) -> torch.Tensor:
        """Return the cost of the predictions; torch reduces the squares within the room that they take."""
        _mse_loss(self.h, y, reduction, out=self._squares.resize_(0))
        return self._squares.clone()


def empty_track(steps: int, like: torch.Tensor) -> torch.Tensor:
    """Return room for the weights before and after so many steps, shape (steps + 1, P).

    Its rows begin at aligned addresses: where one does not, some kernels sum in another order.
    """
    width = -(-len(like) // ALIGNED) * ALIGNED
    return torch.empty(steps + 1, width, dtype=like.dtype, device=like.device)[:, : len(like)]


class LayerDescent:
    """Makes steps of plain SGD on a stack of layers, a list of batches at a time."""

    def __init__(self, form: FastForm, like: torch.Tensor) -> None:
        self._layers = form.layers
        self._reduction, self._scale = _REDUCTIONS[form.squares.reduction], form.squares.times
        self._seed = torch.full((), self._scale, dtype=like.dtype, device=like.device)
        self._gradient = torch.empty_like(like)
        self._slots = [(part.matrices[0], part.biases[0]) for part in self._cut(self._gradient[None])]
        self._ahead: tuple[list[torch.Tensor], torch.Tensor, torch.Tensor] | None = None
        self._scratch: _Scratch | None = None

    def look_ahead(self, X: torch.Tensor, y: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """Return the cost of all rows at weights (P,), and keep the way there for the next step.

        Where every step sees the same rows, the cost after one step is the forward pass of the next.
        """
        parts = self._cut(weights[None])
        inputs, h = self._forward(parts, 0, X)
        value = self._cost(h, y)
        self._ahead = inputs, h, value
        return value

    def forget(self) -> None:
        """Drop what was kept, because the weights are about to be others."""
        self._ahead = None

    def _cost(self, h: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            value = scratch.cost(y, self._reduction)
        else:
            value = _mse_loss(h, y, self._reduction)
        return value if self._scale == 1.0 else self._scale * value

    def descend(
        self, batches: Sequence[Batch], track: torch.Tensor, learning_rate: float
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """Make a step for each batch; return each batch's cost before its update, and the last gradient.

        ``track`` has shape (steps + 1, P): row 0 holds the weights now, the others get those after each step.
        """
        parts, rows = self._cut(track), track.unbind()
        gradient, rate, add = self._gradient, -learning_rate, torch.add
        forward, backward, cost_of = self._forward, self._backward, self._cost
        ahead, self._ahead = self._ahead, None
        costs = []
        for k, (X, y) in enumerate(batches):
            if ahead is not None:
                (inputs, h, value), ahead = ahead, None
            else:
                inputs, h = forward(parts, k, X)
                value = cost_of(h, y)
            costs.append(value)
            backward(parts, k, inputs, h, y)
            add(rows[k], gradient, alpha=rate, out=rows[k + 1])
        return costs, [gradient.clone()]

    def _forward(
        self, parts: list[_Part], k: int, X: torch.Tensor
    ) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Return the input of every layer, and the output of the last."""
        inputs: list[torch.Tensor] = []
        h, place = X, None
        for part in parts:
            X = h.tanh() if inputs else X
            inputs.append(X)
            bias, matrix = part.biases[k], part.matrices[k].t()
            if len(inputs) == len(parts):
                place = self._place(X)
            h = torch.mm(X, matrix, out=place) if bias is None else torch.addmm(bias, X, matrix, out=place)
        return inputs, h

    def _place(self, X: torch.Tensor) -> torch.Tensor | None:
        """Return where the last output of a batch goes; None for a new tensor."""
        if len(X) < _MANY_ROWS:
            return None
        if self._scratch is None or len(self._scratch.h) != len(X):
            self._scratch = _Scratch(len(X), self._layers.sizes[-1], X)
        return self._scratch.h

    def _backward(
        self, parts: list[_Part], k: int, inputs: list[torch.Tensor], h: torch.Tensor, y: torch.Tensor
    ) -> None:
        """Write the gradient of batch k's cost into the flat gradient."""
        scratch = self._scratch
        if scratch is not None and h is scratch.h:
            d = scratch.d
            torch.ops.aten.mse_loss_backward.grad_input(self._seed, h, y, self._reduction, grad_input=d)
        else:
            d = torch.ops.aten.mse_loss_backward.default(self._seed, h, y, self._reduction)
        for i in range(len(parts) - 1, -1, -1):
            matrix, bias = self._slots[i]
            torch.mm(d.t(), inputs[i], out=matrix)
            if bias is not None:
                torch.sum(d, 0, out=bias)
            if i:
                d = torch.ops.aten.tanh_backward.default(d.mm(parts[i].matrices[k]), inputs[i])

    def _cut(self, track: torch.Tensor) -> list[_Part]:
        """Return each layer's views of weights (m, P)."""
        at, parts = 0, []
        for inner, outer in pairwise(self._layers.sizes):
            matrices = track[:, at : at + inner * outer].view(len(track), outer, inner).unbind()
            at += inner * outer
            biases: tuple[torch.Tensor | None, ...] = (None,) * len(track)
            if self._layers.has_bias:
                biases = track[:, at : at + outer].unbind()
                at += outer
            parts.append(_Part(matrices, biases))
        return parts
