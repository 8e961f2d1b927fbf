"""A small network of tanh layers on a curved surface of two features: where one line is not enough."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.base import Problem, ProblemSpec
from gdstudio.core.problems.costs import factor
from gdstudio.core.problems.datasets import Dataset
from gdstudio.core.problems.drawn import label_noise, test_rows, training_rows
from gdstudio.core.problems.stack import Layers

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats

MAX_ROWS = 1_000_000
FEATURES = 2


class TanhNetworkSpec(ProblemSpec):
    """``kind = "tanh_network"``: 2 features, hidden layers of tanh, 1 output."""

    title: ClassVar[str] = "small network, tanh layers"
    needs_torch: ClassVar[bool] = True
    kind: Literal["tanh_network"] = "tanh_network"
    hidden: tuple[Annotated[int, Field(ge=1, le=64)], ...] = hyperparameter(
        (8, 8),
        title="Hidden units",
        help="The units of each hidden layer",
        min_length=1,
        max_length=4,
        strict=False,
    )
    n: int = training_rows(MAX_ROWS)
    n_test: int = test_rows(MAX_ROWS)
    noise: float = label_noise(0.05)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The features, the units of each hidden layer and the one output."""
        return (FEATURES, *self.hidden, 1)

    @property
    def weight_names(self) -> tuple[str, ...]:
        """Layer by layer the matrix, row by row, and then the bias: w1, w2, ... and b1, b2, ..."""
        names: list[str] = []
        weights = biases = 0
        for inner, outer in pairwise(self.sizes):
            names += [f"w{weights + i}" for i in range(1, inner * outer + 1)]
            names += [f"b{biases + i}" for i in range(1, outer + 1)]
            weights, biases = weights + inner * outer, biases + outer
        return tuple(names)

    @property
    def row_count(self) -> int:
        """The number of training rows."""
        return self.n

    def build(self, seed: int) -> TanhNetwork:
        """Return the problem: training rows first, then test rows, from the seed's data stream."""
        from gdstudio.core.seeds import generator

        stream = generator(seed, "data")
        train = self._rows(self.n, stream)
        test = self._rows(self.n_test, stream)
        return TanhNetwork(self, train, test if self.n_test else None)

    def _rows(self, count: int, stream: torch.Generator) -> Dataset:
        """Draw X ~ N(0, 1), then y = sin(2 x1) cos(x2) + noise * N(0, 1), in float64."""
        import torch

        X = torch.randn(count, FEATURES, generator=stream, dtype=torch.float64)
        y = torch.sin(2 * X[:, 0]) * torch.cos(X[:, 1])
        y = y + self.noise * torch.randn(count, generator=stream, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())


class TanhNetwork(Problem):
    """``nn.Sequential`` of ``nn.Linear`` and ``nn.Tanh``; its cost is not convex and has no closed form."""

    spec: TanhNetworkSpec

    @property
    def bias_count(self) -> int:
        """None at the end alone: every layer draws its own first weights."""
        return 0

    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        """Draw each matrix from N(0, 1/in), so that tanh neither sleeps nor saturates; biases are 0.

        (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
        2010.) ``std`` scales this: 1 is as it is.
        """
        import torch

        parts: list[Floats] = []
        for inner, outer in pairwise(self.spec.sizes):
            drawn = torch.randn(outer * inner, generator=stream, dtype=torch.float64)
            parts += [std * drawn.numpy() / inner**0.5, np.zeros(outer)]
        return np.concatenate(parts)

    @property
    def layers(self) -> Layers | None:
        """The stack."""
        return Layers(self.spec.sizes)

    def module(self) -> nn.Module:
        """Return the network."""
        from torch import nn

        modules: list[nn.Module] = []
        for inner, outer in pairwise(self.spec.sizes):
            modules += [nn.Linear(inner, outer), nn.Tanh()]
        return nn.Sequential(*modules[:-1])

    def forward(self) -> Forward:
        """Return h(X), layer by layer."""
        from torch.nn.functional import linear

        def through(weights: list[torch.Tensor], X: torch.Tensor) -> torch.Tensor:
            h = linear(X, weights[0], weights[1])
            for i in range(2, len(weights), 2):
                h = linear(h.tanh(), weights[i], weights[i + 1])
            return h

        return through  # type: ignore[return-value]  # a list is a sequence

    def predict(self, weights: Floats, X: Floats) -> Floats:
        """Return h(x)."""
        return self._activations(weights, X)[-1][:, 0]

    def cost_at(self, weights: Floats) -> Floats:
        """Return J at each of the weights, shape (..., P) -> (...), one after another."""
        weights = np.asarray(weights, dtype=np.float64)
        flat = weights.reshape(-1, weights.shape[-1])
        residuals = (self.predict(w, self.train.X) - self.train.y for w in flat)
        costs = np.array([self._factor * float(r @ r) for r in residuals])
        return costs.reshape(weights.shape[:-1])

    def gradient_at(self, weights: Floats) -> Floats:
        """Return the gradient by backpropagation, in float64."""
        outputs = self._activations(weights, self.train.X)
        d = 2 * self._factor * (outputs[-1] - self.train.y[:, None])
        parts: list[Floats] = []
        matrices = self._matrices(weights)
        for i in range(len(matrices) - 1, -1, -1):
            parts[:0] = [(d.T @ outputs[i]).ravel(), d.sum(axis=0)]
            if i:
                d = (d @ matrices[i][0]) * (1 - outputs[i] ** 2)
        return np.concatenate(parts)

    @property
    def _factor(self) -> float:
        return factor(self.spec.cost, len(self.train))

    def _activations(self, weights: Floats, X: Floats) -> list[Floats]:
        """Return the input of each layer, and the output of the last, each of shape (n, units)."""
        outputs: list[Floats] = [X]
        matrices = self._matrices(weights)
        for i, (matrix, bias) in enumerate(matrices):
            a = outputs[-1] @ matrix.T + bias
            outputs.append(a if i == len(matrices) - 1 else np.tanh(a))
        return outputs

    def _matrices(self, weights: Floats) -> list[tuple[Floats, Floats]]:
        """Return each layer's matrix (out, in) and bias (out,)."""
        at, parts = 0, []
        for inner, outer in pairwise(self.spec.sizes):
            matrix = weights[at : at + inner * outer].reshape(outer, inner)
            at += inner * outer
            parts.append((matrix, weights[at : at + outer]))
            at += outer
        return parts
