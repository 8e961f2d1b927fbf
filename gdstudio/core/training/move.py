"""The update of the weights by their gradient: torch.optim's own, and plain SGD's without its overhead."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.settings.optimizers import Optimizer

    Gradients = tuple[torch.Tensor, ...]
    Update = Callable[[Gradients], object]
    Evaluate = Callable[[], tuple[torch.Tensor, Gradients]]


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
        self.needs_closure = optimizer.needs_closure

    @property
    def evaluations(self) -> int:
        """How many gradients its steps have asked for by closure, those at their starts included."""
        if self._optimizer is None:
            return 0
        count: int = self._optimizer.state[self._parameters[0]].get("func_evals", 0)
        return count

    def search(self, learning_rate: float, known: tuple[torch.Tensor, Gradients], again: Evaluate) -> None:
        """Make the update of an optimizer that needs a closure.

        ``known`` are the cost and the gradients at the weights now, ``again`` gives those at any others that
        the optimizer moves them to on the way.
        """
        optimizer = self._optimizer
        assert optimizer is not None  # a plain one needs no closure
        for group in optimizer.param_groups:
            group["lr"] = learning_rate
        at_start = [known]

        def closure() -> float:
            cost, gradients = at_start.pop() if at_start else again()
            for parameter, gradient in zip(self._parameters, gradients, strict=True):
                parameter.grad = gradient
            return float(cost.detach())

        optimizer.step(closure)

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

    def flat_state(self) -> dict[str, Any] | None:
        """Return a copy of what the optimizer remembers, as torch writes it for weights that are one tensor.

        Tensors are of shape (P,), in float64 on the CPU. None for plain SGD, and before the first step.
        """
        if self._optimizer is None:
            return None
        states = [self._optimizer.state[parameter] for parameter in self._parameters]
        if not states or not states[0]:
            return None
        if self.needs_closure:  # it treats all weights as one vector already
            flat = {name: _copied(value) for name, value in states[0].items()}
        else:
            flat = {name: _joined([state[name] for state in states], self._parameters) for name in states[0]}
        (group, *_) = self._optimizer.param_groups
        settings = {name: value for name, value in group.items() if name != "params"}
        return {"state": {0: flat}, "param_groups": [{**settings, "params": [0]}]}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember what `state` returned earlier."""
        if self._optimizer is not None:
            self._optimizer.load_state_dict(copy.deepcopy(state))


def _copied(value: Any) -> Any:
    """Return a copy of a value whose tensors, in lists too, are in float64 on the CPU."""
    if isinstance(value, list):
        return [_copied(one) for one in value]
    return value.detach().to("cpu", torch.float64, copy=True) if isinstance(value, torch.Tensor) else value


def _joined(values: Sequence[Any], parameters: Sequence[torch.Tensor]) -> Any:
    """Return one value for all parameters: theirs joined where each weight has its own, else the first."""
    first = values[0]
    if not isinstance(first, torch.Tensor):
        return first
    if first.shape != parameters[0].shape or not first.dim():  # a count of steps
        return first.detach().clone().cpu()
    return torch.cat([value.detach().reshape(-1) for value in values]).to("cpu", torch.float64)
