"""A place is clicked in a picture or typed as the answer, and a mark stays there through the run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gdstudio.core.numbers import format_number
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.plotting.guess_marker import resolved
from gdstudio.views.widgets.theme import DARK, LIGHT, Theme
from gdstudio.views.window.answers.place import PlaceForm
from gdstudio.views.window.questions import Stage
from tests.views.answer_hands import ask, until
from tests.views.hands import Hands
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def place_form(open_window: WindowOpener, name: str, kind: str) -> tuple[MainWindow, PlaceForm, PlotPanel]:
    window = open_window(name)
    ask(window, "place")
    form, panel = window.cues.form, window.panels.panel(kind)
    assert isinstance(form, PlaceForm)
    assert isinstance(panel, CostCurve | Contour)
    return window, form, panel


def click_at(panel: PlotPanel, x: float, y: float) -> tuple[float, float]:
    """Click at a place of the plot; return which one it is, as the pixels have it, and how large one is."""
    box = panel.plot.getViewBox()
    at = panel.view.mapFromScene(box.mapViewToScene(QPointF(x, y)))
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.qWait(0)
    return float(box.viewPixelSize()[0]), float(box.viewPixelSize()[1])


def star(panel: PlotPanel) -> tuple[float, float] | None:
    assert isinstance(panel, CostCurve | Contour)
    return panel._guess.place


def test_that_a_click_on_the_curve_marks_the_end_and_not_the_start(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form, curve = place_form(open_window, "learning-rate", "cost_curve")
    start = window.session.experiment.run.initial_weights
    box = curve.plot.getViewBox()
    qtbot.waitUntil(lambda: box.viewRange()[0][1] - box.viewRange()[0][0] > 2)
    for x in (0.0, 3.0):  # on the ring of the start, then elsewhere: a place may be placed anew
        pixel, _ = click_at(curve, x, 3.0)
        [theta] = window.cues.questions.given.values()
        assert theta == pytest.approx(x, abs=2 * pixel)
    assert window.session.experiment.run.initial_weights == start
    assert window.cues.questions.stage is Stage.ASK
    assert float(form.entries[0].text().replace("−", "-")) == theta
    assert (
        window.cues.said.text() == f"You expect θ = {format_number(theta)}. Run, or click again to move it."
    )
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert star(curve) == pytest.approx((theta, 14 / 3 * (theta - 1) ** 2), abs=1e-9), "through the run"
    found = re.match(
        r"Not as you predicted: θ = (\S+) is (\S+) away from the end. θ", window.cues.said.text()
    )
    assert found is not None
    assert [float(text) for text in found.groups()] == pytest.approx([theta, abs(theta - 2)], rel=1e-2)
    assert re.fullmatch(r"✗ in the run θ = 2(\.0+)?", form.real.text())
    placed = star(curve)
    click_at(curve, 1.0, 3.0)
    assert star(curve) == placed, "after the run no click moves it"
    assert window.cues.questions.given == {"theta": theta}
    window.cues.forward()
    assert star(curve) is None


def test_that_a_place_can_be_typed_and_clicked_on_the_map(open_window: WindowOpener, qtbot: QtBot) -> None:
    window, form, contour = place_form(open_window, "two-parameters", "contour")
    start = window.session.experiment.run.initial_weights
    click_at(contour, 0.5, 0.5)
    assert window.cues.questions.given is not None
    assert star(contour) == tuple(window.cues.questions.given.values())
    for entry, text in zip(form.entries, ("14/15", "0,4"), strict=True):
        entry.setFocus()
        entry.selectAll()
        QTest.keyClicks(entry, text)
        QTest.keyClick(entry, Qt.Key.Key_Return)
    assert window.cues.questions.given == {"w": 14 / 15, "b": 0.4}
    assert star(contour) == (14 / 15, 0.4)
    assert window.session.experiment.run.initial_weights == start
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("As you predicted: (w, b) = (0.933333, 0.4) is ")
    assert star(contour) == (14 / 15, 0.4)
    window.cues.restore.click()
    assert star(contour) is None
    click_at(contour, 0.5, 0.5)
    assert window.session.experiment.run.initial_weights != start, "a click sets the start again"


def test_that_half_a_place_or_none_has_its_sentence(open_window: WindowOpener) -> None:
    window, form, _ = place_form(open_window, "two-parameters", "contour")
    QTest.keyClicks(form.entries[0], "1")
    window.cues.forward()
    assert window.cues.questions.stage is Stage.ASK
    assert window.cues.said.text() == "Type both weights, w and b, or click in the picture."
    QTest.keyClicks(form.entries[1], "up")
    window.cues.forward()
    assert window.cues.said.text() == "“up” is not a number; give a number such as 0.1 or 3/14."
    assert [entry.text() for entry in form.entries] == ["1", "up"]


def test_that_the_ring_of_the_start_rests_while_a_place_is_wanted(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, _, curve = place_form(open_window, "learning-rate", "cost_curve")
    box, hands, port = curve.plot.getViewBox(), Hands(window), curve.view.viewport()
    qtbot.waitUntil(lambda: box.viewRange()[1][1] > 5 and not faults(window))
    starts = []
    for _ in range(2):
        ring = curve.view.mapFromScene(box.mapViewToScene(QPointF(0.0, 14 / 3)))
        hands.press(port, ring)
        for move in (20, 40):
            QTest.qWait(15)  # pyqtgraph leaves out moves that come faster
            hands.move(port, ring + QPoint(move, 0))
        hands.release(port, ring + QPoint(40, 0))
        starts.append(window.session.experiment.run.initial_weights)
        if len(starts) == 1:
            assert window.cues.questions.stage is Stage.ASK
            window.cues.restore.click()
            qtbot.waitUntil(lambda: not faults(window) and window.clock.drawn == window.session.run.version)
    assert starts[0] == (0.0,)
    assert starts[1] != (0.0,), "afterwards it can be dragged again"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_that_the_mark_has_a_colour_of_its_own_neither_red_nor_green(theme: Theme) -> None:
    assert 180 < QColor(theme.guess).hueF() * 360 < 320
    assert theme.guess not in {theme.weights, theme.gradient, theme.cost, theme.test_cost, *theme.pins}


@pytest.mark.parametrize(
    ("value", "pixel", "rounded"), [(1.23456, 0.013, 1.23), (123456.0, 130.0, 123500.0), (0.5, 0.0, 0.5)]
)
def test_that_a_click_is_as_exact_as_a_pixel(value: float, pixel: float, rounded: float) -> None:
    assert resolved(value, pixel) == rounded
