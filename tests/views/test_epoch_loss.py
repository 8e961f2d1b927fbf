"""The loss per epoch: training, test and batch loss on one scale, whatever the cost's convention."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.views.panels.epoch_loss import EpochLoss
from gdstudio.views.plotting.per_row import rows_of
from gdstudio.views.plotting.plot_panel import PlotPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def run_to(window: MainWindow, qtbot: QtBot, step: int) -> tuple[EpochLoss, Snapshot]:
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == step):
        window.session.player.step(step)
    panel, snapshot = window.panels.panel("epoch_loss"), window.session.run.snapshot()
    assert isinstance(panel, EpochLoss)
    assert snapshot is not None
    return panel, snapshot


def drawn(panel: EpochLoss) -> tuple[float, float, float]:
    """Return the last training, test and batch loss as they are drawn."""
    curves = (panel._train, panel._test, panel._batch)
    train, test, batch = (10.0 ** float(curve.getData()[1][-1]) for curve in curves)
    return train, test, batch


@pytest.mark.parametrize("cost", ["sum", "half_sum"])
def test_that_sums_are_compared_per_row_and_the_panel_says_so(
    open_window: WindowOpener, qtbot: QtBot, cost: str
) -> None:
    window = open_window("pytorch-loop")
    changes = {"problem.cost": cost, "problem.n": 20, "run.batch_size": 6, "run.learning_rate": 1e-3}
    window.session.edit(changes)
    panel, snapshot = run_to(window, qtbot, 4)
    rows = np.array([20, 1000, 2])  # of training, test and the last batch
    sums = np.array([*snapshot.epoch_table[-1, 2:], snapshot.costs[-1]])
    np.testing.assert_allclose(drawn(panel), sums / rows, rtol=1e-12)
    assert panel.left.labelText == "loss per row"
    assert "per row" in panel.note.text()


def test_that_means_are_drawn_as_they_are(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    panel, snapshot = run_to(window, qtbot, 100)
    means = [*snapshot.epoch_table[-1, 2:], snapshot.costs[-1]]
    np.testing.assert_allclose(drawn(panel), means, rtol=1e-12)
    assert panel.left.labelText == "loss"
    assert "per row" not in panel.note.text()


def test_that_the_batch_loss_is_named_where_it_is_drawn(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("pytorch-loop")
    panel, _ = run_to(window, qtbot, 10)
    assert "batch" in panel.note.text()
    window.session.edit({"run.batch_size": None})
    assert "batch" not in panel.note.text()


def test_that_the_last_batch_of_an_epoch_counts_its_own_rows(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"run.batch_size": 7})
    rows = rows_of(np.array([1.0, 142.0, 143.0, 144.0, 286.0]), window.session.experiment)
    np.testing.assert_array_equal(rows, [7, 7, 6, 7, 6])


@pytest.mark.parametrize("steps", [1, 3, 4])
def test_that_steps_and_epochs_have_whole_ticks(open_window: WindowOpener, steps: int) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"run.max_epochs": steps, "view.panels": ("epoch_loss", "cost_history")})
    for kind in ("epoch_loss", "cost_history"):
        panel = window.panels.panel(kind)
        assert isinstance(panel, PlotPanel)
        axis = panel.bottom
        (_, ticks), *_ = axis.tickValues(0, steps, 1600)
        np.testing.assert_array_equal(ticks, np.round(ticks))
