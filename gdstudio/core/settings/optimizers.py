"""The update rules, each ``torch.optim``'s own, with the hyperparameters that belong to it.

https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import model_validator

from gdstudio.core.hyperparameter import Settings, hyperparameter

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch
    from torch.optim import Optimizer

_DECAY_BOUNDS: dict[str, Any] = {"ge": 0, "lt": 1}


class SGD(Settings):
    """Gradient descent: p <- p - alpha g, with heavy-ball or Nesterov momentum where asked for."""

    kind: Literal["sgd"] = "sgd"
    momentum: float = hyperparameter(
        0.0, title="Momentum", symbol="β", help="How much of the last move is kept", **_DECAY_BOUNDS
    )
    nesterov: bool = hyperparameter(
        False, title="Nesterov", help="Take the gradient where the momentum leads; needs a momentum"
    )

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs a momentum above 0; set one, or nesterov = false")
        return self

    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> Optimizer:
        """Return ``torch.optim.SGD``."""
        from torch import optim

        return optim.SGD(weights, lr=learning_rate, momentum=self.momentum, nesterov=self.nesterov)

    def step_limit(self, curvature: float) -> float:
        """Return the learning rate from which a quadratic of this largest curvature diverges.

        2/L without momentum; heavy ball (2 + 2 beta)/L; Nesterov (2 + 2 beta)/((1 + 2 beta) L)
        (Goh, "Why momentum really works", Distill 2017; the characteristic roots reach -1 there).
        """
        limit = (2 + 2 * self.momentum) / curvature
        return limit / (1 + 2 * self.momentum) if self.nesterov else limit


class Adagrad(Settings):
    """Adagrad: each weight's rate falls with the sum of its squared gradients."""

    kind: Literal["adagrad"] = "adagrad"
    lr_decay: float = hyperparameter(0.0, title="Rate decay", help="How fast the rate itself decays", ge=0)
    initial_accumulator: float = hyperparameter(
        0.0, title="First sum", help="What the sum of squares starts from", ge=0
    )
    eps: float = hyperparameter(
        1e-10, title="Guard", symbol="ε", help="Added to the divisor", scale="log", gt=0
    )

    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> Optimizer:
        """Return ``torch.optim.Adagrad``."""
        from torch import optim

        return optim.Adagrad(
            weights,
            lr=learning_rate,
            lr_decay=self.lr_decay,
            initial_accumulator_value=self.initial_accumulator,
            eps=self.eps,
        )


class RMSprop(Settings):
    """RMSprop: the gradient divided by the root of its running mean square."""

    kind: Literal["rmsprop"] = "rmsprop"
    smoothing: float = hyperparameter(
        0.99, title="Smoothing", help="How slowly the mean square forgets (torch's alpha)", **_DECAY_BOUNDS
    )
    momentum: float = hyperparameter(
        0.0, title="Momentum", symbol="β", help="How much of the last move is kept", **_DECAY_BOUNDS
    )
    centered: bool = hyperparameter(
        False, title="Centred", help="Divide by the running standard deviation instead"
    )
    eps: float = hyperparameter(
        1e-8, title="Guard", symbol="ε", help="Added to the divisor", scale="log", gt=0
    )

    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> Optimizer:
        """Return ``torch.optim.RMSprop``."""
        from torch import optim

        return optim.RMSprop(
            weights,
            lr=learning_rate,
            alpha=self.smoothing,
            momentum=self.momentum,
            centered=self.centered,
            eps=self.eps,
        )


class Adam(Settings):
    """Adam: momentum and mean square together, both corrected for their start at zero."""

    kind: Literal["adam"] = "adam"
    beta1: float = hyperparameter(
        0.9, title="First decay", symbol="β₁", help="How slowly the mean gradient forgets", **_DECAY_BOUNDS
    )
    beta2: float = hyperparameter(
        0.999, title="Second decay", symbol="β₂", help="How slowly the mean square forgets", **_DECAY_BOUNDS
    )
    eps: float = hyperparameter(
        1e-8, title="Guard", symbol="ε", help="Added to the divisor", scale="log", gt=0
    )
    amsgrad: bool = hyperparameter(False, title="AMSGrad", help="Divide by the largest mean square so far")

    def build(self, weights: Iterable[torch.Tensor], learning_rate: float) -> Optimizer:
        """Return ``torch.optim.Adam``."""
        from torch import optim

        return optim.Adam(
            weights, lr=learning_rate, betas=(self.beta1, self.beta2), eps=self.eps, amsgrad=self.amsgrad
        )


OptimizerSettings = SGD | Adagrad | RMSprop | Adam
OPTIMIZER_TITLES = {"sgd": "SGD", "adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam"}


def by_name(value: Any) -> Any:
    """Let ``optimizer = "adam"`` stand for a table with that kind, and a table without kind for SGD."""
    if isinstance(value, str):
        return {"kind": value}
    if isinstance(value, dict) and "kind" not in value:
        return {"kind": "sgd", **value}
    return value
