"""Pinned runs in the window: drawn beside the run, named in the strip, costing nothing a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.panels.data_plot import DataPlot
from gdstudio.views.panels.epoch_loss import EpochLoss
from gdstudio.views.widgets.theme import DARK, LIGHT, Theme
from gdstudio.worker.pins import MOST_PINS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def run(window: MainWindow, qtbot: QtBot, steps: int, **changes: Any) -> Snapshot:
    window.session.player.reset()
    window.session.edit({f"run.{name}": value for name, value in changes.items()})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == steps):
        window.session.player.step(steps)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return snapshot


def pin(window: MainWindow, qtbot: QtBot, steps: int, **changes: Any) -> Snapshot:
    snapshot = run(window, qtbot, steps, **changes)
    QTest.keyClick(window, Qt.Key.Key_P)
    return snapshot


def panel(window: MainWindow, kind: str) -> Any:
    return window.panels.panel(kind)


def luminance(colour: str) -> float:
    rgb = np.array(list(QColor(colour).getRgbF())[:3])  # type: ignore[call-overload]  # a tuple
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_every_pin_can_be_seen_on_the_card_and_is_no_quantity(theme: Theme) -> None:
    assert len(set(theme.pins)) == MOST_PINS
    for colour in theme.pins:
        low, high = sorted([luminance(colour), luminance(theme.card)])
        assert (high + 0.05) / (low + 0.05) >= 3
        assert colour not in {theme.weights, theme.gradient, theme.cost, theme.test_cost, theme.data}
        hue = QColor(colour).hueF() * 360
        assert 30 < hue < 75 or 180 < hue < 320  # neither a red nor a green
    hues = sorted(QColor(colour).hueF() * 360 for colour in theme.pins)
    assert min(np.diff([*hues, hues[0] + 360])) > 24  # never three blues


def test_that_the_key_pins_the_run_beside_the_next_one(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    assert not window.pins.isVisible()
    pinned = pin(window, qtbot, 8, learning_rate=0.2)
    later = run(window, qtbot, 5, learning_rate=0.05)
    history, curve, data = (panel(window, k) for k in ("cost_history", "cost_curve", "data_plot"))
    assert isinstance(history, CostHistory)
    assert isinstance(curve, CostCurve)
    assert isinstance(data, DataPlot)
    x, y = history.pins.line(0)
    np.testing.assert_array_equal(x, pinned.steps)
    np.testing.assert_allclose(10**y, pinned.costs, rtol=1e-12)
    x, y = curve.pins.line(0)
    theta = 1 - (1 - 28 / 15) ** np.arange(9.0)
    np.testing.assert_allclose(x, theta, rtol=1e-12)
    np.testing.assert_allclose(y, 14 / 3 * (theta - 1) ** 2, rtol=1e-9)
    x, y = data.pins.line(0)
    np.testing.assert_allclose(y, theta[-1] * x, rtol=1e-12)
    np.testing.assert_array_equal(curve._trail.line.getData()[0], later.weights[:, 0])
    assert window.pins.isVisible()
    assert window.pins.chips[0].button.text() == "α = 0.2"


def test_that_the_contour_shows_a_pinned_path_and_makes_room_for_it(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    pinned = pin(window, qtbot, 4, initial_weights=(9.0, 2.0))
    run(window, qtbot, 2, initial_weights=(0.0, 0.0))
    contour = panel(window, "contour")
    assert isinstance(contour, Contour)
    np.testing.assert_array_equal(np.stack(contour.pins.line(0), 1), pinned.weights)
    (left, right), _ = contour.view.viewRange()
    assert left < 9 < right
    narrower = window.session.pins
    narrower.show(0, False)
    assert contour.view.viewRange()[0][1] < 9
    assert len(contour.pins.line(0)[0]) == 0
    narrower.show(0, True)
    assert contour.view.viewRange()[0][1] > 9


def test_that_the_axes_hold_the_pins_that_are_shown(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    history = panel(window, "cost_history")
    pinned = pin(window, qtbot, 60, learning_rate=0.25)
    run(window, qtbot, 3, learning_rate=0.1, max_steps=20)
    (_, right), (_, top) = history.view.viewRange()
    assert right >= 60
    assert top >= np.log10(pinned.costs.max())
    window.session.pins.unpin(0)
    (_, right), (_, lower) = history.view.viewRange()
    assert right < 60
    assert lower < np.log10(pinned.costs.max())
    assert not window.pins.isVisible()


def test_that_a_frame_sets_no_pin_anew(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    pin(window, qtbot, 50, learning_rate=0.2)
    run(window, qtbot, 1, learning_rate=0.01)
    layers = [panel(window, kind).pins for kind in ("cost_history", "cost_curve", "data_plot")]
    before = [layer.line(0) for layer in layers]

    def fail(*_: object) -> None:
        raise AssertionError("a frame has set a pin")

    for layer in layers:
        monkeypatch.setattr(layer, "_set", fail)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 9):
        window.session.player.step(8)
    assert all(layer.line(0)[0] is x for layer, (x, _) in zip(layers, before, strict=True))


def test_that_a_lesson_of_other_weights_shows_the_cost_alone(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    pin(window, qtbot, 6)
    window.open("two-parameters")
    assert len(panel(window, "cost_history").pins.line(0)[0]) == 7
    assert len(panel(window, "contour").pins.line(0)[0]) == 0
    window.open("learning-rate")
    assert len(panel(window, "cost_curve").pins.line(0)[0]) == 7


def test_that_the_chip_hides_renames_and_unpins_by_keys(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    pin(window, qtbot, 3, learning_rate=0.2)
    chip = window.pins.chips[0]
    chip.button.setFocus()
    QTest.keyClick(chip.button, Qt.Key.Key_Space)
    assert not window.session.pins.all[0].is_shown
    assert "hidden" in chip.button.accessibleName()
    QTest.keyClick(chip.button, Qt.Key.Key_F2)
    QTest.keyClicks(chip.edit, "too far p")
    assert len(window.session.pins.all) == 1
    QTest.keyClick(chip.edit, Qt.Key.Key_Return)
    assert window.session.pins.all[0].name == "too far p"
    assert chip.button.text() == "too far p"
    QTest.keyClick(chip.button, Qt.Key.Key_F2)
    QTest.keyClicks(chip.edit, "no")
    QTest.keyClick(chip.edit, Qt.Key.Key_Escape)
    assert chip.button.text() == "too far p"
    assert chip.button.isVisible()
    QTest.keyClick(chip.button, Qt.Key.Key_Delete)
    assert not window.session.pins.all
    assert window.pins.chips == {}


def test_that_a_double_click_renames_and_leaves_the_pin_as_shown_as_it_was(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    pin(window, qtbot, 3)
    chip = window.pins.chips[0]
    QTest.mouseClick(chip.button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(chip.button, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(window.windowHandle(), Qt.MouseButton.LeftButton)  # the button is hidden by now
    assert chip.edit.isVisible()
    assert window.session.pins.all[0].is_shown


def test_that_renaming_a_diverged_pin_says_only_once_that_it_diverged(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    window.session.edit({"run.learning_rate": 0.5, "run.max_steps": 5000, "view.steps_per_second": None})
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()
    window.transport.pin.click()
    chip = window.pins.chips[0]
    assert chip.button.text() == "α = 0.5 (diverged)"
    chip.rename()
    QTest.keyClick(chip.edit, Qt.Key.Key_End)
    QTest.keyClicks(chip.edit, ", far")
    QTest.keyClick(chip.edit, Qt.Key.Key_Return)
    assert chip.button.text() == "α = 0.5, far (diverged)"


def test_that_the_model_is_followed_by_the_strip(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window()
    pin(window, qtbot, 3, learning_rate=0.2)
    chip = window.pins.chips[0]
    window.session.pins.rename(0, "mine")
    window.session.pins.show(0, False)
    assert (chip.button.text(), chip.button.isChecked()) == ("mine", False)
    window.session.pins.rename(0, "")
    window.session.edit({"run.initial_weights": (2.0,)})
    assert chip.button.text() == "Start = 0"


def test_that_the_button_compares_batch_sizes_in_every_panel(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    button = window.sidebar.compare
    assert button.isVisible()
    with qtbot.waitSignal(window.session.comparison.changed):
        button.click()
    assert "B = 1,000" in button.text()
    qtbot.waitUntil(lambda: window.session.comparison.batch_size is None, timeout=20_000)
    window.session.comparison.replay.stop()
    assert [chip.button.text() for chip in window.pins.chips.values()] == ["B = 1000", "B = 10", "B = 1"]
    contour, loss = panel(window, "contour"), panel(window, "epoch_loss")
    assert isinstance(loss, EpochLoss)
    for held in window.session.pins.all:
        x, y = contour.pins.line(held.slot)
        np.testing.assert_array_equal([x[0], y[0]], held.snapshot.weights[0, :2])
        np.testing.assert_array_equal([x[-1], y[-1]], held.snapshot.latest[:2])
        epochs, costs = loss.pins.line(held.slot)
        ends = np.flatnonzero(np.isin(epochs, [1, 2, 3]))
        np.testing.assert_allclose(10 ** costs[ends], held.snapshot.epoch_table[:, 2], rtol=1e-9)
    window.open("learning-rate")
    assert not window.sidebar.compare.isVisible()
