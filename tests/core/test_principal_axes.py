"""The eigenvectors of a constant Hessian: factors, split distances, and where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.principal_axes import PrincipalAxes, principal_axes, steps_by_factors
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson

TWO = lesson("two-parameters").experiment


def axes_of(experiment: Experiment) -> PrincipalAxes:
    found = principal_axes(experiment.build_problem())
    assert found is not None
    return found


def test_that_lesson_3_has_the_factors_of_its_quadratic() -> None:
    axes = axes_of(TWO)
    # J = mean (w x + b - x)^2 with x = 1, 2, 3 has the Hessian 2 [[14/3, 2], [2, 1]]
    middle, root = 17 / 3, np.sqrt((11 / 3) ** 2 + 16)
    np.testing.assert_allclose(axes.curvatures, [middle + root, middle - root], rtol=1e-12)
    np.testing.assert_allclose(axes.factors(0.1), [-0.1092940, 0.9759607], atol=5e-8)
    np.testing.assert_allclose(axes.vectors.T @ axes.vectors, np.eye(2), atol=1e-15)
    np.testing.assert_allclose(axes.minimum, [1, 0], atol=1e-14)


def test_that_every_step_multiplies_each_distance_by_its_factor() -> None:
    trainer, axes = Trainer(TWO, TWO.build_problem()), axes_of(TWO)
    path = np.concatenate([trainer.start().weights, trainer.advance(60).weights])
    split, steps = axes.split(path), np.arange(61)[:, None]
    expected = axes.split(np.zeros(2)) * axes.factors(0.1) ** steps
    np.testing.assert_allclose(split, expected, atol=1e-15)
    assert abs(expected[1, 0] / expected[0, 0] + 0.1092940) < 1e-7


def test_that_split_distances_put_together_are_the_weights() -> None:
    axes, w = axes_of(TWO), np.array([0.3, -2.0])
    np.testing.assert_allclose(axes.minimum + axes.vectors @ axes.split(w), w, atol=1e-14)


@pytest.mark.parametrize(
    ("changes", "follows"),
    [
        ({}, True),
        ({"run.optimizer.momentum": 0.9}, False),
        ({"run.optimizer": {"kind": "adam"}}, False),
        ({"run.batch_size": 1}, False),
        ({"run.mistake": "gradient_l98"}, False),
    ],
)
def test_that_factors_are_told_of_plain_steps_with_all_rows_alone(
    changes: dict[str, Any], follows: bool
) -> None:
    experiment = TWO.edited(changes)
    assert steps_by_factors(experiment, experiment.build_problem()) is follows


def test_that_a_cost_without_one_minimum_or_one_hessian_has_no_axes() -> None:
    one_point = TWO.edited({"problem": {"kind": "line", "x": [1.0], "y": [1.0]}})
    assert principal_axes(one_point.build_problem()) is None
    network = Experiment.parse({"problem": {"kind": "tanh_network", "n": 5}, "run": {"max_steps": 1}})
    assert principal_axes(network.build_problem()) is None
