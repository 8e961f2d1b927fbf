"""Another hypothesis on the same points keeps what the two share."""

from __future__ import annotations

from typing import Any

import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.hypotheses import hypothesis, with_hypothesis

POINTS = {"x": [1.0, 2.0, 4.0], "y": [3.0, 2.0, 0.5], "cost": "half_sum"}


def experiment(kind: str, problem: dict[str, Any], **run: Any) -> Experiment:
    return Experiment.parse({"problem": {"kind": kind, **problem}, "run": {"max_steps": 5, **run}})


def test_that_a_line_through_the_origin_can_become_a_constant() -> None:
    offered = hypothesis(experiment("line_through_origin", POINTS))
    assert offered is not None
    assert offered.choices == (("line_through_origin", "h(x) = θ x"), ("constant", "h(x) = c"))


@pytest.mark.parametrize("kind", ["line", "linear_network"])
def test_that_a_kind_with_weights_of_its_own_has_no_other(kind: str) -> None:
    assert hypothesis(experiment(kind, {})) is None


def test_that_points_cost_and_start_are_carried_over() -> None:
    before = experiment("line_through_origin", POINTS, initial_weights=[0.5], learning_rate=0.03)
    after = before.edited(with_hypothesis(before, "constant"))
    assert after == experiment("constant", POINTS, initial_weights=[0.5], learning_rate=0.03)
    assert after.edited(with_hypothesis(after, "line_through_origin")) == before


def test_that_a_mistake_is_left_which_the_new_hypothesis_cannot_make() -> None:
    before = experiment("constant", POINTS, mistake="integer_truncation")
    after = before.edited(with_hypothesis(before, "line_through_origin"))
    assert after.run.mistake == "none"
    kept = experiment("constant", POINTS, mistake="no_zero_grad")
    assert kept.edited(with_hypothesis(kept, "line_through_origin")).run.mistake == "no_zero_grad"
