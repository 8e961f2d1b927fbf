"""How far a view goes: in few, large moves."""

from __future__ import annotations

import pytest

from gdstudio.views.plotting.ranges import Reach, half_width_around


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


@pytest.mark.parametrize(("away", "half"), [(2.5, 16.0), (3.0, 16.0), (1.5, 2.0)])
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


def test_that_what_is_seen_already_never_changes_a_view() -> None:
    reach = reach_of_two()
    reach.follow(0.5, at_start=True)
    assert not reach.follow(1.9, at_start=True)
    assert reach.half == 2.0
    assert reach.follow(1.95, at_start=True)  # on the border a half of the point would be cut off


def test_that_a_view_at_rest_keeps_its_width_and_says_that_another_would_fit() -> None:
    reach = reach_of_two()
    reach.follow(0.5, at_start=True)
    assert not reach.follow(50.0, at_start=True, rests=True)
    assert (reach.half, reach.is_off) == (2.0, True)
    assert reach.follow(50.0, at_start=True)
    assert (reach.half, reach.is_off) == (64.0, False)


@pytest.mark.parametrize(
    ("away", "half"), [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 6.0), (6.0, 8.0), (40.0, 64.0)]
)
def test_that_a_view_grows_in_steps_of_a_half_and_a_third(away: float, half: float) -> None:
    assert half_width_around(0.0, away, 2.0) == half
