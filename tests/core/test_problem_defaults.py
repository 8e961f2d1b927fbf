"""What every problem gets from torch unless it knows better, against the closed forms of least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.problems import by_torch
from gdstudio.core.problems.fit import Fit
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.least_squares import LeastSquares
from gdstudio.core.problems.losses import LOSSES
from gdstudio.core.problems.problem import Problem
from gdstudio.core.settings.experiment import Experiment

POINTS = {"x": [1.0, 2.0, 4.0], "y": [0.5, 2.5, 3.0]}
KINDS: dict[str, dict[str, Any]] = {
    "constant": POINTS,
    "line_through_origin": POINTS,
    "line": POINTS,
    "linear_network": {"n": 40, "true_w": [1.0, -2.0, 0.5]},
}

SQUARES = [name for name, loss in LOSSES.classes().items() if loss.squares is not None]


@pytest.fixture(params=[(kind, cost) for kind in KINDS for cost in SQUARES], ids="-".join)
def known(request: pytest.FixtureRequest) -> LeastSquares:
    kind, cost = request.param
    tables = {"problem": {"kind": kind, "cost": cost, **KINDS[kind]}, "run": {"max_steps": 1}}
    problem = Experiment.parse(tables).build_problem()
    assert isinstance(problem, LeastSquares)
    return problem


@pytest.fixture
def by_default(known: LeastSquares) -> Fit:
    """Return the same problem without its closed forms."""
    assert isinstance(known.spec, FitSpec)
    made = Fit(known.spec, known.spec.parts(), known.rows, known.held_out)
    for name in ("predict", "cost_at", "gradient_at", "hessian_at"):
        assert getattr(type(made), name) is getattr(Problem, name)
    return made


def some_weights(problem: Problem, *shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(1).standard_normal((*shape, len(problem.weight_names)))


def test_that_the_default_gradient_and_curvature_are_the_closed_forms(
    known: LeastSquares, by_default: Fit
) -> None:
    weights = some_weights(known)
    np.testing.assert_allclose(by_default.gradient_at(weights), known.gradient_at(weights), rtol=1e-12)
    np.testing.assert_allclose(
        by_default.hessian_at(weights), known.hessian_at(weights), rtol=1e-12, atol=1e-13
    )


@pytest.mark.parametrize("shape", [(), (1,), (7,), (4, 5)], ids=str)
def test_that_the_default_cost_is_the_closed_form_on_grids_of_any_shape(
    known: LeastSquares, by_default: Fit, shape: tuple[int, ...]
) -> None:
    weights = some_weights(known, *shape)
    costs = by_default.cost_at(weights)
    assert costs.shape == shape
    np.testing.assert_allclose(costs, known.cost_at(weights), rtol=1e-12)


def test_that_a_grid_computed_in_parts_is_the_same(
    known: LeastSquares, by_default: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = some_weights(known, 11)
    monkeypatch.setattr(by_torch, "_AT_ONCE", 2 * len(known.rows))
    np.testing.assert_allclose(by_default.cost_at(weights), known.cost_at(weights), rtol=1e-12)


def test_that_the_default_prediction_is_the_closed_form(known: LeastSquares, by_default: Fit) -> None:
    weights, X = some_weights(known), known.rows.X
    np.testing.assert_allclose(by_default.predict(weights, X), known.predict(weights, X), rtol=1e-12)
