"""The noise floor: exact second moments in numpy, every order of few rows, and runs that measure it."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.sweep import floor_runs
from gdstudio.core.sweep.floor_runs import (
    RUNS,
    batch_sizes,
    decay,
    least_settled_rate,
    measure,
    rates_to_try,
    theory_line,
)
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.noise_floor import LEADING, RowNoise, why_no_floor
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


def batches(**changes: Any) -> Experiment:
    edits = {path.replace("__", "."): value for path, value in changes.items()}
    return lesson("mini-batches").experiment.edited(edits)


def noise_of(**changes: Any) -> RowNoise:
    return RowNoise(batches(**changes).build_problem())


def five_points() -> RowNoise:
    points = {"problem.x": [0.0, 1.0, 2.0, 3.5, -1.0], "problem.y": [1.0, 2.0, -1.0, 4.0, 0.0]}
    experiment = lesson("two-parameters").experiment
    return RowNoise(experiment.edited({**points, "problem.cost": "mean"}).build_problem())


def step_matrix(noise: RowNoise, rows: list[int], rate: float) -> Floats:
    """Return what a step with some rows does to (d, 1), the distance to the minimum, shape (P + 1, P + 1)."""
    A, r, count = noise.design[rows], noise.residuals[rows], len(noise.minimum)
    step = np.eye(count + 1)
    step[:count, :count] -= rate * 2 / len(rows) * A.T @ A
    step[:count, count] = -rate * 2 / len(rows) * A.T @ r
    return step


def half_of(noise: RowNoise, moments: Floats) -> float:
    """Return the cost above the minimum of second moments of (d, 1), flattened."""
    count = len(noise.minimum)
    hessian = noise.vectors @ np.diag(noise.curvatures) @ noise.vectors.T
    return float(0.5 * np.sum(hessian * moments.reshape(count + 1, -1)[:count, :count]))


def settled(recursion: Floats) -> Floats:
    """Return the fixed point of a linear map that keeps the last entry, which is 1."""
    count = len(recursion) - 1
    part = np.linalg.solve(np.eye(count) - recursion[:-1, :-1], recursion[:-1, -1])
    return np.append(part, 1.0)


def recursion_anew(noise: RowNoise, size: int, rate: float) -> Floats:
    """Return the second-moment recursion of drawing ``size`` rows with replacement, over all draws."""
    draws = np.stack(np.meshgrid(*[range(noise.rows)] * size), axis=-1).reshape(-1, size)
    steps = [step_matrix(noise, draw.tolist(), rate) for draw in draws]
    return np.asarray(np.mean([np.kron(step, step) for step in steps], axis=0))


def shuffled_by_all_orders(noise: RowNoise, size: int, rate: float) -> float:
    """Return the mean floor over the steps of a shuffled epoch, from every order of the rows."""
    whole, on_the_way = [], []
    for order in permutations(range(noise.rows)):
        made, parts = np.eye(len(noise.minimum) + 1), []
        for first in range(0, noise.rows, size):
            made = step_matrix(noise, list(order[first : first + size]), rate) @ made
            parts.append(np.kron(made, made))
        whole.append(parts[-1])
        on_the_way.append(np.mean(parts, axis=0))
    return half_of(noise, np.mean(on_the_way, axis=0) @ settled(np.mean(whole, axis=0)))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_that_the_floor_of_rows_drawn_anew_is_the_fixed_point_over_all_draws(size: int) -> None:
    noise = five_points()
    rates = np.array([0.01, 0.1, 0.5, 0.9, 0.99]) * noise.mean_square_limit(size)
    expected = [half_of(noise, settled(recursion_anew(noise, size, rate))) for rate in rates]
    np.testing.assert_allclose(noise.floor_anew(rates, size), expected, rtol=1e-8)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_that_the_mean_square_limit_is_where_the_spectral_radius_is_1(size: int) -> None:
    noise = five_points()
    limit = noise.mean_square_limit(size)
    assert limit < noise.step_limit
    for part, is_stable in [(0.5, True), (1 - 1e-6, True), (1 + 1e-6, False), (1.2, False)]:
        count = len(noise.minimum)
        of_all = recursion_anew(noise, size, part * limit).reshape([count + 1] * 4)
        of_distance = of_all[:count, :count, :count, :count].reshape(count**2, count**2)
        radius = float(np.abs(np.linalg.eigvals(of_distance)).max())
        assert (radius < 1) is is_stable
    assert noise.floor_anew(np.array([limit]), size)[0] == np.inf


def test_that_rows_of_one_curvature_have_no_limit_below_that_of_the_mean() -> None:
    experiment = lesson("cost-and-slope").experiment.edited(
        {"problem": {"kind": "constant", "cost": "mean"}, "run.batch_size": 1}
    )
    noise = RowNoise(experiment.build_problem())
    assert noise.mean_square_limit(1) == pytest.approx(noise.step_limit, rel=1e-12)


def test_that_to_first_order_the_floor_goes_with_the_rate_over_the_batch_size() -> None:
    noise = noise_of()
    for size in (1, 10, 100):
        (floor,) = noise.floor_anew(np.array([1e-6]), size)
        assert floor == pytest.approx(noise.slope * 1e-6 / size, rel=1e-4)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_that_the_floor_of_shuffled_epochs_is_that_of_all_orders_to_leading_order(size: int) -> None:
    noise = five_points()
    limit = noise.mean_square_limit(size)
    off = []
    for part in (1e-1, 1e-2, 1e-3):
        (floor,) = noise.floor_shuffled(np.array([part * limit]), size)
        off.append(abs(floor / shuffled_by_all_orders(noise, size, part * limit) - 1))
    assert off[0] < 0.1
    assert off[1] < off[0] / 5
    assert off[2] < off[1] / 5


def test_that_in_long_epochs_shuffled_rows_settle_like_rows_drawn_anew() -> None:
    noise = noise_of(problem__n=5000)
    rates = np.array([0.01])  # an epoch of 5,000 steps is a hundred times as long as the memory
    anew, shuffled = noise.floor_anew(rates, 1), noise.floor_shuffled(rates, 1)
    assert shuffled == pytest.approx(anew, rel=0.1)
    small = np.array([1e-6])
    assert noise.floor_shuffled(small, 1) < 0.01 * noise.floor_anew(small, 1)


def within(costs: Floats, errors: float, margin: float, expected: Floats) -> np.ndarray:
    """Return where means over runs (R, K) are what is expected, but for standard errors and a margin."""
    error = costs.std(axis=0, ddof=1) / np.sqrt(len(costs))
    return np.asarray(np.abs(costs.mean(axis=0) - expected) <= errors * error + margin * expected)


@pytest.mark.parametrize("size", [10, 7])
def test_that_runs_measure_the_floor_of_rows_drawn_anew(size: int) -> None:
    noise = noise_of(problem__n=60, problem__noise=1.0)
    found = measure(noise, size, "anew")
    assert found is not None
    assert found.costs.shape == (RUNS, len(found.rates))
    below = found.rates < 0.5 * noise.mean_square_limit(size)
    assert below.sum() > 8
    # Costs are taken when at most exp(-3) of what is missing at the start is left.
    assert within(found.costs[:, below], 4, 0.02, noise.floor_anew(found.rates[below], size)).all()


@pytest.mark.parametrize("size", [10, 7])
def test_that_runs_measure_the_floor_of_shuffled_epochs(size: int) -> None:
    noise = noise_of(problem__n=60, problem__noise=1.0)
    found = measure(noise, size, "shuffled")
    assert found is not None
    below = found.rates < 0.1 * noise.mean_square_limit(size)
    assert below.sum() > 8
    expected = noise.floor_shuffled(found.rates[below], size)
    assert within(found.costs[:, below], 4, 0.1, expected).all()
    anew = noise.floor_anew(found.rates[below], size)
    assert not within(found.costs[:, below], 4, 0.1, anew).any()


def test_that_beyond_the_mean_square_limit_the_mean_grows_where_the_median_run_does_not() -> None:
    noise = noise_of()
    found = measure(noise, 1, "anew")
    assert found is not None
    limit = noise.mean_square_limit(1)
    for part, times in ((0.9, 1.0), (1.2, 3.0), (1.3, 100.0)):
        (at,) = np.flatnonzero(np.isclose(found.rates, part * limit))
        assert found.rates[at] < noise.step_limit
        assert found.means[at] > times * found.medians[at]
    assert found.means[-1] == np.inf
    assert not np.isnan(found.costs).any()


def test_that_shuffled_runs_are_those_of_the_trainer(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = batches(problem__n=60, run__batch_size=7, run__max_epochs=4)
    problem = experiment.build_problem()
    noise, rates = RowNoise(problem), np.array([0.02, 0.05])
    monkeypatch.setattr(floor_runs, "_STEPS", 36)
    monkeypatch.setattr(floor_runs, "_FEWEST_STEPS", 0)
    monkeypatch.setattr(floor_runs, "rates_to_try", lambda *_: rates)
    found = measure(noise, 7, "shuffled")
    assert found is not None
    assert found.epochs == 2
    start = {"run.initial_weights": noise.minimum.tolist()}
    for seed in (0, 1, RUNS - 1):
        for j, rate in enumerate(rates.tolist()):
            alone = experiment.edited({**start, "run.seed": seed, "run.learning_rate": rate})
            history = History(3)
            train(Trainer(alone, problem), RunControl(), history)
            costs = noise.above_minimum(history.snapshot().weights)  # of 4 epochs of 9 steps, and the start
            assert found.costs[seed, j] == pytest.approx(costs[19:].mean(), rel=1e-9)


@pytest.mark.parametrize(("sampling", "times"), [("anew", 0.1), ("shuffled", 0.01)])
def test_that_a_rate_that_falls_goes_below_the_floor_of_the_first_rate(sampling: Any, times: float) -> None:
    noise = noise_of(problem__n=200)
    made = decay(noise, 10, sampling, 0.05)
    assert made is not None
    floor = noise.floor_shuffled if sampling == "shuffled" else noise.floor_anew
    assert made.first_cost == pytest.approx(floor(np.array([0.05]), 10)[0], rel=0.2)
    assert made.costs[-1] < times * made.first_cost
    assert made.last_rate < made.rates[-1] < made.rates[0] < made.first_rate
    halves = made.rates[:-1] / made.rates[1:]
    np.testing.assert_allclose(halves[2:-1], 2, rtol=0.1)
    # It follows the floor of the rate that it has: for a rate of 1 / (lambda t) at twice as much at most.
    ratio = made.costs[2:] / floor(made.rates[2:], 10)
    assert (ratio > 0.7).all()
    assert (ratio < 3).all()


def test_that_lines_end_where_the_theory_does() -> None:
    noise = noise_of()
    limit = noise.mean_square_limit(10)
    rates, floors = theory_line(noise, 10, "shuffled")
    assert rates[-1] == pytest.approx(LEADING * limit)
    np.testing.assert_array_equal(floors, noise.floor_shuffled(rates, 10))
    rates, floors = theory_line(noise, 10, "anew")
    assert rates[-1] < limit
    assert np.isfinite(floors).all()
    assert floors[-1] > 1e6 * floors[0]
    assert (np.diff(floors) > 0).all()


def test_that_only_rates_that_settle_in_time_are_tried() -> None:
    narrow = noise_of(problem__feature_scale=20.0)
    rates = rates_to_try(narrow, 10)
    assert rates[0] >= least_settled_rate(narrow, 10)
    assert len(rates) < len(rates_to_try(noise_of(), 10))
    none = noise_of(problem__feature_scale=1e3)
    assert not len(rates_to_try(none, 10))
    found = measure(none, 10, "shuffled")
    assert found is not None
    assert found.means.shape == (0,)


@pytest.mark.parametrize(
    ("rows", "own", "sizes"),
    [
        (1000, 10, (1, 10, 100)),
        (1000, 1, (1, 10, 100)),
        (1000, 999, (10, 100, 999)),
        (60, 7, (2, 7, 21)),
        (3, 1, (1,)),
        (3, 2, (1, 2)),
    ],
)
def test_that_batch_sizes_lie_around_that_of_the_run(rows: int, own: int, sizes: tuple[int, ...]) -> None:
    assert batch_sizes(rows, own) == sizes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        (
            {
                "problem": {"kind": "tanh_network", "n": 40},
                "run__initial_weights": None,
                "run__batch_size": 4,
            },
            "not that of linear least squares",
        ),
        ({"problem__cost": "half_sum"}, "the cost is a sum"),
        ({"run__optimizer": {"kind": "sgd", "momentum": 0.9}}, "not those of plain SGD"),
        ({"run__batch_size": 1000}, "every step sees all rows"),
        ({"run__shuffle": False}, "nothing is left to chance"),
        ({"run__mistake": "no_zero_grad"}, "the mistake no_zero_grad"),
        ({"problem__n": 20_001}, "more than 12 weights and 20,000 rows"),
        ({"problem__n": 2, "run__batch_size": 1}, "no single minimum"),
    ],
    ids=str,
)
def test_that_it_says_why_there_is_no_floor(changes: dict[str, Any], words: str) -> None:
    experiment = batches(**changes)
    why = why_no_floor(experiment, experiment.build_problem())
    assert words in why
    assert bool(words) is bool(why)


def test_that_rows_that_fit_exactly_leave_no_floor() -> None:
    assert noise_of(problem__noise=0.0).is_exact_fit
    assert not noise_of().is_exact_fit


def test_that_costs_above_the_minimum_are_differences_of_costs() -> None:
    problem = batches().build_problem()
    noise = RowNoise(problem)
    weights = np.array([[0.0, 0.0, 0.0], [2.0, -3.0, 4.0]])
    expected = problem.cost_at(weights) - problem.cost_at(noise.minimum)
    np.testing.assert_allclose(noise.above_minimum(weights), expected, rtol=1e-12)


def test_that_a_measurement_that_nobody_wants_is_given_up() -> None:
    noise = noise_of(problem__n=60)
    assert measure(noise, 10, "anew", lambda: False) is None
    assert decay(noise, 10, "anew", 0.1, lambda: False) is None
