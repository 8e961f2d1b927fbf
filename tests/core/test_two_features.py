"""The deterministic two-feature check (curriculum, section 2 D): X = (+-1, +-1), H = 2I."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.core.datasets import Dataset
from gdstudio.core.experiment import Experiment
from gdstudio.core.problems.linear_network import LinearNetwork, LinearNetworkSpec
from gdstudio.core.trainer import Trainer


@pytest.mark.parametrize("alpha", [0.03, 0.1, 0.5, 0.9, 1.05])
def test_that_each_step_shrinks_the_error_by_one_minus_two_alpha(alpha: float) -> None:
    spec = LinearNetworkSpec(n=4, n_test=0)
    run = {"learning_rate": alpha, "max_steps": 30, "initial_weights": [0.0, 0.0, 0.0]}
    experiment = Experiment.parse({"problem": spec.model_dump(), "run": run})
    X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    problem = LinearNetwork(spec, Dataset(X, np.array([2.8, 9.6, -1.2, 5.6])))
    np.testing.assert_allclose(problem.hessian, 2 * np.eye(3), rtol=1e-14)
    trainer = Trainer(experiment, problem)
    assert trainer.full_cost() == pytest.approx(33.2, rel=1e-14)
    for k in range(1, 31):
        rows = trainer.advance(1)
        left = (1 - 2 * alpha) ** k
        np.testing.assert_allclose(
            rows.weights[0], np.array([2, -3.4, 4.2]) * (1 - left), atol=1e-12 * (1 + abs(left))
        )
        np.testing.assert_allclose(rows.costs[0], 33.2 * left**2, rtol=1e-9, atol=1e-26)
