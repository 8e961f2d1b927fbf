"""The transport: back, the timeline, speeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


def wait_for(window: MainWindow, qtbot: QtBot, step: int, theta: float) -> None:
    def shown() -> bool:
        snapshot = window.session.run.snapshot()
        return snapshot is not None and snapshot.step == step and abs(snapshot.latest[0] - theta) < 1e-12

    qtbot.waitUntil(shown)


def theta(step: int) -> float:
    return 1 - (1 / 15) ** step


def test_that_left_goes_one_step_back_and_right_on_again(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    assert not window.transport.step_back.isEnabled()
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
        window.session.player.step(3)
    QTest.keyClick(window, Qt.Key.Key_Left)
    wait_for(window, qtbot, 2, theta(2))
    QTest.keyClick(window, Qt.Key.Key_Right)
    wait_for(window, qtbot, 3, theta(3))


def test_that_the_timeline_goes_to_any_step(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 100):
        window.session.player.play()
    assert window.transport.bar.value() == window.transport.bar.maximum() == 100
    bar = window.transport.bar
    for step in (40, 2, 7):
        bar.setSliderDown(True)
        with qtbot.waitSignal(window.clock.frame) as frame:
            bar.setSliderPosition(step)
        assert frame.args[0].step == {40: 40, 2: 2, 7: 2}[step]  # 7 is to be made again first
        bar.setSliderDown(False)
        wait_for(window, qtbot, step, theta(step))
    assert window.transport.play.text() == "Play"


def test_that_keys_on_the_timeline_go_to_their_step(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    window.session.edit({"view.steps_per_second": None})
    with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 100):
        window.session.player.play()
    window.transport.bar.setFocus()
    QTest.keyClick(window.transport.bar, Qt.Key.Key_Left)
    wait_for(window, qtbot, 99, theta(99))
    window.transport.bar.triggerAction(QSlider.SliderAction.SliderPageStepSub)
    wait_for(window, qtbot, 89, theta(89))


@pytest.mark.parametrize(("key", "speed"), [(Qt.Key.Key_Equal, 5.0), (Qt.Key.Key_Minus, 1.0)])
def test_that_minus_and_equal_change_the_speed(open_window: WindowOpener, key: Qt.Key, speed: float) -> None:
    window = open_window("learning-rate")
    QTest.keyClick(window, key)
    assert window.session.experiment.view.steps_per_second == speed
    assert window.transport.speed.currentText() == ("1 step/s" if speed == 1 else "5 steps/s")


def test_that_the_timeline_is_beside_the_buttons_where_there_is_room(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("learning-rate", (1920, 1080))
    transport = window.transport
    qtbot.waitUntil(lambda: transport.bar.x() > transport.pin.geometry().right())
    assert transport.height() < 2 * transport.play.height()
    assert transport.bar.width() > 0.3 * transport.width()
    long = transport.bar.width()
    window.session.player.play()
    qtbot.waitUntil(lambda: " left" in transport.status.text())
    assert transport.bar.width() == long, "it stays as long as it is while the run is in play"
    assert not transport.status.is_cut
    window.resize(1024, 640)
    window.appearance.set_zoom(1.6)
    qtbot.waitUntil(lambda: transport.bar.geometry().bottom() < transport.play.y())
