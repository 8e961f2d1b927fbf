"""The numbers that the reveals of "My data" state in words, besides those of the run itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.problems.kinds.table import TableSpec
from gdstudio.core.problems.least_squares import LeastSquares
from gdstudio.lessons.library import lesson

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.lessons.cue import Cue

SAME, ONE, PARADOX, RAW, SCALED, RINGS, SEX = range(7)
OWN = lesson("my-data").experiment


def cue_of(number: int) -> tuple[Cue, TableSpec, Problem]:
    cue = lesson("my-data").cue[number]
    spec = cue.experiment(OWN).problem
    assert isinstance(spec, TableSpec)
    return cue, spec, cue.experiment(OWN).build_problem()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_that_all_four_tables_have_the_line_the_means_and_the_cost(number: int) -> None:
    problem = OWN.edited({"problem.path": f"anscombe-{number}.csv"}).build_problem()
    assert np.round(problem.minima[0], 1).tolist() == [0.5, 3.0]
    assert (problem.rows.X.mean(), round(float(problem.rows.y.mean()), 2)) == (9.0, 7.5)
    assert float(problem.cost_at(problem.minima[0])) == pytest.approx(1.25, abs=2.5e-3)


def test_that_one_row_decides_the_slope_of_the_fourth() -> None:
    _, _, problem = cue_of(ONE)
    X, y = problem.rows.X[:, 0], problem.rows.y
    w, b = problem.minima[0]
    assert w == pytest.approx((10.5 - y[X == 8].mean()) / 11)
    assert w * 19 + b == pytest.approx(10.5)


def test_that_each_kind_of_penguin_has_a_rising_line_and_both_a_falling_one() -> None:
    cue, spec, problem = cue_of(PARADOX)
    species = spec.table.column("species", "").codes
    length, depth = (spec.table.column(name, "").numbers for name in ("bill_length_mm", "bill_depth_mm"))
    slopes = []
    for kind in (0, 1):
        chosen = (species == kind) & np.isfinite(length)
        slopes.append(f"{np.polyfit(length[chosen], depth[chosen], 1)[0]:.2f}")
    assert slopes == ["0.18", "0.20"]
    assert all(slope in cue.reveal for slope in slopes)
    assert len(problem.rows) == 274
    assert problem.minima[0][0] < 0


def test_that_the_raw_columns_are_as_steep_as_is_said() -> None:
    cue, _, problem = cue_of(RAW)
    curvatures = problem.curvatures()
    assert curvatures is not None
    assert f"{curvatures[-1] / curvatures[0] / 1e6:.1f} million" == "7.5 million"
    assert 2e-5 < 2 / curvatures[-1] < 2.5e-5
    assert np.round(problem.minima[0]).tolist() == [49.0, -5591.0]
    assert "b = −5,591" in cue.prompt


def test_that_one_step_is_enough_for_a_z_score() -> None:
    _, _, problem = cue_of(SCALED)
    assert isinstance(problem, LeastSquares)
    assert problem.curvatures() == pytest.approx([2.0, 2.0], rel=1e-12)
    step = -0.5 * problem.gradient_at(np.zeros(2))
    np.testing.assert_allclose(step, problem.minima[0], rtol=1e-12)


def test_that_the_o_rings_say_what_is_said() -> None:
    cue, spec, problem = cue_of(RINGS)
    scaling = spec.feature_scaling(0)
    w, b = problem.minima[0]
    boundary = -b / w * scaling.by[0] + scaling.less[0]
    assert f"{boundary:.1f}" == "64.8"
    p = 1 / (1 + np.exp(-(w * (31 - scaling.less[0]) / scaling.by[0] + b)))
    assert f"{p:.4f}" == "0.9996"
    temperatures = spec.selection.X[:, 0]
    assert temperatures.min() == 53
    assert int((problem.rows.y[temperatures > boundary] == 1).sum()) == 3
    assert "64.8 °F" in cue.reveal
    assert "0.9996" in cue.reveal


def test_that_neither_column_alone_tells_the_sex_as_well() -> None:
    _, spec, problem = cue_of(SEX)
    assert len(problem.rows) == 265
    both = problem.tells(problem.minima[0])["right"]
    for name in spec.feature_names:
        one = TableSpec.model_validate({**spec.model_dump(), "features": [name]}).build(0)
        assert one.tells(one.minima[0])["right"] < both - 20
