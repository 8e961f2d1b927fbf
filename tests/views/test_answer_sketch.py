"""A curve is drawn as the answer and stays beside the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from gdstudio.core.numbers import format_number
from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.window.answers.sketch import SketchForm
from gdstudio.views.window.questions import Stage
from tests.views.answer_hands import ask, until
from tests.views.hands import Hands
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def sketch_form(
    open_window: WindowOpener, qtbot: QtBot
) -> tuple[MainWindow, SketchForm, CostHistory, Callable[..., None]]:
    """Return the window at its sketch, and a function that draws a line through steps and costs."""
    window = open_window("learning-rate")
    ask(window, "sketch")
    form, panel = window.cues.form, window.panels.panel("cost_history")
    assert isinstance(form, SketchForm)
    assert isinstance(panel, CostHistory)
    box, hands, port = panel.plot.getViewBox(), Hands(window), panel.view.viewport()
    qtbot.waitUntil(lambda: box.viewRange()[0][1] > 10 and box.viewRange()[1][1] > 5 and not faults(window))

    def draw(*points: tuple[float, float]) -> None:
        places = [panel.view.mapFromScene(box.mapViewToScene(QPointF(*point))) for point in points]
        hands.press(port, places[0])
        for place in places[1:]:
            QTest.qWait(15)  # pyqtgraph leaves out moves that come faster
            hands.move(port, place)
        QTest.qWait(15)
        hands.release(port, places[-1])

    return window, form, panel, draw


def test_that_a_drawn_curve_stays_beside_the_real_one(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, form, panel, draw = sketch_form(open_window, qtbot)
    start = window.session.experiment
    assert not form.erase.isVisible()
    draw((0.0, 4.5), (2.0, 3.0), (5.0, 2.0), (10.0, 1.0))
    steps, costs = np.array(window.cues.questions.given).T
    assert (np.diff(steps) > 0).all()
    np.testing.assert_allclose([steps[0], steps[-1]], [0, 10], atol=0.1)
    np.testing.assert_allclose([costs[0], costs[-1]], [4.5, 1.0], atol=0.1)
    np.testing.assert_allclose(np.interp([2, 5], steps, costs), [3, 2], atol=0.2)
    assert window.cues.said.text() == "Draw on, draw anew from the left, or run."
    assert window.session.experiment == start, "no start is dragged"
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    end = f"J = {format_number(costs[-1], 3)}"
    said = f"Not as you predicted: your line ends at {end}, the run at J = 0.658. "
    assert window.cues.said.text().startswith(said)
    x, y = panel._sketch.points
    np.testing.assert_array_equal(x, steps)
    np.testing.assert_array_equal(y, costs)
    assert form.drawn.text() == f"✗ your line, to {end}"
    draw((0.0, 1.0), (9.0, 4.0))
    np.testing.assert_array_equal(panel._sketch.points[0], steps)
    window.session.edit({"view.cost_scale": "log"})
    qtbot.waitUntil(lambda: bool(np.allclose(panel._sketch.points[1], np.log10(costs))))
    window.cues.forward()
    assert window.session.sketch.paper is None
    assert len(panel._sketch.points[0]) == 0


def test_that_a_sketch_that_goes_backwards_is_told_and_the_rest_of_it_stays(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form, panel, draw = sketch_form(open_window, qtbot)
    draw((0.0, 4.0), (6.0, 2.0), (3.0, 1.0))
    steps = np.array(window.cues.questions.given)[:, 0]
    assert (np.diff(steps) > 0).all()
    assert steps[-1] == pytest.approx(6, abs=0.1)
    assert window.cues.said.text().startswith(
        "The steps go from left to right: what you drew backwards is left"
    )
    draw((7.0, 2.0), (9.0, 1.0))
    assert np.array(window.cues.questions.given)[[0, -1], 0] == pytest.approx([0, 9], abs=0.1)
    assert window.cues.said.text() == "Draw on, draw anew from the left, or run."
    draw((1.0, 2.0), (4.0, 1.0))
    assert np.array(window.cues.questions.given)[[0, -1], 0] == pytest.approx([1, 4], abs=0.1), (
        "it is drawn anew"
    )
    form.erase.click()
    assert window.cues.questions.given is None
    assert len(panel._sketch.points[0]) == 0
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("J = 0.657597")


def test_that_there_is_room_for_a_line_while_it_is_asked_for(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, _, panel, _ = sketch_form(open_window, qtbot)
    _, (low, high) = panel.plot.getViewBox().viewRange()
    assert low <= 0
    assert high >= 5
    window.cues.restore.click()
    assert window.session.sketch.paper is None
    assert not window.session.sketch.is_wanted
