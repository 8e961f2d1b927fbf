"""Lines cut at the border of a picture: what is left of them lies where it did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.views.plotting.clipping import FARTHEST, beyond_words, clip_path, clip_segment

VIEW = (-1.0, 3.0, -2.0, 2.0)
SLOPES = st.floats(-1e300, 1e300).filter(lambda slope: abs(slope) > 1e-6)


@given(SLOPES)
def test_that_a_line_through_the_origin_goes_through_it_at_any_slope(slope: float) -> None:
    x = np.array([-61.0, 64.0])
    path = clip_path(np.column_stack([x, slope * x]), VIEW)
    np.testing.assert_allclose(path[:, 0], path[:, 1] / slope, atol=1e-13)
    assert path[0, 0] - 1e-12 <= 0 <= path[1, 0] + 1e-12
    assert path[1, 0] == pytest.approx(3.0) or abs(path[1, 1]) == pytest.approx(2.0)


def test_that_a_path_in_the_view_is_itself() -> None:
    points = np.array([[0.0, 0.0], [3.0, -2.0], [1.0, 1.0]])
    assert clip_path(points, VIEW) is points


def test_that_a_path_leaves_by_its_own_way_and_comes_back_by_it() -> None:
    points = np.array([[0.0, 0.0], [1.0, 1.0], [1e200, 2e200], [5.0, 0.0], [1.0, 0.0]])
    drawn = clip_path(points, VIEW, farthest=1e12)
    expected = np.array([[0, 0], [1, 1], [1.5, 2], [np.nan, np.nan], [3, 0], [1, 0]])
    np.testing.assert_allclose(drawn, expected, atol=1e-12)


def test_that_lines_between_two_points_too_far_away_are_left_out() -> None:
    points = np.array([[-1e140, -1e141], [2e140, 1e141]])
    assert np.isnan(clip_path(points, VIEW, farthest=FARTHEST)).all()
    assert np.isnan(clip_path(np.array([[5.0, 5.0], [6.0, 0.0]]), VIEW)).all()
    assert np.isnan(clip_path(np.array([[0.0, np.nan], [np.inf, 0.0]]), VIEW)).all()


def test_that_a_cut_arrow_ends_on_the_border() -> None:
    cut = clip_segment(np.array([0.0, 0.0]), np.array([300.0, 100.0]), VIEW)
    assert cut is not None
    begin, tip, is_whole = cut
    assert begin.tolist() == [0, 0]
    assert tip == pytest.approx([3.0, 1.0])
    assert not is_whole
    assert clip_segment(np.array([9.0, 9.0]), np.array([8.0, 9.0]), VIEW) is None


def test_that_a_run_is_beyond_from_the_first_step_of_its_last_stay_there() -> None:
    weights = np.array([[0.0], [2e12], [1.0], [-3e12], [np.inf]])
    steps = np.array([0.0, 10, 20, 3000, 4000])
    assert beyond_words(weights, steps, np.zeros(1)) == "beyond every picture since step 3,000"
    assert beyond_words(weights[:3], steps[:3], np.zeros(1)) == ""
