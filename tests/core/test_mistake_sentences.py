"""What is said of a classic mistake is true of the experiment at hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdstudio.core.problems.mistakes import MISTAKES, mistake_of
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.trainer import Trainer

ONE, LINE, NETWORK = {"kind": "line_through_origin"}, {"kind": "line"}, {"kind": "linear_network"}
CONSTANT = {"kind": "constant"}


def made_with(mistake: str, problem: dict[str, Any], **run: Any) -> Experiment:
    count = {"line": 2, "linear_network": 3}.get(problem["kind"], 1)
    start = {"initial_weights": [0.1, 0.2, 0.3][:count], "learning_rate": 0.003, "max_steps": 40}
    return Experiment.parse({"problem": problem, "run": {**start, **run, "mistake": mistake}})


def sentence(experiment: Experiment) -> str:
    mistake = mistake_of(experiment.run.mistake)
    return mistake.sentence_for(experiment.build_problem(), experiment.batch_size)


def end(experiment: Experiment) -> np.ndarray[Any, Any]:
    trainer = Trainer(experiment, experiment.build_problem())
    while trainer.finish is None:
        trainer.advance(1000)
    return trainer.weights


def direction(experiment: Experiment) -> np.ndarray[Any, Any]:
    first = experiment.edited({"run.max_steps": 1})
    move = end(first) - np.array(experiment.run.initial_weights)
    return np.asarray(move / np.linalg.norm(move))


@pytest.mark.parametrize(
    ("mistake", "problem", "run", "is_right"),
    [
        ("gradient_l30", {**ONE, "cost": "sum"}, {}, True),
        ("gradient_l30", {**NETWORK, "cost": "sum"}, {"batch_size": 10}, True),
        ("gradient_l30", NETWORK, {"batch_size": 1}, True),
        ("gradient_l30", ONE, {}, False),
        ("gradient_l30", {**ONE, "cost": "half_sum"}, {}, False),
        ("gradient_l30", {**NETWORK, "cost": "half_mean"}, {"batch_size": 1}, False),
        ("gradient_l98", CONSTANT, {}, True),
        ("gradient_l98", {**CONSTANT, "cost": "half_sum"}, {}, False),
        ("gradient_l98", {**CONSTANT, "cost": "sum"}, {"batch_size": 1}, True),
        ("gradient_l98", ONE, {}, False),
        ("gradient_l98", LINE, {}, False),
        ("no_reshape", NETWORK, {"batch_size": 1}, True),
        ("no_reshape", NETWORK, {"batch_size": 10}, False),
        ("no_reshape", LINE, {}, False),
    ],
    ids=str,
)
def test_that_steps_are_said_to_be_right_exactly_where_they_are(
    mistake: str, problem: dict[str, Any], run: dict[str, Any], is_right: bool
) -> None:
    mistaken = made_with(mistake, problem, **run)
    right = end(mistaken.edited({"run.mistake": "none"}))
    assert np.allclose(end(mistaken), right, rtol=1e-9) is is_right
    assert ("right" in sentence(mistaken)) is is_right


def test_that_pairs_of_one_row_a_step_are_said_to_spoil_the_cost_of_all_rows_alone() -> None:
    mistaken = made_with("no_reshape", NETWORK, batch_size=1, max_steps=3000, learning_rate=0.01)
    assert sentence(mistaken).endswith("the steps are right, and only the cost over all rows is not.")
    right = mistaken.edited({"run.mistake": "none"})
    costs = [float(made.build_problem().cost_at(end(made))) for made in (mistaken, right)]
    assert costs[0] > 10
    assert costs[1] < 1e-3


def test_that_l98_is_said_to_miss_a_factor_alone_where_only_that_is_missing() -> None:
    mistaken = made_with("gradient_l98", {**CONSTANT, "cost": "half_sum"})
    assert "only the factor" in sentence(mistaken)
    right = mistaken.edited({"run.mistake": "none"})
    np.testing.assert_allclose(direction(mistaken), direction(right))


def test_that_l98_makes_no_step_where_the_residuals_add_up_to_0() -> None:
    """On (1, 1), (2, 2), (3, 4) they do at 7/6; the minimum is at 17/14."""
    points = {**ONE, "y": [1.0, 2.0, 4.0]}
    mistaken = made_with("gradient_l98", points, initial_weights=[7 / 6], max_steps=1)
    assert "no step is made where the residuals add up to 0" in sentence(mistaken)
    assert end(mistaken)[0] == pytest.approx(7 / 6, rel=1e-14)
    assert end(mistaken.edited({"run.mistake": "none"}))[0] != pytest.approx(7 / 6, rel=1e-6)


@pytest.mark.parametrize("problem", [ONE, NETWORK], ids=lambda p: p["kind"])
def test_that_zero_grad_is_said_to_do_what_it_always_does(problem: dict[str, Any]) -> None:
    words = sentence(made_with("no_zero_grad", problem))
    assert words.endswith("a step follows the sum of all gradients so far.")
    assert "grow" not in words


def test_that_whatever_is_said_is_a_sentence() -> None:
    for name in set(MISTAKES.classes()) - {"none"}:
        problem = CONSTANT if name == "integer_truncation" else ONE
        assert sentence(made_with(name, problem)).endswith(".")
    assert sentence(made_with("none", ONE)) == ""
