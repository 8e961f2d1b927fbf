"""Steps by torch.autograd: for every problem, every optimizer and every mistake.

Each step makes as few Python calls as it can: the functional form of the forward pass, and
`torch.autograd.grad` instead of ``zero_grad`` and ``backward`` (the same gradients, not added up). The
numbers are those of the readable loop, to the last bit.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

import torch

from gdstudio.core.training.descent import Descended
from gdstudio.core.training.move import Move

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.run_settings import RunSettings
    from gdstudio.core.training.batches import Batch
    from gdstudio.core.training.flat_weights import FlatWeights
    from gdstudio.core.typing import Floats

    Gradients: TypeAlias = tuple[torch.Tensor, ...]
    HasConverged: TypeAlias = Callable[[torch.Tensor, Gradients, int], bool]


class PhaseListener(Protocol):
    """Is told what each phase of one step has made, in their order, and may wait before it returns."""

    def batch(self, X: torch.Tensor, y: torch.Tensor) -> None:
        """Take the rows of the step, X (n, d) and y (n, 1)."""

    def forward(self, h: torch.Tensor) -> None:
        """Take the predictions."""

    def loss(self, cost: torch.Tensor) -> None:
        """Take their cost, a scalar."""

    def zero_grad(self, leftover: Gradients) -> None:
        """Take the gradients that are left over from earlier steps; empty where they were set to zero."""

    def backward(self, gradients: Gradients, *, is_last: bool) -> None:
        """Take the gradients; ``is_last`` says that the run has converged, so that no update follows."""

    def update(self, weights: torch.Tensor) -> None:
        """Take the flat weights (P,) after the step."""


class AutogradDescent:
    """A `Descent` by torch.autograd; the only one that can be followed phase by phase.

    Parameters
    ----------
    problem
        What is minimised.
    run
        The settings of the run, for its optimizer.
    weights
        The weights that are trained.
    has_converged
        Called before each update with the cost, its gradients and the number of steps made in this call; True
        ends the run there. None where no stop rule looks at single steps.
    """

    def __init__(
        self,
        problem: Problem,
        run: RunSettings,
        weights: FlatWeights,
        has_converged: HasConverged | None = None,
    ) -> None:
        self._weights, self._parameters = weights, weights.parameters
        self._forward, self._loss = problem.forward(), problem.loss()
        self._rule = problem.gradient_rule(weights.parameters)
        self._has_converged = has_converged
        self.move = Move(run.optimizer, weights.parameters, run.learning_rate)

    @property
    def leftover(self) -> Gradients:
        """The gradients that a mistake keeps from step to step; empty where it keeps none."""
        return self._rule.leftover if self._rule is not None else ()

    @leftover.setter
    def leftover(self, kept: Gradients) -> None:
        if self._rule is not None:
            self._rule.leftover = kept

    def descend(
        self,
        batches: Sequence[Batch],
        track: torch.Tensor,
        learning_rate: float,
        listener: PhaseListener | None = None,
    ) -> Descended:
        """Make the steps of `Descent.descend`; a listener is told of their phases, None at full speed."""
        weights, update = self._weights.vector, self.move.function(learning_rate)
        costs: list[torch.Tensor] = []
        used: Gradients | None = None
        evaluations: list[int] | None = [] if self.move.needs_closure else None
        for row, (X, y) in zip(track[1:].unbind(), batches, strict=True):
            found = self._gradients_to_use(X, y, len(costs), listener)
            if found is None:
                break
            cost, used = found
            if evaluations is None:
                update(used)
            else:
                self.move.search(learning_rate, found, partial(self.cost_and_gradients, X, y))
                evaluations.append(self.move.evaluations)
            row.copy_(weights)
            if listener is not None:
                listener.update(weights)
            costs.append(cost)
        return Descended(costs, used, evaluations)

    def _gradients_to_use(
        self, X: torch.Tensor, y: torch.Tensor, made: int, listener: PhaseListener | None
    ) -> tuple[torch.Tensor, Gradients] | None:
        """Make a step up to its update; return None where the run has converged."""
        if listener is not None:
            listener.batch(X, y)
        cost, gradients = self.cost_and_gradients(X, y, listener)
        converged = self._has_converged is not None and self._has_converged(cost, gradients, made)
        if self._rule is not None and not converged:
            gradients = self._rule(gradients, X, y)
        if listener is not None:
            listener.backward(gradients, is_last=converged)
        return None if converged else (cost, gradients)

    def cost_and_gradients(
        self, X: torch.Tensor, y: torch.Tensor, listener: PhaseListener | None = None
    ) -> tuple[torch.Tensor, Gradients]:
        """Return the cost of rows at the weights now and its own gradients, one for each parameter."""
        h = self._forward(self._parameters, X)
        if listener is not None:
            listener.forward(h)
        cost = self._loss(h, y)
        if listener is not None:
            listener.loss(cost)
            listener.zero_grad(self.leftover)
        return cost, torch.autograd.grad(cost, self._parameters)

    def last_gradients(self, batches: Sequence[Batch], path: Floats, leftover: Gradients) -> Gradients:
        """Return the gradients that made the last of some steps, by taking them again.

        The steps were made from the weights ``path`` (steps, P), with the first as many of the batches, and
        with what a mistake kept before the first of them. The weights stay as they are.
        """
        # A mistake may add up gradients from step to step: then those of all the steps are taken again.
        first = 0 if self._rule is not None else len(path) - 1
        self.leftover = leftover
        used: Gradients = ()
        with self._weights.preserved():
            for weights, (X, y) in zip(path[first:], batches[first : len(path)], strict=True):
                self._weights.set(weights)
                _, used = self.cost_and_gradients(X, y)
                if self._rule is not None:
                    used = self._rule(used, X, y)
        return used

    @torch.no_grad()
    def cost(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of rows at the weights now, without its gradients."""
        return self._loss(self._forward(self._parameters, X), y)

    def cost_ahead(self, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Return the cost of rows at the weights now; nothing of it can be kept for the next step."""
        return self.cost(X, y)

    def discard_cost_ahead(self) -> None:
        """Do nothing: nothing is kept."""
