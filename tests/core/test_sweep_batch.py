"""A batch of runs ends as the same runs made singly by the trainer, and as the closed form says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.schedules import SCHEDULES
from gdstudio.core.sweep.batch import train_batch, why_no_batch
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids
from tests.core.optimizer_tables import WRITTEN_OUT

if TYPE_CHECKING:
    from gdstudio.core.sweep.ends import Ends
    from gdstudio.core.typing import Floats

RATE = "run.learning_rate"
FULL = {"run.batch_size": None, "run.dtype": "float64", "run.max_epochs": None, "run.max_steps": 40}
RATES = np.geomspace(0.001, 1, 7)


def batch(experiment: Experiment, path: str, values: Floats) -> Ends:
    problem = experiment.build_problem()
    assert not why_no_batch(experiment, problem, path)
    ends = train_batch(experiment, problem, {path: values})
    assert ends is not None
    return ends


def assert_as_singly(experiment: Experiment, path: str, values: Floats) -> Ends:
    """Compare a batch with its runs made singly, to 1e-12 of the sizes that a run has gone through."""
    ends = batch(experiment, path, values)
    problem = experiment.build_problem()
    for j, value in enumerate(values.tolist()):
        trainer = Trainer(experiment.edited({path: value}), problem)
        start = trainer.full_cost()
        alone = train(trainer, RunControl())
        assert (ends.reasons[j], ends.steps[j]) == (alone.reason, alone.step), value
        size = max(1.0, float(np.abs(alone.weights).max()))
        np.testing.assert_allclose(ends.weights[j], alone.weights, rtol=0, atol=1e-12 * size)
        np.testing.assert_allclose(ends.costs[j], alone.cost, rtol=1e-11, atol=1e-12 * max(1.0, start))
        np.testing.assert_allclose(ends.start_costs[j], start, rtol=1e-12)
    return ends


@pytest.mark.parametrize("steps", [1, 2, 10, 100])
def test_that_one_weight_follows_its_closed_form(steps: int) -> None:
    rates = np.geomspace(0.001, 1, 200)
    experiment = lesson("learning-rate").experiment.edited({"run.max_steps": steps})
    # J_k = 14/3 (1 - 28 alpha/3)^(2k); its root is the distance from the minimum, which rounding acts on.
    roots = np.sqrt(14 / 3) * np.abs(1 - 28 * rates / 3) ** steps
    np.testing.assert_allclose(np.sqrt(batch(experiment, RATE, rates).costs), roots, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", lesson_ids())
def test_that_every_lesson_with_all_rows_in_a_step_ends_as_singly(name: str) -> None:
    experiment = lesson(name).experiment.edited(FULL)
    # Where the curvature is not constant, runs with large rates leap to and fro for ever, and rounding grows.
    is_quadratic = experiment.build_problem().curvatures() is not None
    assert_as_singly(experiment, RATE, RATES if is_quadratic else RATES[RATES < 0.2])


@pytest.mark.parametrize("table", WRITTEN_OUT, ids=str)
@pytest.mark.parametrize("kind", ["line", "linear_network"])
def test_that_every_optimizer_moves_each_run_by_its_own_rule(kind: str, table: dict[str, Any]) -> None:
    run = {"max_steps": 30, "optimizer": table, "seed": 3}
    experiment = Experiment.parse({"problem": {"kind": kind}, "run": run})
    assert_as_singly(experiment, RATE, RATES)


@pytest.mark.parametrize("every", ["step", "epoch"])
@pytest.mark.parametrize("kind", sorted(set(SCHEDULES) - {"constant"}))
def test_that_every_schedule_multiplies_the_rate_of_each_run(kind: str, every: str) -> None:
    run = {"max_steps": 30, "schedule": {"kind": kind, "every": every}, "optimizer": "adam"}
    experiment = Experiment.parse({"problem": {"kind": "line"}, "run": run})
    assert_as_singly(experiment, RATE, RATES)
    assert_as_singly(experiment.edited({"run.optimizer": {"momentum": 0.5}}), RATE, RATES[RATES < 0.1])


@pytest.mark.parametrize(
    ("optimizer", "name", "values"),
    [
        ("sgd", "momentum", np.array([0.0, 0.3, 0.9])),
        ("rmsprop", "momentum", np.array([0.0, 0.3, 0.9])),
        ("rmsprop", "smoothing", np.array([0.5, 0.99])),
        ("adagrad", "initial_accumulator", np.array([0.0, 0.5])),
        ("adam", "beta2", np.array([0.0, 0.9, 0.999])),
    ],
)
def test_that_numbers_of_the_optimizer_may_differ(optimizer: str, name: str, values: Floats) -> None:
    run = {"max_steps": 30, "optimizer": {"kind": optimizer}, "learning_rate": 0.05}
    experiment = Experiment.parse({"problem": {"kind": "line"}, "run": {**run, "initial_weights": [0.5, -2]}})
    assert_as_singly(experiment, f"run.optimizer.{name}", values)


def test_that_rate_and_momentum_may_differ_together() -> None:
    experiment = lesson("two-parameters").experiment
    problem = experiment.build_problem()
    rates, momenta = np.array([0.02, 0.1, 0.2]), np.array([0.9, 0.0, 0.5])
    ends = train_batch(experiment, problem, {RATE: rates, "run.optimizer.momentum": momenta})
    assert ends is not None
    for j in range(3):
        changes = {RATE: float(rates[j]), "run.optimizer.momentum": float(momenta[j])}
        alone = train(Trainer(experiment.edited(changes), problem), RunControl())
        np.testing.assert_allclose(ends.weights[j], alone.weights, rtol=0, atol=1e-12)


@pytest.mark.parametrize("mistake", ["none", "no_reshape"])
def test_that_a_curved_cost_is_followed_as_by_the_trainer(mistake: str) -> None:
    problem: dict[str, Any] = {"kind": "tanh_network", "n": 40}
    run = {"max_steps": 5, "mistake": mistake, "initial_std": 1.0, "seed": 1}
    assert_as_singly(Experiment.parse({"problem": problem, "run": run}), RATE, np.array([1e-3, 0.01, 0.1]))


def test_that_what_diverges_stops_at_its_last_finite_state_as_singly() -> None:
    experiment = lesson("two-parameters").experiment.edited({"run.max_steps": 5000})
    ends = assert_as_singly(experiment, RATE, np.array([0.01, 0.15, 0.25, 0.5, 0.1, 3.0]))
    diverged = [reason is FinishReason.DIVERGED for reason in ends.reasons]
    assert diverged == [False, False, True, True, False, True] == ends.diverged.tolist()
    assert np.isfinite(ends.costs).all()
    assert np.isfinite(ends.weights).all()
    assert len(set(ends.steps[ends.diverged].tolist())) == 3  # each at a step of its own
    assert ends.ended_above.tolist() == diverged


def test_that_a_start_beyond_all_numbers_ends_at_once() -> None:
    experiment = lesson("learning-rate").experiment.edited({"run.initial_weights": (1e200,)})
    ends = assert_at_once(experiment)
    assert ends.best is None


def assert_at_once(experiment: Experiment) -> Ends:
    ends = batch(experiment, RATE, np.array([0.1, 0.2]))
    alone = train(Trainer(experiment, experiment.build_problem()), RunControl())
    assert (alone.reason, alone.step) == (FinishReason.DIVERGED, 0)
    assert ends.reasons == (FinishReason.DIVERGED,) * 2
    assert ends.steps.tolist() == [0, 0]
    assert ends.weights.tolist() == [[1e200], [1e200]]
    return ends


@pytest.mark.parametrize(
    "rules",
    [
        {"run.gradient_tolerance": 1e-3},
        {"run.cost_tolerance": 1e-4},
        {"run.gradient_tolerance": 1e-4, "run.cost_tolerance": 1e-6},
        {"run.gradient_tolerance": 100.0},  # met at the start already
    ],
    ids=str,
)
def test_that_each_run_ends_by_the_rules_at_its_own_step(rules: dict[str, Any]) -> None:
    experiment = lesson("two-parameters").experiment.edited({**rules, "run.max_steps": 700})
    rates = np.append(np.geomspace(1e-9, 0.17, 9), [0.3, 1.0])
    ends = assert_as_singly(experiment, RATE, rates)
    if "run.cost_tolerance" in rules:  # at the least rate the cost changes little far from the minimum
        assert ends.reasons[0] is FinishReason.COMPLETED
        assert ends.steps[0] == 1
    assert FinishReason.CONVERGED in ends.reasons


def test_that_planned_changes_of_the_rate_are_made() -> None:
    change = [{"step": 3, "learning_rate": 0.02}, {"step": 300, "learning_rate": 0.3}]
    experiment = lesson("two-parameters").experiment.edited({"run.change": change, "run.max_steps": 310})
    assert_as_singly(experiment, RATE, RATES)


def test_that_a_batch_can_be_given_up() -> None:
    experiment = lesson("learning-rate").experiment.edited({"run.max_steps": 10**6})
    asked = iter([True, True, False])
    assert train_batch(experiment, experiment.build_problem(), {RATE: RATES}, lambda: next(asked)) is None


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({}, "run.seed", "neither the learning rate, the start nor a number of the optimizer"),
        ({"run.batch_size": 2}, RATE, "mini-batches"),
        ({"run.dtype": "float32"}, RATE, "64 bits"),
        ({"run.mistake": "no_zero_grad"}, RATE, "no_zero_grad"),
    ],
)
def test_that_it_is_said_why_there_is_no_batch(changes: dict[str, Any], path: str, words: str) -> None:
    experiment = lesson("learning-rate").experiment.edited(changes)
    assert words in why_no_batch(experiment, experiment.build_problem(), path)
