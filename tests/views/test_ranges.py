"""How far a view goes: in few, large moves."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.views.plotting.ranges import Reach, clip_path_to_distance, clip_to_distance


def reach_of_two() -> Reach:
    reach = Reach()
    reach.begin(afresh=True, least=2.0)
    return reach


def test_that_a_view_widens_for_a_run_and_stays_wide() -> None:
    reach = reach_of_two()
    assert reach.follow(0.5, at_start=True)
    assert reach.half == 2.0
    assert not reach.follow(1.5, at_start=False)
    assert reach.follow(3.0, at_start=False)
    assert reach.half == 4.0
    assert not reach.follow(0.0, at_start=False)
    assert reach.half == 4.0


@pytest.mark.parametrize(("away", "half"), [(1.9, 16.0), (3.0, 16.0), (1.5, 2.0)])
def test_that_it_narrows_only_for_a_start_far_nearer(away: float, half: float) -> None:
    reach = reach_of_two()
    reach.follow(10.0, at_start=True)
    reach.follow(away, at_start=True)
    assert reach.half == half


def test_that_a_new_scene_is_drawn_at_the_width_it_had_and_afresh_at_its_own() -> None:
    reach = reach_of_two()
    reach.follow(10.0, at_start=True)
    reach.begin(afresh=False)
    assert reach.follow(10.0, at_start=True)
    assert reach.half == 16.0
    reach.begin(afresh=True)
    assert reach.follow(3.0, at_start=True)
    assert reach.half == 4.0


def test_that_lines_to_far_points_keep_their_way_and_lines_between_them_are_gone() -> None:
    points = np.array([[0.0, 0.0], [1.0, 2.0], [3e200, -4e200], [1e201, 1e200], [5.0, 5.0], [-1e300, 5.0]])
    drawn = clip_path_to_distance(points, 1e12)
    expected = [
        [0.0, 0.0],
        [1.0, 2.0],
        [1.0 + 1.5e12, 2.0 - 2e12],
        [np.nan, np.nan],
        [np.nan, np.nan],
        [5.0 + 2e12, 5.0 + 0.2e12],
        [5.0, 5.0],
        [5.0 - 2e12, 5.0],
        [np.nan, np.nan],
    ]
    np.testing.assert_allclose(drawn, expected, rtol=1e-12)


def test_that_a_path_within_sight_is_itself() -> None:
    points = np.array([[0.0, 0.0], [1e12, -1e12], [3.0, 4.0]])
    assert clip_path_to_distance(points, 1e12) is points


def test_that_a_far_point_is_clipped_along_its_direction() -> None:
    drawn = clip_to_distance(np.array([[3e20, -4e20], [5.0, 6.0]]), 1e12)
    np.testing.assert_allclose(drawn, [[0.75e12, -1e12], [5.0, 6.0]], rtol=1e-12)
