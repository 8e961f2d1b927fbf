"""The panel of the batches' gradients: its points, its words, and what a question hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.views.panels.batch_gradients import BatchGradients

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.batch_cloud import BatchCloud
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def shown(window: MainWindow, qtbot: QtBot, **changes: object) -> BatchGradients:
    """Show the cloud alone, and wait until it is there."""
    edits = {path.replace("__", "."): value for path, value in changes.items()}
    assert window.session.edit({"view.panels": ("batch_gradients",), **edits})
    panel = window.panels.panel("batch_gradients")
    assert isinstance(panel, BatchGradients)
    qtbot.waitUntil(lambda: panel._made is not None)
    return panel


def made(panel: BatchGradients) -> BatchCloud:
    assert panel._made is not None
    return panel._made


def test_that_there_is_a_point_a_batch_and_their_mean_is_the_cross(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    panel = shown(window, qtbot)
    x, y = panel._cloud.getData()
    assert len(x) == 100
    problem = window.session.run.problem
    assert problem is not None
    full = problem.gradient_at(np.zeros(3))[:2]
    np.testing.assert_allclose(np.ravel(panel._full.getData()), full)
    np.testing.assert_allclose(np.ravel(panel._mean.getData()), full, rtol=1e-9)
    np.testing.assert_allclose([x.mean(), y.mean()], full, rtol=1e-9)
    assert "100 batches of epoch 1" in panel.note.text()
    assert "The mean is the full gradient." in panel.note.text()
    (left, right), (low, high) = panel.plot.getViewBox().viewRange()
    assert left < x.min() <= x.max() < right
    assert low < y.min() <= y.max() < high


def test_that_a_smaller_last_batch_is_told(open_window: WindowOpener, qtbot: QtBot) -> None:
    panel = shown(open_window("mini-batches"), qtbot, run__batch_size=30)
    assert "off, as the last batch has 10 rows; weighted by rows it is the full" in panel.note.text()


def test_that_all_rows_in_each_step_make_no_cloud(open_window: WindowOpener, qtbot: QtBot) -> None:
    panel = shown(open_window("mini-batches"), qtbot, run__batch_size=1000)
    assert panel.note.text() == "Every step sees all rows: there is one batch, and no cloud."


def test_that_it_follows_the_run_to_its_epoch(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = shown(window, qtbot, view__steps_per_second=None)
    window.session.player.step(130)
    qtbot.waitUntil(lambda: made(panel).step == 130, timeout=10_000)
    assert made(panel).epoch == 2
    assert "of epoch 2" in panel.note.text()


def test_that_a_question_hides_the_cloud(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    panel = shown(window, qtbot)
    window.session.concealed.conceal(["gradient"])
    qtbot.waitUntil(lambda: not len(panel._cloud.getData()[0]))
    assert "off by ? (rms)" in panel.note.text()
    window.session.concealed.conceal([])
    qtbot.waitUntil(lambda: len(panel._cloud.getData()[0]) == 100)


def test_that_a_mistake_that_changes_gradients_is_said_to_be_left_out(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    panel = shown(open_window("mini-batches"), qtbot, run__mistake="gradient_l98")
    assert panel.note.text().endswith("The mistake is left out here.")
