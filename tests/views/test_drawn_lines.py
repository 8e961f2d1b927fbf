"""The lines of the pictures are strong enough for a hall, measured from the pictures: width and contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.views.picture import Picture, contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

THEMES = pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.slow), "dark"])


def step(window: MainWindow, qtbot: QtBot, count: int) -> None:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == count):
        window.session.player.step(count)


def opened(open_window: WindowOpener, lesson: str, theme: str) -> MainWindow:
    return open_window.at(lesson, (1920, 1080), theme=theme)


def ink(window: MainWindow, quantity: str) -> str:
    return str(getattr(window.appearance.theme, quantity))


@THEMES
def test_that_curve_and_trail_are_equally_strong(open_window: WindowOpener, qtbot: QtBot, theme: str) -> None:
    window = opened(open_window, "learning-rate", theme)
    window.session.edit({"run.learning_rate": 0.2})
    step(window, qtbot, 2)
    panel: Any = window.panels.panel("cost_curve")
    picture = Picture(panel)
    curve = picture.line((2.5, 10.5), (2.51, 10.64), ink(window, "cost"))
    x, y = panel._trail.line.getData()
    middle = 0.5 * (x[0] + x[1]), 0.5 * (y[0] + y[1])
    trail = picture.line(middle, (x[1], y[1]), ink(window, "weights"))
    for width, over_ground in (curve, trail):
        assert 2.3 <= width <= 4.5
        assert over_ground >= 3
    assert trail[0] >= 0.7 * curve[0]


@THEMES
def test_that_the_level_lines_and_the_trail_can_be_seen_on_the_map(
    open_window: WindowOpener, qtbot: QtBot, theme: str
) -> None:
    window = opened(open_window, "two-parameters", theme)
    step(window, qtbot, 1)
    panel: Any = window.panels.panel("contour")
    picture = Picture(panel)
    w, b = panel._map.lines.getData()
    (left, right), (low, high) = panel.view.viewRange()
    inner = (
        np.isfinite(w)
        & (np.abs(w - (left + right) / 2) < 0.45 * (right - left))
        & (np.abs(b - (low + high) / 2) < 0.4 * (high - low))
        & (np.abs(b - 0.43 * w) > 0.4)  # beside the trail
    )
    chosen = np.flatnonzero(inner[:-1] & inner[1:])[::40]
    line = np.column_stack([w, b])
    shade = ink(window, "cost_text")
    measured = np.array([picture.line(tuple(line[k]), tuple(line[k + 1]), shade) for k in chosen])
    assert len(measured) > 8
    assert 1.2 <= np.median(measured[:, 0]) <= 2.6
    assert np.quantile(measured[:, 1], 0.2) >= 3
    width, over_ground = picture.line((0.3, 0.3 * 3 / 7), (0.7, 0.3), ink(window, "weights"))
    assert 2.3 <= width <= 4.5
    assert over_ground >= 3


@THEMES
def test_that_the_batch_loss_can_be_seen(open_window: WindowOpener, qtbot: QtBot, theme: str) -> None:
    window = opened(open_window, "mini-batches", theme)
    step(window, qtbot, 150)
    panel: Any = window.panels.panel("epoch_loss")
    picture = Picture(panel)
    x, y = panel._batch.getData()
    places = np.column_stack([(x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2])[100:]
    card = np.array(panel.brush("card").getRgb()[:3], dtype=float)
    best = [contrast(picture.across((a, b), (1, 0), 3), card).max() for a, b in places]
    assert np.quantile(best, 0.1) >= 3


@THEMES
def test_that_squares_are_filled_faintly_and_have_no_outlines(
    open_window: WindowOpener, qtbot: QtBot, theme: str
) -> None:
    window = opened(open_window, "cost-and-slope", theme)
    window.session.edit({"run.initial_weights": (-1.0,)})
    panel: Any = window.panels.panel("data_plot")
    panel.redraw()
    picture = Picture(panel)
    outer, inner = (picture.across(place, (1, 0), 1)[1] for place in ((-2.5, -2.3), (0.5, -0.7)))
    card, orange = (np.array(panel.brush(name).getRgb()[:3], dtype=float) for name in ("card", "residuals"))
    np.testing.assert_allclose(outer, 0.88 * card + 0.12 * orange, atol=2)
    np.testing.assert_allclose(inner, 0.88**3 * card + (1 - 0.88**3) * orange, atol=4)
    edge = picture.across((-3.0, -2.3), (1, 0), 4)
    steps = np.abs(np.diff(edge.sum(axis=1)))
    assert np.count_nonzero(steps > 3) <= 2  # from card to square, and no line between them
