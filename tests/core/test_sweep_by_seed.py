"""The cost of runs with many seeds: each is the single run to the last bit, the spread is numpy's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.sweep import by_seed
from gdstudio.core.sweep.by_seed import (
    MOST_STEPS,
    SEEDS,
    SeedCurve,
    SeedSpread,
    chances,
    curve_of_seed,
    followed_steps,
)
from gdstudio.core.sweep.sweep import Plan, run_sweep
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment


def batches(**changes: Any) -> Experiment:
    small = {"problem.n": 60, "run.batch_size": 7}
    edits = {path.replace("__", "."): value for path, value in changes.items()}
    return lesson("mini-batches").experiment.edited(small | edits)


def made(experiment: Experiment, seeds: range = SEEDS) -> list[SeedCurve]:
    curves = [curve_of_seed(experiment, seed) for seed in seeds]
    return [curve for curve in curves if curve is not None]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"run__batch_size": 60, "run__max_epochs": 20},
        {"run__dtype": "float32"},
        {"run__max_steps": 20},
        {"run__optimizer": {"kind": "adam"}},
    ],
    ids=str,
)
def test_that_each_curve_is_the_run_of_its_seed_to_the_last_bit(changes: dict[str, Any]) -> None:
    experiment = batches(**changes)
    for curve in made(experiment, range(3)):
        alone = experiment.edited({"run.seed": curve.seed})
        history = History(3)
        result = train(Trainer(alone, alone.build_problem()), RunControl(), history)
        snapshot = history.snapshot()
        steps = [0.0, *snapshot.epoch_table[:, 1].tolist()]
        costs = [float(snapshot.costs[0]), *snapshot.epoch_table[:, 2].tolist()]
        if result.step > steps[-1]:  # the last epoch is cut short
            steps, costs = [*steps, float(result.step)], [*costs, result.cost]
        assert curve.steps.tolist() == steps
        assert curve.costs.tolist() == costs
        assert curve.costs[-1] == result.cost
        assert curve.reason is result.reason


def test_that_the_ends_are_those_of_the_sweep_over_the_seeds() -> None:
    experiment = batches(run__max_epochs=2)
    ends = run_sweep(Plan.of(experiment, "run.seed", list(SEEDS))).ends
    curves = made(experiment)
    assert [curve.seed for curve in curves] == list(range(20))
    assert [float(curve.costs[-1]) for curve in curves] == ends.costs.tolist()
    assert len(set(ends.costs.tolist())) == 20


def test_that_median_and_percentiles_are_numpys() -> None:
    experiment = batches()
    curves = made(experiment)
    spread = SeedSpread.of(experiment, curves)
    costs = np.array([curve.costs for curve in curves])
    assert spread.steps.tolist() == [0, 9, 18, 27]
    np.testing.assert_allclose(spread.median, np.median(costs, axis=0), rtol=1e-14)
    np.testing.assert_allclose(spread.low, np.percentile(costs, 10, axis=0), rtol=1e-14)
    np.testing.assert_allclose(spread.high, np.percentile(costs, 90, axis=0), rtol=1e-14)


def test_that_a_diverged_run_counts_as_infinite_and_an_ended_one_keeps_its_cost() -> None:
    experiment = batches()
    steps = np.array([0.0, 9.0, 12.0])
    diverged = SeedCurve(0, steps, np.array([1.0, 50.0, 60.0]), FinishReason.DIVERGED)
    ended = SeedCurve(1, steps, np.array([1.0, 0.5, 0.4]), FinishReason.CONVERGED)
    assert diverged.after(np.array([0.0, 9.0, 18.0])).tolist() == [1, 50, np.inf]
    assert ended.after(np.array([0.0, 9.0, 18.0, 27.0])).tolist() == [1, 0.5, 0.4, 0.4]
    one = SeedSpread.of(experiment, [diverged] + [ended] * 19)
    assert one.median[-1] == one.high[-1] == 0.4
    many = SeedSpread.of(experiment, [diverged] * 3 + [ended] * 17)
    assert many.median.tolist() == [1, 0.5, 0.4, 0.4]
    assert many.high.tolist() == [1, 50, np.inf, np.inf]
    most = SeedSpread.of(experiment, [diverged] * 10 + [ended] * 10)
    assert most.median[-1] == np.inf  # between a finite and an infinite one
    assert most.low[-1] == 0.4


def test_that_a_run_that_diverges_ends_at_its_last_finite_cost() -> None:
    (curve,) = made(batches(run__learning_rate=3.0, run__max_epochs=200), range(1))
    assert curve.has_diverged
    assert np.isfinite(curve.costs).all()
    assert curve.steps[-1] < 1800


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["other data", "another order of the rows"]),
        ({"run__shuffle": False}, ["other data"]),
        ({"run__batch_size": 60, "run__initial_weights": None}, ["other data", "other first weights"]),
        ({"run__initial_weights": None, "run__initial_std": 0.0, "run__shuffle": False}, ["other data"]),
    ],
    ids=str,
)
def test_that_what_is_left_to_chance_is_named(changes: dict[str, Any], words: list[str]) -> None:
    assert list(chances(batches(**changes))) == words


def test_that_given_points_and_weights_leave_nothing_to_chance() -> None:
    experiment = lesson("learning-rate").experiment
    assert chances(experiment) == ()
    assert chances(experiment.edited({"run.batch_size": 2})) == ("another order of the rows",)


def test_that_long_runs_are_followed_for_so_many_steps_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = batches(run__max_epochs=10**9)
    assert followed_steps(experiment) == MOST_STEPS
    monkeypatch.setattr(by_seed, "MOST_STEPS", 40)
    monkeypatch.setattr(by_seed, "_MOST_KEPT", 3)
    curves = made(experiment, range(2))
    for curve in curves:
        assert curve.steps.tolist() == [0, 18, 36, 40]  # 9 steps an epoch
    assert SeedSpread.of(experiment, curves).steps.tolist() == [0, 18, 36, 40]
    monkeypatch.setattr(by_seed, "_MOST_ROWS", 70)
    assert followed_steps(experiment) == 10


def test_that_a_run_that_nobody_wants_is_given_up() -> None:
    asked = []

    def goes_on() -> bool:
        asked.append(True)
        return len(asked) < 3

    assert curve_of_seed(batches(run__max_epochs=10**6), 0, goes_on) is None
    assert len(asked) == 3
