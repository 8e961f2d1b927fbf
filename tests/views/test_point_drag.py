"""Points of the data plot under a real mouse: what is moved, what follows, what rests, what puts it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.views.plotting.point_grip import rounded
from gdstudio.views.window.questions import Stage
from tests.views.point_hands import PointHands
from tests.views.test_framing import ranges, turn_wheel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

NOTEBOOK = [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]
UP, ASIDE = QPoint(0, -40), QPoint(30, -40)


@pytest.fixture
def hands(open_window: WindowOpener, qtbot: QtBot) -> PointHands:
    return PointHands(open_window("learning-rate"), qtbot)


def settle(hands: PointHands, qtbot: QtBot) -> None:
    window = hands.window
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)


def test_that_a_point_follows_the_pointer_and_the_pictures_follow_the_point(
    hands: PointHands, qtbot: QtBot
) -> None:
    at = hands.drag(2, ASIDE)
    settle(hands, qtbot)
    moved = hands.points[2]
    (left, right), (low, high) = hands.panel.view.viewRange()
    box = hands.panel._box
    assert moved[0] == pytest.approx(3 + 30 * (right - left) / box.width(), abs=0.02)
    assert moved[1] == pytest.approx(3 + 40 * (high - low) / box.height(), abs=0.02)
    assert moved == tuple(round(part, 2) for part in moved)
    assert hands.points[:2] == NOTEBOOK[:2]
    x, y = np.array(hands.points).T
    curve: Any = hands.window.panels.panel("cost_curve")
    theta, cost = curve._curve.getData()
    inside = slice(1, -1)  # its ends are cut at the border of the picture
    np.testing.assert_allclose(cost[inside], ((np.outer(theta, x) - y) ** 2).mean(axis=1)[inside], rtol=1e-9)
    np.testing.assert_allclose(curve._minimum.xData, 2 * [(x @ y) / (x @ x)])
    np.testing.assert_allclose(hands.panel._points.getData()[1], y)
    hands.drop(at)
    assert hands.points[2] == moved


def test_that_a_press_beside_a_point_takes_it_and_does_not_make_it_jump(hands: PointHands) -> None:
    at = hands.take(1, QPoint(9, 9))
    hands.drop(at)
    assert hands.points == NOTEBOOK
    at = hands.take(1, QPoint(9, 9))
    hands.pull(at, at + QPoint(0, -40))
    hands.drop(at + QPoint(0, -40))
    assert hands.points[1][0] == 2.0
    (low, high), box = hands.panel.view.viewRange()[1], hands.panel._box
    assert hands.points[1][1] == pytest.approx(2 + 40 * (high - low) / box.height(), abs=0.02)


def test_that_with_shift_only_y_moves(hands: PointHands) -> None:
    at = hands.drag(0, ASIDE)
    assert hands.points[0][0] > 1.0
    hands.drop(at, Qt.KeyboardModifier.ShiftModifier)
    assert hands.points[0][0] == 1.0
    assert hands.points[0][1] > 1.0


def test_that_escape_puts_the_point_back_to_the_last_digit_and_leaves_nothing_to_undo(
    hands: PointHands,
) -> None:
    exact = (1 / 3, 2 / 7, 3 / 14)
    hands.window.session.load(hands.window.session.experiment.edited({"problem.y": exact}))
    at = hands.drag(2, UP)
    assert hands.points[2][1] != exact[2]
    hands.key(Qt.Key.Key_Escape)
    assert tuple(y for _, y in hands.points) == exact
    hands.pull(at, at + ASIDE)
    hands.drop(at + ASIDE)
    assert tuple(y for _, y in hands.points) == exact
    assert not hands.window.session.undo.can_undo
    hands.drop(hands.drag(2, UP))
    assert hands.points[2][1] != exact[2]


def test_that_a_drag_is_taken_back_by_one_key_and_made_again_by_another(hands: PointHands) -> None:
    hands.drop(hands.drag(1, UP))
    hands.drop(hands.drag(2, UP))
    both = hands.points
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.points == [NOTEBOOK[0], both[1], NOTEBOOK[2]]
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.points == NOTEBOOK
    shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    hands.key(Qt.Key.Key_Z, shift)
    hands.key(Qt.Key.Key_Z, shift)
    assert hands.points == both


@pytest.mark.parametrize(("lesson", "kind"), [("learning-rate", "cost_curve"), ("two-parameters", "contour")])
def test_that_ranges_rest_while_a_point_is_held_and_fit_when_it_is_let_go(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, kind: str
) -> None:
    hands = PointHands(open_window(lesson), qtbot)
    cost: Any = hands.window.panels.panel(kind)
    before = ranges(hands.panel), ranges(cost)
    at = hands.drag(2, QPoint(0, 60))
    settle(hands, qtbot)
    assert hands.points != NOTEBOOK
    np.testing.assert_array_equal(ranges(hands.panel), before[0])
    np.testing.assert_array_equal(ranges(cost), before[1])
    hands.drop(at)
    minimum = hands.window.session.run.problem.minima[0]  # type: ignore[union-attr]  # it is there
    qtbot.waitUntil(lambda: abs(ranges(cost)[0].mean() - minimum[0]) < 1e-6)


def test_that_the_contour_is_that_of_the_points_that_are_held(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    hands = PointHands(open_window("two-parameters"), qtbot)
    contour: Any = hands.window.panels.panel("contour")
    at = hands.drag(0, UP)
    settle(hands, qtbot)
    x, y = np.array(hands.points).T
    least = np.linalg.lstsq(np.column_stack([x, np.ones(3)]), y, rcond=None)[0]
    np.testing.assert_allclose(np.ravel(contour._least.getData()), least, atol=1e-9)
    hands.drop(at)


def test_that_a_click_never_zooms_and_the_wheel_and_fit_still_work(hands: PointHands) -> None:
    before = ranges(hands.panel)
    hands.click(hands.ground, hands.at(2.0, 2.0))
    hands.click(hands.ground, hands.at(0.5, 2.5))
    np.testing.assert_array_equal(ranges(hands.panel), before)
    assert hands.points == NOTEBOOK
    turn_wheel(hands.panel, 2.0, 2.0)
    zoomed = ranges(hands.panel)
    assert np.ptp(zoomed, axis=1) == pytest.approx(np.ptp(before, axis=1) / 1.25)
    hands.drop(hands.drag(1, QPoint(0, -20)))
    np.testing.assert_array_equal(ranges(hands.panel), zoomed)
    hands.double_click(hands.ground, hands.at(2.5, 1.7))
    assert np.ptp(ranges(hands.panel), axis=1) == pytest.approx(np.ptp(before, axis=1))


def test_that_the_pointer_says_where_a_point_can_be_taken(hands: PointHands) -> None:
    grip, ground = hands.panel.editing.grip, hands.panel.editing.grip._ground
    hands.move(hands.ground, hands.at(2.0, 2.0) + QPoint(8, 8))
    assert grip.hovered == 1
    assert ground.cursor().shape() is Qt.CursorShape.SizeAllCursor
    assert "Drag to move the point" in ground.toolTip()
    QTest.qWait(25)
    hands.move(hands.ground, hands.at(0.5, 2.5))
    assert grip.hovered == -1
    assert not ground.hasCursor()


def test_that_a_point_can_be_dragged_out_of_the_picture_which_then_shows_it(
    hands: PointHands, qtbot: QtBot
) -> None:
    before = ranges(hands.panel)
    at = hands.drag(2, QPoint(0, 10) - QPoint(0, 60))
    settle(hands, qtbot)
    x, y = hands.points[2]
    assert y > before[1, 1]
    assert f"({x:g}, {y:g})" in hands.panel.note.text()
    hands.drop(at)
    qtbot.waitUntil(lambda: ranges(hands.panel)[1, 1] > y)
    assert f"({x:g}, {y:g})" not in hands.panel.note.text()


def test_that_a_scaled_feature_moves_only_up_and_keeps_its_x(open_window: WindowOpener, qtbot: QtBot) -> None:
    hands = PointHands(open_window("two-parameters"), qtbot)
    hands.window.session.edit({"problem.scaling": "z_score"})
    settle(hands, qtbot)
    before = hands.points
    hands.drop(hands.drag(2, ASIDE))
    assert hands.points[:2] == before[:2]
    assert hands.points[2][0] == before[2][0]
    assert hands.points[2][1] > before[2][1]


def test_that_rows_that_are_drawn_cannot_be_dragged(open_window: WindowOpener, qtbot: QtBot) -> None:
    window = open_window("mini-batches")
    window.session.edit({"view.panels": ("data_plot", "cost_history"), "view.feature": 1})
    panel: Any = window.panels.panel("data_plot")
    qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)
    assert len(panel.editing.grip.points) == 0
    before = window.session.experiment
    hands = PointHands(window, qtbot)
    at = hands.at(float(panel._X[0, 0]), float(panel._y[0]))
    hands.move(hands.ground, at)
    hands.press(hands.ground, at)
    hands.pull(at, at + UP)
    hands.drop(at + UP)
    assert window.session.experiment == before


def test_that_a_drag_leaves_the_question_as_any_edit_does(hands: PointHands) -> None:
    questions = hands.window.cues.questions
    questions.ask(0)
    assert questions.cue is not None
    hands.drop(hands.drag(2, UP))
    assert questions.cue is None
    assert questions.stage is Stage.ASIDE


def test_that_another_lesson_in_the_middle_of_a_drag_ends_it(hands: PointHands, qtbot: QtBot) -> None:
    at = hands.drag(2, UP)
    hands.window.open("two-parameters")
    settle(hands, qtbot)
    loaded = hands.window.session.experiment
    hands.pull(at, at + ASIDE)
    hands.drop(at + ASIDE)
    assert hands.window.session.experiment == loaded
    hands.window.session.edit({"run.seed": 4})
    hands.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert hands.window.session.experiment == loaded


@pytest.mark.parametrize(
    ("value", "seen", "pixels", "expected"),
    [
        (1.23456, (0.0, 4.0), 400, 1.23),
        (1.23456, (0.0, 40.0), 400, 1.2),
        (0.0123456, (0.0, 0.04), 400, 0.0123),
        (123456.0, (0.0, 4e6), 400, 120000.0),
        (-9.0, (-1.0, 4.0), 500, -6.0),
        (-0.001, (-1.0, 4.0), 500, 0.0),
    ],
)
def test_that_a_place_is_rounded_to_what_pixels_tell_apart(
    value: float, seen: tuple[float, float], pixels: float, expected: float
) -> None:
    found = rounded(value, seen, pixels)
    assert found == expected
    assert str(found) != "-0.0"
