"""What every problem is: settings in a file, and the thing that is minimised.

A new problem is one new module in this folder: a `ProblemSpec` with a ``kind`` of its own whose
`ProblemSpec.build` returns a `Problem`. What a problem cannot offer (a curve, a truth, a test set) it
answers with None or an empty tuple, and the panels that need it are not offered.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from gdstudio.core.hyperparameter import Settings, hyperparameter
from gdstudio.core.problems.costs import COST_TITLES, CostName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from torch import nn

    from gdstudio.core.problems.datasets import Dataset
    from gdstudio.core.problems.stack import Layers
    from gdstudio.core.typing import Floats

    Forward = Callable[[Sequence[torch.Tensor], torch.Tensor], torch.Tensor]


class ProblemSpec(Settings):
    """The ``[problem]`` table of a file. Subclasses declare ``kind`` and their hyperparameters."""

    title: ClassVar[str] = ""
    needs_torch: ClassVar[bool] = False
    """Whether building the data needs torch (its random numbers); the window waits for it then."""

    kind: str
    cost: CostName = hyperparameter(
        "mean",
        title="Cost",
        symbol="J",
        help="How the squared residuals become one number",
        choices=COST_TITLES,
    )

    @property
    @abstractmethod
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights, in the order of the module's parameters."""

    @property
    @abstractmethod
    def row_count(self) -> int:
        """The number of training rows."""

    @abstractmethod
    def build(self, seed: int) -> Problem:
        """Return the problem with its data, drawn from the seed's data stream where it draws any."""


class Problem(ABC):
    """Something to minimise: a module, its data and its cost.

    Weights are always one flat float64 vector of shape (P,), in the order of `weight_names`.
    """

    def __init__(self, spec: ProblemSpec, train: Dataset, test: Dataset | None = None) -> None:
        self.spec = spec
        self.train = train
        self.test = test

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights."""
        return self.spec.weight_names

    @property
    def true_weights(self) -> Floats | None:
        """The weights that the data were made with, or None."""
        return None

    @property
    def minimum(self) -> Floats | None:
        """The weights of least training cost where there is exactly one and it is known."""
        return None

    @property
    @abstractmethod
    def bias_count(self) -> int:
        """How many weights, at the end, are biases: they start at 0, not at N(0, std)."""

    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        """Draw first weights, shape (P,): N(0, std), and 0 for the biases."""
        import numpy as np
        import torch

        drawn = len(self.weight_names) - self.bias_count
        normal = torch.randn(drawn, generator=stream, dtype=torch.float64) * std
        return np.concatenate([normal.numpy(), np.zeros(self.bias_count)])

    @property
    def layers(self) -> Layers | None:
        """The linear layers that the module is made of; None where it is something else."""
        return None

    @abstractmethod
    def module(self) -> nn.Module:
        """Return a new module whose parameters, flattened and joined, are the weights."""

    @abstractmethod
    def forward(self) -> Forward:
        """Return h as a function of (parameters in the module's shapes, X of shape (n, d)) -> (n, 1)."""

    @abstractmethod
    def predict(self, weights: Floats, X: Floats) -> Floats:
        """Return h(x) with shape (n,) for rows X with shape (n, d), in float64."""

    @abstractmethod
    def cost_at(self, weights: Floats) -> Floats:
        """Return the training cost, shape (...), at weights of shape (..., P), in float64."""

    @abstractmethod
    def gradient_at(self, weights: Floats) -> Floats:
        """Return the gradient of the training cost, shape (P,), at weights of shape (P,)."""

    def curvatures(self) -> Floats | None:
        """Return the eigenvalues of a constant Hessian, ascending; None where it is not constant."""
        return None
