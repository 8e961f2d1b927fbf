"""The cost axis: logarithmic with a place for 0, and linear where a cost is negative."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.panels.epoch_loss import EpochLoss
from gdstudio.views.plotting.cost_axis import CostAxis

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

NOTE = "linear axis: the cost is negative"


def axis(*costs: float, log: bool = True) -> CostAxis:
    return CostAxis.around(np.array(costs), log=log)


def test_that_costs_of_zero_and_more_have_the_log_axis_that_is_wanted() -> None:
    assert axis(30.0, 0.5) == CostAxis(True, -1.0, 2.0, log_wanted=True)
    assert axis(30.0, 0.0) == CostAxis(True, 0.0, 2.0, zero_at=0.0, log_wanted=True)
    assert axis(30.0, 0.0, log=False) == CostAxis(False, 0.0, 50.0)
    assert axis(30.0).note == axis(-1.0, log=False).note == ""


def test_that_a_negative_cost_makes_the_axis_linear_and_says_so() -> None:
    mixed = axis(30.0, -4.0, 0.0)
    assert (mixed.log, mixed.low, mixed.high, mixed.note) == (False, -5.0, 50.0, NOTE)
    np.testing.assert_array_equal(mixed.place(np.array([30.0, -4.0])), [30.0, -4.0])
    below = axis(-0.03, -0.007)
    assert (below.low, below.high) == (-0.05, 0.0)


@pytest.mark.parametrize("positive_first", [True, False])
def test_that_joined_axes_show_all_costs_of_both(positive_first: bool) -> None:
    positive, negative = axis(700.0, 0.0), axis(2.0, -8.0)
    joined = positive.joined(negative) if positive_first else negative.joined(positive)
    assert (joined.log, joined.low, joined.high, joined.zero_at) == (False, -10.0, 1000.0, None)
    assert joined.note == NOTE
    assert joined.joined(axis(1e4)).high == 1e4
    assert joined.joined(axis(-30.0)).low == -50


def test_that_an_axis_of_another_kind_is_not_joined() -> None:
    first = axis(1.0, 10.0)
    assert first.joined(axis(1e9, log=False)) is first


def run(window: MainWindow, qtbot: QtBot) -> Snapshot:
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished, timeout=20_000):
        window.session.player.play()
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return snapshot


def shifted(snapshot: Snapshot, by: float) -> Snapshot:
    """Return the run as if its costs were all lower."""
    table = snapshot.epoch_table.copy()
    table[:, 2:] -= by
    return replace(snapshot, costs=snapshot.costs - by, epoch_table=table)


def shows(panel: PlotPanel, costs: Floats) -> bool:
    _, (low, high) = panel.view.viewRange()
    return bool(low <= costs.min() and costs.max() <= high)


def test_that_the_cost_history_draws_negative_costs_where_they_are(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    snapshot = shifted(run(window, qtbot), 3.0)
    panel = window.panels.panel("cost_history")
    assert isinstance(panel, CostHistory)
    panel.draw(snapshot)
    _, y = panel._smooth.getData()
    np.testing.assert_array_equal(y, snapshot.costs)
    assert shows(panel, snapshot.costs)
    assert (panel.left.log, panel.left.zero_at) == (False, None)
    assert NOTE in panel.note.text()
    assert panel.scale_chooser.currentText() == "log"
    window.session.edit({"view.cost_scale": "linear"})
    panel.draw(snapshot)
    assert NOTE not in panel.note.text()


def test_that_a_cost_turning_negative_changes_the_axis_and_a_new_run_has_its_own(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    snapshot = run(window, qtbot)
    panel = window.panels.panel("cost_history")
    assert isinstance(panel, CostHistory)
    panel.draw(snapshot)
    assert panel.left.log
    panel.draw(shifted(snapshot, 3.0))
    assert not panel.left.log
    first = panel.view.viewRange()
    panel.draw(replace(snapshot, costs=np.minimum(snapshot.costs, 0.1) - 3.0))
    assert panel.view.viewRange() == first  # the axis keeps the room that it has made
    window.session.player.reset()
    panel.redraw()
    assert panel.left.log
    assert NOTE not in panel.note.text()


def test_that_the_epoch_loss_draws_negative_costs_where_they_are(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("pytorch-loop")
    snapshot = shifted(run(window, qtbot), 50.0)
    panel = window.panels.panel("epoch_loss")
    assert isinstance(panel, EpochLoss)
    panel.draw(snapshot)
    _, y = panel._train.getData()
    np.testing.assert_array_equal(y, [snapshot.costs[0], *snapshot.epoch_table[:, 2]])
    assert shows(panel, snapshot.costs)
    assert not panel.left.log
    assert panel.note.text().startswith(NOTE)
    window.session.player.reset()
    panel.redraw()
    assert panel.left.log
    assert NOTE not in panel.note.text()


@pytest.mark.parametrize(
    ("lesson", "kind"), [("learning-rate", "cost_history"), ("pytorch-loop", "epoch_loss")]
)
def test_that_a_pin_of_negative_cost_makes_the_axis_linear(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, kind: str
) -> None:
    window = open_window(lesson)
    snapshot = shifted(run(window, qtbot), 80.0)
    problem = window.session.run.problem
    assert problem is not None
    window.session.pins.pin(window.session.experiment, problem, snapshot)
    panel = window.panels.panel(kind)
    assert isinstance(panel, CostHistory | EpochLoss)
    assert not panel.left.log
    assert NOTE in panel.note.text()
    assert shows(panel, panel.pins.line(0)[1])
    window.session.pins.unpin(0)
    assert panel.left.log
