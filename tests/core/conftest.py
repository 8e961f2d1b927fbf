"""Experiments for the tests of the engine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.rows import Rows
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Experiment]
    Train = Callable[..., tuple[Trainer, Rows]]


@pytest.fixture
def one_weight() -> Make:
    """Make the notebook's one weight on (1,1), (2,2), (3,3), from theta = 0."""

    def make(**run: Any) -> Experiment:
        cost = run.pop("cost", "mean")
        run = {"initial_weights": [0.0], "max_steps": 20, **run}
        return Experiment.parse({"problem": {"kind": "line_through_origin", "cost": cost}, "run": run})

    return make


@pytest.fixture
def network() -> Make:
    """Make the notebook's network; its settings and the run's can both be given."""

    def make(n: int = 1000, **given: Any) -> Experiment:
        names = {"n_test", "noise", "true_w", "true_b", "cost"}
        problem = {"kind": "linear_network", "n": n, **{k: v for k, v in given.items() if k in names}}
        run = {k: v for k, v in given.items() if k not in names}
        run = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 3, **run}
        return Experiment.parse({"problem": problem, "run": run})

    return make


def _joined(parts: list[Rows]) -> Rows:
    return Rows(
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.epochs for part in parts]),
        np.concatenate([part.costs for part in parts]),
        np.concatenate([part.weights for part in parts]),
        epoch_rows=[row for part in parts for row in part.epoch_rows],
    )


@pytest.fixture
def train() -> Train:
    """Train to the end, so many steps a call; give the trainer and all of its rows, row 0 first."""

    def run(experiment: Experiment, chunk: int = 1000, most: float = math.inf) -> tuple[Trainer, Rows]:
        trainer = Trainer(experiment, experiment.build_problem())
        parts = [trainer.start()]
        while trainer.finish is None and trainer.step < most:
            parts.append(trainer.advance(int(min(chunk, most - trainer.step))))
        return trainer, _joined(parts)

    return run
