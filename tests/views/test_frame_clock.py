"""What a change costs: one frame, one paint of each plot, and no wait for the run's next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QCoreApplication

from gdstudio.core.training.run_control import RunControl
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.window import frame_clock

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window

NEVER = 0.001
"""Steps a second: the first comes at once, the second after this test."""


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """A list that gets every plot of the windows opened from now on whenever it is painted."""
    told: list[QWidget] = []
    paint = pg.GraphicsView.paintEvent

    def tell(view: pg.GraphicsView, event: QPaintEvent) -> None:
        told.append(view)
        paint(view, event)

    monkeypatch.setattr(pg.GraphicsView, "paintEvent", tell)
    return told


def test_that_a_change_that_begins_again_paints_each_plot_once(
    painted: list[QWidget], open_window: WindowOpener
) -> None:
    window = open_window("learning-rate")
    for steps in (200, 300, 400):  # the first ones may lay the axes out anew
        painted.clear()
        window.session.edit({"run.max_steps": steps})
        QCoreApplication.processEvents()
    kinds = {panel.view: panel.kind for panel in window.panels.findChildren(PlotPanel)}
    assert sorted(kinds[view] for view in painted) == ["cost_curve", "cost_history", "data_plot"]


@pytest.mark.one_window(False)
def test_that_a_live_change_is_drawn_before_the_next_step(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": NEVER})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 1):
        window.session.player.play()
    with qtbot.waitSignal(window.clock.frame) as frame:
        window.session.edit({"run.learning_rate": 0.05})
    assert frame.args is not None
    assert frame.args[0].step == 1


def test_that_a_run_begun_again_is_held_until_its_start_is_painted(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdstudio.worker.frame_gate.LONGEST_HOLD", 60.0)  # however slow the machine is
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": NEVER})
    with qtbot.waitSignal(window.session.training.run_started):
        window.session.player.play()
    window.session.edit({"run.max_steps": 77})
    control = window.session.run.control
    assert control is not None
    assert window.session.run.gate.is_held
    with qtbot.waitSignal(window.session.training.run_started):
        QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: not window.session.run.gate.is_held)


def test_that_nothing_is_drawn_while_nobody_can_see_it(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None})
    window.hide()
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    with qtbot.waitSignal(window.session.player.run_finished):
        window.session.player.play()
    QCoreApplication.processEvents()
    assert frames == []
    window.show()
    assert [frame.step for frame in frames] == [100]  # type: ignore[attr-defined]  # a snapshot


def test_that_the_clock_rests_after_a_run_and_ticks_again_in_the_next(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None})
    for _ in range(2):
        with qtbot.waitSignals([window.clock.frame, window.session.player.run_finished]):
            window.session.player.play()
        qtbot.waitUntil(lambda: not window.clock._timer.isActive())
        assert window.clock.drawn == window.session.run.version


def test_that_long_steps_rest_before_a_frame_is_drawn(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunControl, "has_long_steps", True)
    monkeypatch.setattr(frame_clock, "_PATIENCE", 60_000)
    monkeypatch.setattr(frame_clock, "_LONGEST_PERIOD", 1)
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None, "run.max_epochs": 1_000_000})
    window.session.player.play()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step > 100):
        pass
    rests: list[bool] = []

    def look(_: object) -> None:
        rests.append(window.session.run.gate.is_parked)

    window.clock.frame.connect(look)
    qtbot.waitUntil(lambda: len(rests) == 5)
    assert all(rests)
    window.clock.stop()
    with qtbot.waitSignal(window.session.training.progress):
        pass  # it goes on


def test_that_frames_come_as_ever_as_soon_as_steps_are_short_again(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_clock, "_LONG_STEPS_PERIOD", 3_600_000)
    monkeypatch.setattr(frame_clock, "_LONGEST_PERIOD", 3_600_000)
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None, "run.max_epochs": 1_000_000})
    window.session.player.play()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step > 100):
        pass
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    with monkeypatch.context() as during:
        during.setattr(RunControl, "has_long_steps", True)
        qtbot.wait(50)
        frames.clear()
        qtbot.wait(200)
        assert not frames
    qtbot.waitUntil(lambda: len(frames) > 3)


def test_that_a_run_has_time_of_its_own_between_frames_that_take_long(
    open_window: WindowOpener, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("pytorch-loop")
    window.session.edit({"view.steps_per_second": None, "run.max_epochs": 1_000_000})
    window.session.player.play()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step > 100):
        pass
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    with monkeypatch.context() as during:
        during.setattr(frame_clock, "_WITH_REST", 1e6)
        qtbot.waitUntil(lambda: window.clock._timer.interval() > 1000)
        frames.clear()
        with qtbot.waitSignals([window.session.training.progress] * 2):
            pass  # it goes on
        assert not frames
    window.clock.redraw()
    qtbot.waitUntil(lambda: len(frames) > 3)


def test_that_a_long_run_in_a_hidden_window_draws_nothing(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None, "run.max_steps": 10**9})
    window.session.player.play()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step > 0):
        pass
    window.hide()
    frames: list[object] = []
    window.clock.frame.connect(frames.append)
    drawn = window.clock.drawn
    for _ in range(3):  # a tenth of a second each, so that several frames would have come
        with qtbot.waitSignal(window.session.training.progress):
            pass
    assert frames == []
    assert window.clock.drawn == drawn
