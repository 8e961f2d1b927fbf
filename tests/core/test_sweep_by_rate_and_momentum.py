"""The map over rate and momentum: each cell is heavy ball by numpy, its edge that of the spectral radius."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.sweep.by_rate import MOST_STEPS
from gdstudio.core.sweep.by_rate_and_momentum import (
    costs_by_rate_and_momentum,
    least_momentum,
    limit_symbol,
    limits_by_momentum,
    why_no_map,
)
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.sweep.by_rate_and_momentum import CostsByRateAndMomentum
    from gdstudio.core.typing import Floats

START = np.array([0.5, -0.75])
X = np.column_stack([[1.0, 2.0, 3.0], np.ones(3)])
Y = np.array([1.0, 2.0, 3.0])
HESSIAN = 2 / 3 * X.T @ X
CURVATURES = np.linalg.eigvalsh(HESSIAN)
BETAS = np.array([0.0, 0.3, 0.6, 0.9, 0.99])


def fit(**run: Any) -> Experiment:
    """Return the lesson's line through (1, 1), (2, 2) and (3, 3), from another start."""
    edits = {f"run.{name}": value for name, value in {"initial_weights": tuple(START), **run}.items()}
    return lesson("two-parameters").experiment.edited(edits)


def found(experiment: Experiment, rates: Floats, betas: Floats) -> CostsByRateAndMomentum:
    costs = costs_by_rate_and_momentum(experiment, experiment.build_problem(), rates, betas)
    assert costs is not None
    return costs


def cost(weights: Floats) -> float:
    return float(((X @ weights - Y) ** 2).mean())


def heavy_ball(rate: float, beta: float, steps: int, *, nesterov: bool = False) -> float:
    """Return the cost after v <- beta v + g, w <- w - alpha v, as torch.optim.SGD documents it."""
    weights, velocity = START.copy(), np.zeros(2)
    for _ in range(steps):
        gradient = 2 / 3 * X.T @ (X @ weights - Y)
        velocity = beta * velocity + gradient
        weights = weights - rate * (gradient + beta * velocity if nesterov else velocity)
    return cost(weights)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("steps", [1, 2, 7, 40])
def test_that_each_cell_is_the_cost_of_heavy_ball(steps: int, nesterov: bool) -> None:
    experiment = fit(max_steps=steps)
    if nesterov:
        experiment = experiment.edited({"run.optimizer": {"momentum": 0.5, "nesterov": True}})
    rates, betas = np.array([0.003, 0.05, 0.17, 0.19, 0.3]), np.array([0.0, 0.25, 0.8, 0.95])
    costs = found(experiment, rates, betas)
    expected = [[heavy_ball(rate, beta, steps, nesterov=nesterov) for rate in rates] for beta in betas]
    np.testing.assert_allclose(costs.costs, expected, rtol=1e-9)
    assert costs.start_cost == pytest.approx(cost(START))
    assert costs.steps == steps


def test_that_the_least_cost_and_what_ended_above_the_start_are_those_of_heavy_ball() -> None:
    rates, betas = np.geomspace(0.01, 1, 9), np.linspace(0, 0.9, 7)
    costs = found(fit(max_steps=30), rates, betas)
    expected = np.array([[heavy_ball(rate, beta, 30) for rate in rates] for beta in betas])
    assert costs.best == divmod(int(expected.argmin()), len(rates))
    np.testing.assert_array_equal(costs.ended_above, expected > cost(START))
    assert costs.ended_above.any()
    assert not costs.diverged.any()


def test_that_runs_without_a_finite_end_are_told_apart() -> None:
    costs = found(fit(max_steps=900), np.array([0.05, 0.185, 1.0]), np.array([0.0, 0.5]))
    assert costs.diverged.tolist() == [[False, False, True], [False, False, True]]
    assert costs.ended_above.tolist() == [[False, True, False], [False, False, False]]
    assert np.isinf(costs.costs[:, 2]).all()
    beyond = found(fit(max_steps=5, initial_weights=(1e200, 0.0)), np.array([0.1]), np.array([0.0, 0.5]))
    assert beyond.diverged.all()
    assert beyond.best is None


def test_that_the_limit_is_where_the_spectral_radius_of_heavy_ball_is_one() -> None:
    experiment = fit()
    limits = limits_by_momentum(experiment, experiment.build_problem(), BETAS)
    assert limits is not None
    np.testing.assert_allclose(limits, (2 + 2 * BETAS) / CURVATURES[-1])
    assert limit_symbol(experiment) == "(2 + 2β)/λmax"
    for beta, limit in zip(BETAS.tolist(), limits.tolist(), strict=True):
        assert radius(0.9999 * limit, beta) < 1
        assert radius(1.0001 * limit, beta) > 1


def radius(rate: float, beta: float) -> float:
    """Return the spectral radius of (w_k, w_k-1) -> (w_k+1, w_k) around the minimum, of all directions."""
    steps = [np.array([[1 + beta - rate * curvature, -beta], [1.0, 0.0]]) for curvature in CURVATURES]
    return max(float(np.abs(np.linalg.eigvals(step)).max()) for step in steps)


def test_that_runs_on_the_two_sides_of_the_limit_go_their_ways() -> None:
    experiment = fit(max_steps=2000)
    limits = limits_by_momentum(experiment, experiment.build_problem(), BETAS)
    assert limits is not None
    for beta, limit in zip(BETAS.tolist(), limits.tolist(), strict=True):
        costs = found(experiment, limit * np.array([0.97, 1.03]), np.array([beta]))
        assert costs.costs[0, 0] < cost(START)
        assert costs.costs[0, 1] > cost(START)


def test_that_nesterov_has_the_limit_of_its_own() -> None:
    experiment = fit().edited({"run.optimizer": {"momentum": 0.5, "nesterov": True}})
    limits = limits_by_momentum(experiment, experiment.build_problem(), BETAS)
    assert limits is not None
    np.testing.assert_allclose(limits, (2 + 2 * BETAS) / ((1 + 2 * BETAS) * CURVATURES[-1]))
    assert least_momentum(experiment.run.optimizer) == 0.01
    assert least_momentum(fit().run.optimizer) == 0.0


def test_that_changes_of_the_rate_are_left_out_and_long_runs_cut() -> None:
    changed = fit(max_steps=10**6, change=[{"step": 2, "learning_rate": 0.5}])
    costs = found(changed, np.array([0.001]), np.array([0.0]))
    assert costs.steps == MOST_STEPS
    assert costs.costs[0, 0] == pytest.approx(heavy_ball(0.001, 0.0, MOST_STEPS), rel=1e-9)


def test_that_nobody_waits_for_runs_that_nobody_wants() -> None:
    experiment = fit()
    rates, betas = np.array([0.1]), np.array([0.0])
    problem = experiment.build_problem()
    assert costs_by_rate_and_momentum(experiment, problem, rates, betas, lambda: False) is None


@pytest.mark.parametrize(
    ("name", "edits", "why"),
    [
        ("two-parameters", {}, ""),
        ("two-parameters", {"run.optimizer": {"kind": "rmsprop"}}, ""),
        ("two-parameters", {"run.optimizer": {"kind": "adam"}}, "Adam has no setting momentum"),
        ("two-parameters", {"run.batch_size": 2}, "their steps are made with mini-batches"),
        ("learning-rate", {}, "the map is for two weights, and this problem has 1"),
        ("mini-batches", {}, "the map is for two weights, and this problem has 3"),
    ],
)
def test_that_it_says_why_there_is_no_map(name: str, edits: dict[str, Any], why: str) -> None:
    experiment = lesson(name).experiment.edited(edits)
    assert why_no_map(experiment, experiment.build_problem()) == why


def test_that_rmsprop_has_a_map_without_a_limit() -> None:
    experiment = fit(max_steps=5).edited({"run.optimizer": {"kind": "rmsprop"}})
    problem = experiment.build_problem()
    assert limits_by_momentum(experiment, problem, BETAS) is None
    assert np.isfinite(found(experiment, np.array([0.01, 0.1]), BETAS).costs).all()
