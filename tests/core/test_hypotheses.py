"""Another hypothesis on the same points keeps what the two share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.hypotheses import changes_of, hypothesis, with_hypothesis

if TYPE_CHECKING:
    from tests.folders import Folders

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


def test_that_a_surface_can_be_chosen_in_the_place_of_another_with_a_start_and_rate_of_its_own() -> None:
    before = experiment("saddle", {}, initial_weights=[1.0, 0.0], learning_rate=0.1)
    offered = hypothesis(before)
    assert offered is not None
    assert offered.title == "Function"
    assert {"quartic", "himmelblau", "rosenbrock", "beale", "function"} < {k for k, _ in offered.choices}
    after = before.edited(with_hypothesis(before, "quartic"))
    assert after == experiment("quartic", {}, initial_weights=[0.2], learning_rate=0.05)


def test_that_a_surface_becomes_a_function_of_ones_own_that_runs_on() -> None:
    before = experiment("saddle", {}, initial_weights=[1.0, 0.0], learning_rate=0.1)
    after = before.edited(with_hypothesis(before, "function"))
    formula = "w1**2 + w2**4 / 4 - w2**2 / 2"
    assert after == experiment("function", {"formula": formula}, initial_weights=[1.0, 0.0])


def test_that_a_surface_with_other_names_becomes_a_function_that_can_be_read(folders: Folders) -> None:
    text = """
from typing import Literal
from gdstudio.core.problems.surface import SurfaceSpec

class Bowl(SurfaceSpec):
    title, formula, names = "bowl", "torch.cosh(x) + y**2", ("x", "y")
    kind: Literal["bowl"] = "bowl"
"""
    folders.add("kinds", "bowl", text)
    before = experiment("bowl", {}, initial_weights=[1.0, 0.0])
    after = before.edited(with_hypothesis(before, "function"))
    assert after.problem.weight_names == ("w1", "w2")


def test_that_a_formula_of_other_weights_comes_with_a_start_that_fits() -> None:
    before = experiment("function", {"formula": "w1**2 + w2**2"}, initial_weights=[3.0, 4.0])
    same = before.edited(changes_of(before, "problem.formula", "w1**4 + w2**2"))
    assert same.run.initial_weights == (3.0, 4.0)
    other = before.edited(changes_of(before, "problem.formula", "theta**4"))
    assert other.run.initial_weights == (1.0,)
    assert changes_of(before, "problem.formula", "theta**") == {"problem.formula": "theta**"}
