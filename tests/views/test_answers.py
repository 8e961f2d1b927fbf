"""How the kinds of cue beside the choice are answered in the window."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gdstudio.core.numbers import format_number
from gdstudio.lessons.kinds import CUES
from gdstudio.lessons.kinds.saw import Saw
from gdstudio.lessons.library import lesson
from gdstudio.views.panels.contour import Contour
from gdstudio.views.panels.cost_curve import CostCurve
from gdstudio.views.panels.cost_history import CostHistory
from gdstudio.views.plotting.guess_marker import resolved
from gdstudio.views.widgets.theme import DARK, LIGHT, Theme
from gdstudio.views.window.answers import ANSWER_FORMS
from gdstudio.views.window.answers.entry import AnswerEntry
from gdstudio.views.window.answers.number import NumberForm
from gdstudio.views.window.answers.place import PlaceForm
from gdstudio.views.window.answers.saw import SawForm
from gdstudio.views.window.answers.sketch import SketchForm
from gdstudio.views.window.answers.tally import TallyForm
from gdstudio.views.window.questions import Stage
from tests.views.hands import Hands
from tests.views.page_checks import faults

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def ask(window: MainWindow, kind: str) -> None:
    """Ask the first question of a kind in the window's lesson."""
    questions = window.cues.questions
    assert questions.lesson is not None
    questions.ask([cue.kind for cue in questions.lesson.cue].index(kind))


def until(window: MainWindow, qtbot: QtBot, stage: Stage) -> None:
    window.session.edit({"view.steps_per_second": None})
    qtbot.waitUntil(lambda: window.cues.questions.stage is stage, timeout=20_000)


def test_that_every_kind_of_cue_has_its_form() -> None:
    assert set(ANSWER_FORMS) == set(CUES)


def number_form(open_window: WindowOpener) -> tuple[MainWindow, NumberForm]:
    window = open_window("mini-batches")
    ask(window, "number")
    form = window.cues.form
    assert isinstance(form, NumberForm)
    return window, form


def type_into(form: NumberForm, text: str) -> None:
    form.entry.setFocus()
    form.entry.selectAll()
    QTest.keyClicks(form.entry, text)


def test_that_a_typed_number_stays_and_its_gap_is_said_with_its_sign(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form = number_form(open_window)
    assert form.name.text() == "steps ="
    type_into(form, "1,000")
    QTest.keyClick(form.entry, Qt.Key.Key_Return)
    assert window.cues.said.text() == "You expect 1000. Go on, or type another."
    assert window.cues.questions.stage is Stage.ASK
    assert not form.entry.hasFocus(), "the keys belong to the run again"
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("Not as you predicted: 1000 is 900 too high. An epoch is 100")
    assert form.entry.text() == "1,000"
    assert form.real.text() == "✗ in the run 100"
    [kept] = window.cues.questions.sitting.of("mini-batches", 0)
    assert (kept.rows[0].answer, kept.rows[0].result) == ("1000.0", "100.0")


def test_that_a_number_counts_without_enter_and_a_fraction_or_decimal_comma_is_one(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form = number_form(open_window)
    for text, value in (("3/14", 3 / 14), ("0,5", 0.5), ("100", 100.0)):
        type_into(form, text)
        assert form.commit()
        assert window.cues.questions.given == value
    type_into(form, "200/2")
    QTest.keyClick(form.entry, Qt.Key.Key_PageDown)
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("As you predicted: 100 it is. ")
    assert form.real.text() == "✓ in the run 100"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a hundred", "“a hundred” is not a number; give a number such as 0.1 or 3/14."),
        ("1e999", "“1e999” is not a finite number; give a number such as 0.1 or 3/14."),
        ("1/0", "“1/0” is not a number; give a number such as 0.1 or 3/14."),
    ],
)
def test_that_a_text_that_is_no_number_has_its_sentence_and_nothing_is_lost(
    open_window: WindowOpener, text: str, says: str
) -> None:
    window, form = number_form(open_window)
    type_into(form, text)
    window.cues.forward()
    assert window.cues.questions.stage is Stage.ASK, "the run waits until the number is right"
    assert window.cues.said.text() == says
    window.setFocus()
    assert form.entry.text() == text
    assert window.cues.said.text() == says
    type_into(form, "5")
    QTest.keyClick(form.entry, Qt.Key.Key_Return)
    assert window.cues.questions.given == 5
    type_into(form, "x")
    QTest.keyClick(form.entry, Qt.Key.Key_Escape)
    assert form.entry.text() == "5"
    assert window.cues.questions.given == 5


def test_that_a_number_may_be_left_out_and_is_forgotten_by_the_next_question(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form = number_form(open_window)
    type_into(form, "7")
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    ask(window, "number")
    assert form.entry.text() == ""
    assert window.cues.said.text() == lesson("mini-batches").cue[0].instruction
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("An epoch is 100 updates")
    assert form.real.text() == "in the run 100"
    assert len(window.cues.questions.sitting.answers) == 1


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


def test_that_what_was_seen_is_asked_after_the_run_while_the_pictures_show_the_start(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window("two-parameters")
    ask(window, "saw")
    cue, strip = window.cues.cue, window.cues
    assert isinstance(cue, Saw)
    assert isinstance(strip.form, SawForm)
    assert strip.text.text() == cue.watch
    assert strip.said.text() == "Watch closely: the question comes after the run."
    assert not any(button.isVisible() for button in strip.form.buttons)
    strip.predict(1)
    assert strip.questions.given is None, "there is nothing to choose yet"
    strip.forward()
    until(window, qtbot, Stage.LOOK)
    assert strip.text.text() == cue.prompt
    assert strip.said.text() == "The pictures are back at the start. Choose what you saw, or go on without."
    assert [button.text() for button in strip.form.buttons if button.isVisible()] == list(cue.choices)
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    contour = window.panels.panel("contour")
    assert isinstance(contour, Contour)
    assert len(contour._trail.line.getData()[0]) == 1
    strip.predict(0)
    assert strip.questions.stage is Stage.REVEAL
    assert strip.said.text().startswith("Not as you saw it. The first step takes b from 0 to 0.4")
    assert [b.property("mark") for b in strip.form.buttons[:3]] == ["wrong", "right", ""]
    assert strip.form.buttons[0].text() == "✗ it stayed near 0 (seen)"
    qtbot.waitUntil(lambda: len(contour._trail.line.getData()[0]) == 21)


@pytest.mark.parametrize("way", ["forward", "back", "reset", "edit"])
def test_that_the_look_back_is_left_in_every_way(open_window: WindowOpener, qtbot: QtBot, way: str) -> None:
    window = open_window("two-parameters")
    ask(window, "saw")
    window.cues.forward()
    until(window, qtbot, Stage.LOOK)
    questions = window.cues.questions
    if way == "forward":
        window.cues.forward()
        assert questions.stage is Stage.REVEAL
        assert questions.revealed.startswith("The first step")
        assert questions.sitting.answers == []
    elif way == "back":
        window.cues.back()
        assert questions.stage is Stage.ASK
    elif way == "reset":
        window.transport.reset.click()
        assert questions.stage is Stage.ASK
    else:
        window.session.edit({"run.learning_rate": 0.05})
        assert questions.stage is Stage.ASIDE
    assert window.session.run.preview.shown is None


def tally_form(open_window: WindowOpener) -> tuple[MainWindow, TallyForm]:
    window = open_window("two-parameters")
    ask(window, "tally")
    assert isinstance(window.cues.form, TallyForm)
    return window, window.cues.form


def count(form: TallyForm, *hands: str) -> None:
    form.parts[0].entry.setFocus()
    for text in hands:
        line = form.window().focusWidget()
        assert isinstance(line, AnswerEntry)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)


def test_that_hands_are_counted_twice_and_both_rounds_stand_side_by_side(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window, form = tally_form(open_window)
    assert not form.again.isVisible()
    count(form, "28", "12")
    assert window.hasFocus(), "the last line gives the keys back"
    assert window.cues.said.text() == "40 hands. Discuss and count again, or go on."
    assert [part.bars.shares for part in form.parts[:2]] == [(0.7,), (0.3,)]
    form.again.click()
    assert [part.entry.text() for part in form.parts[:2]] == ["", ""]
    assert [part.before.text() for part in form.parts[:2]] == ["28 →", "12 →"]
    assert window.cues.said.text() == "Discuss, and count the hands again; or go on."
    count(form, "10", "30")
    assert window.cues.said.text() == "At first 40 hands, now 40. Go on to see."
    assert window.cues.questions.stage is Stage.ASK
    form.parts[1].entry.setFocus()
    window.cues.forward()
    assert window.hasFocus(), "no button takes the keys of a line that is closed"
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith(
        "At first 12 of 40 (30 %) expected this, after the discussion 30 of 40 (75 %). J = 242.293"
    )
    assert [part.bars.shares for part in form.parts[:2]] == [(0.7, 0.25), (0.3, 0.75)]
    assert form.parts[1].words.text() == "✓ it diverges"
    assert not form.parts[0].entry.isEnabled()
    [kept] = window.cues.questions.sitting.answers
    assert [(row.round, row.count) for row in kept.rows] == [(1, 28), (1, 12), (2, 10), (2, 30)]


def test_that_a_key_adds_one_hand(open_window: WindowOpener) -> None:
    window, form = tally_form(open_window)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_2, Qt.Key.Key_3):
        QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
    assert window.cues.questions.given == ((1, 2),)
    assert [part.entry.text() for part in form.parts[:2]] == ["1", "2"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("many", "“many” is not a number; give a whole number such as 10."),
        ("2.5", "“2.5” is not a whole number; give a whole number such as 10."),
        ("-3", "“-3” cannot be a count of hands; give a whole number from 0 to 100,000."),
        ("1e6", "“1e6” cannot be a count of hands; give a whole number from 0 to 100,000."),
    ],
)
def test_that_what_cannot_be_a_count_has_its_sentence_and_stays(
    open_window: WindowOpener, text: str, says: str
) -> None:
    window, form = tally_form(open_window)
    count(form, "7")
    QTest.keyClicks(form.parts[1].entry, text)
    window.cues.forward()
    assert window.cues.questions.stage is Stage.ASK
    assert window.cues.said.text() == says
    assert [part.entry.text() for part in form.parts[:2]] == ["7", text]


def test_that_the_answers_are_saved_where_the_user_says(
    open_window: WindowOpener, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window("cost-and-slope")
    chosen = {"getSaveFileName": (str(tmp_path / "mine"), "")}
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: chosen["getSaveFileName"])
    window.cues.ask_to_save()
    assert window.banner.text.startswith("There are no answers to save yet")
    assert not window.cues.save.isVisible()
    window.cues.forward()
    window.cues.predict(1)
    assert not window.cues.save.isVisible(), "a question owns the page"
    window.cues.restore.click()
    assert window.cues.save.isVisible()
    QTest.keyClick(
        window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert window.banner.text == f"Saved 1 answer as {tmp_path / 'mine.csv'}."
    table = list(csv.DictReader((tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["lesson"], row["question"], row["answer"], row["result"]) for row in table] == [
        ("cost-and-slope", "1", "negative, so left", "wrong")
    ]
    chosen["getSaveFileName"] = (str(tmp_path / "no" / "folder.csv"), "")
    window.cues.save.click()
    assert "folder.csv" in window.banner.text
    assert "Saved" not in window.banner.text


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
