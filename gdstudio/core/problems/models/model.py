"""What every model is: the function h of rows and weights that a problem with data trains.

A model is a torch module, such as a line or a stack of layers. It says how its weights are called and drawn,
and how a program writes it down; it knows neither the data nor the loss.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch
    from torch import nn

    from gdstudio.core.by_hand import HandModel
    from gdstudio.core.listing import Lines, ModelText, TextStyle
    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.problems.problem import DType, Forward
    from gdstudio.core.typing import Floats

WEIGHTS_STREAM = "torch.Generator().manual_seed(3 * seed + 1)"


class Model(ABC):
    """A module with named weights, which predicts h(X) of shape (n, 1)."""

    is_linear: ClassVar[bool] = False
    """Whether h = A p with a `design` matrix A, so that squared residuals have closed forms."""
    weight_is_prediction: ClassVar[bool] = False
    """Whether its one weight is what it predicts."""

    @property
    @abstractmethod
    def weight_names(self) -> tuple[str, ...]:
        """The names of the weights, in the order of the module's parameters."""

    @property
    def bias_count(self) -> int:
        """How many weights, at the end, are biases that start at 0."""
        return 0

    @property
    def layers(self) -> Layers | None:
        """The layers that the module is made of; None where it is something else."""
        return None

    def unit_values(self, weights: Floats, X: Floats) -> tuple[Floats, ...]:
        """Return what the first layer is given of rows X (n, d) and what the units of each layer make.

        One array (n, units) each, the outputs last; empty for a model that is not made of layers.
        """
        return ()

    def made_inputs(self) -> Callable[[torch.Tensor], torch.Tensor] | None:
        """Return what makes the first layer's inputs (n, k) of rows (n, d); None where they are the rows."""
        return None

    @abstractmethod
    def module(self) -> nn.Module:
        """Return a new module whose parameters, flattened and joined, are the weights."""

    @abstractmethod
    def forward(self) -> Forward:
        """Return h as a function of (parameters in the module's shapes, X of shape (n, d)) -> (n, 1)."""

    def design(self, X: Floats) -> Floats:
        """Return A with shape (n, P) for rows X with shape (n, d), where the model is linear."""
        raise NotImplementedError(f"{type(self).__name__} is not linear in its weights")

    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        """Draw first weights, shape (P,): N(0, std), and 0 for the biases."""
        import torch

        drawn = len(self.weight_names) - self.bias_count
        normal = torch.randn(drawn, generator=stream, dtype=torch.float64) * std
        return np.concatenate([normal.numpy(), np.zeros(self.bias_count)])

    @abstractmethod
    def text(self, style: TextStyle) -> ModelText:
        """Return its text: what makes ``net``, and what sets its first weights."""

    def printed(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        """Return what the lines of `text` print of weights (P,)."""
        return ()

    def by_hand(self, style: TextStyle) -> HandModel | None:
        """Return its text without modules, one name a weight; None where nobody would write it out."""
        return None


def given_weights(weights: tuple[float, ...], style: TextStyle) -> Lines:
    """Return the lines that set all weights of ``net`` to given numbers."""
    from gdstudio.core.listing import code, listed

    first = listed("first_weights = torch.tensor([", map(repr, weights), f"]){style.moves}")
    return code(*first, "vector_to_parameters(first_weights, net.parameters())")
