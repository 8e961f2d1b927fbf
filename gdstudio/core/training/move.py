"""The update of the weights by their gradient: torch.optim's own, and plain SGD's without its overhead."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.settings.optimizers import Optimizer

    Update = Callable[[tuple[torch.Tensor, ...]], object]


class Move:
    """Updates parameters along their gradients, by an optimizer's rule and with what it remembers.

    Plain SGD remembers nothing and is one fused operation; it does without an optimizer of torch, whose
    import alone takes most of a second.
    """

    def __init__(
        self, optimizer: Optimizer, parameters: Sequence[torch.Tensor], learning_rate: float
    ) -> None:
        self._parameters = parameters
        self._optimizer = None if optimizer.is_plain else optimizer.build(parameters, learning_rate)

    def function(self, learning_rate: float) -> Update:
        """Return what takes the gradients, one a parameter, and makes the update at a learning rate."""
        optimizer, parameters = self._optimizer, self._parameters
        if optimizer is None:
            # Detached, they share the weights but may be changed in place, which autograd else forbids.
            detached = [parameter.detach() for parameter in parameters]
            return lambda gradients: torch._foreach_add_(detached, gradients, alpha=-learning_rate)

        for group in optimizer.param_groups:
            group["lr"] = learning_rate

        def update(gradients: tuple[torch.Tensor, ...]) -> None:
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient
            optimizer.step()

        return update

    def state(self) -> dict[str, Any]:
        """Return a copy of what the optimizer remembers of earlier steps, as torch writes it."""
        return {} if self._optimizer is None else copy.deepcopy(self._optimizer.state_dict())

    def restore(self, state: dict[str, Any]) -> None:
        """Remember what `state` returned earlier."""
        if self._optimizer is not None:
            self._optimizer.load_state_dict(copy.deepcopy(state))
