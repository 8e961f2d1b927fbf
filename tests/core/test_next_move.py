"""The next move foretold from a snapshot is the one that the run then makes, whatever the optimizer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.history import History, cut
from gdstudio.core.training.next_move import next_move
from gdstudio.core.training.trainer import Trainer

OPTIMIZERS: list[dict[str, Any]] = [
    {"kind": "sgd"},
    {"kind": "sgd", "momentum": 0.9},
    {"kind": "sgd", "momentum": 0.8, "nesterov": True},
    {"kind": "adagrad", "lr_decay": 0.1, "initial_accumulator": 0.5},
    {"kind": "rmsprop"},
    {"kind": "rmsprop", "momentum": 0.5, "smoothing": 0.9, "centered": True},
    {"kind": "adam"},
    {"kind": "adam", "amsgrad": True, "beta1": 0.8},
    {"kind": "adamw", "weight_decay": 0.1},
    {"kind": "lbfgs"},
    {"kind": "lbfgs", "iterations": 3, "line_search": False},
]
NETWORK = {"kind": "tanh_network", "n": 12, "n_test": 0, "hidden": [3]}


def begun(problem: dict[str, Any], **run: Any) -> tuple[Experiment, Trainer, History]:
    """Return a trainer before its first step and its history."""
    run = {"learning_rate": 0.05, "max_steps": 50, **run}
    experiment = Experiment.parse({"problem": problem, "run": run})
    trainer = Trainer(experiment, experiment.build_problem())
    history = History(len(trainer.problem.weight_names))
    history.append(trainer.start())
    return experiment, trainer, history


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
@pytest.mark.parametrize("problem", [{"kind": "line"}, NETWORK], ids=["line", "network"])
def test_that_the_next_move_is_the_one_that_is_made(
    problem: dict[str, Any], optimizer: dict[str, Any]
) -> None:
    experiment, trainer, history = begun(problem, optimizer=optimizer)
    for count in (1, 1, 3, 1):
        before = history.snapshot()
        foretold = next_move(before, experiment, trainer.problem)
        history.append(trainer.advance(1))
        made = history.snapshot().latest - before.latest
        assert foretold is not None
        np.testing.assert_allclose(foretold, made, rtol=1e-9, atol=1e-13)
        history.append(trainer.advance(count))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=str)
def test_that_in_32_bits_it_is_so_to_their_precision(optimizer: dict[str, Any]) -> None:
    experiment, trainer, history = begun({"kind": "line"}, optimizer=optimizer, dtype="float32")
    history.append(trainer.advance(4))
    before = history.snapshot()
    foretold = next_move(before, experiment, trainer.problem)
    history.append(trainer.advance(1))
    assert foretold is not None
    np.testing.assert_allclose(foretold, history.snapshot().latest - before.latest, rtol=1e-3, atol=1e-6)


def test_that_a_later_step_does_not_change_the_state_of_a_snapshot() -> None:
    experiment, trainer, history = begun({"kind": "line"}, optimizer={"kind": "adam"})
    history.append(trainer.advance(2))
    snapshot = history.snapshot()
    before = next_move(snapshot, experiment, trainer.problem)
    history.append(trainer.advance(5))
    np.testing.assert_array_equal(next_move(snapshot, experiment, trainer.problem), before)


@pytest.mark.parametrize(
    ("problem", "run"),
    [
        ({"kind": "linear_network", "n": 20}, {"batch_size": 5}),
        ({"kind": "line_through_origin"}, {"mistake": "gradient_l30"}),
    ],
    ids=["mini-batches", "mistake"],
)
def test_that_no_move_is_foretold_where_it_does_not_follow(
    problem: dict[str, Any], run: dict[str, Any]
) -> None:
    experiment, trainer, history = begun(problem, **run)
    assert next_move(history.snapshot(), experiment, trainer.problem) is None


def test_that_no_move_is_foretold_without_the_state_of_an_optimizer_that_has_one() -> None:
    experiment, trainer, history = begun({"kind": "line"}, optimizer={"kind": "adam"})
    history.append(trainer.advance(5))
    assert next_move(cut(history.snapshot(), 5), experiment, trainer.problem) is None


def test_that_plain_descent_remembers_nothing() -> None:
    _, trainer, history = begun({"kind": "line"})
    history.append(trainer.advance(5))
    assert history.snapshot().optimizer_state is None


def test_that_a_run_which_diverges_does_not_tell_the_state_of_steps_that_are_not_kept() -> None:
    optimizer = {"kind": "sgd", "momentum": 0.5}
    _, trainer, history = begun(
        {"kind": "line_through_origin"}, learning_rate=1e3, optimizer=optimizer, max_steps=500
    )
    history.append(trainer.advance(400))
    assert trainer.finish is not None
    assert history.snapshot().optimizer_state is None
