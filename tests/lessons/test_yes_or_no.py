"""The numbers that the reveals of "Yes or no" state in words, besides those of the run itself."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson

RATE, PLATEAU, APART, FOLLOWS, CLOUDS = range(1, 6)
OWN = lesson("yes-or-no").experiment


def test_that_the_cost_rises_to_what_is_said_and_the_limits_are_those_of_both_places() -> None:
    cue = lesson("yes-or-no").cue[RATE]
    experiment = cue.experiment(OWN)
    problem, history = experiment.build_problem(), History(2)
    train(Trainer(experiment, problem), RunControl(), history)
    costs = history.snapshot().costs
    assert costs.argmax() == 3
    assert f"{costs.max():.2f}" == "1.49"
    limits = [2 / np.linalg.eigvalsh(problem.hessian_at(at))[-1] for at in (np.zeros(2), problem.minima[0])]
    assert [f"{limit:.3f}" for limit in limits] == ["0.767", "1.509"]
    assert "0.767" in cue.prompt
    assert {"1.49", "1.509"} <= set(cue.reveal.rstrip(".").replace("?", " ").split())


def test_that_cross_entropy_leaves_the_plateau() -> None:
    cue = lesson("yes-or-no").cue[PLATEAU]
    experiment = cue.experiment(OWN).edited({"problem.cost": "cross_entropy"})
    cost = train(Trainer(experiment, experiment.build_problem()), RunControl()).cost
    assert f"{cost:.6f}" == "0.433511"
    assert "0.433511" in cue.reveal


def test_that_the_boundary_follows_the_points_that_are_wrong() -> None:
    cue = lesson("yes-or-no").cue[FOLLOWS]
    fail = cue.experiment(OWN)
    passed = OWN.edited({"problem.x": (*OWN.problem.x[:-1], 10.0)})  # type: ignore[attr-defined]  # of points
    [a], [b], [before] = (made.build_problem().minima for made in (fail, passed, OWN))
    assert -before[1] / before[0] == pytest.approx(2.75, rel=1e-12)
    assert f"{-b[1] / b[0]:.3f}" == "2.780"
    assert -a[1] / a[0] - 2.75 > 3 * (-b[1] / b[0] - 2.75) > 0
    p = 1 / (1 + np.exp(-(a @ (4.5, 1.0))))
    assert f"{p:.2f}" == "0.82"
    assert 1 / (1 + np.exp(b @ (10.0, 1.0))) < 1e-3


@pytest.mark.parametrize("seeds", [range(4), pytest.param(range(4, 16), marks=pytest.mark.slow)], ids=str)
def test_that_the_clouds_are_told_apart_for_other_seeds(seeds: range) -> None:
    cue = lesson("yes-or-no").cue[CLOUDS]
    for seed in seeds:
        experiment = cue.experiment(OWN).edited({"run.seed": seed})
        problem = experiment.build_problem()
        weights = train(Trainer(experiment, problem), RunControl()).weights
        assert 174 <= problem.tells(weights)["right"] <= 198
        across = np.array([-weights[1], weights[0]])  # along the boundary p does not change
        places = np.stack([np.zeros(2), across, -3 * across])
        np.testing.assert_allclose(np.ptp(problem.predict(weights, places)), 0, atol=1e-12)
