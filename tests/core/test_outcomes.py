"""Every sentence that is said at an end, beside a run that makes it true and one that makes it false."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.outcome import Outcomes, State
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from gdstudio.core.training.events import RunResult

    Given = tuple[dict[str, Any], tuple[tuple[int, float], ...], dict[str, Any]]

ONE: dict[str, Any] = {"kind": "line_through_origin"}
LINE: dict[str, Any] = {"kind": "line"}
NETWORK: dict[str, Any] = {"kind": "linear_network"}
TRUTH = [2.0, -3.4, 4.2]
LIMIT = 3 / 14
FURTHER = "each step lands further away than the last"
AWAY = "the run moves away from the minimum"
ABOVE = "is above"


def experiment(problem: dict[str, Any], **run: Any) -> Experiment:
    if problem["kind"] != "linear_network":
        run = {"initial_weights": [0.0] * (2 if problem["kind"] == "line" else 1), **run}
    return Experiment.parse({"problem": problem, "run": run})


def ended(problem: dict[str, Any], *changes: tuple[int, float], **run: Any) -> RunResult:
    made = experiment(problem, **run)
    return train(Trainer(made, made.build_problem()), RunControl(), schedule=RateSchedule(changes))


def said(problem: dict[str, Any], *changes: tuple[int, float], **run: Any) -> str:
    return ended(problem, *changes, **run).sentence


def epochs(**run: Any) -> dict[str, Any]:
    return {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 3, **run}


def of(problem: dict[str, Any], *changes: tuple[int, float], **run: Any) -> Given:
    return problem, changes, run


@pytest.mark.parametrize(
    ("words", "true", "false"),
    [
        (
            "At the minimum since step 14: J is exactly 0.",
            of(ONE, learning_rate=0.1, max_steps=100),
            of(ONE, learning_rate=0.1, max_steps=13),
        ),
        (
            "At the minimum since the start: J is exactly 0.",
            of(ONE, learning_rate=0.1, max_steps=3, initial_weights=[1.0]),
            of(ONE, learning_rate=3 / 28, max_steps=3),
        ),
        (
            "The weights and J have not changed since the start.",
            of({"kind": "constant"}, max_steps=50, initial_weights=[0.3], mistake="integer_truncation"),
            of({"kind": "constant"}, max_steps=50, initial_weights=[0.3]),
        ),
        (
            "The cost is 2.83 times its start",
            of(ONE, learning_rate=0.22, max_steps=10),
            of(ONE, learning_rate=0.22, max_steps=9),
        ),
        (
            "The cost is about 10²⁹⁷ times its start",
            of(ONE, learning_rate=0.25, max_steps=1189),
            of(ONE, learning_rate=0.25, max_steps=1100),
        ),
        (
            "The cost has risen by",
            of(NETWORK, **epochs(initial_weights=TRUTH)),
            of(NETWORK, **epochs()),
        ),
        (
            f"0.22 is above 2/L = 0.2143, so {FURTHER}.",
            of(ONE, learning_rate=0.22, max_steps=10),
            of(ONE, learning_rate=LIMIT, max_steps=10),
        ),
        (
            f"0.2 is above 2/λmax = 0.1803, so {AWAY}.",
            of(LINE, learning_rate=0.2, max_steps=10),
            of(LINE, learning_rate=0.18, max_steps=10),
        ),
        (
            f"20 is above 2/λmax = 0.1803, so {FURTHER}.",
            of(LINE, learning_rate=20, max_steps=10),
            of(LINE, learning_rate=2, max_steps=10),
        ),
        (
            f"0.6 is above (2 + 2β)/L = 0.4071, so {AWAY}.",
            of(ONE, learning_rate=0.6, max_steps=50, optimizer={"momentum": 0.9}),
            of(ONE, learning_rate=0.4, max_steps=50, optimizer={"momentum": 0.9}),
        ),
        (
            "even the smallest learning rate, 0.3, is above 2/L = 0.2143",
            of(ONE, (5, 0.3), learning_rate=0.4, max_steps=10),
            of(ONE, (5, 0.1), learning_rate=0.4, max_steps=10),
        ),
        (
            "Diverged at step 1,230: learning rate 0.25 is above",
            of(ONE, learning_rate=0.25, max_steps=3000),
            of(ONE, (1000, 0.2), learning_rate=0.25, max_steps=1231),
        ),
        (
            "the cost or a weight is no longer a finite number. Shown is the last finite state.",
            of(NETWORK, **epochs(learning_rate=2.0, max_epochs=50)),
            of(ONE, learning_rate=0.25, max_steps=3000),
        ),
        (
            "Diverged at step 0: the cost of the first weights is not a finite number.",
            of(ONE, learning_rate=0.1, max_steps=3, initial_weights=[1e200]),
            of(ONE, learning_rate=1e308, max_steps=3),
        ),
        (
            "Converged at step 4: the cost changed by only 4.08×10⁻⁷, less than 1×10⁻⁶",
            of(ONE, learning_rate=0.1, max_steps=100, cost_tolerance=1e-6),
            of(ONE, learning_rate=0.1, max_steps=100, cost_tolerance=1e-7),
        ),
        (
            "Stopped at step 1: the cost changed by less than 1×10⁻⁶, as set; "
            "the size of the gradient is still 9.33.",
            of(ONE, learning_rate=1e-9, max_steps=100, cost_tolerance=1e-6),
            of(ONE, learning_rate=0.1, max_steps=100, cost_tolerance=1e-6),
        ),
        (
            "Converged at step 6: the size of the gradient, 8.19×10⁻⁷, is below 1×10⁻⁶.",
            of(ONE, learning_rate=0.1, max_steps=100, gradient_tolerance=1e-6),
            of(ONE, learning_rate=0.1, max_steps=5, gradient_tolerance=1e-6),
        ),
        (
            "Completed: 1 step, as set.",
            of(ONE, learning_rate=0.1, max_steps=1),
            of(ONE, learning_rate=0.1, max_steps=2),
        ),
        (
            "Completed: 3 epochs, 300 steps, as set.",
            of(NETWORK, **epochs()),
            of(NETWORK, **epochs(max_steps=299)),
        ),
    ],
)
def test_that_a_sentence_is_said_where_it_is_true_and_only_there(
    words: str, true: Given, false: Given
) -> None:
    assert words in said(true[0], *true[1], **true[2])
    assert words not in said(false[0], *false[1], **false[2])


@pytest.mark.parametrize(
    ("problem", "changes", "run"),
    [
        (NETWORK, (), epochs(mistake="no_zero_grad")),
        (NETWORK, (), epochs(mistake="no_reshape", learning_rate=0.9)),
        (NETWORK, (), epochs(initial_weights=TRUTH)),
        (NETWORK, (), epochs(learning_rate=2.0)),
        ({**NETWORK, "cost": "sum"}, (), epochs(initial_weights=TRUTH)),
        (ONE, ((20, 0.0005),), {"learning_rate": 1.2, "max_steps": 40}),
        (ONE, ((5, 0.4),), {"learning_rate": 0.1, "max_steps": 40}),
        (ONE, (), {"learning_rate": 0.3, "max_steps": 10, "mistake": "no_zero_grad"}),
        (ONE, (), {"learning_rate": 0.3, "max_steps": 20, "mistake": "no_zero_grad"}),
        (ONE, (), {"learning_rate": 0.3, "max_steps": 20, "mistake": "gradient_l30"}),
        (LINE, (), {"learning_rate": 0.2, "max_steps": 20, "batch_size": 1}),
        (ONE, (), {"learning_rate": 0.9, "max_steps": 20, "optimizer": "adam"}),
    ],
    ids=str,
)
def test_that_no_cause_is_named_where_none_is_proved(
    problem: dict[str, Any], changes: tuple[tuple[int, float], ...], run: dict[str, Any]
) -> None:
    sentence = said(problem, *changes, **run)
    assert ABOVE not in sentence
    assert FURTHER not in sentence
    assert "too large" not in sentence


def test_that_zero_grad_left_out_is_not_said_to_grow_where_it_is_bounded() -> None:
    result = ended(ONE, learning_rate=0.3, max_steps=10, mistake="no_zero_grad")
    assert result.cost < 14 / 3
    assert result.sentence == "Completed: 10 steps, as set."
    assert not result.is_rise


@pytest.mark.parametrize(("dtype", "start"), [("float64", 0.3), ("float32", 0.3)])
def test_that_rounding_is_no_rise(dtype: str, start: float) -> None:
    """The labels are 0.3 x but for rounding: J is about 1e-33 (float32: 1e-16) and dances about there."""
    tenths = {**ONE, "x": [1.0, 2.0, 3.0], "y": [0.3, 0.6, 0.9]}
    first = experiment(tenths, max_steps=1, initial_weights=[start], dtype=dtype)
    trainer = Trainer(first, first.build_problem())
    for cost in (trainer.full_cost() * 1.5 + 1e-33, trainer.full_cost() + float(np.finfo(dtype).eps) ** 2):
        state = State(1, trainer.weights, cost, trainer.course)
        assert not Outcomes(first, trainer.problem).at_end(state).is_rise
    real = State(1, trainer.weights, trainer.full_cost() + 1e-6, trainer.course)
    assert Outcomes(first, trainer.problem).at_end(real).is_rise


@pytest.mark.parametrize("alpha", [LIMIT, 1e-9])
def test_that_a_small_change_with_a_large_gradient_is_no_convergence(alpha: float) -> None:
    result = ended(ONE, learning_rate=alpha, max_steps=100, cost_tolerance=1e-6)
    assert result.reason is FinishReason.COMPLETED
    assert "onverged" not in result.sentence


def test_that_a_small_change_with_a_small_gradient_is_convergence() -> None:
    assert ended(ONE, max_steps=100, cost_tolerance=1e-6).reason is FinishReason.CONVERGED


@pytest.mark.parametrize(
    ("step", "run", "words"),
    [
        (13, {"learning_rate": 0.1}, ""),
        (14, {"learning_rate": 0.1}, "At the minimum since step 14: J is exactly 0."),
        (60, {"learning_rate": 0.1}, "At the minimum since step 14: J is exactly 0."),
        (345, {"learning_rate": 0.25}, "Diverging: the cost is about 10⁸⁶ times its start."),
        (10, {"learning_rate": 0.22}, "Diverging: the cost is 2.83 times its start."),
        (20, {"learning_rate": 0.3, "mistake": "no_zero_grad"}, "The cost is 3.2 times its start."),
        (10, {"learning_rate": LIMIT}, ""),
    ],
    ids=str,
)
def test_that_what_is_true_is_said_on_the_way(step: int, run: dict[str, Any], words: str) -> None:
    made = experiment(ONE, max_steps=2000, **run)
    trainer = Trainer(made, made.build_problem())
    history = History(1)
    history.append(trainer.start())
    while trainer.step < step:
        history.append(trainer.advance(min(7, step - trainer.step)))
    now = history.snapshot()
    assert now.course is not None
    outcome = Outcomes(made, trainer.problem).on_the_way(State(now.step, now.latest, now.cost, now.course))
    assert outcome.sentence == words


def test_that_a_batch_that_costs_far_more_than_the_start_is_told_as_a_batch() -> None:
    made = experiment(NETWORK, **epochs(learning_rate=2.0))
    trainer = Trainer(made, made.build_problem())
    rows = trainer.advance(100)
    state = State(trainer.step, trainer.weights, float(rows.costs[-1]), trainer.course)
    outcome = Outcomes(made, trainer.problem).on_the_way(state)
    assert outcome.sentence.startswith("The cost of the latest batch is ")
    near = State(trainer.step, trainer.weights, 2 * trainer.course.start_cost, trainer.course)
    assert Outcomes(made, trainer.problem).on_the_way(near).sentence == ""


def test_that_a_cost_below_zero_has_no_times() -> None:
    made = experiment(ONE, max_steps=1)
    trainer = Trainer(made, made.build_problem())
    state = State(1, trainer.weights, 0.5, replace(trainer.course, start_cost=-0.25))
    sentence = Outcomes(made, trainer.problem).at_end(state).sentence
    assert sentence == "The cost has risen by 0.75 since the start."


def test_that_a_power_beyond_the_largest_number_can_be_told() -> None:
    made = experiment(ONE, max_steps=1, initial_weights=[1 + 1e-10])
    trainer = Trainer(made, made.build_problem())
    state = State(1, trainer.weights, 1e308, trainer.course)
    assert math.isinf(1e308 / trainer.course.start_cost)
    assert "more than 10³⁰⁸ times" in Outcomes(made, trainer.problem).at_end(state).sentence
