"""A user's session: who has the keys after typing, a click, a drag and Tab, and what the wheel does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QListWidget,
    QScrollArea,
    QSlider,
    QTabBar,
    QWidget,
)

from gdstudio.views.widgets.reading_order import bring_into_sight
from tests.views.hands import Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

Key = Qt.Key


@pytest.fixture
def hands(open_window: WindowOpener) -> Hands:
    return Hands(open_window())


def step_of(hands: Hands) -> int:
    snapshot = hands.window.session.run.snapshot()
    assert snapshot is not None
    return snapshot.step


def make_step(hands: Hands, qtbot: QtBot) -> None:
    """Press Right, which is to make one step of the run."""
    before = step_of(hands)
    hands.key(Key.Key_Right)
    qtbot.waitUntil(lambda: step_of(hands) == before + 1)


def press_space(hands: Hands, qtbot: QtBot) -> None:
    """Press Space, which is to let the run go on."""
    hands.key(Key.Key_Space)
    qtbot.waitUntil(lambda: hands.window.session.player.is_playing)


def test_that_the_run_has_the_keys_at_the_start(hands: Hands, qtbot: QtBot) -> None:
    assert hands.has_keys()
    make_step(hands, qtbot)


def test_that_enter_takes_a_number_and_gives_the_keys_back(hands: Hands, qtbot: QtBot) -> None:
    entry = hands.write("learning_rate", "0.22")
    assert hands.focus is entry
    hands.key(Key.Key_Return)
    assert hands.window.session.experiment.run.learning_rate == 0.22
    assert hands.has_keys()
    make_step(hands, qtbot)
    press_space(hands, qtbot)
    assert entry.text() == "0.22"


def test_that_escape_puts_the_number_back_and_gives_the_keys_back(hands: Hands, qtbot: QtBot) -> None:
    entry = hands.write("learning_rate", "7")
    hands.key(Key.Key_Escape)
    assert (entry.text(), hands.window.session.experiment.run.learning_rate) == ("0.1", 0.1)
    assert hands.has_keys()
    make_step(hands, qtbot)


def test_that_keys_go_into_a_text_while_it_is_written(hands: Hands) -> None:
    shown = hands.window.session.experiment
    entry = hands.write("learning_rate", "n4ctfrp 3")
    hands.key(Key.Key_Left)
    assert entry.text() == "n4ctfrp 3"
    assert hands.window.session.experiment == shown
    assert step_of(hands) == 0
    assert not hands.window.pins.chips


def test_that_a_wrong_text_is_told_stays_to_be_mended_and_is_put_back(hands: Hands) -> None:
    entry = hands.write("learning_rate", "0.")
    hands.key(Key.Key_Return)
    said = hands.find(QLabel, "learning_rate_error")
    assert isinstance(said, QLabel)
    assert "0. is too small; give a number above 0" in said.text()
    assert hands.focus is entry
    hands.type("3")
    hands.key(Key.Key_Return)
    assert hands.window.session.experiment.run.learning_rate == 0.3
    assert (said.isHidden(), hands.has_keys()) == (True, True)
    hands.write("learning_rate", "fast")
    hands.click(hands.window.panels)
    assert (entry.text(), "“fast” is not a number" in said.text()) == ("0.3", True)
    hands.click(entry)
    hands.key(Key.Key_Escape)
    assert said.isHidden()


def test_that_a_click_elsewhere_takes_the_number_and_gives_the_keys_back(hands: Hands, qtbot: QtBot) -> None:
    hands.write("learning_rate", "0.05")
    hands.click(hands.window.transport.play)
    qtbot.waitUntil(lambda: hands.window.session.player.is_playing)
    assert hands.window.session.experiment.run.learning_rate == 0.05
    assert hands.has_keys()


def test_that_after_a_click_on_a_lesson_right_makes_a_step(hands: Hands, qtbot: QtBot) -> None:
    lessons = hands.find(QListWidget, "lessons")
    assert isinstance(lessons, QListWidget)
    hands.click(lessons.viewport(), lessons.visualItemRect(lessons.item(2)).center())
    assert hands.window.sidebar.form.controls.keys() >= {"scaling"}
    assert hands.has_keys()
    qtbot.waitUntil(lambda: hands.window.session.run.snapshot() is not None)
    make_step(hands, qtbot)


def test_that_after_dragging_alpha_right_makes_a_step(hands: Hands, qtbot: QtBot) -> None:
    slider = hands.slider("learning_rate")
    grip = QPoint(round(slider.width() * 2 / 3), slider.height() // 2)
    hands.press(slider, grip)
    hands.move(slider, grip + QPoint(30, 0))
    hands.release(slider, grip + QPoint(30, 0))
    dragged = hands.window.session.experiment.run.learning_rate
    assert dragged != 0.1
    make_step(hands, qtbot)
    assert hands.window.session.experiment.run.learning_rate == dragged


def test_that_a_click_on_a_button_leaves_space_to_the_run(open_window: WindowOpener, qtbot: QtBot) -> None:
    hands = Hands(open_window.at("learning-rate", (1280, 2000)))
    for name in ("step_phase", "chip_1/L", "cost_tolerance_on", "theme", "step"):
        button = hands.find(QAbstractButton, name)
        hands.click(button)
        assert hands.has_keys(), name
        press_space(hands, qtbot)
        hands.key(Key.Key_Space)
        qtbot.waitUntil(lambda: not hands.window.session.player.is_playing)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_after_choosing_from_a_list_the_keys_are_the_runs(hands: Hands, qtbot: QtBot) -> None:
    chooser = hands.find(QComboBox, "steps_per_second")
    assert isinstance(chooser, QComboBox)
    hands.click(chooser)
    qtbot.waitUntil(chooser.view().isVisible)
    QTest.keyClick(chooser.view(), Key.Key_Down)
    QTest.keyClick(chooser.view(), Key.Key_Return)
    qtbot.waitUntil(lambda: not chooser.view().isVisible())
    assert hands.window.session.experiment.view.steps_per_second == 5.0
    assert hands.has_keys()
    make_step(hands, qtbot)


def tab_to(hands: Hands, name: str) -> None:
    for _ in range(60):
        hands.key(Key.Key_Tab)
        if hands.focus is not None and hands.focus.objectName() == name:
            return
    pytest.fail(f"Tab does not reach {name}")


def test_that_a_slider_reached_by_tab_keeps_its_arrows_until_escape(hands: Hands, qtbot: QtBot) -> None:
    tab_to(hands, "learning_rate_slider")
    hands.key(Key.Key_Right)
    assert hands.window.session.experiment.run.learning_rate == 0.112
    assert step_of(hands) == 0
    hands.key(Key.Key_Escape)
    make_step(hands, qtbot)
    assert hands.window.session.experiment.run.learning_rate == 0.112


def test_that_a_click_gives_back_the_keys_that_tab_had_given_away(hands: Hands, qtbot: QtBot) -> None:
    tab_to(hands, "learning_rate_slider")
    hands.click(hands.slider("max_steps"))
    assert hands.has_keys()
    tab_to(hands, "lessons")
    hands.window.transport.step.click()
    qtbot.waitUntil(lambda: step_of(hands) == 1)
    make_step(hands, qtbot)  # a list has no use for Right


def test_that_a_name_can_be_typed_for_its_number(hands: Hands) -> None:
    for text, value in (
        ("2/L", 3 / 14),
        ("0,22", 0.22),
        ("1e-3", 1e-3),
        ("3/28", 3 / 28),
        ("1.234,5", 1234.5),
    ):
        hands.write("learning_rate", text)
        hands.key(Key.Key_Return)
        assert hands.window.session.experiment.run.learning_rate == value
        assert hands.has_keys()


def state(hands: Hands) -> tuple[object, ...]:
    window = hands.window
    texts = [box.currentText() for box in window.findChildren(QComboBox)]
    return window.session.experiment, texts, window.panels.tabs.currentIndex(), window.transport.bar.value()


def test_that_the_wheel_scrolls_and_changes_no_control(hands: Hands, qtbot: QtBot) -> None:
    hands.window.resize(1024, 640)
    hands.window.appearance.zoom(1.6)
    qtbot.waitUntil(hands.window.panels.tabs.isVisible)
    make_step(hands, qtbot)
    qtbot.waitUntil(lambda: hands.window.transport.bar.value() == 1)
    before = state(hands)
    for kind in (QSlider, QComboBox, QTabBar):
        for widget in filter(kind.isVisible, hands.window.findChildren(kind)):
            bring_into_sight(widget)
            for angle in (-120, 120):
                hands.turn_wheel(widget, angle)
    assert state(hands) == before
    area = hands.window.sidebar.findChild(QScrollArea)
    assert area is not None
    bar = area.verticalScrollBar()
    inside = [
        w for kind in (QListWidget, QSlider, QComboBox) for w in hands.window.sidebar.findChildren(kind)
    ]
    for widget in filter(QWidget.isVisible, inside):
        bring_into_sight(widget)
        rests = bar.value()
        hands.turn_wheel(widget, -120 if rests < bar.maximum() else 120)
        assert bar.value() != rests, widget.objectName()


def test_that_an_arrow_on_the_timeline_makes_one_step_of_a_million(hands: Hands, qtbot: QtBot) -> None:
    hands.window.session.edit({"run.max_steps": 10**6})
    tab_to(hands, "timeline")
    make_step(hands, qtbot)
    make_step(hands, qtbot)
    hands.key(Key.Key_Left)
    qtbot.waitUntil(lambda: step_of(hands) == 1)


def test_that_c_shows_and_folds_the_code_at_every_zoom(hands: Hands) -> None:
    for zoom in (1.0, 0.8, 1.61, 2.5):
        hands.window.appearance.set_zoom(zoom)
        shown = hands.window.code.text.isVisible()
        for wanted in (not shown, shown):
            hands.key(Key.Key_C)
            assert hands.window.code.text.isVisible() is wanted, zoom
