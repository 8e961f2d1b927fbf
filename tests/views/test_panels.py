"""The panels, checked by the data that they draw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.core.panels import panel_names
from gdstudio.views.panels import panel_type
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.panels.data_plot import DataPlot
from gdstudio.views.panels.epoch_loss import EpochLoss
from gdstudio.views.panels.weights_table import WeightsTable
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.panel import Panel
from gdstudio.views.plotting.ranges import ceiling, half_width_around
from gdstudio.views.plotting.thinning import thin_to_columns
from gdstudio.views.window.panel_area import Room

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def step(window: MainWindow, qtbot: QtBot, count: int) -> None:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == count):
        window.session.player.step(count)


def text_at(panel: WeightsTable, row: int, column: int) -> str:
    item = panel.table.item(row, column)
    assert item is not None
    return item.text()


@pytest.mark.parametrize("kind", panel_names())
def test_that_every_panel_of_the_file_format_can_be_drawn(kind: str) -> None:
    assert issubclass(panel_type(kind), Panel)
    assert panel_type(kind).kind == kind


def test_that_the_cost_curve_draws_the_closed_form(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    panel = window.panels.panel("cost_curve")
    assert isinstance(panel, CostCurve)
    step(window, qtbot, 2)
    theta, cost = panel._curve.getData()
    np.testing.assert_allclose(cost, 14 / 3 * (theta - 1) ** 2, rtol=1e-12, atol=1e-12)
    x, y = panel._trail.line.getData()
    np.testing.assert_allclose(x, [0, 14 / 15, 224 / 225], rtol=1e-14)
    np.testing.assert_allclose(y, 14 / 3 * (x - 1) ** 2, rtol=1e-9)
    x, y = panel._tangent.getData()
    slope = 28 / 3 * (224 / 225 - 1)
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(slope, rel=1e-9)
    x, y = panel._move.shaft.getData()
    assert x[1] - x[0] == pytest.approx(-0.1 * slope, rel=1e-9)


def test_that_dragging_the_start_begins_the_run_there(open_window: WindowOpener) -> None:
    window = open_window()
    panel = window.panels.panel("cost_curve")
    assert isinstance(panel, CostCurve)
    panel._start.drag(2.0, 1.0)
    assert window.session.experiment.run.initial_weights == (2.0,)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.cost == pytest.approx(14 / 3)
    assert panel._start.place[1] == pytest.approx(14 / 3)


def test_that_the_data_plot_shows_points_line_and_residuals(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    panel = window.panels.panel("data_plot")
    assert isinstance(panel, DataPlot)
    step(window, qtbot, 1)
    x, y = panel._points.getData()
    assert x.tolist() == y.tolist() == [1, 2, 3]
    x, y = panel._line.getData()
    np.testing.assert_allclose(y, 14 / 15 * x)
    x, y = panel._residuals.lines.getData()
    np.testing.assert_allclose(y[1::2] - y[::2], 14 / 15 * x[::2] - x[::2])
    assert not panel.plot.getViewBox().state["aspectLocked"]  # the data fill the card


def test_that_a_zero_cost_has_its_own_line_on_a_log_axis(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    panel = window.panels.panel("cost_history")
    assert isinstance(panel, CostHistory)
    step(window, qtbot, 20)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    _, y = panel._smooth.getData()
    positive = snapshot.costs > 0
    np.testing.assert_allclose(y[positive], np.log10(snapshot.costs[positive]))
    assert not positive.all()
    assert (y[~positive] == panel.left.zero_at).all()
    assert panel.left.zero_at < y[positive].min()
    assert panel.left.tickStrings([panel.left.zero_at], 1, 1) == ["0"]


def test_that_the_network_is_drawn_with_its_truth_and_errors(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 300):
        window.session.player.play()
    table, loss = window.panels.panel("weights_table"), window.panels.panel("epoch_loss")
    assert isinstance(table, WeightsTable)
    assert isinstance(loss, EpochLoss)
    shown = [[text_at(table, row, column) for column in range(4)] for row in range(3)]
    assert [row[0] for row in shown] == ["w₁", "w₂", "b"]
    assert [row[2] for row in shown] == ["2", "−3.4", "4.2"]
    for _, learnt, truth, error in shown:
        value, true, difference = (float(text.replace("−", "-")) for text in (learnt, truth, error))
        assert true - value == pytest.approx(difference, abs=1.1e-6)
        assert abs(difference) < 0.005
    epochs, train = loss._train.getData()
    assert epochs.tolist() == [0, 1, 2, 3]
    assert 10 ** train[3] == pytest.approx(1.007e-4, rel=0.2)
    assert len(loss._test.getData()[0]) == 3


def test_that_the_chosen_feature_is_drawn(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    panel = window.panels.panel("data_plot")
    assert isinstance(panel, DataPlot)
    problem = window.session.run.problem
    assert problem is not None
    for feature in (1, 2):
        window.session.edit({"view.feature": feature})
        x, y = panel._many.getData()
        rows = panel._X
        assert len(rows) == 400  # of a thousand
        np.testing.assert_array_equal(x, rows[:, feature - 1])
        assert {tuple(row) for row in rows.tolist()} <= {tuple(row) for row in problem.rows.X.tolist()}
        np.testing.assert_array_equal(y, panel._y)


def test_that_a_diverging_run_stays_in_sight(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    window.session.edit({"run.learning_rate": 0.25})
    panel = window.panels.panel("cost_curve")
    assert isinstance(panel, CostCurve)
    step(window, qtbot, 90)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    unit = 10.0 ** panel._units[0]
    low, high = panel.view.viewRange()[0]
    assert low * unit <= 1 <= high * unit
    assert low * unit <= snapshot.latest[0] <= high * unit
    assert re.search("×10[⁰¹²³⁴⁵⁶⁷⁸⁹]+", panel.left.labelText)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(1, 60))
def test_that_thinning_keeps_every_extreme(values: list[float], columns: int) -> None:
    x, y = np.arange(len(values), dtype=float), np.array(values)
    kept_x, kept_y = thin_to_columns(x, y, columns)
    assert kept_y.min() == y.min()
    assert kept_y.max() == y.max()
    assert kept_x[0] == x[0]
    assert kept_x[-1] == x[-1]
    assert (np.diff(kept_x) > 0).all()
    assert len(kept_x) <= max(len(x) if len(x) <= 2 * columns else 0, 2 * columns + 2)


@given(st.floats(1e-300, 1e300))
def test_that_a_ceiling_is_above_but_near(value: float) -> None:
    assert value * (1 - 1e-9) <= ceiling(value) <= value * 2.5 * (1 + 1e-9)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_that_a_half_width_shows_its_value(centre: float, value: float) -> None:
    assert abs(value - centre) <= half_width_around(centre, value, 2.0)


def test_that_a_cost_axis_only_grows() -> None:
    first = CostAxis.around(np.array([1.0, 0.5]), log=True)
    both = first.joined(CostAxis.around(np.array([1e-8, 0.0]), log=True))
    assert both.low <= -9
    assert both.high >= first.high
    assert both.zero_at == both.low


def test_that_the_squares_of_the_start_are_in_the_picture(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    panel = window.panels.panel("data_plot")
    assert isinstance(panel, DataPlot)
    for theta in (-1.0, 3.0):
        window.session.edit({"run.initial_weights": (theta,)})
        squares = panel._residuals.squares.rects
        sides = np.abs(theta * np.arange(1, 4) - np.arange(1, 4))
        np.testing.assert_allclose([square.width() for square in squares], sides)
        np.testing.assert_allclose([square.height() for square in squares], sides)
        (left, right), (low, high) = panel.view.viewRange()
        assert all(left <= square.left() and square.right() <= right for square in squares)
        assert all(low <= square.top() and square.bottom() <= high for square in squares)
        assert panel.plot.getViewBox().state["aspectLocked"] == 1.0


def test_that_in_a_low_window_the_pictures_take_turns_beside_the_main_one(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    area = window.panels
    window.resize(1400, 1100)
    qtbot.waitUntil(lambda: not area.tabs.isVisible())
    assert all(panel.isVisible() for panel in area.shown)
    window.resize(1280, 720)
    window.appearance.set_zoom(1.6)
    qtbot.waitUntil(lambda: area.room is Room.TWO)
    assert [panel.isVisible() for panel in area.shown] == [True, True, False, False]
    area.tabs.setCurrentIndex(2)
    assert [panel.isVisible() for panel in area.shown] == [True, False, False, True]
    step(window, qtbot, 3)
    history = window.panels.panel("cost_history")
    assert isinstance(history, CostHistory)
    x, _ = history._smooth.getData()
    assert x.tolist() == [0, 1, 2, 3]


def test_that_truncation_is_drawn_as_a_staircase_with_the_notebooks_ten_points(
    open_window: WindowOpener,
) -> None:
    window = open_window("cost-and-slope")
    changes = {"problem": {"kind": "constant"}, "run.initial_weights": (10 / 9,)}
    window.session.edit({**changes, "run.mistake": "integer_truncation"})
    panel = window.panels.panel("cost_curve")
    assert isinstance(panel, CostCurve)
    c, cost = panel._curve.getData()
    np.testing.assert_allclose(cost, (np.trunc(c) - 2) ** 2 + 2 / 3, rtol=1e-12)
    rises = np.flatnonzero(np.diff(cost))
    assert (np.diff(c)[rises] < 1e-9).all()
    guesses, costs = panel._guesses.getData()
    np.testing.assert_allclose(guesses, np.linspace(-10, 10, 10))
    np.testing.assert_allclose(costs, (np.trunc(guesses) - 2) ** 2 + 2 / 3, rtol=1e-12)
    (left, right), _ = panel.view.viewRange()
    assert left <= -10
    assert right >= 10
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    assert snapshot.cost == pytest.approx(5 / 3)
    assert panel._point.getData()[1][0] == pytest.approx(5 / 3)
    window.session.edit({"run.mistake": "none"})
    assert len(panel._guesses.getData()[0]) == 0


def test_that_truncated_predictions_are_drawn_where_they_are_compared(open_window: WindowOpener) -> None:
    window = open_window("cost-and-slope")
    changes = {"problem": {"kind": "constant"}, "run.initial_weights": (3.75,)}
    window.session.edit({**changes, "run.mistake": "integer_truncation"})
    panel = window.panels.panel("data_plot")
    assert isinstance(panel, DataPlot)
    assert (panel._line.getData()[1] == 3).all()


def test_that_labels_not_reshaped_cost_the_same_before_the_run_and_in_it(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    window.session.edit({"run.mistake": "no_reshape", "run.initial_weights": (0.5,)})
    still = window.session.run.snapshot()
    assert still is not None
    step(window, qtbot, 1)
    begun = window.session.run.snapshot()
    assert begun is not None
    assert still.cost == pytest.approx(begun.costs[0], rel=1e-13)
