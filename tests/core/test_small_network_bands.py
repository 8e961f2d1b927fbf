"""How often small networks learn what they are shown: medians and minima over twelve seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.trainer import Trainer

SEEDS = range(12)
# Data set, hidden units, and the median and the least share of the 200 training rows that is right.
BANDS: list[tuple[str, int, float, float]] = [
    ("circles", 0, 0.49, 0.44),
    ("circles", 1, 0.65, 0.59),
    ("circles", 2, 0.80, 0.77),
    ("circles", 3, 0.98, 0.80),
    ("circles", 4, 0.98, 0.97),
    ("circles", 8, 0.99, 0.98),
    ("xor", 0, 0.56, 0.40),
    ("xor", 1, 0.67, 0.60),
    ("xor", 2, 0.80, 0.65),
    ("xor", 3, 0.91, 0.84),
    ("xor", 4, 0.94, 0.89),
    ("moons", 0, 0.89, 0.87),
    ("moons", 4, 0.99, 0.89),
    ("moons", 8, 0.99, 0.96),
]
# By chance a line through what is no line's to part may be right of more or of fewer rows.
OF_MEDIAN, OF_LEAST, BY_CHANCE = 0.035, 0.035, 0.12


def accuracy(data_set: str, hidden: tuple[int, ...], seed: int) -> float:
    problem = {"kind": "small_network", "data_set": data_set, "hidden": hidden, "noise": 0.1}
    run: dict[str, Any] = {"learning_rate": 0.3, "batch_size": 10, "max_epochs": 60, "initial_std": 1.0}
    given = Experiment.parse({"problem": problem, "run": {**run, "seed": seed}})
    trainer = Trainer(given, given.build_problem())
    while trainer.finish is None:
        trainer.advance(1000)
    return trainer.problem.tells(trainer.weights)["right"] / 200


@pytest.mark.slow
@pytest.mark.parametrize(("data_set", "units", "median", "least"), BANDS)
def test_that_the_shares_of_twelve_seeds_are_the_known_ones(
    data_set: str, units: int, median: float, least: float
) -> None:
    shares = [accuracy(data_set, (units,) if units else (), seed) for seed in SEEDS]
    assert abs(np.median(shares) - median) <= (OF_MEDIAN if units else 2 * OF_MEDIAN)
    assert least - (OF_LEAST if units > 1 else BY_CHANCE) <= min(shares) <= np.median(shares)


def test_that_four_units_close_a_circle_and_none_is_a_coin_toss() -> None:
    assert min(accuracy("circles", (4,), seed) for seed in range(3)) >= 0.965
    assert max(accuracy("circles", (), seed) for seed in range(3)) <= 0.65
