"""A mistake that changes only the rows, the forward pass or the loss: the pictures show what the run does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from typing_extensions import override

from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.problems.mistakes.wrapped import OwnGradient, WithGradientRule, WrappedProblem
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.problem import Forward, LossFunction

POINTS = {"x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 9.0]}


class FeaturesDoubled(WrappedProblem):
    def __init__(self, inner: Problem) -> None:
        super().__init__(inner)
        self.rows = Dataset(2 * inner.rows.X, inner.rows.y)


class FourthPowers(WrappedProblem):
    @override
    def loss(self) -> LossFunction:
        return lambda h, y: ((h - y) ** 4).mean()


class Shifted(WrappedProblem):
    @override
    def forward(self) -> Forward:
        right = self.inner.forward()

        def shifted(weights: Sequence[torch.Tensor], X: torch.Tensor) -> torch.Tensor:
            return right(weights, X) + 1

        return shifted


ALL = (FeaturesDoubled, FourthPowers, Shifted)


def made(kind: str = "line") -> tuple[Experiment, Problem]:
    start = [0.3, -1.2][: 2 if kind == "line" else 1]
    run = {"max_steps": 5, "learning_rate": 1e-4, "initial_weights": start}
    experiment = Experiment.parse({"problem": {"kind": kind, **POINTS}, "run": run})
    return experiment, experiment.build_problem()


@pytest.mark.parametrize("wrapper", ALL)
def test_that_pictures_show_the_costs_and_gradients_of_the_run(wrapper: type[WrappedProblem]) -> None:
    experiment, inner = made()
    problem = wrapper(inner)
    trainer = Trainer(experiment, problem)
    start, rows = trainer.start(), trainer.advance(5)
    weights = np.concatenate([start.weights, rows.weights])
    costs = np.concatenate([start.costs, rows.costs])
    np.testing.assert_allclose(problem.cost_at(weights), costs, rtol=1e-13)
    assert not np.allclose(inner.cost_at(weights), costs, rtol=0.05)
    moves = (weights[:-1] - weights[1:]) / experiment.run.learning_rate
    for at, gradient in zip(weights, moves, strict=False):
        np.testing.assert_allclose(problem.gradient_at(at), gradient, rtol=1e-9)


@pytest.mark.parametrize("wrapper", ALL)
def test_that_it_does_not_say_what_is_known_of_the_right_problem_alone(wrapper: type[WrappedProblem]) -> None:
    _, inner = made()
    problem = wrapper(inner)
    assert len(inner.minima) == 1
    assert len(problem.minima) == 0
    assert problem.curvatures() is None
    _, of_one_weight = made("line_through_origin")
    assert of_one_weight.cost_terms(np.zeros(1)) is not None
    assert wrapper(of_one_weight).cost_terms(np.zeros(1)) is None
    assert inner.viewpoint is not None
    assert problem.viewpoint is not None
    np.testing.assert_array_equal(problem.viewpoint.centre, inner.viewpoint.centre)
    assert inner.viewpoint.least is not None
    assert problem.viewpoint.least is None


def test_that_curvature_is_that_of_the_changed_rows() -> None:
    _, inner = made()
    doubled = Experiment.parse(
        {
            "problem": {"kind": "line", "x": [2 * x for x in POINTS["x"]], "y": POINTS["y"]},
            "run": {"max_steps": 1},
        }
    ).build_problem()
    found = FeaturesDoubled(inner).hessian_at(np.zeros(2))
    np.testing.assert_allclose(found, doubled.hessian_at(np.zeros(2)), rtol=1e-12)


def test_that_predictions_are_those_of_a_changed_forward_pass() -> None:
    _, inner = made()
    weights, X = np.array([2.0, 1.0]), inner.rows.X
    np.testing.assert_allclose(Shifted(inner).predict(weights, X), inner.predict(weights, X) + 1)
    np.testing.assert_array_equal(FourthPowers(inner).predict(weights, X), inner.predict(weights, X))


def test_that_a_gradient_of_its_own_leaves_the_cost_and_what_is_known_of_it() -> None:
    _, inner = made()
    problem, at = WithGradientRule(inner, OwnGradient), np.array([2.0, 1.0])
    assert problem.cost_at(at) == inner.cost_at(at)
    np.testing.assert_array_equal(problem.minima, inner.minima)
    np.testing.assert_array_equal(problem.curvatures(), inner.curvatures())
    assert problem.viewpoint is not None
    assert problem.viewpoint.least is not None
