"""The cost of a problem over its weights, its gradient and its curvature, by torch; always in float64.

The module's own forward pass and loss, over all training rows: `torch.func.vmap` for many weights at once
(https://docs.pytorch.org/docs/stable/func.html), `torch.autograd.grad` for the derivatives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from torch import nn

    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.typing import Floats

_AT_ONCE = 1_000_000
"""So many predictions are made at once at most; more are made one part after another."""


class Differentiable(Protocol):
    """What torch needs of a problem: the shapes of its weights, its forward pass, its loss and its rows."""

    rows: Dataset

    def module(self) -> nn.Module:
        """Return a module whose parameters, flattened and joined, are the weights."""

    def forward(self) -> Callable[[Sequence[torch.Tensor], torch.Tensor], torch.Tensor]:
        """Return h as a function of the parameters and of rows X."""

    def loss_of_many(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        """Return the cost as a function of h and of labels y, for `torch.func.vmap`."""


def outputs(problem: Differentiable, weights: Floats, X: Floats) -> Floats:
    """Return the outputs of the module for rows X of shape (n, d) at weights (P,).

    They are of shape (n,), or (n, k) of a module that has k > 1.
    """
    import torch

    with torch.no_grad():
        h = problem.forward()(_split(problem)(torch.from_numpy(_doubles(weights))), torch.from_numpy(X))
    return np.asarray((h if h.shape[-1] > 1 else h.reshape(-1)).numpy())


def cost_at(problem: Differentiable, weights: Floats) -> Floats:
    """Return the cost, shape (...), at weights of shape (..., P)."""
    import torch
    from torch.func import vmap

    weights = _doubles(weights)
    flat = torch.from_numpy(weights.reshape(-1, weights.shape[-1]))
    cost = _cost(problem)
    chunk = max(1, _AT_ONCE // max(1, len(problem.rows)))
    with torch.no_grad():
        if len(flat) > 1:
            costs = vmap(cost, chunk_size=chunk)(flat)
        else:  # what is asked for in every frame, without the overhead
            costs = torch.tensor([float(cost(w)) for w in flat], dtype=torch.float64)
    return np.asarray(costs.numpy()).reshape(weights.shape[:-1])


def gradient_at(problem: Differentiable, weights: Floats) -> Floats:
    """Return the gradient of the cost, shape (P,), at weights of shape (P,)."""
    import torch

    at = torch.from_numpy(_doubles(weights)).clone().requires_grad_()
    return np.asarray(torch.autograd.grad(_cost(problem)(at), at)[0].numpy())


def batched(problem: Differentiable) -> Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return a function of weights (R, P) that gives their costs (R,) and gradients (R, P)."""
    import torch
    from torch.func import vmap

    of_all = vmap(_cost(problem))

    def costs_and_gradients(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        at = weights.detach().requires_grad_()
        costs = of_all(at)
        # Each cost has weights of its own; torch.func.grad would import torch's compiler, for a second.
        [gradients] = torch.autograd.grad(costs.sum(), at)
        return costs.detach(), gradients

    return costs_and_gradients


def hessian_at(problem: Differentiable, weights: Floats) -> Floats:
    """Return the Hessian of the cost, shape (P, P), at weights of shape (P,)."""
    import torch

    at = torch.from_numpy(_doubles(weights))
    found = torch.autograd.functional.hessian(_cost(problem), at)  # type: ignore[no-untyped-call]  # no types
    return np.asarray(found.numpy())


def _cost(problem: Differentiable) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the cost over all training rows as a function of flat weights (P,)."""
    import torch

    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    forward, loss, split = problem.forward(), problem.loss_of_many(), _split(problem)
    return lambda weights: loss(forward(split(weights), X), y)


def _split(problem: Differentiable) -> Callable[[torch.Tensor], Sequence[torch.Tensor]]:
    """Return what cuts flat weights (P,) into the module's parameters."""
    import torch

    shapes = [parameter.shape for parameter in problem.module().parameters()]
    sizes = [shape.numel() for shape in shapes]
    return lambda weights: [
        part.view(shape) for part, shape in zip(torch.split(weights, sizes), shapes, strict=True)
    ]


def _doubles(weights: Floats) -> Floats:
    return np.ascontiguousarray(weights, dtype=np.float64)
