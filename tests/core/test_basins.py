"""Which minimum each start reaches: the batch of runs beside single ones, and the divides that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.sweep.basins import DIVERGED, ELSEWHERE, MOST_MINIMA, UNSETTLED, basins_of, why_no_basins
from gdstudio.core.sweep.batch import START, train_batch
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from gdstudio.core.sweep.basins import Basins
    from gdstudio.core.typing import Floats

DIVIDE = 0.16993844331159128


def hill(kind: str, rate: float, steps: int, **given: Any) -> Experiment:
    problem = {"kind": kind, **given.pop("problem", {})}
    run = {"learning_rate": rate, "max_steps": steps, **given}
    return Experiment.parse({"problem": problem, "run": run})


def grid(half: float, count: int = 21, centre: tuple[float, float] = (0.0, 0.0)) -> Floats:
    side = np.linspace(-half, half, count)
    points: Floats = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2) + np.array(centre)
    return points


def basins(experiment: Experiment, starts: Floats, half_width: float) -> Basins:
    problem = experiment.build_problem()
    assert not why_no_basins(experiment, problem)
    found = basins_of(experiment, problem, starts, half_width)
    assert found is not None
    return found


SINGLY = {
    "quartic": (hill("quartic", 0.05, 100), np.linspace(-2, 2, 41)[:, None]),
    "quartic, some diverge": (hill("quartic", 0.3, 6), np.array([[-40.0], [-1.9], [0.2], [1.0], [30.0]])),
    "saddle": (hill("saddle", 0.1, 100), grid(2, 5)),
    "himmelblau, momentum": (
        hill("himmelblau", 0.005, 60, optimizer={"kind": "sgd", "momentum": 0.5}),
        grid(5, 5),
    ),
    "rosenbrock, Adam": (hill("rosenbrock", 0.05, 60, optimizer="adam"), grid(2, 5)),
    "line": (hill("line", 0.1, 60), grid(2, 3)),
    "stops by itself": (hill("quartic", 0.05, 100, gradient_tolerance=1e-3), np.linspace(-2, 2, 9)[:, None]),
    "own": (hill("function", 0.1, 60, problem={"formula": "log(w1) + 1/w1 + w2**2"}), grid(1, 4, (1.2, 0))),
}


@pytest.mark.parametrize("name", SINGLY)
def test_that_each_start_ends_as_its_single_run_does(name: str) -> None:
    experiment, starts = SINGLY[name]
    problem = experiment.build_problem()
    ends = train_batch(experiment, problem, {START: starts})
    assert ends is not None
    for j, start in enumerate(starts.tolist()):
        alone = train(Trainer(experiment.edited({START: start}), problem), RunControl())
        assert (ends.reasons[j], ends.steps[j]) == (alone.reason, alone.step), start
        if alone.reason is not FinishReason.DIVERGED:
            np.testing.assert_allclose(ends.weights[j], alone.weights, rtol=1e-12, atol=1e-12)


def test_that_the_starts_may_differ_together_with_the_rate() -> None:
    experiment = hill("quartic", 0.05, 30)
    rates, starts = np.array([0.01, 0.05]), np.array([[0.2], [0.0]])
    ends = train_batch(experiment, experiment.build_problem(), {"run.learning_rate": rates, START: starts})
    assert ends is not None
    for j in range(2):
        changes = {"run.learning_rate": float(rates[j]), START: starts[j].tolist()}
        alone = experiment.edited(changes)
        result = train(Trainer(alone, alone.build_problem()), RunControl())
        np.testing.assert_allclose(ends.weights[j], result.weights, rtol=0, atol=1e-12)


def test_that_the_quartic_is_divided_at_its_hill() -> None:
    near = DIVIDE + np.array([-0.5, -1e-3, -1e-6, 1e-6, 1e-3, 0.5])
    found = basins(hill("quartic", 0.05, 400), near[:, None], 2.0)
    np.testing.assert_allclose(found.minima, [[-1.3008395659], [1.1309011226]], atol=1e-10)
    assert found.basin.tolist() == [0, 0, 0, 1, 1, 1]


def test_that_a_large_rate_jumps_over_the_divide() -> None:
    starts = np.linspace(-2, 2, 201)[:, None]
    small = basins(hill("quartic", 0.05, 200), starts, 2.0)
    large = basins(hill("quartic", 0.12, 200), starts, 2.0)
    assert (small.basin[starts[:, 0] > 0.2] == 1).all()
    right = large.basin[(starts[:, 0] > 0.2) & (large.basin >= 0)]
    assert set(right.tolist()) == {0, 1}


def test_that_what_diverges_and_what_is_at_no_minimum_is_told_apart() -> None:
    found = basins(hill("quartic", 0.3, 100), np.array([[-3.0], [0.2], [3.0], [DIVIDE]]), 2.0)
    assert found.basin.tolist() == [DIVERGED, UNSETTLED, DIVERGED, UNSETTLED]
    early = basins(hill("quartic", 0.05, 1), np.array([[0.2]]), 2.0)
    assert early.basin.tolist() == [UNSETTLED]


def test_that_the_ridge_of_the_saddle_is_at_no_minimum() -> None:
    starts = grid(2, 21)
    found = basins(hill("saddle", 0.1, 300), starts, 2.0)
    np.testing.assert_allclose(found.minima, [[0, -1], [0, 1]], atol=1e-9)
    expected = np.where(np.abs(starts[:, 1]) < 1e-12, UNSETTLED, starts[:, 1] > 0)
    np.testing.assert_array_equal(found.basin, expected)


def test_that_all_four_minima_of_himmelblau_are_found() -> None:
    experiment = hill("himmelblau", 0.01, 200)
    found = basins(experiment, grid(5, 41), 5.0)
    known = experiment.build_problem().minima
    np.testing.assert_allclose(found.minima, known[np.lexsort(known.T[::-1])], atol=1e-9)
    assert set(found.basin.tolist()) == {0, 1, 2, 3}


def test_that_a_flat_minimum_counts_and_a_flat_valley_does_not() -> None:
    flat = hill("function", 0.1, 300, problem={"formula": "w1**4/4 + w2**2"})
    found = basins(flat, grid(2, 11), 2.0)
    assert len(found.minima) == 1
    assert (found.basin == 0).all()
    np.testing.assert_allclose(found.minima[0], 0, atol=0.02)
    valley = hill("function", 0.05, 300, problem={"formula": "(w1*w2 - 1)**2"})
    assert set(basins(valley, grid(2, 11), 2.0).basin.tolist()) <= {UNSETTLED, DIVERGED}


def test_that_so_many_minima_are_told_apart_and_no_more() -> None:
    many = hill("function", 0.01, 100, problem={"formula": "sin(10*w1)*sin(10*w2)"})
    found = basins(many, grid(2, 61), 2.0)
    assert len(found.minima) == MOST_MINIMA
    assert {ELSEWHERE, *range(MOST_MINIMA)} <= set(found.basin.tolist())
    counts = np.bincount(found.basin[found.basin >= 0])
    assert counts.min() > 0


def test_that_steps_to_and_fro_beside_a_kink_are_at_no_minimum() -> None:
    own = hill("function", 0.3, 20, problem={"formula": "abs(theta)"})
    found = basins(own, np.array([[1.0], [0.61], [0.02], [0.0]]), 2.0)
    assert found.basin.tolist() == [UNSETTLED, UNSETTLED, UNSETTLED, 0]


def test_that_a_run_that_leaves_the_domain_counts_as_diverged() -> None:
    found = basins(
        hill("function", 0.5, 50, problem={"formula": "log(theta) + 1/theta"}),
        np.array([[0.1], [1.5], [-1.0]]),
        2.0,
    )
    assert found.basin[1:].tolist() == [0, DIVERGED]
    np.testing.assert_allclose(found.minima, [[1.0]], atol=1e-6)


def test_that_it_gives_up_when_it_is_told_to() -> None:
    experiment = hill("quartic", 0.05, 100)
    assert basins_of(experiment, experiment.build_problem(), np.zeros((3, 1)), 2.0, lambda: False) is None


@pytest.mark.parametrize(
    ("experiment", "why"),
    [
        (hill("linear_network", 0.1, 10), "more than two weights"),
        (hill("quartic", 0.1, 10, dtype="float32"), "64 bits"),
        (hill("quartic", 0.1, 10, mistake="no_zero_grad"), "the mistake no_zero_grad"),
        (hill("line", 0.1, 10, batch_size=1), "mini-batches"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_that_it_says_why_starts_cannot_be_tried_at_once(experiment: Experiment, why: str) -> None:
    assert why in why_no_basins(experiment, experiment.build_problem())
