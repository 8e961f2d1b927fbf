"""All learning rates at once: the lines are the closed form, the handle sets the rate, the wall is 2/L."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from gdstudio.views.panels.learning_rates import LearningRates
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

PANELS = ("learning_rates", "cost_curve", "cost_history")


def opened(open_window: WindowOpener, qtbot: QtBot, **changes: Any) -> tuple[MainWindow, LearningRates]:
    window = open_window("learning-rate")
    window.session.edit({"view.panels": PANELS, "view.steps_per_second": None, **changes})
    panel = window.panels.panel("learning_rates")
    assert isinstance(panel, LearningRates)
    qtbot.waitUntil(lambda: len(line(panel, "_now")[0]) > 0)
    return window, panel


def line(panel: LearningRates, name: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = getattr(panel, name).getData()
    return (np.empty(0), np.empty(0)) if x is None else (x, y)


def assert_follows(panel: LearningRates, name: str, steps: int, start: float = 0.0) -> None:
    """Compare what is seen of a line with J_k = 14/3 (theta_0 - 1)^2 (1 - 28 alpha/3)^(2k)."""
    x, y = line(panel, name)
    low, high = panel.plot.viewRange()[1]
    inside = (y > low) & (y < high)
    assert inside.sum() > 20
    costs = 14 / 3 * (start - 1) ** 2 * (1 - 28 * 10 ** x[inside] / 3) ** (2 * steps)
    np.testing.assert_allclose(y[inside], np.log10(costs), atol=1e-6)


def test_that_the_lines_are_the_closed_form_after_the_steps_made_and_at_the_end(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot)
    assert_follows(panel, "_now", 0)
    assert_follows(panel, "_at_end", 100)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    assert_follows(panel, "_now", 3)
    assert "after 3 steps" in panel.note.text()
    assert "after 100 steps" in panel.note.text()
    (x,), (y,) = panel._point.getData()
    assert 10**x == pytest.approx(0.1)
    assert 10**y == pytest.approx(14 / 3 * (1 - 2.8 / 3) ** 6)


def test_that_another_start_moves_the_lines(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    before = panel._found
    window.session.edit({"run.initial_weights": (-2.0,)})
    qtbot.waitUntil(lambda: panel._found is not before)
    assert_follows(panel, "_now", 0, -2.0)
    assert_follows(panel, "_at_end", 100, -2.0)


def test_that_another_rate_computes_nothing_anew(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    before = panel._found
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.learning_rate": 0.3})
    assert panel._handle.rate == pytest.approx(0.3)
    qtbot.wait(50)
    assert panel._found is before


def test_that_the_wall_is_the_limit_and_moves_with_the_optimizer(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot)
    np.testing.assert_allclose(10 ** line(panel, "_wall")[0], 3 / 14)
    assert "2/L = 0.2143" in panel.note.text()
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.optimizer": {"kind": "sgd", "momentum": 0.5}})
    np.testing.assert_allclose(10 ** line(panel, "_wall")[0], 3 * 3 / 28)
    with qtbot.waitSignal(window.clock.frame):
        window.session.edit({"run.optimizer": {"kind": "adam"}})
    assert not len(line(panel, "_wall")[0])


def test_that_a_question_hides_what_the_lines_give_away(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    for hidden in ("limit", "cost", "move", "direction"):
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([hidden])
        assert not len(line(panel, "_now")[0]), hidden
        assert not len(line(panel, "_at_end")[0]), hidden
        assert "0.2143" not in panel.note.text(), hidden
        assert bool(len(line(panel, "_wall")[0])) == (hidden != "limit")
        with qtbot.waitSignal(window.clock.frame):
            window.session.concealed.conceal([])
        assert_follows(panel, "_now", 0)


def test_that_the_handle_sets_the_rate_and_escape_puts_it_back(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, panel = opened(open_window, qtbot, **{"run.learning_rate": 0.017})
    hands, viewport = Hands(window), panel.view.viewport()
    (left, right), (low, high) = panel.plot.viewRange()
    scene = panel.plot.getViewBox().mapViewToScene(QPointF(np.log10(0.017), (low + high) / 2))
    at = panel.view.mapFromScene(scene)
    hands.move(viewport, at)
    hands.press(viewport, at)

    def moved() -> bool:
        nonlocal at
        at += QPoint(4, 0)
        hands.move(viewport, at)
        return window.session.experiment.run.learning_rate > 0.02

    qtbot.waitUntil(moved)
    rate = window.session.experiment.run.learning_rate
    assert rate == float(f"{rate:.3g}")
    assert panel._handle.rate == pytest.approx(rate, rel=0.01)
    assert panel.plot.viewRange()[0] == [left, right]  # ranges rest under the hand
    hands.key(Qt.Key.Key_Escape)
    assert window.session.experiment.run.learning_rate == 0.017
    hands.move(viewport, at + QPoint(20, 0))
    assert window.session.experiment.run.learning_rate == 0.017  # the rest of the drag is ignored
    hands.release(viewport, at + QPoint(20, 0))
    qtbot.waitUntil(lambda: not panel._handle.is_dragged)
    assert panel._handle.rate == pytest.approx(0.017)


def test_that_it_is_offered_only_where_there_is_a_batch_of_runs(open_window: WindowOpener) -> None:
    window = open_window("learning-rate")
    changes: dict[str, Any]
    for changes in ({"run.batch_size": 2}, {"run.dtype": "float32"}, {"run.mistake": "no_zero_grad"}):
        window.session.edit({"view.panels": PANELS, **changes})
        assert [panel.kind for panel in window.panels.shown] == list(PANELS[1:]), changes
        window.session.edit(dict.fromkeys(changes) | {"run.dtype": "float64", "run.mistake": "none"})
        assert [panel.kind for panel in window.panels.shown] == list(PANELS), changes


def test_that_a_run_of_several_rates_says_so(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 2):
        window.session.player.step(2)
    assert "changed its rate" not in panel.note.text()
    window.session.edit({"run.learning_rate": 0.05})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(1)
    assert "the run has changed its rate" in panel.note.text()


def test_that_a_linear_axis_shows_the_costs_themselves(open_window: WindowOpener, qtbot: QtBot) -> None:
    _, panel = opened(open_window, qtbot, **{"view.cost_scale": "linear"})
    _, y = line(panel, "_now")
    np.testing.assert_allclose(y, 14 / 3)
    assert not panel.left.log


def test_that_quick_costs_are_in_the_frame_of_the_change(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, panel = opened(open_window, qtbot)
    panel._costs.quick = panel._costs.size  # however slow this machine is
    answers: list[object] = []
    panel._costs.done.connect(answers.append)
    window.session.edit({"run.initial_weights": (-2.0,)})
    with qtbot.waitSignal(window.clock.frame):
        window.clock.redraw()
    assert_follows(panel, "_now", 0, -2.0)
    qtbot.wait(20)
    assert not answers
