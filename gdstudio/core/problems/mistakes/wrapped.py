"""A problem around another one, from which a mistake changes what it has to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.problem import Problem
from gdstudio.core.problems.viewpoint import Viewpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch
    from torch import nn

    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.problems.losses.loss import Squares
    from gdstudio.core.problems.problem import Forward, GradientRule, LossFunction
    from gdstudio.core.problems.terms import CostTerms
    from gdstudio.core.typing import Floats


class WrappedProblem(Problem):
    """All of an inner problem but what a subclass changes: its rows, its forward pass or its loss.

    Cost, gradient and curvature are those of what it has now, by torch; what is only known of the inner
    problem, such as its minima, it does not know. Its steps are never written out, and nothing foretells
    them: a mistake may change each.
    """

    next_step_is_known = False

    def __init__(self, inner: Problem) -> None:
        super().__init__(inner.spec, inner.rows, inner.held_out)
        self.inner = inner

    @property
    @override
    def true_weights(self) -> Floats | None:
        return self.inner.true_weights

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        """Look from where the inner problem is looked at; its least cost is another one here."""
        view = self.inner.viewpoint
        return None if view is None else Viewpoint(view.centre, view.half_width)

    @property
    @override
    def squares(self) -> Squares | None:
        return self.inner.squares

    @property
    @override
    def layers(self) -> Layers | None:
        return self.inner.layers

    @property
    @override
    def bias_count(self) -> int:
        return self.inner.bias_count

    @property
    @override
    def marked_weights(self) -> Floats:
        return self.inner.marked_weights

    @override
    def draw_weights(self, stream: torch.Generator, std: float) -> Floats:
        return self.inner.draw_weights(stream, std)

    @override
    def with_labels(self, y: Floats) -> Problem:
        return self.inner.with_labels(y)

    @override
    def module(self) -> nn.Module:
        return self.inner.module()

    @override
    def forward(self) -> Forward:
        return self.inner.forward()

    @override
    def loss(self) -> LossFunction:
        return self.inner.loss()

    @override
    def loss_of_many(self) -> LossFunction:
        if type(self).loss is WrappedProblem.loss:
            return self.inner.loss_of_many()
        return super().loss_of_many()

    @override
    def gradient_rule(self, parameters: Sequence[torch.Tensor]) -> GradientRule | None:
        return self.inner.gradient_rule(parameters)

    @property
    @override
    def output_name(self) -> str:
        return self.inner.output_name

    @override
    def predicted(self, outputs: Floats) -> Floats:
        return self.inner.predicted(outputs)

    @override
    def tells(self, weights: Floats) -> dict[str, float]:
        return self.inner.tells(weights)

    @override
    def predict(self, weights: Floats, X: Floats) -> Floats:
        if type(self).forward is WrappedProblem.forward:
            return self.inner.predict(weights, X)  # which may make more of the outputs
        return super().predict(weights, X)

    @override
    def why_no_value(self, weights: Floats) -> str:
        return self.inner.why_no_value(weights)

    @override
    def outputs(self, weights: Floats, X: Floats) -> Floats:
        if type(self).forward is WrappedProblem.forward:
            return self.inner.outputs(weights, X)  # which may know them in closed form
        return super().outputs(weights, X)

    @override
    def unit_values(self, weights: Floats, X: Floats) -> tuple[Floats, ...]:
        return self.inner.unit_values(weights, X)

    @override
    def jumps(self, low: float, high: float) -> Floats:
        return self.inner.jumps(low, high)


class WithGradientRule(WrappedProblem):
    """An inner problem whose cost is right, and whose steps use other gradients than its own.

    Parameters
    ----------
    inner
        The problem.
    rule
        Makes what changes the gradients of a run, from the problem and the parameters that it trains.
    """

    steps_along_gradient = False

    def __init__(self, inner: Problem, rule: type[OwnGradient]) -> None:
        super().__init__(inner)
        self._rule = rule

    @property
    @override
    def minima(self) -> Floats:
        return self.inner.minima

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        return self.inner.viewpoint

    @override
    def cost_at(self, weights: Floats) -> Floats:
        return self.inner.cost_at(weights)

    @override
    def gradient_at(self, weights: Floats) -> Floats:
        return self.inner.gradient_at(weights)

    @override
    def hessian_at(self, weights: Floats) -> Floats:
        return self.inner.hessian_at(weights)

    @override
    def curvatures(self) -> Floats | None:
        return self.inner.curvatures()

    @override
    def cost_terms(self, weights: Floats) -> CostTerms | None:
        return self.inner.cost_terms(weights)

    @override
    def gradient_rule(self, parameters: Sequence[torch.Tensor]) -> GradientRule | None:
        return self._rule(self.inner, parameters)


class OwnGradient:
    """A `GradientRule` that knows the problem's forward pass and the parameters being trained."""

    def __init__(self, problem: Problem, parameters: Sequence[torch.Tensor]) -> None:
        self.forward, self.parameters = problem.forward(), parameters
        self.leftover: tuple[torch.Tensor, ...] = ()

    def __call__(
        self, gradients: tuple[torch.Tensor, ...], X: torch.Tensor, y: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        """Return the gradients to use at the weights now, over the rows X (n, d) and y (n, 1)."""
        raise NotImplementedError
