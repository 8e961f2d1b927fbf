"""A pinned run that reaches farther than the run on screen widens the ranges of every plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.views.test_pins import panel, pin, run

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

Ranges = tuple[float, float, float, float]


def ranges(window: MainWindow, kind: str) -> Ranges:
    (left, right), (low, high) = panel(window, kind).view.viewRange()
    return left, right, low, high


def with_and_without_the_pin(window: MainWindow, kind: str) -> tuple[Ranges, Ranges]:
    shown = ranges(window, kind)
    window.session.pins.show(0, False)
    hidden = ranges(window, kind)
    window.session.pins.show(0, True)
    assert ranges(window, kind) == shown
    return shown, hidden


@pytest.mark.parametrize(
    ("lesson", "kind", "far", "near"),
    [
        ("two-parameters", "contour", (9.0, 2.0), (0.0, 0.0)),
        ("two-parameters", "contour", (1.0, -9.0), (0.0, 0.0)),
        ("learning-rate", "cost_curve", (-30.0,), (0.0,)),
    ],
)
def test_that_a_pin_from_farther_weights_widens_the_view_of_the_weights(
    open_window: WindowOpener,
    qtbot: QtBot,
    lesson: str,
    kind: str,
    far: tuple[float, ...],
    near: tuple[float, ...],
) -> None:
    window = open_window(lesson)
    pinned = pin(window, qtbot, 4, initial_weights=far)
    run(window, qtbot, 2, initial_weights=near)
    (left, right, low, high), narrow = with_and_without_the_pin(window, kind)
    assert left < pinned.weights[:, 0].min()
    assert pinned.weights[:, 0].max() < right
    if len(far) == 2:
        assert low < pinned.weights[:, 1].min()
        assert pinned.weights[:, 1].max() < high
    assert right - left > 1.9 * (narrow[1] - narrow[0])
    window.session.edit({"run.max_steps": 50})  # begins again, with the pin still in the view
    assert ranges(window, kind) == (left, right, low, high)


def far_run(kind: str) -> tuple[str, int, dict[str, Any], dict[str, Any]]:
    """Return a lesson, the steps of a run to pin, its settings, and those of the run on screen."""
    if kind == "cost_history":
        pinned = {"max_steps": 60, "initial_weights": (50.0,)}
        return "learning-rate", 60, pinned, {"max_steps": 20, "initial_weights": (0.9,)}
    pinned = {"max_epochs": 6, "initial_weights": (90.0, 90.0, 90.0)}
    return "pytorch-loop", 600, pinned, {"max_epochs": 3, "initial_weights": (0.0, 0.0, 0.0)}


@pytest.mark.parametrize("kind", ["cost_history", "epoch_loss"])
def test_that_a_longer_and_costlier_pin_widens_both_axes(
    open_window: WindowOpener, qtbot: QtBot, kind: str
) -> None:
    lesson, steps, pinned_changes, changes = far_run(kind)
    window = open_window(lesson)
    window.session.edit({"view.steps_per_second": None})
    pin(window, qtbot, steps, **pinned_changes)
    run(window, qtbot, 2, **changes)
    (_, right, low, high), (_, narrow_right, _, narrow_high) = with_and_without_the_pin(window, kind)
    x, y = panel(window, kind).pins.line(0)
    assert x[-1] <= right
    assert low <= np.min(y)
    assert np.max(y) <= high
    assert narrow_right < x[-1]
    assert narrow_high < np.max(y)
