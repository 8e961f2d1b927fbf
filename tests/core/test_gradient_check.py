"""The gradient check: difference quotients beside closed forms and autograd, and what is said of mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from gdstudio.core.problems.difference_quotients import central_differences, relative_error, slopes
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.code_gradient import CodeGradient
from gdstudio.core.training.gradient_check import GradientCheck, check_gradient, extent
from gdstudio.core.training.history import History, Snapshot, cut
from gdstudio.core.training.trainer import Trainer

IS = "The gradient of the code is the slope of the cost."
LINE = {"kind": "line", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0]}
ONE = {"kind": "line_through_origin", "x": [1.0, 2.0, 3.0], "y": [1.0, 2.0, 3.0]}


def experiment(problem: dict[str, Any], **run: Any) -> Experiment:
    return Experiment.parse({"problem": problem, "run": {"max_steps": 50, "learning_rate": 0.01, **run}})


def after(wanted: Experiment, steps: int = 0) -> Snapshot:
    """Return a snapshot of a run after some steps."""
    trainer = Trainer(wanted, wanted.build_problem())
    history = History(len(wanted.problem.weight_names))
    history.append(trainer.start())
    for _ in range(steps):
        history.append(trainer.advance(1))
    return history.snapshot()


def check(wanted: Experiment, steps: int = 0, h: float = 1e-5) -> GradientCheck:
    found = check_gradient(wanted, wanted.build_problem(), after(wanted, steps), h)
    assert found is not None
    return found


def test_that_on_least_squares_the_quotient_is_the_gradient_up_to_rounding() -> None:
    problem = experiment(LINE).build_problem()
    w, b = weights = np.array([0.3, -0.2])
    x = np.array([1.0, 2.0, 3.0])
    residuals = w * x + b - x
    closed = np.array([2 * (residuals * x).mean(), 2 * residuals.mean()])
    for h in (1.0, 0.5, 1e-3):  # however long: the third derivative is 0
        cost = float(problem.cost_at(weights + h).max())
        rounding = 4 * np.finfo(float).eps * max(cost, 1) / h
        assert np.abs(central_differences(problem, weights, h) - closed).max() <= rounding


def test_that_on_a_quartic_the_quotient_is_off_by_its_third_derivative() -> None:
    problem = experiment({"kind": "saddle"}, initial_weights=[0.0, 1.0]).build_problem()
    at, h = np.array([0.7, 1.3]), 0.01
    # f = x^2 + y^4/4 - y^2/2: the quotient along y is y^3 - y + h^2 y exactly
    expected = np.array([2 * 0.7, 1.3**3 - 1.3 + h**2 * 1.3])
    np.testing.assert_allclose(central_differences(problem, at, h), expected, rtol=1e-12)


def test_that_slopes_of_a_network_are_those_of_autograd() -> None:
    wanted = experiment({"kind": "tanh_network", "n": 40}, initial_std=0.5)
    problem, weights = wanted.build_problem(), after(wanted, 3).latest
    parts = [p.detach().clone().double().requires_grad_() for p in problem.module().parameters()]
    begin = 0
    for part in parts:
        part.data = torch.from_numpy(weights[begin : begin + part.numel()]).view_as(part)
        begin += part.numel()
    X, y = torch.from_numpy(problem.rows.X), torch.from_numpy(problem.rows.y)[:, None]
    problem.loss()(problem.forward()(parts, X), y).backward()  # type: ignore[no-untyped-call]  # torch
    true = np.concatenate([p.grad.reshape(-1).numpy() for p in parts if p.grad is not None])[:6]
    found = slopes(problem, weights, 6)
    assert (np.abs(found.slopes - true) <= found.doubts).all()
    assert found.doubts.max() < 1e-7 * np.abs(true).max()
    assert check(wanted, 3).sentence == IS


def test_that_the_error_falls_with_h_squared_and_then_rises_by_rounding() -> None:
    wanted = experiment({"kind": "tanh_network", "n": 40}, initial_std=0.5)
    found = check(wanted)
    h, errors = found.slopes.steps, found.errors
    long, short = (h >= 1e-3) & (h <= 1e-1), (h >= 1e-13) & (h <= 1e-7)
    assert np.polyfit(np.log10(h[long]), np.log10(errors[long]), 1)[0] == pytest.approx(2, abs=0.1)
    assert np.polyfit(np.log10(h[short]), np.log10(errors[short]), 1)[0] == pytest.approx(-1, abs=0.35)
    assert 1e-7 < h[errors.argmin()] < 1e-3


@pytest.mark.parametrize(
    ("mistake", "cost", "says"),
    [
        ("none", "mean", IS),
        ("gradient_l30", "mean", "The gradient of the code is 3 times the slope of the cost at this weight."),
        (
            "gradient_l30",
            "half_sum",
            "The gradient of the code is twice the slope of the cost at this weight.",
        ),
        ("gradient_l30", "sum", IS),
        ("gradient_l98", "mean", "The gradient of the code is 0.428571 times the slope of the cost at this"),
        ("no_reshape", "mean", IS),  # the cost itself is another one, and this is its gradient
    ],
)
def test_that_a_mistake_of_one_weight_is_told_as_the_numbers_have_it(
    mistake: str, cost: str, says: str
) -> None:
    wanted = experiment({**ONE, "cost": cost}, mistake=mistake, initial_weights=[0.0])
    assert check(wanted, 2).sentence.startswith(says)  # 6/14 where x is left out, as y = x


def test_that_a_gradient_of_half_the_slope_is_called_so() -> None:
    # with n = 1 and x = 0.5 the gradient without x is twice, with x = 2 half as large
    for x, words in ((0.5, "twice"), (2.0, "half of")):
        wanted = experiment(
            {"kind": "line_through_origin", "x": [x], "y": [1.0]},
            mistake="gradient_l98",
            initial_weights=[0.1],
        )
        says = f"The gradient of the code is {words} the slope of the cost at this weight."
        assert check(wanted).sentence == says


def test_that_a_gradient_that_points_elsewhere_is_told_by_its_angle() -> None:
    wanted = experiment(LINE, mistake="gradient_l98", initial_weights=[0.0, 0.0])
    # at 0 the slope is (-28/3, -4) and the mistaken gradient (-4, -4)
    angle = np.degrees(np.arctan2(28 / 3, 4) - np.pi / 4)
    assert check(wanted).sentence.endswith(f"it points {angle:.1f}° away from it.")


def test_that_gradients_that_add_up_are_checked_as_the_next_step_takes_them() -> None:
    wanted = experiment(ONE, mistake="no_zero_grad", initial_weights=[0.0])
    snapshot = after(wanted, 3)
    gradients = 28 / 3 * (snapshot.weights[:, 0] - 1)
    found = check(wanted, 3)
    assert found.gradient[0] == pytest.approx(gradients.sum())
    times = float(gradients.sum() / gradients[-1])
    assert found.sentence.endswith(f"{times:.6g} times the slope of the cost at this weight.")
    assert CodeGradient(wanted, wanted.build_problem()).at(cut(snapshot, 2)) is None


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (1.0, "The gradient of the code and the slope of the cost are both 0"),
        (0.9999, IS),
        (1 + 1e-9, IS),
        (-3e7, IS),
        (1e30, "At weights of this size no difference quotient can tell the slope."),
        (1e200, "At weights of this size no difference quotient can tell the slope."),
    ],
)
def test_that_no_more_is_claimed_than_differences_tell(start: float, says: str) -> None:
    wanted = experiment(ONE, initial_weights=[start])
    assert check(wanted).sentence.startswith(says)


@pytest.mark.parametrize("h", [1e-16, 1e-9, 1e-2])
def test_that_the_sentence_does_not_depend_on_the_chosen_step(h: float) -> None:
    wanted = experiment(ONE, mistake="gradient_l30", initial_weights=[-1.0])
    found = check(wanted, h=h)
    assert "3 times" in found.sentence
    assert found.error == relative_error(found.gradient, found.quotients)


def test_that_the_check_of_a_large_problem_is_bounded() -> None:
    assert extent(1, 3) == (1, 4)
    for weights, rows in ((3, 1000), (105, 1000), (500, 10_000)):
        count, per_decade = extent(weights, rows)
        assert 1 <= count <= 12
        work = 2 * (16 * per_decade + 1) * count * rows * weights
        assert count == 1 or work <= 2e7
