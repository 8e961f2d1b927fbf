"""Arrows end where the next step lands, diverged pictures stay true, and phases show what they have made."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.views.plotting.axes import NumberAxis

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def step(window: MainWindow, qtbot: QtBot, count: int) -> Snapshot:
    """Make the run's next steps up to number ``count``."""
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == count):
        window.session.player.step(count - window.session.run.shown_step)
    snapshot = window.session.run.snapshot()
    assert snapshot is not None
    return snapshot


def phase(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Go on by phases until one has been drawn."""
    while True:
        with qtbot.waitSignal(window.clock.frame):
            window.session.player.step_phase()
        made = window.session.run.snapshot().phase  # type: ignore[union-attr]  # there is a run
        if made is not None and made.phase == name:
            return


OPTIMIZERS = [
    {"kind": "sgd", "momentum": 0.9},
    {"kind": "sgd", "momentum": 0.9, "nesterov": True},
    {"kind": "adam"},
    {"kind": "adagrad"},
    {"kind": "rmsprop"},
]


@pytest.mark.parametrize(("lesson", "kind"), [("learning-rate", "cost_curve"), ("two-parameters", "contour")])
def test_that_the_arrow_ends_where_the_next_step_lands_whatever_the_optimizer(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, kind: str
) -> None:
    window = open_window(lesson)
    panel: Any = window.panels.panel(kind)
    for optimizer, count in product(OPTIMIZERS, (2, 4)):
        if count == 2:
            window.session.edit({"run.optimizer": optimizer, "run.learning_rate": 0.02})
        step(window, qtbot, count)
        x, y = panel._move.shaft.getData()
        landed = step(window, qtbot, count + 1).latest
        assert x[1] == pytest.approx(landed[0], rel=1e-9), (optimizer, count)
        if kind == "contour":
            assert y[1] == pytest.approx(landed[1], rel=1e-9), (optimizer, count)
            assert "next move" in panel.note.text()
            assert "−α∇J" in panel.note.text()


def test_that_after_a_live_change_of_the_rate_the_arrow_is_the_next_move_at_it(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    step(window, qtbot, 2)
    window.session.edit({"run.learning_rate": 0.05})
    panel: Any = window.panels.panel("contour")
    panel.redraw()
    x, y = panel._move.shaft.getData()
    landed = step(window, qtbot, 3).latest
    assert (x[1], y[1]) == pytest.approx(tuple(landed), rel=1e-9)


def test_that_arrows_of_batches_keep_the_rate_that_they_were_made_with(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    step(window, qtbot, 3)
    panel: Any = window.panels.panel("contour")
    before = [np.stack(arrow.shaft.getData()) for arrow in (panel._move, panel._batch_move)]
    window.session.edit({"run.learning_rate": 0.3})
    panel.redraw()
    for arrow, shaft in zip((panel._move, panel._batch_move), before, strict=True):
        np.testing.assert_allclose(np.stack(arrow.shaft.getData()), shaft, rtol=1e-12)


def test_that_a_diverged_line_goes_through_the_origin_and_residuals_to_the_border(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.session.edit({"run.learning_rate": 0.25, "view.residual_squares": True})
    snapshot = step(window, qtbot, 95)
    assert abs(snapshot.latest[0]) > 1e11
    panel: Any = window.panels.panel("data_plot")
    x, y = panel._line.getData()
    assert np.abs(x).max() < 1e-9  # upright, and through the origin, not through 1.5
    (left, _), (low, high) = panel.view.viewRange()
    assert min(y) <= low < high <= max(y)
    ends = panel._residuals.lines.getData()[1][1::2]
    assert ((ends <= low) | (ends >= high)).all()
    assert len(panel._residuals.squares.rects) == 3
    assert all(square.left() <= left for square in panel._residuals.squares.rects)
    assert "3 of 3 h(x) beyond the picture" in panel.note.text()


@pytest.mark.parametrize(
    ("lesson", "kinds"),
    [("learning-rate", ("cost_curve",)), ("two-parameters", ("contour",))],
)
def test_that_all_pictures_stop_at_the_same_step_and_say_so(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, kinds: tuple[str, ...]
) -> None:
    window = open_window(lesson)
    window.session.edit({"run.learning_rate": 3.0, "view.steps_per_second": None})
    snapshot = step(window, qtbot, 60)
    centre = window.session.run.problem.viewpoint.centre  # type: ignore[union-attr]  # it has one
    far = np.flatnonzero(np.abs(snapshot.weights - centre).max(axis=1) > 1e12)
    for kind in kinds:
        panel: Any = window.panels.panel(kind)
        assert f"beyond every picture since step {far[0]}" in panel.note.text()


def test_that_old_residuals_do_not_stand_beside_the_new_line(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    panel: Any = window.panels.panel("data_plot")
    for name, shown in (("batch", 0), ("forward", 0), ("loss", 6), ("backward", 6), ("update", 0)):
        phase(window, qtbot, name)
        y = panel._residuals.lines.getData()[1]
        assert (0 if y is None else len(y)) == shown, name


def test_that_the_contour_shows_no_move_before_the_update(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("two-parameters")
    panel: Any = window.panels.panel("contour")
    for name, thin, thick in (("loss", False, False), ("backward", True, False), ("update", False, True)):
        phase(window, qtbot, name)
        assert panel._plain_move.shaft.getData()[0] is not None if thin else True
        assert (panel._plain_move.shaft.getData()[0] is not None) == thin, name
        assert (panel._move.shaft.getData()[0] is not None) == thick, name


def test_that_the_network_lights_up_phase_by_phase(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window.at("pytorch-loop", (1900, 1000))
    drawing: Any = window.panels.panel("network").drawing  # type: ignore[attr-defined]  # its own
    step(window, qtbot, 2)
    phase(window, qtbot, "batch")
    assert drawing.flow.row
    assert drawing.flow.output is None
    dark = drawing.grab().toImage()
    phase(window, qtbot, "forward")
    assert drawing.flow.output is not None
    assert drawing.grab().toImage() != dark
    phase(window, qtbot, "backward")
    fact = window.session.run.snapshot().phase
    assert fact is not None
    assert drawing.flow.gradient == tuple(fact.gradient.tolist())
    assert all("∂J/∂" in text for text in drawing.texts())
    phase(window, qtbot, "update")
    assert drawing.flow.before == tuple(fact.weights.tolist())
    assert all(" → " in text for text in drawing.texts())


def test_that_many_rows_of_two_features_are_predictions_against_labels(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None})
    snapshot = step(window, qtbot, 300)
    panel: Any = window.panels.panel("data_plot")
    labels, predicted = panel._predicted.getData()
    assert 200 <= len(labels) <= 400
    np.testing.assert_allclose(predicted, labels, atol=0.06)  # on the diagonal, but for the noise
    x, y = panel._line.getData()
    np.testing.assert_array_equal(x, y)
    assert snapshot.step == 300


@pytest.mark.parametrize("size", [60.0, 120.0, 300.0, 900.0])
@pytest.mark.parametrize(("low", "high"), [(-1.1, 1.2), (-17.5, 1.5), (-309.0, 12.0), (1.2, 1.6), (5.0, 6.1)])
def test_that_a_log_axis_has_two_ticks_at_least_and_none_on_another(
    qtbot: QtBot, size: float, low: float, high: float
) -> None:
    axis = NumberAxis("left")
    axis.log = True
    (_, ticks), *_ = axis.tickValues(low, high, size)
    assert len(ticks) >= 2
    assert len(set(axis.tickStrings(ticks, 1, 1))) == len(ticks)
    pixels = np.diff(np.sort(ticks)) * size / (high - low)
    assert len(ticks) <= 3 or pixels.min() >= axis._metrics.height()


def test_that_the_floor_is_labelled_zero_and_nothing_stands_on_it(qtbot: QtBot) -> None:
    axis = NumberAxis("left")
    axis.log, axis.zero_at = True, -26.0
    (_, ticks), *_ = axis.tickValues(-27.1, 2.1, 200.0)
    words = axis.tickStrings(ticks, 1, 1)
    assert words[0] == "0"
    assert words.count("0") == 1
    assert (ticks[1] - ticks[0]) * 200 / 29.2 >= axis._metrics.height()


@pytest.mark.parametrize("high", [1.0, 100.0, 3000.0, 123456.0])
@pytest.mark.parametrize("size", [80.0, 200.0, 700.0])
def test_that_numbers_beside_one_another_do_not_collide(qtbot: QtBot, size: float, high: float) -> None:
    axis = NumberAxis("bottom")
    (_, ticks), *_ = axis.tickValues(-0.02 * high, 1.02 * high, size)
    words = axis.tickStrings(ticks, 1, 1)
    room = np.diff(ticks).min() * size / (1.04 * high)
    assert len(ticks) <= 2 or room > max(map(axis._metrics.horizontalAdvance, words))


def test_that_the_cost_of_a_batch_is_not_called_by_the_name_of_the_cost(open_window: WindowOpener) -> None:
    window = open_window("mini-batches")
    note = window.panels.panel("cost_history").note
    assert "batch J = " in note.text()
    window.session.edit({"run.batch_size": None})
    assert ">J = " in note.text()
