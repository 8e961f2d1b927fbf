"""Points that are given: what edits of them change in an experiment, and what they need."""

from __future__ import annotations

import math

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.problems import parse_problem, problem_kinds
from gdstudio.core.problems.given_points import LARGEST, MAX_POINTS, GivenPoints
from gdstudio.core.settings.experiment import Experiment

POINTS = GivenPoints((1.0, 2.0, 3.0), (1.0, 2.0, 4.0), is_scaled=False, least=2, reason="Two are needed.")


def test_that_points_are_given_where_they_are_numbers_and_nowhere_else() -> None:
    given = {
        kind
        for kind, spec in problem_kinds().items()
        if spec.model_validate({"kind": kind}).given_points is not None
    }
    assert given == {"line_through_origin", "line", "constant", "logistic", "logistic_separable", "table"}


@pytest.mark.parametrize(("scaling", "is_scaled"), [("raw", False), ("centred", True), ("z_score", True)])
def test_that_points_are_given_as_they_are_before_they_are_scaled(scaling: str, is_scaled: bool) -> None:
    found = parse_problem({"kind": "line", "x": [1.0, 2.0], "y": [3.0, 4.0], "scaling": scaling})
    assert found.given_points is not None
    assert (found.given_points.x, found.given_points.y) == ((1.0, 2.0), (3.0, 4.0))
    assert found.given_points.is_scaled is is_scaled


def test_that_an_edit_changes_one_point_and_leaves_the_others_to_the_last_digit() -> None:
    exact = GivenPoints((1 / 3, 2 / 7), (3 / 14, 0.1), is_scaled=False, least=1, reason="")
    assert exact.moved(1, (5.0, 6.0)) == {"problem.x": (1 / 3, 5.0), "problem.y": (3 / 14, 6.0)}
    assert exact.added((5.0, 6.0)) == {"problem.x": (1 / 3, 2 / 7, 5.0), "problem.y": (3 / 14, 0.1, 6.0)}
    assert exact.without(0) == {"problem.x": (2 / 7,), "problem.y": (0.1,)}
    assert exact.all() == {"problem.x": exact.x, "problem.y": exact.y}
    experiment = Experiment.parse({"problem": {"kind": "line"}, "run": {"max_steps": 1}})
    assert experiment.edited(dict(exact.all())).problem.given_points is not None


def test_that_too_few_points_are_refused_with_the_reason() -> None:
    left = GivenPoints((1.0, 2.0), (1.0, 2.0), is_scaled=False, least=2, reason="Two are needed.")
    with pytest.raises(
        InputError, match=r"Two are needed\. Add another point before this one is taken away\."
    ):
        left.without(0)
    with pytest.raises(InputError, match=r"Two are needed\. Nothing was changed\."):
        POINTS.replaced([(1.0, 1.0)])


def test_that_too_many_points_are_refused() -> None:
    full = GivenPoints((0.0,) * MAX_POINTS, (0.0,) * MAX_POINTS, is_scaled=False, least=1, reason="")
    with pytest.raises(InputError, match="There are 100,000 points already"):
        full.added((1.0, 1.0))
    with pytest.raises(InputError, match="These are 100,001 points, and an experiment may have 100,000"):
        POINTS.replaced([(0.0, 0.0)] * (MAX_POINTS + 1))


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 2 * LARGEST, -2 * LARGEST])
def test_that_a_point_far_away_or_nowhere_is_refused(value: float) -> None:
    said = "is too large for a coordinate; give −1,000,000,000 to" if math.isfinite(value) else "not a finite"
    with pytest.raises(InputError, match=said):
        POINTS.moved(0, (value, 1.0))
    with pytest.raises(InputError, match=said):
        POINTS.added((1.0, value))
    with pytest.raises(InputError, match=said):
        POINTS.replaced([(1.0, 1.0), (value, 1.0)])
    assert POINTS.moved(0, (LARGEST, -LARGEST))["problem.x"][0] == LARGEST
