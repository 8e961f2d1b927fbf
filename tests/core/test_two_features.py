"""Two features: the deterministic check X = (+-1, +-1), H = 2I, and a second feature made to be uneven."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.problems.kinds.linear_network import LinearNetworkSpec
from gdstudio.core.seeds import STREAMS
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.trainer import Trainer


@pytest.mark.parametrize("alpha", [0.03, 0.1, 0.5, 0.9, 1.05])
def test_that_each_step_shrinks_the_error_by_one_minus_two_alpha(alpha: float) -> None:
    spec = LinearNetworkSpec(n=4, n_test=0)
    run = {"learning_rate": alpha, "max_steps": 30, "initial_weights": [0.0, 0.0, 0.0]}
    experiment = Experiment.parse({"problem": spec.model_dump(), "run": run})
    X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    problem = spec.fit(Dataset(X, np.array([2.8, 9.6, -1.2, 5.6])))
    np.testing.assert_allclose(problem.hessian_at(np.zeros(3)), 2 * np.eye(3), rtol=1e-14)
    trainer = Trainer(experiment, problem)
    assert trainer.full_cost() == pytest.approx(33.2, rel=1e-14)
    for k in range(1, 31):
        rows = trainer.advance(1)
        left = (1 - 2 * alpha) ** k
        np.testing.assert_allclose(
            rows.weights[0], np.array([2, -3.4, 4.2]) * (1 - left), atol=1e-12 * (1 + abs(left))
        )
        np.testing.assert_allclose(rows.costs[0], 33.2 * left**2, rtol=1e-9, atol=1e-26)


def spec(**given: float) -> LinearNetworkSpec:
    return LinearNetworkSpec(n=20_000, n_test=30, **given)  # type: ignore[arg-type]  # by name


def test_that_the_defaults_leave_every_row_as_it_was_drawn() -> None:
    stream = torch.Generator().manual_seed(STREAMS.index("data"))
    X = torch.randn(20_000, 2, generator=stream, dtype=torch.float64).numpy()
    assert (spec().build(0).rows.X == X).all()
    assert (spec(feature_scale=1.0, correlation=0.0).build(0).rows.X == X).all()


@pytest.mark.parametrize(("scale", "rho"), [(10.0, 0.0), (0.1, 0.0), (1.0, 0.95), (1.0, -0.99), (20.0, 0.5)])
def test_that_the_second_feature_is_as_large_and_as_correlated_as_asked(scale: float, rho: float) -> None:
    problem = spec(feature_scale=scale, correlation=rho).build(3)
    drawn = spec().build(3)
    first, second = problem.rows.X.T
    expected = scale * (rho * drawn.rows.X[:, 0] + np.sqrt(1 - rho**2) * drawn.rows.X[:, 1])
    np.testing.assert_array_equal(first, drawn.rows.X[:, 0])
    np.testing.assert_allclose(second, expected, rtol=1e-9, atol=1e-12 * scale)
    assert np.std(second) == pytest.approx(scale, rel=0.03)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(rho, abs=0.03)
    assert problem.held_out is not None
    assert np.std(problem.held_out.X[:, 1]) == pytest.approx(scale, rel=0.5)
    residuals = problem.rows.y - problem.rows.X @ [2, -3.4] - 4.2
    assert np.std(residuals) == pytest.approx(0.01, rel=0.05)  # the labels are made of the feature as it is


@pytest.mark.parametrize("given", [{"feature_scale": 2.0}, {"correlation": 0.5}])
def test_that_one_feature_can_have_no_second(given: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="needs two features"):
        LinearNetworkSpec(true_w=(2.0,), **given)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("rho", [-1.0, 1.0])
def test_that_features_that_are_one_are_refused(rho: float) -> None:
    with pytest.raises(ValidationError):
        spec(correlation=rho)
