"""Costs over the learning rate after every step: the closed form, runs that end early, runs that diverge."""

from __future__ import annotations

import numpy as np

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.sweep.by_rate import MOST_STEPS, costs_by_rate
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson


def test_that_every_step_follows_the_closed_form() -> None:
    experiment = lesson("learning-rate").experiment
    rates = np.geomspace(0.001, 1, 50)
    found = costs_by_rate(experiment, experiment.build_problem(), rates)
    assert found is not None
    assert found.costs.shape == (101, 50)
    roots = np.sqrt(14 / 3) * np.abs(1 - 28 * rates / 3) ** np.arange(101)[:, None]
    np.testing.assert_allclose(np.sqrt(found.costs), roots, rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(found.after(3), found.costs[3])
    np.testing.assert_array_equal(found.after(500), found.costs[100])


def test_that_the_costs_are_those_of_each_runs_history_and_stay_after_its_end() -> None:
    experiment = lesson("two-parameters").experiment.edited(
        {
            "run.max_steps": 1500,
            "run.gradient_tolerance": 1e-3,
            "run.change": [{"step": 2, "learning_rate": 0.5}],
        }
    )
    problem, rates = experiment.build_problem(), np.array([0.001, 0.1, 0.17, 0.4])
    found = costs_by_rate(experiment, problem, rates)
    assert found is not None
    for j, rate in enumerate(rates.tolist()):
        history = History(2)
        alone = experiment.edited({"run.learning_rate": rate, "run.change": None})
        result = train(Trainer(alone, problem), RunControl(), history)
        snapshot = history.snapshot()
        steps = snapshot.steps.astype(int)
        np.testing.assert_allclose(found.costs[steps, j], snapshot.costs, rtol=1e-10, atol=1e-14)
        after = found.costs[result.step + 1 :, j]
        assert np.isinf(after).all() if rate == 0.4 else (after == found.costs[result.step, j]).all()
    assert np.isinf(found.costs[-1]).tolist() == [False, False, False, True]


def test_that_long_runs_are_followed_for_so_many_steps_alone() -> None:
    run = {"max_steps": 10**9, "initial_weights": [0.0]}
    experiment = Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": run})
    found = costs_by_rate(experiment, experiment.build_problem(), np.array([0.01]))
    assert found is not None
    assert found.steps == MOST_STEPS
