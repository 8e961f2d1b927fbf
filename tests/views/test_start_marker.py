"""The start marker under a real mouse: a press alone changes nothing, Esc puts it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from gdstudio.views.plotting.plot_panel import PlotPanel
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.plotting.start_marker import StartMarker
    from tests.views.conftest import WindowOpener


START = 7 / 13  # a drag rounds to what can be read, Esc does not


class Grip:
    """A lesson's marker and where it is on screen."""

    def __init__(self, hands: Hands, panel: str, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        found = hands.window.panels.panel(panel)
        assert isinstance(found, PlotPanel)
        self.hands, self.panel = hands, found
        self.marker: StartMarker = found._start  # type: ignore[attr-defined]  # its own

    @property
    def place(self) -> QPoint:
        scene = self.panel.plot.getViewBox().mapViewToScene(QPointF(*self.marker.place))
        seen: QPoint = self.panel.view.mapFromScene(scene)
        return seen

    def drag(self) -> QPoint:
        """Hold the marker and move it to the right, without letting go."""
        before, at = self.marker.place, self.place
        viewport = self.panel.view.viewport()
        self.hands.press(viewport, at)

        def moved() -> bool:
            nonlocal at
            at += QPoint(4, 0)
            self.hands.move(viewport, at)
            return self.marker.place[0] > before[0]

        self.qtbot.waitUntil(moved)
        return at


@pytest.fixture(params=[("learning-rate", "cost_curve"), ("two-parameters", "contour")])
def grip(request: pytest.FixtureRequest, open_window: WindowOpener, qtbot: QtBot) -> Grip:
    name, panel = request.param
    window = open_window(name)
    window.session.edit(
        {"run.initial_weights": (START,) * len(window.session.experiment.problem.weight_names)}
    )
    found = Grip(Hands(window), panel, qtbot)
    qtbot.waitUntil(lambda: found.marker.place[0] == START)
    return found


@pytest.mark.parametrize("steps", [0, 3])
def test_that_a_press_without_a_move_changes_nothing(grip: Grip, qtbot: QtBot, steps: int) -> None:
    if steps:
        clock = grip.hands.window.clock
        with qtbot.waitSignal(clock.frame, check_params_cb=lambda snapshot: snapshot.step == steps):
            grip.hands.window.session.player.step(steps)
    before = grip.hands.window.session.experiment
    viewport = grip.panel.view.viewport()
    at = grip.place + QPoint(4, 4)  # not its very middle
    clicked: list[object] = []
    grip.panel.plot.scene().sigMouseClicked.connect(clicked.append)
    grip.hands.move(viewport, at)
    grip.hands.press(viewport, at)
    grip.hands.release(viewport, at)
    assert len(clicked) == 1
    assert grip.hands.window.session.experiment == before


def test_that_a_drag_moves_the_start(grip: Grip) -> None:
    at = grip.drag()
    grip.hands.release(grip.panel.view.viewport(), at)
    start = grip.hands.window.session.experiment.run.initial_weights
    assert start is not None
    assert start[0] > START


def test_that_escape_during_a_drag_puts_the_start_back(grip: Grip) -> None:
    window = grip.hands.window
    before = window.session.experiment.run.initial_weights
    at = grip.drag()
    assert window.session.experiment.run.initial_weights != before
    grip.hands.key(Qt.Key.Key_Escape)
    assert window.session.experiment.run.initial_weights == before
    grip.hands.move(grip.panel.view.viewport(), at + QPoint(20, 0))
    grip.hands.release(grip.panel.view.viewport(), at + QPoint(20, 0))
    assert window.session.experiment.run.initial_weights == before
    at = grip.drag()
    grip.hands.release(grip.panel.view.viewport(), at)
    assert window.session.experiment.run.initial_weights != before


def test_that_a_double_click_starts_nowhere_else_on_the_map_and_on_the_marker(grip: Grip) -> None:
    window, viewport = grip.hands.window, grip.panel.view.viewport()
    grip.hands.click(viewport, grip.place + QPoint(60, 30))
    for away in (QPoint(-60, 30), QPoint(0, 0)):
        before, at = window.session.experiment, grip.place + away
        grip.hands.double_click(viewport, at)
        assert window.session.experiment == before, away
