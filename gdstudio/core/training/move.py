"""The move that a gradient makes: torch.optim's own, and plain SGD's without its overhead."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.settings.experiment import RunSettings

    Update = Callable[[tuple[torch.Tensor, ...]], object]


class Move:
    """Moves parameters along their gradients, by a rule with a learning rate and perhaps a state.

    Plain SGD needs no optimizer of torch, and so neither a state nor the second that importing one takes.
    """

    def __init__(self, run: RunSettings, parameters: Sequence[torch.Tensor]) -> None:
        self._parameters = parameters
        self._learning_rate = run.learning_rate
        self.is_plain = run.optimizer.is_plain
        self._optimizer = None if self.is_plain else run.optimizer.build(parameters, run.learning_rate)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the moves to come; a function made before keeps its own."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = value
        if self._optimizer is not None:
            for group in self._optimizer.param_groups:
                group["lr"] = value

    def function(self) -> Update:
        """Return what takes one gradient a parameter and makes the move, at the learning rate now."""
        optimizer, parameters = self._optimizer, self._parameters
        if optimizer is None:
            aliases = [parameter.detach() for parameter in parameters]
            rate = -self._learning_rate
            return lambda gradients: torch._foreach_add_(aliases, gradients, alpha=rate)

        def update(gradients: tuple[torch.Tensor, ...]) -> None:
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient
            optimizer.step()

        return update

    def state(self) -> dict[str, Any]:
        """Return a copy of what the rule remembers of earlier moves."""
        return {} if self._optimizer is None else copy.deepcopy(self._optimizer.state_dict())

    def restore(self, state: dict[str, Any], learning_rate: float) -> None:
        """Go on as after the moves that a state was taken after."""
        if self._optimizer is not None:
            self._optimizer.load_state_dict(copy.deepcopy(state))
        self.learning_rate = learning_rate
