"""The dashes of long lines."""

from __future__ import annotations

import numpy as np

from gdstudio.views.plotting.dashes import dashed

WIDTH, PERIOD = 3.0, 18.0


def test_that_two_thirds_of_a_level_line_are_drawn_in_dashes() -> None:
    x = np.arange(1801.0)
    drawn = dashed(x, np.zeros_like(x), WIDTH)
    assert drawn.shape == x.shape
    assert drawn[:-1].mean() == 2 / 3
    assert drawn[:12].all()
    assert not drawn[12:18].any()
    assert drawn[-1] == 0


def test_that_gaps_stay_where_they_are_while_the_line_grows() -> None:
    x = np.linspace(3.7, 300, 500)
    y = np.sin(x)
    whole, part = dashed(x, y, WIDTH), dashed(x[:200], y[:200], WIDTH)
    np.testing.assert_array_equal(part[:-1], whole[:199])


def test_that_a_steep_fall_is_drawn_wherever_it_is() -> None:
    for at in np.linspace(0, PERIOD, 50):
        assert dashed(np.array([at, at + 1]), np.array([500.0, 0.0]), WIDTH)[0] == 1


def test_that_a_point_that_is_not_a_number_breaks_nothing() -> None:
    assert dashed(np.array([0.0, 1.0, 2.0]), np.array([0.0, np.nan, 0.0]), WIDTH).tolist() == [1, 1, 0]
