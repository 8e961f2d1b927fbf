"""How far a view goes: in few, large moves."""

from __future__ import annotations

import pytest

from gdstudio.views.panels.ranges import Reach


def test_that_a_view_widens_for_a_run_and_stays_wide() -> None:
    reach = Reach(2.0)
    assert reach.follow(0.5, at_start=True)
    assert reach.half == 2.0
    assert not reach.follow(1.5, at_start=False)
    assert reach.follow(3.0, at_start=False)
    assert reach.half == 4.0
    assert not reach.follow(0.0, at_start=False)
    assert reach.half == 4.0


@pytest.mark.parametrize(("away", "half"), [(1.9, 16.0), (3.0, 16.0), (1.5, 2.0)])
def test_that_it_narrows_only_for_a_start_far_nearer(away: float, half: float) -> None:
    reach = Reach(2.0)
    reach.follow(10.0, at_start=True)
    reach.follow(away, at_start=True)
    assert reach.half == half


def test_that_a_new_scene_is_drawn_at_the_width_it_had_and_afresh_at_its_own() -> None:
    reach = Reach(2.0)
    reach.follow(10.0, at_start=True)
    reach.begin(afresh=False)
    assert reach.follow(10.0, at_start=True)
    assert reach.half == 16.0
    reach.begin(afresh=True)
    assert reach.follow(3.0, at_start=True)
    assert reach.half == 4.0
