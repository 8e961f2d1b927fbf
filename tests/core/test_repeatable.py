"""The same experiment gives the same numbers, however it is cut, stopped and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.core.conftest import Make, Train

OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd"},
    {"kind": "sgd", "momentum": 0.9},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "rmsprop", "momentum": 0.5, "centered": True},
    {"kind": "adagrad", "lr_decay": 0.1},
    {"kind": "adam"},
    {"kind": "adam", "amsgrad": True},
]
DTYPES = ["float64", "float32"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_the_same_seed_gives_the_same_bits(network: Make, train: Train, dtype: str) -> None:
    _, one = train(network(n=200, seed=9, dtype=dtype))
    _, two = train(network(n=200, seed=9, dtype=dtype))
    assert one.weights.tobytes() == two.weights.tobytes()
    assert one.costs.tobytes() == two.costs.tobytes()


def test_that_another_seed_gives_other_data_weights_and_order(network: Make) -> None:
    problems = [network(seed=seed).build_problem() for seed in (0, 1)]
    trainers = [Trainer(network(seed=seed), problems[seed]) for seed in (0, 1)]
    assert not np.array_equal(problems[0].rows.X, problems[1].rows.X)
    assert not np.array_equal(trainers[0].weights, trainers[1].weights)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("chunk", [1, 7])
def test_that_the_cut_into_calls_does_not_change_a_bit(
    network: Make, train: Train, optimizer: dict[str, Any], dtype: str, chunk: int
) -> None:
    experiment = network(n=103, batch_size=10, optimizer=optimizer, dtype=dtype)
    _, whole = train(experiment)
    _, cut = train(experiment, chunk)
    assert whole.weights.tobytes() == cut.weights.tobytes()
    assert whole.costs.tobytes() == cut.costs.tobytes()
    assert whole.epoch_rows == cut.epoch_rows


@pytest.mark.parametrize(
    "run",
    [
        {"learning_rate": 0.25, "max_steps": 2000},
        {"learning_rate": 0.1, "max_steps": 100, "gradient_tolerance": 1e-6},
        {"learning_rate": 0.1, "max_steps": 100, "cost_tolerance": 1e-6},
        {"learning_rate": 0.01, "max_epochs": 40, "optimizer": "adam"},
    ],
    ids=str,
)
def test_that_every_full_batch_step_is_an_epoch_whatever_the_cut(
    one_weight: Make, train: Train, run: dict[str, Any]
) -> None:
    ended, whole = train(one_weight(**run))
    _, cut = train(one_weight(**run), 1)
    assert whole.weights.tobytes() == cut.weights.tobytes()
    assert whole.epoch_rows == cut.epoch_rows
    assert [(row.epoch, row.step) for row in whole.epoch_rows] == [(k, k) for k in range(1, ended.step + 1)]
    assert [row.train_cost for row in whole.epoch_rows] == whole.costs[1:].tolist()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("learning_rate", [1.5, 2.0, 50.0])
def test_that_the_cut_does_not_move_the_step_of_divergence(
    network: Make, train: Train, learning_rate: float, dtype: str
) -> None:
    experiment = network(learning_rate=learning_rate, dtype=dtype, max_epochs=50)
    whole, rows = train(experiment)
    cut, cut_rows = train(experiment, 3)
    assert whole.finish == cut.finish
    np.testing.assert_array_equal(rows.weights, cut_rows.weights)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("at", [0, 3, 11, 16, 22])
def test_that_a_checkpoint_goes_on_exactly(network: Make, optimizer: dict[str, Any], at: int) -> None:
    experiment = network(n=103, optimizer=optimizer)  # 11 batches an epoch, the last of 3 rows
    trainer = Trainer(experiment, experiment.build_problem())
    while trainer.step < at:
        trainer.advance(at - trainer.step)
    saved = trainer.checkpoint()
    first = [trainer.advance(1).weights for _ in range(33 - at)]
    other = Trainer(experiment, experiment.build_problem())
    for taken_up in (trainer, other):
        taken_up.restore(saved)
        assert (taken_up.step, taken_up.finish) == (at, None)
        again = [taken_up.advance(1).weights for _ in range(33 - at)]
        np.testing.assert_array_equal(first, again)


def test_that_a_full_batch_checkpoint_goes_on_exactly(one_weight: Make) -> None:
    experiment = one_weight(optimizer={"kind": "sgd", "momentum": 0.9}, max_steps=30)
    trainer = Trainer(experiment, experiment.build_problem())
    trainer.advance(8)
    saved = trainer.checkpoint()
    first = trainer.advance(22)
    trainer.restore(saved)
    again = trainer.advance(22)
    np.testing.assert_array_equal(first.weights, again.weights)
    assert first.epoch_rows == again.epoch_rows


def test_that_a_checkpoint_keeps_the_learning_rate(one_weight: Make) -> None:
    experiment = one_weight(learning_rate=0.1)
    trainer = Trainer(experiment, experiment.build_problem())
    saved = trainer.checkpoint()
    trainer.learning_rate = 0.05
    assert trainer.advance(1).weights[0, 0] == pytest.approx(0.05 * 28 / 3, rel=1e-14)
    trainer.restore(saved)
    assert trainer.learning_rate == 0.1
    assert trainer.advance(1).weights[0, 0] == pytest.approx(0.1 * 28 / 3, rel=1e-14)


@pytest.mark.parametrize("optimizer", [{"kind": "sgd"}, {"kind": "sgd", "momentum": 0.5}], ids=str)
def test_that_a_new_learning_rate_acts_on_the_next_step(one_weight: Make, optimizer: dict[str, Any]) -> None:
    experiment = one_weight(learning_rate=0.01, optimizer=optimizer)
    trainer = Trainer(experiment, experiment.build_problem())
    trainer.learning_rate = 3 / 28
    assert trainer.advance(1).weights[0, 0] == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize(
    ("batch_size", "steps_before"),
    [(None, 0), (10, 1)],
    ids=["full batch, at its last step", "mini-batches, in its last epoch"],
)
def test_that_a_run_taken_up_again_converges_at_the_same_step(
    network: Make, batch_size: int | None, steps_before: int
) -> None:
    experiment = network(n=95, batch_size=batch_size, max_epochs=5000, cost_tolerance=1e-3)
    problem = experiment.problem.build(0)
    ended = _to_the_end(Trainer(experiment, problem))
    first, again = Trainer(experiment, problem), Trainer(experiment, problem)
    while first.step < ended.step - steps_before:
        first.advance(ended.step - steps_before - first.step)
    again.restore(first.checkpoint())
    _to_the_end(again)
    assert ended.finish is not None
    assert ended.finish.reason is FinishReason.CONVERGED
    assert (again.step, again.finish) == (ended.step, ended.finish)


def _to_the_end(trainer: Trainer) -> Trainer:
    while trainer.finish is None:
        trainer.advance(1000)
    return trainer
