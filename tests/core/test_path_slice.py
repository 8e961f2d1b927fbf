"""The slice of the cost surface along a path, and the shares that are right, against numpy."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.path_slice import PathSlice
from gdstudio.core.training.right_shares import MOST, RightShares
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

RUN = {"learning_rate": 0.3, "batch_size": 10, "max_epochs": 20, "initial_std": 1.0}


def trained(**problem: object) -> tuple[History, Trainer]:
    table = {"kind": "small_network", "hidden": [3], "n": 50, "n_test": 30, **problem}
    given = Experiment.parse({"problem": table, "run": RUN})
    trainer = Trainer(given, given.build_problem())
    history = History(len(trainer.problem.weight_names))
    train(trainer, RunControl(), history)
    return history, trainer


def test_that_the_directions_are_the_eigenvectors_of_the_covariance() -> None:
    history, _ = trained()
    path = history.snapshot().weights
    made = PathSlice.through(path, 100)
    assert made is not None
    values, vectors = np.linalg.eigh(np.cov(path.T))
    for direction, share, place in zip(made.directions, made.shares, (-1, -2), strict=True):
        assert abs(direction @ vectors[:, place]) == pytest.approx(1)
        assert share == pytest.approx(values[place] / values.sum())
    np.testing.assert_allclose(made.directions @ made.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(made.place(path[-1]), [0, 0])


def test_that_costs_are_those_of_the_weights_in_the_plane_and_places_lead_back_to_them() -> None:
    history, trainer = trained()
    made = PathSlice.through(history.snapshot().weights, 100)
    assert made is not None
    xs, ys = np.linspace(-1, 2, 4), np.linspace(-0.5, 0.5, 3)
    costs = made.costs(trainer.problem, xs, ys)
    assert costs.shape == (3, 4)
    for i, y in enumerate(ys):
        for j, x in enumerate(xs):
            weights = made.centre + x * made.directions[0] + y * made.directions[1]
            assert costs[i, j] == pytest.approx(float(trainer.problem.cost_at(weights)), rel=1e-12)
            np.testing.assert_allclose(made.place(weights), [x, y], atol=1e-12)


def test_that_a_slice_is_not_turned_over_by_the_next_one() -> None:
    history, _ = trained()
    path = history.snapshot().weights
    first = PathSlice.through(path, 100)
    assert first is not None
    over = PathSlice(100, first.centre, -first.directions, first.shares)
    again = PathSlice.through(path, 100, before=over)
    assert again is not None
    np.testing.assert_allclose(again.directions, over.directions)


def test_that_a_path_that_is_too_short_or_not_finite_has_no_slice() -> None:
    path = np.random.default_rng(1).standard_normal((5, 4))
    path[2:] = np.nan
    assert PathSlice.through(path, 5) is None
    assert PathSlice.through(path[:2], 1) is None


def test_that_a_path_that_stays_where_it_is_has_a_slice_too() -> None:
    made = PathSlice.through(np.ones((4, 5)), 3)
    assert made is not None
    assert made.shares == (0.0, 0.0)
    np.testing.assert_allclose(made.directions @ made.directions.T, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("kind", ["small_network", "small_network_classes"])
def test_that_shares_are_counted_at_every_step_that_is_kept(kind: str) -> None:
    history, trainer = trained(kind=kind)
    snapshot, problem = history.snapshot(), trainer.problem
    steps, shares = RightShares(problem).of(snapshot)
    assert steps[0] == 0
    assert steps[-1] == 100
    assert problem.held_out is not None
    for step, (train_share, test_share) in zip(steps, shares, strict=True):
        told = problem.tells(snapshot.weights[snapshot.steps == step][0])
        assert train_share == pytest.approx(told["right"] / 50)
        assert test_share == pytest.approx(told["test_right"] / 30)


def test_that_no_share_is_computed_twice_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    history, trainer = trained(n_test=0)
    asked: list[object] = []

    def share(rows: object, weights: object) -> float:
        asked.append(weights)
        return 0.5

    shares = RightShares(trainer.problem)
    monkeypatch.setattr(shares, "_share", share)
    snapshot = history.snapshot()
    steps, found = shares.of(snapshot)
    count = len(asked)
    assert count == len(steps) <= MOST + 2
    assert np.isnan(found[:, 1]).all()
    shares.of(snapshot)
    assert len(asked) == count
