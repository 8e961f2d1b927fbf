"""Why a run ends: the numbers of the notebook's stop rules, and divergence as a plain torch loop has it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.finite_rows import count_finite
from gdstudio.core.training.loop import train as run_loop
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from tests.core.conftest import Make, Train


def test_that_a_run_ends_after_its_steps(one_weight: Make, train: Train) -> None:
    trainer, rows = train(one_weight(max_steps=17))
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step, len(rows)) == (FinishReason.COMPLETED, 17, 18)
    assert trainer.finish.sentence == "Completed: 17 steps, as set."


def test_that_a_run_ends_after_its_epochs(network: Make, train: Train) -> None:
    trainer, rows = train(network(n=103, max_epochs=2))
    assert trainer.finish is not None
    assert (trainer.step, trainer.epoch) == (22, 2)
    assert trainer.finish.sentence == "Completed: 2 epochs, 22 steps, as set."
    np.testing.assert_array_equal(rows.epochs, [0] + [1] * 11 + [2] * 11)


def test_that_steps_may_end_a_run_within_an_epoch(network: Make, train: Train) -> None:
    trainer, rows = train(network(n=100, max_epochs=3, max_steps=14))
    assert (trainer.step, trainer.epoch, len(rows.epoch_rows)) == (14, 2, 1)


@pytest.mark.parametrize(("rule", "step"), [("gradient_tolerance", 6), ("cost_tolerance", 4)])
def test_that_a_tolerance_ends_the_run_at_the_known_step(
    one_weight: Make, train: Train, rule: str, step: int
) -> None:
    trainer, _ = train(one_weight(**{"learning_rate": 0.1, "max_steps": 100, rule: 1e-6}))
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step) == (FinishReason.CONVERGED, step)
    assert f"at step {step}" in trainer.finish.sentence


def test_that_a_start_at_the_minimum_needs_no_step(one_weight: Make, train: Train) -> None:
    trainer, rows = train(one_weight(initial_weights=[1.0], gradient_tolerance=1e-6))
    assert (trainer.step, len(rows)) == (0, 1)


def test_that_a_mini_batch_run_applies_its_rules_at_the_ends_of_epochs(network: Make, train: Train) -> None:
    trainer, rows = train(network(n=100, max_epochs=200, cost_tolerance=1e-7))
    costs = [row.train_cost for row in rows.epoch_rows]
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step % 10) == (FinishReason.CONVERGED, 0)
    changes = np.abs(np.diff([rows.costs[0], *costs]))
    assert changes[-1] < 1e-7 <= changes[:-1].min()


def last_finite_step(alpha: float, dtype: torch.dtype) -> tuple[int, float]:
    """Descend on the notebook's points with nn.MSELoss until the cost or the weight is not finite."""
    X = torch.tensor([[1.0], [2.0], [3.0]], dtype=dtype)
    net, loss = nn.Linear(1, 1, bias=False).to(dtype), nn.MSELoss()
    nn.init.zeros_(net.weight)
    optimizer, theta = torch.optim.SGD(net.parameters(), lr=alpha), 0.0
    for step in range(10_000):
        value = loss(net(X), X)
        if not (torch.isfinite(value) and torch.isfinite(net.weight).all()):
            return step - 1, theta
        theta = float(net.weight.detach())
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    raise AssertionError("it did not diverge")


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("alpha", [0.25, 0.3, 1.0])
def test_that_divergence_ends_at_the_last_finite_state(
    one_weight: Make, train: Train, alpha: float, dtype: str
) -> None:
    trainer, rows = train(one_weight(learning_rate=alpha, max_steps=5000, dtype=dtype))
    step, theta = last_finite_step(alpha, getattr(torch, dtype))
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step, trainer.weights[0]) == (FinishReason.DIVERGED, step, theta)
    assert rows.steps[-1] == step
    assert np.isfinite(rows.costs).all()
    assert math.isfinite(trainer.full_cost())
    assert trainer.finish.sentence.startswith(f"Diverged at step {step + 1:,}: ")


@pytest.mark.parametrize(("dtype", "step"), [("float64", 1230), ("float32", 150)])
def test_that_a_quarter_overflows_at_the_known_step(
    one_weight: Make, train: Train, dtype: str, step: int
) -> None:
    trainer, _ = train(one_weight(learning_rate=0.25, max_steps=5000, dtype=dtype))
    assert trainer.step == step - 1
    assert trainer.finish is not None
    assert "learning rate 0.25 is above 2/L = 0.2143" in trainer.finish.sentence


@pytest.mark.parametrize(
    ("optimizer", "limit"),
    [
        ({"kind": "sgd", "momentum": 0.5}, "(2 + 2β)/L = 0.3214"),
        ({"kind": "sgd", "momentum": 0.5, "nesterov": True}, "(2 + 2β)/((1 + 2β) L) = 0.1607"),
    ],
)
def test_that_the_sentence_knows_the_limit_with_momentum(
    one_weight: Make, train: Train, optimizer: dict[str, object], limit: str
) -> None:
    trainer, _ = train(one_weight(learning_rate=0.6, optimizer=optimizer, max_steps=5000))
    assert trainer.finish is not None
    assert limit in trainer.finish.sentence


def test_that_a_rate_far_too_large_ends_before_a_step(one_weight: Make, train: Train) -> None:
    trainer, rows = train(one_weight(learning_rate=1e308))
    assert trainer.finish is not None
    assert (trainer.finish.reason, trainer.step, trainer.weights[0]) == (FinishReason.DIVERGED, 0, 0.0)
    assert len(rows) == 1


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_that_a_mini_batch_run_that_diverges_has_a_finite_full_cost(
    network: Make, train: Train, dtype: str
) -> None:
    trainer, rows = train(network(learning_rate=2.0, max_epochs=50, dtype=dtype))
    assert trainer.finish is not None
    assert trainer.finish.reason is FinishReason.DIVERGED
    assert math.isfinite(trainer.full_cost())
    np.testing.assert_array_equal(trainer.weights, rows.weights[-1])
    assert "λmax" not in trainer.finish.sentence  # which is no limit of mini-batches


@pytest.mark.parametrize(
    "run",
    [
        {},
        {"batch_size": None},
        {"optimizer": {"kind": "sgd", "momentum": 0.9}},
        {"mistake": "no_zero_grad"},
        {"mistake": "gradient_l30", "batch_size": None},
        {"dtype": "float32"},
    ],
    ids=str,
)
def test_that_the_last_gradient_before_divergence_is_the_same_however_the_steps_are_cut(
    network: Make, run: dict[str, Any]
) -> None:
    experiment = network(**{"learning_rate": 2.0, "max_epochs": 3000, **run})
    ends = []
    for most in (1, 7, 1024):
        trainer, last = Trainer(experiment, experiment.build_problem()), None
        while trainer.finish is None:
            rows = trainer.advance(most)
            last = rows if len(rows) else last
        assert trainer.finish.reason is FinishReason.DIVERGED
        assert last is not None
        assert last.gradient is not None
        ends.append((trainer.step, last.gradient, last.came_from, trainer.weights))
    for step, gradient, came_from, weights in ends[1:]:
        assert step == ends[0][0]
        np.testing.assert_array_equal(gradient, ends[0][1])
        np.testing.assert_array_equal(came_from, ends[0][2])
        np.testing.assert_array_equal(weights, ends[0][3])


def test_that_a_growing_cost_is_explained_even_where_it_stays_finite(one_weight: Make) -> None:
    experiment = one_weight(learning_rate=0.22, max_steps=10)
    result = run_loop(Trainer(experiment, experiment.build_problem()), RunControl())
    assert result.reason is FinishReason.COMPLETED
    assert result.cost == pytest.approx(13.1923856646, abs=6e-11)
    assert "2.83 times its start: learning rate 0.22 is above 2/L = 0.2143" in result.sentence


def test_that_a_stopped_run_says_so(one_weight: Make) -> None:
    experiment, control = one_weight(), RunControl()
    control.stop()
    result = run_loop(Trainer(experiment, experiment.build_problem()), control, run_id=7)
    assert (result.run_id, result.reason, result.step) == (7, FinishReason.STOPPED, 0)
    assert result.sentence == "Stopped at step 0."


def test_that_every_listener_gets_every_row_once_in_order(network: Make) -> None:
    class Steps(list[float]):
        def append(self, rows: Any) -> None:
            self.extend(rows.steps.tolist())

    experiment, one, two = network(n=103), Steps(), Steps()
    run_loop(Trainer(experiment, experiment.build_problem()), RunControl(), one, two)
    assert one == two == list(range(34))


@pytest.mark.parametrize(("second", "kept"), [(1e300, 1), (-1e300, 1), (2.0, 3)])
def test_that_a_batch_cost_near_overflow_asks_for_the_full_cost(second: float, kept: int) -> None:
    costs, weights, largest = np.array([1.0, second, 3.0]), np.zeros((3, 2)), float(np.finfo(np.float64).max)
    assert count_finite(costs, weights, lambda _: math.inf, largest) == kept
    assert count_finite(costs, weights, lambda _: 0.0, largest) == 3
    assert count_finite(costs, weights, None, largest) == 3
