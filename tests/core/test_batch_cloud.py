"""The cloud of batch gradients: each by numpy, its mean, and that it is of the run's own batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.batch_cloud import BatchCloud, batch_cloud
from gdstudio.core.training.history import History, Snapshot
from gdstudio.core.training.trainer import Trainer


def experiment(n: int = 60, batch_size: int = 10, cost: str = "mean", **run: Any) -> Experiment:
    problem = {"kind": "linear_network", "n": n, "n_test": 0, "noise": 0.5, "cost": cost}
    settings = {"learning_rate": 0.03, "batch_size": batch_size, "max_epochs": 9, **run}
    return Experiment.parse({"problem": problem, "run": settings})


def after(wanted: Experiment, steps: int = 0) -> Snapshot:
    """Return a snapshot of a run after some steps."""
    trainer = Trainer(wanted, wanted.build_problem())
    history = History(len(wanted.problem.weight_names))
    history.append(trainer.start())
    for _ in range(steps):
        history.append(trainer.advance(1))
    return history.snapshot()


def cloud_of(wanted: Experiment, steps: int = 0) -> BatchCloud:
    return batch_cloud(wanted, wanted.build_problem(), after(wanted, steps))


def by_hand(wanted: Experiment, weights: Any) -> tuple[Any, Any]:
    """Return the gradients of the mean square of each row (n, 3), unshuffled, and their mean."""
    rows = wanted.build_problem().rows
    A = np.column_stack([rows.X, np.ones(len(rows))])
    each = 2 * (A @ weights - rows.y)[:, None] * A
    return each, each.mean(axis=0)


@pytest.mark.parametrize(("n", "size"), [(60, 10), (60, 1), (60, 60), (1000, 10)])
@pytest.mark.parametrize("cost", ["mean", "sum"])
def test_that_the_mean_over_equal_batches_is_the_full_gradient(n: int, size: int, cost: str) -> None:
    wanted = experiment(n, size, cost, learning_rate=1e-4)
    cloud = cloud_of(wanted, 2)
    _, full = by_hand(wanted, after(wanted, 2).latest)
    np.testing.assert_allclose(cloud.full, full, rtol=1e-10)
    if n // size <= 500:
        np.testing.assert_allclose(cloud.mean, full, rtol=1e-10)
        assert cloud.is_full(cloud.mean)


def test_that_with_a_smaller_last_batch_only_the_mean_by_rows_is() -> None:
    wanted = experiment(n=64)
    cloud = cloud_of(wanted)
    _, full = by_hand(wanted, after(wanted).latest)
    assert list(cloud.sizes) == [10] * 6 + [4]
    np.testing.assert_allclose(cloud.mean_by_rows, full, rtol=1e-10)
    assert np.abs(cloud.mean - full).max() > 1e-3
    assert cloud.is_full(cloud.mean_by_rows)
    assert not cloud.is_full(cloud.mean)


def test_that_each_gradient_is_that_of_its_own_rows() -> None:
    wanted = experiment(n=64, shuffle=False)
    cloud = cloud_of(wanted)
    each, full = by_hand(wanted, after(wanted).latest)
    parts = [each[i : i + 10].mean(axis=0) for i in range(0, 64, 10)]
    np.testing.assert_allclose(cloud.gradients, parts, rtol=1e-10)
    rms = np.sqrt(np.mean([np.sum((part - full) ** 2) for part in parts]))
    assert cloud.spread == pytest.approx(rms)


@pytest.mark.parametrize("step", [1, 6, 7, 15])
def test_that_the_batches_are_those_that_the_run_takes(step: int) -> None:
    wanted = experiment()
    made = after(wanted, step)
    problem, gradient, came_from = wanted.build_problem(), made.gradient, made.came_from
    assert gradient is not None
    assert came_from is not None
    history = History(3)  # a moment at which the weights are those that the step came from
    history.append(Trainer(wanted, problem).start())
    there = history.snapshot()
    epoch = made.epoch
    moved = Snapshot(
        there.version,
        1,
        made.steps[-1:],
        np.array([float(epoch)]),
        made.costs[-1:],
        came_from[None],
        there.epoch_table,
        None,
        None,
        None,
    )
    cloud = batch_cloud(wanted, problem, moved)
    assert cloud.epoch == epoch == -(-step // 6)
    np.testing.assert_allclose(cloud.gradients[(step - 1) % 6], gradient, rtol=1e-9)


def test_that_of_very_many_batches_the_first_are_taken() -> None:
    cloud = cloud_of(experiment(n=1000, batch_size=1))
    assert (len(cloud.gradients), cloud.batches) == (500, 1000)


def test_that_a_loss_that_compares_each_with_each_has_no_such_mean() -> None:
    cloud = cloud_of(experiment(mistake="no_reshape"))
    assert not cloud.is_full(cloud.mean)
    assert not cloud.is_full(cloud.mean_by_rows)


def test_that_a_network_of_layers_has_its_cloud() -> None:
    wanted = Experiment.parse(
        {
            "problem": {"kind": "tanh_network", "n": 40},
            "run": {"learning_rate": 0.1, "batch_size": 8, "max_steps": 5, "initial_std": 0.5},
        }
    )
    cloud = cloud_of(wanted, 3)
    assert cloud.gradients.shape == (5, len(wanted.problem.weight_names))
    assert cloud.is_full(cloud.mean)
