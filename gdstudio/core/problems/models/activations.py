"""What hidden units make of their sums: torch's own functions, and how a program writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

Activation = Literal["tanh", "relu", "sigmoid", "linear"]
"""What a hidden unit makes of its sum; linear leaves it as it is."""
ACTIVATION_TITLES: dict[str, str] = {
    "tanh": "tanh",
    "relu": "ReLU",
    "sigmoid": "sigmoid",
    "linear": "linear (none)",
}
"""What each is called in a list to choose from."""
MODULES: dict[str, str] = {"tanh": "Tanh", "relu": "ReLU", "sigmoid": "Sigmoid"}
"""The class of each in ``torch.nn``; a linear unit has none."""


def activated(activation: Activation) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the function of a tensor."""
    import torch

    functions = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "linear": _as_it_is}
    return functions[activation]


def _as_it_is(sums: torch.Tensor) -> torch.Tensor:
    return sums
