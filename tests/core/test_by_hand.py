"""The program by hand, run as it stands, against the studio's own run; and what has no such program."""

from __future__ import annotations

import contextlib
import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from gdstudio.core.program import by_hand, script, strip, why_not_by_hand
from gdstudio.core.program.layout import written
from gdstudio.core.seeds import generator
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson, lesson_ids

if TYPE_CHECKING:
    from gdstudio.core.listing import Program

POINTS: dict[str, Any] = {"kind": "line", "x": [0.5, -1.25, 3.0, 2.2], "y": [1.0, 2.5, -0.3, 4.0]}
NETWORK: dict[str, Any] = {"kind": "linear_network", "n": 103, "n_test": 17, "noise": 0.3}
ALL_ROWS = {"learning_rate": 0.05, "max_steps": 40}
MINI = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 2}
NOT_BY_HAND = {"hills-and-saddles", "optimizer-race", "small-network"}
"""The lessons of surfaces and of hidden layers, whose derivatives nobody writes by hand."""
AGREES = {"float64": 1e-12, "float32": 1e-5}
"""How far a weight may be from the run's, as the code panel says: in parts of the largest."""


def cases() -> dict[str, Experiment]:
    made = {name: lesson(name).experiment for name in lesson_ids() if name not in NOT_BY_HAND}
    settings: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "constant": ({**POINTS, "kind": "constant"}, ALL_ROWS),
        "origin drawn": ({**POINTS, "kind": "line_through_origin"}, {**ALL_ROWS, "seed": 5}),
        "z-score": ({**POINTS, "scaling": "z_score"}, ALL_ROWS),
        "points 32": (POINTS, {**ALL_ROWS, "dtype": "float32"}),
        "batches 32": (NETWORK, {**MINI, "dtype": "float32"}),
        "three features": ({**NETWORK, "true_w": [1.0, 2.0, -0.5]}, MINI),
        "not shuffled": (NETWORK, {**MINI, "shuffle": False}),
        "ends within an epoch": (NETWORK, {**MINI, "max_steps": 17}),
        "small gradient": (POINTS, {**ALL_ROWS, "max_steps": 4000, "gradient_tolerance": 1e-3}),
        "small change": (POINTS, {**ALL_ROWS, "max_steps": 4000, "cost_tolerance": 1e-6}),
        "momentum": (NETWORK, {**MINI, "optimizer": {"momentum": 0.9}}),
        "nesterov": (POINTS, {**ALL_ROWS, "optimizer": {"momentum": 0.7, "nesterov": True}}),
        "gradient_l30": (NETWORK, {**MINI, "learning_rate": 0.001, "mistake": "gradient_l30"}),
        "gradient_l98": (POINTS, {**ALL_ROWS, "mistake": "gradient_l98"}),
    }
    for kind in ("step", "exponential", "cosine", "one_over_t", "warm_up"):
        settings[f"{kind} schedule"] = (POINTS, {**ALL_ROWS, "schedule": kind})
        table = {"kind": kind, "every": "epoch", **({"length": 2} if kind == "warm_up" else {})}
        settings[f"{kind} schedule of epochs"] = (NETWORK, {**MINI, "schedule": table})
    settings["schedule of batches"] = (NETWORK, {**MINI, "schedule": "step", "optimizer": {"momentum": 0.5}})
    for cost in ("sum", "half_sum", "half_mean"):
        settings[cost] = ({**POINTS, "cost": cost}, {**ALL_ROWS, "learning_rate": 0.01})
    for name, (problem, run) in settings.items():
        made[name] = Experiment.parse({"problem": problem, "run": run})
    return made


CASES = cases()
RATES = ((0, 0.02), (7, 0.01), (13, 0.002), (10**6, 0.5))


def program(given: Experiment, rates: tuple[tuple[int, float], ...] | None = None) -> Program:
    made = by_hand(given, rates)
    assert made is not None
    return made


def executed(text: str, names: dict[str, Any]) -> str:
    """Execute a text as a script of its own; return what it printed."""
    out, names["__name__"] = io.StringIO(), "__main__"
    try:
        with contextlib.redirect_stdout(out):
            exec(compile(text, "by_hand.py", "exec"), names)
    finally:
        torch.set_default_dtype(torch.float32)
    return out.getvalue()


def weights_in(names: dict[str, Any], given: Experiment) -> list[float]:
    return [float(names[name]) for name in given.problem.weight_names]


def assert_agree(found: list[float], wanted: Any, given: Experiment) -> None:
    scale = max(1.0, float(np.abs(wanted).max()))
    np.testing.assert_allclose(found, wanted, rtol=0, atol=AGREES[given.run.dtype] * scale)


@pytest.mark.parametrize("name", CASES)
def test_that_the_program_by_hand_gets_the_weights_of_the_run(name: str) -> None:
    given = CASES[name]
    result = train(Trainer(given, given.build_problem()), RunControl())
    names: dict[str, Any] = {}
    printed = executed(script(program(given)), names)
    assert_agree(weights_in(names, given), result.weights, given)
    assert result.step > 0
    assert f" {result.step:,}" in printed.splitlines()[0]  # Completed: 40 steps, Converged at step 12
    assert printed.splitlines()[0].split()[0].rstrip(":") == result.sentence.split()[0].rstrip(":")
    assert f"Optimized {', '.join(given.problem.weight_names)}:" in printed
    assert len(names["cost_history"]) >= result.step


@pytest.mark.parametrize("name", CASES)
def test_that_the_lines_shown_run_by_themselves(name: str) -> None:
    given = CASES[name]
    problem, dtype = given.build_problem(), np.dtype(given.run.dtype)
    X, y = problem.rows.X.astype(dtype), problem.rows.y.astype(dtype)
    names: dict[str, Any] = {
        "np": np,
        "math": math,
        "torch": torch,
        "y": y,
        "order_stream": generator(given.run.seed, "order"),
        "weights_stream": generator(given.run.seed, "weights"),
    }
    columns = [f"x{i + 1}" for i in range(X.shape[1])] if X.shape[1] > 1 else ["x"]
    names |= {column: X[:, i] for i, column in enumerate(columns)}
    if dtype == np.float64:
        torch.set_default_dtype(torch.float64)
    executed("\n".join(map(written, strip(program(given)))), names)
    result = train(Trainer(given, problem), RunControl())
    assert_agree(weights_in(names, given), result.weights, given)


def test_that_rates_changed_on_the_way_are_in_it() -> None:
    for name in ("z-score", "momentum", "step schedule", "warm_up schedule", "cosine schedule of epochs"):
        given = CASES[name]
        result = train(Trainer(given, given.build_problem()), RunControl(), schedule=RateSchedule(RATES))
        names: dict[str, Any] = {}
        made = program(given, RATES)
        executed(script(made), names)
        assert_agree(weights_in(names, given), result.weights, given)
        assert "learning_rates = {7: 0.01, 13: 0.002}" in script(made)


def test_that_it_is_the_notebooks_own() -> None:
    lines = [line.text for line in strip(program(lesson("learning-rate").experiment))]
    assert lines == [
        "theta = 0.0",
        "alpha = 0.1",
        "cost_history = []",
        "for step in range(1, 101):",
        "    h = theta * x",
        "    error = h - y",
        "    cost = np.mean(error ** 2)",
        "    cost_history.append(cost)",
        "    gradient = (2 / len(y)) * np.sum(error * x)",
        "    theta -= alpha * gradient",
        'print("Optimized theta:", theta)',
    ]
    names: dict[str, Any] = {}
    executed(script(program(lesson("learning-rate").experiment)), names)
    closed = [14 / 3 * (1 - 28 / 3 * 0.1) ** (2 * k) for k in range(5)]
    np.testing.assert_allclose(names["cost_history"][:5], closed, rtol=1e-10)


def test_that_the_seven_steps_stand_beside_it_by_their_names() -> None:
    for name in ("learning-rate", "two-parameters", "mini-batches"):
        notes = [line.note for line in strip(program(lesson(name).experiment))]
        numbers = [note[0] for note in notes if note[:1].isdigit()]
        assert sorted(numbers) == list("1234567")
        assert numbers.index("6") < numbers.index("2") < numbers.index("5") < numbers.index("7")


def test_that_two_weights_have_a_partial_derivative_each() -> None:
    lines = [line.text.strip() for line in strip(program(lesson("two-parameters").experiment))]
    assert "gradient_w = (2 / len(y)) * np.sum(error * x)" in lines
    assert "gradient_b = (2 / len(y)) * np.sum(error)" in lines


def test_that_a_run_which_diverges_ends_with_its_last_finite_weights() -> None:
    given = Experiment.parse({"problem": POINTS, "run": {"learning_rate": 5.0, "max_steps": 3000}})
    names: dict[str, Any] = {}
    printed = executed(script(program(given)), names)
    assert printed.startswith("Diverged at step ")
    assert np.isfinite(weights_in(names, given)).all()
    assert math.isfinite(names["cost_of"](*weights_in(names, given)))


@pytest.mark.parametrize(
    ("problem", "run", "why"),
    [
        ({"kind": "tanh_network", "n": 50}, MINI, "linear models of few weights"),
        ({**NETWORK, "true_w": [1.0] * 9}, MINI, "linear models of few weights"),
        (NETWORK, {**MINI, "optimizer": "adam"}, "gradient descent"),
        (NETWORK, {**MINI, "cost_tolerance": 1e-9}, "stop rule"),
        (POINTS, {**ALL_ROWS, "schedule": "one_cycle"}, "rates of a short formula; one cycle is made of"),
        (POINTS, {**ALL_ROWS, "optimizer": "lbfgs"}, "gradient descent, with or without momentum"),
        (NETWORK, {**MINI, "mistake": "no_zero_grad"}, "mistake"),
    ],
)
def test_that_what_has_none_says_why(problem: dict[str, Any], run: dict[str, Any], why: str) -> None:
    given = Experiment.parse({"problem": problem, "run": run})
    assert by_hand(given) is None
    assert why in why_not_by_hand(given)


@pytest.mark.parametrize("name", CASES)
def test_that_what_has_one_says_nothing(name: str) -> None:
    assert not why_not_by_hand(CASES[name])
