"""Full-batch descent on least squares against what algebra says of it (curriculum, section 2 A, B and D)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdstudio.cli import main
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.conftest import Make, Train

CURVATURES = {"mean": 28 / 3, "half_sum": 14.0, "sum": 28.0, "half_mean": 14 / 3}


def history(capsys: pytest.CaptureFixture[str], target: str, *settings: str) -> np.ndarray:
    options = [part for setting in settings for part in ("--set", setting)]
    assert main(["run", target, *options, "--history", "-"]) == 0
    return np.array([line.split(",") for line in capsys.readouterr().out.splitlines()[1:]], dtype=float)


@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.05, 0.1, 3 / 28, 3 / 14, 0.22, 0.25, 1.0])
@pytest.mark.parametrize("start", [-4.0, 0.0, 0.37, 6.0])
def test_that_theta_follows_the_closed_form(
    capsys: pytest.CaptureFixture[str], alpha: float, start: float
) -> None:
    rows = history(
        capsys, "learning-rate", f"learning_rate={alpha}", "max_steps=40", f"initial_weights=[{start}]"
    )
    k = np.arange(41)
    theta = 1 + (1 - 28 * alpha / 3) ** k * (start - 1)
    np.testing.assert_array_equal(rows[:, 0], k)
    np.testing.assert_allclose(rows[:, 3], theta, rtol=1e-12, atol=1e-13)


@settings(max_examples=40, deadline=None)
@given(alpha=st.floats(0.001, 1.0), start=st.floats(-4, 6), cost=st.sampled_from(sorted(CURVATURES)))
def test_that_every_cost_convention_has_its_own_ratio(alpha: float, start: float, cost: str) -> None:
    run = {"learning_rate": alpha, "initial_weights": [start], "max_steps": 12}
    experiment = Experiment.parse({"problem": {"kind": "line_through_origin", "cost": cost}, "run": run})
    trainer = Trainer(experiment, experiment.build_problem())
    for k in range(1, 13):
        rows = trainer.advance(1)
        ratio = 1 - CURVATURES[cost] * alpha
        off = ratio**k * (start - 1)
        scale = max(1.0, abs(start)) * max(1.0, abs(ratio)) ** k  # rounding grows as the error does
        np.testing.assert_allclose(rows.weights[0], [1 + off], rtol=1e-12, atol=1e-12 * scale)
        np.testing.assert_allclose(
            rows.costs[0], CURVATURES[cost] / 2 * off**2, rtol=1e-9, atol=1e-12 * scale**2
        )


@pytest.mark.parametrize(
    ("alpha", "theta_1", "theta_2", "theta_5", "cost_10"),
    [
        (0.01, 0.0933333333, 0.1779555556, 0.3873135911, 0.6575969152),
        (0.05, 0.4666666667, 0.7155555556, 0.9568487243, 1.618010515e-5),
        (0.1, 0.9333333333, 0.9955555556, 0.9999986831, 1.403400413e-23),
        (3 / 14, 2, 0, 2, 4.6666666667),
        (0.22, 2.0533333333, -0.1095111111, 2.2966690340, 13.1923856646),
        (0.25, 2.3333333333, -0.7777777778, 5.2139917695, 1471.5719909),
    ],
)
def test_that_the_table_of_one_weight_comes_true(
    one_weight: Make,
    train: Train,
    alpha: float,
    theta_1: float,
    theta_2: float,
    theta_5: float,
    cost_10: float,
) -> None:
    _, rows = train(one_weight(learning_rate=alpha, max_steps=10))
    np.testing.assert_allclose(rows.weights[[1, 2, 5], 0], [theta_1, theta_2, theta_5], rtol=0, atol=6e-11)
    assert rows.costs[10] == pytest.approx(cost_10, rel=2e-9 if cost_10 > 1e-20 else 1e-2)


@pytest.mark.parametrize(("dtype", "step"), [("float64", 14), ("float32", 7)])
def test_that_theta_reaches_one_exactly(one_weight: Make, train: Train, dtype: str, step: int) -> None:
    _, rows = train(one_weight(learning_rate=0.1, dtype=dtype))
    assert np.flatnonzero(rows.weights[:, 0] == 1.0)[0] == step
    assert set(rows.weights[step:, 0]) == {1.0}


@pytest.mark.parametrize(
    ("cost", "limit"), [("mean", 3 / 14), ("half_sum", 1 / 7), ("sum", 1 / 14), ("half_mean", 3 / 7)]
)
def test_that_two_over_l_divides_the_stable_from_the_unstable(
    one_weight: Make, train: Train, cost: str, limit: float
) -> None:
    _, below = train(one_weight(cost=cost, learning_rate=0.99 * limit))
    _, above = train(one_weight(cost=cost, learning_rate=1.01 * limit))
    assert below.costs[-1] < below.costs[0]
    assert above.costs[-1] > above.costs[0]


LINE = """
schema = 1
[problem]
kind = "line"
x = [1, 2, 3]
y = [1, 2, 3]
[run]
learning_rate = 0.1
max_steps = 100
initial_weights = [0, 0]
"""


@pytest.fixture
def line_file(tmp_path: Path) -> str:
    path = tmp_path / "line.toml"
    path.write_text(LINE, encoding="utf-8")
    return str(path)


def test_that_the_line_with_intercept_passes_its_golden_points(
    line_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = history(capsys, line_file)
    golden = {
        1: (0.0740740741, 0.9333333333, 0.4),
        2: (0.0183440329, 0.8355555556, 0.3466666667),
        10: (0.0119790537, 0.8728819538, 0.2889691975),
        100: (1.500516602e-4, 0.9857729010, 0.0323415402),
    }
    for step, expected in golden.items():
        np.testing.assert_allclose(rows[step, 2:], expected, rtol=0, atol=6e-11)


@pytest.mark.parametrize("alpha", [0.01, 0.1, 3 / 17, 0.18, 0.2])
def test_that_the_line_follows_the_powers_of_its_matrix(
    line_file: str, capsys: pytest.CaptureFixture[str], alpha: float
) -> None:
    rows = history(capsys, line_file, f"learning_rate={alpha}", "max_steps=60")
    move = np.eye(2) - alpha * np.array([[28 / 3, 4], [4, 2]])
    for k, row in enumerate(rows):
        expected = np.array([1, 0]) - np.linalg.matrix_power(move, k) @ np.array([1, 0])
        np.testing.assert_allclose(row[3:], expected, rtol=1e-10, atol=1e-12)


def test_that_the_line_diverges_at_a_rate_that_suits_one_weight(
    line_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert history(capsys, line_file, "learning_rate=0.2")[10, 2] == pytest.approx(242.2928496, abs=5e-8)


def test_that_standardised_points_are_solved_in_one_step(train: Train) -> None:
    x = ((np.array([1.0, 2, 3]) - 2) / np.sqrt(2 / 3)).tolist()
    problem = {"kind": "line", "x": x, "y": [1.0, 2.0, 3.0]}
    run = {"learning_rate": 0.5, "max_steps": 1, "initial_weights": [0.0, 0.0]}
    _, rows = train(Experiment.parse({"problem": problem, "run": run}))
    np.testing.assert_allclose(rows.weights[1], [0.8164965809, 2], atol=6e-11)
    assert rows.costs[1] == pytest.approx(0, abs=1e-30)
