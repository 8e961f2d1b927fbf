"""The limit of the learning rate: named where it is known (curriculum, section 2), nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.stopping import step_limit
from gdstudio.core.training.trainer import Trainer

ONE, LINE, NETWORK = {"kind": "line_through_origin"}, {"kind": "line"}, {"kind": "linear_network"}
HEAVY, NESTEROV = {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}


def limit_of(problem: dict[str, Any], **run: Any) -> float | None:
    made = Experiment.parse({"problem": problem, "run": {"max_steps": 2000, **run}})
    found = step_limit(made, made.build_problem())
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("problem", "run", "value"),
    [
        (ONE, {}, 3 / 14),
        ({**ONE, "cost": "half_sum"}, {}, 1 / 7),
        ({**ONE, "cost": "half_mean"}, {}, 3 / 7),
        (LINE, {}, 0.1802948510),
        (LINE, {"optimizer": HEAVY}, 1.9 * 0.1802948510),
        (LINE, {"optimizer": NESTEROV}, 1.9 * 0.1802948510 / 2.8),
        ({**LINE, "scaling": "z_score"}, {}, 1.0),
        (ONE, {"batch_size": 3}, 3 / 14),
    ],
    ids=str,
)
def test_that_the_limit_is_that_of_all_rows_in_each_step(
    problem: dict[str, Any], run: dict[str, Any], value: float
) -> None:
    assert limit_of(problem, **run) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("problem", "run"),
    [
        (LINE, {"batch_size": 1}),
        ({**NETWORK, "cost": "sum"}, {"batch_size": 10}),
        (NETWORK, {"batch_size": 10}),
        (ONE, {"mistake": "gradient_l30"}),
        (ONE, {"mistake": "no_zero_grad"}),
        (NETWORK, {"mistake": "no_reshape"}),
        (ONE, {"optimizer": "adam"}),
    ],
    ids=str,
)
def test_that_no_limit_is_named_where_none_is_known(problem: dict[str, Any], run: dict[str, Any]) -> None:
    assert limit_of(problem, **run) is None


@pytest.mark.parametrize("optimizer", [{}, HEAVY, NESTEROV], ids=["plain", "heavy ball", "Nesterov"])
@pytest.mark.parametrize("problem", [ONE, LINE], ids=lambda p: p["kind"])
def test_that_runs_come_near_below_the_limit_and_move_away_above_it(
    problem: dict[str, Any], optimizer: dict[str, Any]
) -> None:
    limit = limit_of(problem, optimizer=optimizer)
    assert limit is not None
    start = [0.0] * (2 if problem is LINE else 1)
    for share, comes_near in ((0.97, True), (1.03, False)):
        run = {"learning_rate": share * limit, "max_steps": 2000, "optimizer": optimizer}
        made = Experiment.parse({"problem": problem, "run": {**run, "initial_weights": start}})
        trainer = Trainer(made, made.build_problem())
        first = trainer.full_cost()
        while trainer.finish is None:
            trainer.advance(1000)
        assert bool(np.isfinite(trainer.full_cost()) and trainer.full_cost() < first) is comes_near


def test_that_a_sum_over_batches_converges_far_above_the_limit_of_all_rows() -> None:
    """The limit of all rows, 0.00193 here, said of 0.03 that it diverges: it converges."""
    problem = {**NETWORK, "cost": "sum"}
    full = limit_of(problem)
    assert full is not None
    assert full < 0.0021
    run = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 3}
    trainer = Trainer(made := Experiment.parse({"problem": problem, "run": run}), made.build_problem())
    while trainer.finish is None:
        trainer.advance(1000)
    assert trainer.full_cost() < 1
