"""The page at every size, zoom and theme: nothing is cut off or covered, and no picture is empty."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionSlider

from gdstudio.lessons.library import lesson, lesson_ids
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.widgets.theme import LEAST_TYPE, SMALL
from gdstudio.views.window.panel_area import Room
from gdstudio.views.window.questions import Stage
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

SIZES = ((1024, 640), (1280, 720), (1366, 768), (1920, 1080), (2560, 1440), (3840, 2160))
ZOOMS = (0.8, 1.0, 1.6, 2.5)
THEMES = ("light", "dark")
STATES = ("question", "mid-run", "reveal")
FEW = {
    "cost-and-slope": ("mid-run", ((1024, 640), 1.0, "light")),
    "two-parameters": ("question", ((1024, 640), 2.5, "dark")),
    "pytorch-loop": ("mid-run", ((1366, 768), 1.6, "light")),
    "mini-batches": ("reveal", ((1280, 720), 1.0, "light")),
}
"""What is tried of each lesson before the slow tests try the rest; a question where nothing is said."""
Look = tuple[tuple[int, int], float, str]


def _has_no_faults(window: MainWindow) -> bool:
    return not faults(window)


def reach(window: MainWindow, qtbot: QtBot, state: str) -> None:
    """Bring a lesson that has just been opened to a state."""
    if state == "mid-run":
        steps = 7 if window.session.experiment.is_full_batch else 130
        with qtbot.waitSignal(window.clock.frame, check_params_cb=lambda s: s.step == steps, timeout=20_000):
            window.session.player.step(steps)
        return
    window.cues.forward()
    assert window.cues.questions.stage is Stage.ASK
    if state == "reveal":
        window.session.edit({"view.steps_per_second": None})
        window.cues.forward()
        qtbot.waitUntil(lambda: window.cues.questions.stage is Stage.REVEAL, timeout=20_000)


def faults_at(window: MainWindow, qtbot: QtBot, look: Look) -> list[str]:
    """Return what is wrong with the page once it has come to rest at a size, zoom and theme."""
    size, zoom, theme = look
    window.appearance.set_zoom(zoom)
    if theme != window.appearance.theme.name:
        window.appearance.set_theme(theme)
    window.resize(*size)
    try:
        qtbot.waitUntil(lambda: not faults(window), timeout=1500)
    except qtbot.TimeoutError:
        return [f"{size} at {zoom:.0%}, {theme}: {fault}" for fault in faults(window)]
    return []


def check_all(window: MainWindow, qtbot: QtBot, state: str, looks: tuple[Look, ...]) -> None:
    reach(window, qtbot, state)
    found = [fault for look in looks for fault in faults_at(window, qtbot, look)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", lesson_ids())
def test_that_nothing_on_the_page_is_cut_off_or_covered(
    open_window: WindowOpener, qtbot: QtBot, name: str
) -> None:
    state, look = FEW.get(name, ("question", ((1920, 1080), 1.0, "dark")))
    check_all(open_window.at(name, *look), qtbot, state, (look,))


def test_that_nothing_is_cut_off_or_covered_after_a_change_of_size_zoom_and_theme(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    check_all(open_window("learning-rate"), qtbot, "question", (((1920, 1080), 1.6, "dark"),))


@pytest.mark.slow
@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", lesson_ids())
def test_that_nothing_is_cut_off_or_covered_at_any_size_zoom_and_theme(
    open_window: WindowOpener, qtbot: QtBot, name: str, state: str, zoom: float
) -> None:
    looks = tuple((size, zoom, theme) for theme, size in product(THEMES, SIZES))
    check_all(open_window(name), qtbot, state, looks)


ANSWERS: dict[str, tuple[str, object]] = {
    "number": ("mini-batches", 123456.7),
    "place": ("two-parameters", {"w": -1.23456, "b": 0.25}),
    "saw": ("two-parameters", 2),
    "sketch": ("learning-rate", ((0.0, 4.5), (9.5, 0.123456))),
    "tally": ("two-parameters", ((1234, 5678), (2345, 6789))),
}
"""A lesson with each kind of cue, and an answer that takes much room."""


@pytest.mark.parametrize("zoom", [pytest.param(1.0, marks=pytest.mark.slow), 2.5])
@pytest.mark.parametrize("kind", [*ANSWERS])
def test_that_no_kind_of_question_is_cut_off(
    open_window: WindowOpener, qtbot: QtBot, kind: str, zoom: float
) -> None:
    (name, given), look = ANSWERS[kind], ((1024, 640), zoom, "light")
    window = open_window.at(name, *look)
    questions = window.cues.questions
    questions.ask([cue.kind for cue in lesson(name).cue].index(kind))
    questions.note(given)
    found = [f"question: {fault}" for fault in faults_at(window, qtbot, look)]
    window.session.edit({"view.steps_per_second": None})
    questions.forward()
    over = {Stage.LOOK, Stage.REVEAL}
    qtbot.waitUntil(lambda: questions.stage in over, timeout=20_000)
    questions.note(given)
    if questions.stage is Stage.LOOK:
        window.cues.forward()
    found += [f"reveal: {fault}" for fault in faults_at(window, qtbot, look)]
    assert not found, "\n".join(found)


def test_that_the_checks_find_what_is_wrong(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    qtbot.waitUntil(partial(_has_no_faults, window))
    transport, main = window.transport, window.panels.shown[0]
    transport.play.setFixedWidth(20)
    transport.step.move(transport.play.pos())
    main.heading.setText("and so on " * 30)
    main.heading.setToolTip("")
    assert isinstance(main, PlotPanel)
    main.plot.clear()
    found = "\n".join(faults(window))
    assert "play: 'Play' needs" in found
    assert "step lies over" in found or "lies over step" in found
    assert "cost_curve: nothing is drawn" in found
    assert "shortened without a tooltip: 'and so on" in found


def test_that_the_three_pictures_of_a_lesson_are_seen_in_a_small_window(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("learning-rate")
    for size in ((1280, 720), (1366, 768)):
        window.resize(*size)
        qtbot.waitUntil(partial(_has_no_faults, window))
        main, *others = window.panels.shown
        assert all(panel.isVisible() for panel in others)
        assert all(main.width() > panel.width() and main.height() > panel.height() for panel in others)


def test_that_of_four_pictures_three_stay_in_sight_where_two_rows_would_be_too_low(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window.at("two-parameters", (1920, 1080))
    qtbot.waitUntil(lambda: window.panels.room is Room.ALL)
    window.resize(1280, 720)
    window.cues.forward()
    qtbot.waitUntil(lambda: window.panels.room is Room.THREE)
    assert [panel.isVisible() for panel in window.panels.shown] == [True, True, True, False]
    window.panels.tabs.setCurrentIndex(1)
    assert [panel.isVisible() for panel in window.panels.shown] == [True, True, False, True]


def test_that_type_is_as_large_as_a_hall_needs(open_window: WindowOpener) -> None:
    window = open_window.at("learning-rate", (1920, 1080))
    assert isinstance(main := window.panels.shown[0], PlotPanel)
    assert main.bottom.style["tickFont"].pixelSize() >= 16
    assert main.note.fontInfo().pixelSize() >= 16
    assert window.code.text.fontInfo().pixelSize() >= 16
    assert window.transport.play.fontInfo().pixelSize() >= 16
    assert main.headline.isVisible()
    assert main.headline.fontInfo().pixelSize() == 40
    assert "θ = 0" in main.headline.text()
    window.resize(3840, 2160)
    assert main.bottom.style["tickFont"].pixelSize() >= 32
    window.resize(1024, 640)
    window.appearance.set_zoom(0.8)
    assert main.bottom.style["tickFont"].pixelSize() == LEAST_TYPE


def test_that_the_headline_is_the_cost_where_there_are_more_weights_and_what_the_view_names(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    headline = window.panels.shown[0].headline
    assert "J = 4.6667" in headline.text()
    assert window.session.edit({"view.headline": "weight"})
    qtbot.waitUntil(lambda: "w = 0" in headline.text())


def test_that_the_headline_of_a_run_in_batches_says_of_which_moment_it_is(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("mini-batches")
    headline = window.panels.shown[0].headline
    assert "at the start" in headline.text()
    window.resize(3840, 2160)
    assert f"font-size:{window.appearance.type_pixels(SMALL)}px" in headline.text()
    window.toggle_theme()
    assert f"color:{window.appearance.theme.muted}" in headline.text()
    reach(window, qtbot, "mid-run")
    assert "after epoch 1" in headline.text()


def test_that_the_zoom_has_bounds_goes_back_to_100_and_is_remembered(open_window: WindowOpener) -> None:
    window = open_window.at("learning-rate", (1280, 840), zoom=1.7)
    for _ in range(2):
        window.appearance.zoom(1.5)
        assert window.appearance.zoomed == 2.5
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert window.appearance.zoomed == 1.0
    window.appearance.set_zoom(1.6)
    window.close()
    assert open_window("learning-rate", wait=False).appearance.zoomed == 1.6


def test_that_knobs_boxes_and_chevrons_grow_with_the_text(open_window: WindowOpener) -> None:
    window = open_window.at("pytorch-loop", (1920, 1080))
    style, slider = window.transport.bar.style(), QStyleOptionSlider()
    sizes = []
    for zoom in (1.0, 2.0):
        window.appearance.set_zoom(zoom)
        window.transport.bar.initStyleOption(slider)
        knob = style.subControlRect(
            QStyle.ComplexControl.CC_Slider, slider, QStyle.SubControl.SC_SliderHandle, window.transport.bar
        )
        box = window.sidebar.form.findChild(QCheckBox)
        assert box is not None
        tick = box.style().pixelMetric(QStyle.PixelMetric.PM_IndicatorWidth, None, box)
        sizes.append((knob.width(), tick))
    assert sizes[0] == (16, 18)  # a box has a border of one pixel at any zoom
    assert sizes[1] == (32, 34)


def test_that_a_lesson_shows_five_controls_and_the_rest_under_more(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    form = window.sidebar.form
    assert [c.isVisible() for c in form.controls.values()] == [True] * 5 + [False] * 5
    assert "More (5)" in form.more.button.text()
    form.more.button.click()
    assert all(control.isVisible() for control in form.controls.values())
    window.close()
    again = open_window("cost-and-slope").sidebar.form
    assert all(control.isVisible() for control in again.controls.values())


def test_that_a_question_hides_the_headline(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("learning-rate")
    headline = window.panels.shown[0].headline
    window.session.concealed.conceal(["weights"])
    qtbot.waitUntil(lambda: "θ = ?" in headline.text())
    assert headline.accessibleName() == "θ = ?"
