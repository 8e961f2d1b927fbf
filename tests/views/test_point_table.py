"""Points added, taken away, typed and pasted, as a user's hands do it; nothing is lost by what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio.core.problems.given_points import MAX_POINTS
from gdstudio.views.controls.points_table import PAGE
from gdstudio.views.window.failed_panel import FailedPanel
from tests.views.point_hands import Editing
from tests.views.test_framing import ranges, turn_wheel
from tests.views.test_page import faults_at

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.views.conftest import WindowOpener

NOTEBOOK = [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)]
FREE = 0.5, 2.5
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def hands(open_window: WindowOpener, qtbot: QtBot) -> Editing:
    return Editing(open_window("learning-rate"), qtbot)


def test_that_a_click_on_free_ground_adds_a_point_only_while_points_are_edited(hands: Editing) -> None:
    hands.click(hands.ground, hands.at(*FREE))
    assert hands.points == [*NOTEBOOK, pytest.approx(FREE, abs=0.02)]
    assert all(part == round(part, 2) for part in hands.points[3])
    hands.click(hands.panel.editing.button)
    assert hands.table.isHidden()
    before = hands.points
    hands.click(hands.ground, hands.at(1.5, 3.0))
    hands.right_click(hands.at(*before[0]))
    hands.key(Qt.Key.Key_Delete)
    assert hands.points == before


def test_that_a_double_click_while_editing_adds_one_point_and_zooms_nothing(hands: Editing) -> None:
    turn_wheel(hands.panel, 2.0, 2.0)
    zoomed = ranges(hands.panel)
    at = hands.at(1.5, 2.5)
    hands.click(hands.ground, at)
    hands.double_click(hands.ground, at)
    assert len(hands.points) == 4
    np.testing.assert_array_equal(ranges(hands.panel), zoomed)


def test_that_a_right_click_takes_a_point_away_and_a_key_brings_it_back(hands: Editing) -> None:
    hands.right_click(hands.at(2.0, 2.0))
    assert hands.points == [NOTEBOOK[0], NOTEBOOK[2]]
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.points == NOTEBOOK


@pytest.mark.parametrize("by", ["pointer", "click", "row"])
def test_that_delete_takes_the_marked_point_away(hands: Editing, by: str) -> None:
    if by == "row":
        hands.click(hands.entry(hands.cell(1, "x")))
        hands.key(Qt.Key.Key_Escape)
    else:
        hands.move(hands.ground, hands.at(2.0, 2.0))
    if by == "click":
        hands.click(hands.ground, hands.at(2.0, 2.0))
        QTest.qWait(25)
        hands.move(hands.ground, hands.at(*FREE))
    hands.key(Qt.Key.Key_Delete)
    assert hands.points == [NOTEBOOK[0], NOTEBOOK[2]]
    hands.key(Qt.Key.Key_Delete)  # none is marked any more
    assert len(hands.points) == 2


def test_that_a_row_is_taken_away_by_its_button(hands: Editing, qtbot: QtBot) -> None:
    hands.click(hands.table.rows[0].remove)
    assert hands.points == NOTEBOOK[1:]
    assert len(hands.table.rows) == 2
    assert hands.entry(hands.cell(0, "x")).text() == "2"


@pytest.mark.parametrize(
    ("lesson", "least", "words"),
    [
        ("learning-rate", 1, "A hypothesis is fitted to one point at least."),
        ("two-parameters", 2, "Two points at least make a line: through a single one go many of them."),
    ],
)
def test_that_the_least_number_of_points_stays_and_it_says_why(
    open_window: WindowOpener, qtbot: QtBot, lesson: str, least: int, words: str
) -> None:
    hands = Editing(open_window(lesson), qtbot)
    for _ in range(3):
        hands.click(hands.table.rows[-1].remove)
    assert len(hands.points) == least
    assert hands.banner().startswith(words)


def test_that_a_coordinate_is_typed_exactly_and_enter_gives_the_keys_back(hands: Editing) -> None:
    for text, value in (("3/14", 3 / 14), ("0,25", 0.25), ("-2", -2.0), ("1e-3", 0.001), ("4", 4.0)):
        hands.write(hands.cell(2, "y"), text)
        hands.key(Qt.Key.Key_Return)
        assert hands.points == [*NOTEBOOK[:2], (3.0, value)], text
        assert hands.has_keys(), text
        hands.key(Qt.Key.Key_Z, CONTROL)
        assert hands.points == NOTEBOOK, text


def test_that_a_text_that_is_no_number_is_told_and_stays_until_it_is_mended(hands: Editing) -> None:
    for seed, text in enumerate(("four", "1,234", "nan", "1e999")):
        entry = hands.write(hands.cell(1, "y"), text)
        hands.key(Qt.Key.Key_Return)
        assert hands.points == NOTEBOOK, text
        assert text in hands.table.error.text()
        assert hands.table.error.isVisible(), text
        assert entry.text() == text
        assert entry.hasFocus(), text
        hands.window.session.edit({"run.learning_rate": 0.05, "run.seed": seed})  # pictures begin anew
        assert entry.text() == text
        entry.selectAll()
        hands.type("5")
        hands.key(Qt.Key.Key_Return)
        assert hands.points[1] == (2.0, 5.0), text
        assert hands.table.error.isHidden(), text
        hands.key(Qt.Key.Key_Z, CONTROL)


def test_that_escape_puts_the_old_number_back(hands: Editing) -> None:
    entry = hands.write(hands.cell(0, "x"), "seven")
    hands.key(Qt.Key.Key_Return)
    hands.key(Qt.Key.Key_Escape)
    assert entry.text() == "1"
    assert hands.table.error.isHidden()
    assert hands.points == NOTEBOOK
    assert hands.has_keys()


def test_that_the_last_row_adds_a_point_once_both_numbers_are_there(hands: Editing) -> None:
    hands.write(hands.cell(3, "x"), "1/3")
    hands.key(Qt.Key.Key_Return)
    assert hands.points == NOTEBOOK
    assert hands.entry(hands.cell(3, "y")).hasFocus()
    hands.window.session.edit({"run.seed": 3})  # what has been typed so far stays
    assert hands.table.spare.x_entry.text().startswith("0.333") or hands.table.spare.x_entry.text() == "1/3"
    hands.type("-4")
    hands.key(Qt.Key.Key_Return)
    assert hands.points == [*NOTEBOOK, (1 / 3, -4.0)]
    assert hands.table.spare.x_entry.text() == hands.table.spare.y_entry.text() == ""
    assert hands.table.rows[3].x_entry.text() == "1/3"
    assert hands.table.spare.index == 4


def test_that_tab_goes_through_the_cells_and_every_one_has_a_name(hands: Editing) -> None:
    hands.click(hands.entry(hands.cell(0, "x")))
    names = []
    for _ in range(5):
        assert hands.focus is not None
        names.append(hands.focus.accessibleName())
        hands.key(Qt.Key.Key_Tab)
    assert names == [
        "x of point 1, typed",
        "y of point 1, typed",
        "Take point 1 away",
        "x of point 2, typed",
        "y of point 2, typed",
    ]


def test_that_ctrl_z_in_a_cell_that_is_not_written_in_takes_the_last_edit_back(hands: Editing) -> None:
    hands.write(hands.cell(0, "y"), "9")
    hands.key(Qt.Key.Key_Tab)
    assert hands.points[0] == (1.0, 9.0)
    hands.click(hands.entry(hands.cell(1, "y")))
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.points == NOTEBOOK


def test_that_two_columns_take_the_place_of_all_points(hands: Editing) -> None:
    hands.paste("hours\tmark\n0,5\t1,25\n1\t3/14\n")
    assert hands.points == [(0.5, 1.25), (1.0, 3 / 14)]
    assert hands.table.note.text() == (
        "2 points pasted below the names “hours, mark” in place of 3. Ctrl+Z brings the old ones back."
    )
    hands.key(Qt.Key.Key_Z, CONTROL)
    assert hands.points == NOTEBOOK


def test_that_ctrl_v_in_a_cell_pastes_a_table_and_a_single_number_as_text(hands: Editing) -> None:
    entry = hands.entry(hands.cell(0, "x"))
    hands.click(entry)
    QApplication.clipboard().setText("0.75")
    hands.key(Qt.Key.Key_V, CONTROL)
    hands.key(Qt.Key.Key_Return)
    assert hands.points == [(0.75, 1.0), *NOTEBOOK[1:]]
    hands.click(entry)
    QApplication.clipboard().setText("4\t5\n6\t7")
    hands.key(Qt.Key.Key_V, CONTROL)
    assert hands.points == [(4.0, 5.0), (6.0, 7.0)]


def test_that_a_paste_that_is_wrong_changes_nothing(hands: Editing) -> None:
    for text, words in (
        ("1\t2\n3\tinf", "Line 2: “inf” is not a finite number"),
        ("1\t2\n3\tx", "Line 2: “x” is not a number"),
        ("", "There is no text on the clipboard"),
        ("1\t1,234", "can mean 1.234 or 1234"),
    ):
        QApplication.clipboard().clear()
        hands.paste(text)
        assert hands.points == NOTEBOOK, text
        assert words in hands.table.error.text()


def test_that_too_few_and_too_many_points_are_refused_with_their_sentences(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    hands = Editing(open_window("two-parameters"), qtbot)
    hands.paste("1\t2")
    assert hands.banner() == (
        "Two points at least make a line: through a single one go many of them. Nothing was changed."
    )
    hands.paste("1\t2\n" * (MAX_POINTS + 1))
    assert hands.banner().startswith("These are 100,001 points, and an experiment may have 100,000 at most")
    assert hands.points == NOTEBOOK


@pytest.mark.parametrize("text", ["1e300", "-2000000000"])
def test_that_a_coordinate_too_large_to_be_drawn_is_refused_and_stays(hands: Editing, text: str) -> None:
    entry = hands.write(hands.cell(0, "x"), text)
    hands.key(Qt.Key.Key_Return)
    assert "is too large for a coordinate; give −1,000,000,000 to 1,000,000,000" in hands.banner()
    assert entry.text() == text
    assert hands.points == NOTEBOOK
    hands.paste(f"1\t1\n{text}\t1")
    assert hands.points == NOTEBOOK


@pytest.mark.parametrize("lesson", ["cost-and-slope", "two-parameters"])
def test_that_any_points_that_are_taken_are_drawn(
    open_window: WindowOpener, qtbot: QtBot, lesson: str
) -> None:
    hands = Editing(open_window(lesson), qtbot)
    for points in (
        [(0.0, 1.0), (0.0, 2.0)],
        [(1.0, 1.0), (1.0, 1.0)],
        [(1.0, 0.0), (2.0, 0.0)],
        [(1e9, 1.0), (2.0, 2.0)],
        [(-1e9, 1e9), (1e9, 1e9)],
        [(1e-300, 1.0), (2e-300, 2.0)],
    ):
        hands.paste("\n".join(f"{x!r}\t{y!r}" for x, y in points))
        assert hands.points == points
        with qtbot.waitSignal(hands.window.clock.frame, check_params_cb=lambda snapshot: snapshot.step == 3):
            hands.window.session.player.step(3)
        assert not any(isinstance(panel, FailedPanel) for panel in hands.window.panels.shown), points


def test_that_equal_x_are_refused_with_the_z_score_and_what_was_typed_stays(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    hands = Editing(open_window("two-parameters"), qtbot)
    hands.click(hands.table.rows[2].remove)
    hands.window.session.edit({"problem.scaling": "z_score"})
    entry = hands.write(hands.cell(1, "x"), "1")
    hands.key(Qt.Key.Key_Return)
    assert hands.points == NOTEBOOK[:2]
    assert "z_score needs at least two different x" in hands.banner()
    assert entry.text() == "1"
    hands.key(Qt.Key.Key_Escape)
    assert entry.text() == "2"
    hands.click(hands.ground, QPoint(hands.ground.width() // 2, hands.ground.height() // 3))
    assert "a click does not say which x is meant" in hands.banner()
    assert hands.points == NOTEBOOK[:2]


def test_that_of_many_points_a_page_is_shown_and_each_can_be_typed(hands: Editing, qtbot: QtBot) -> None:
    hands.paste("\n".join(f"{i}\t{2 * i}" for i in range(10_000)))
    assert len(hands.points) == 10_000
    assert len(hands.table.rows) == PAGE
    assert hands.table.part.text() == "1–50 of 10,000"
    hands.click(hands.table.after)
    hands.write(hands.cell(PAGE, "y"), "-1")
    hands.key(Qt.Key.Key_Return)
    assert hands.points[PAGE] == (50.0, -1.0)
    hands.write(hands.cell(10_000, "x"), "7")
    hands.key(Qt.Key.Key_Return)
    hands.type("8")
    hands.key(Qt.Key.Key_Return)
    assert hands.points[-1] == (7.0, 8.0)
    assert hands.table.part.text() == "10001–10001 of 10,001"


def test_that_the_button_is_there_only_where_points_are_given(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    hands = Editing(open_window("learning-rate"), qtbot)
    assert hands.panel.editing.button.isVisible()
    hands.window.open("mini-batches")
    hands.window.session.edit({"view.panels": ("data_plot", "cost_history")})
    qtbot.waitUntil(lambda: not hands.panel.editing.button.isVisible())
    assert hands.table.isHidden()
    assert not hands.panel.editing.delete.isEnabled()


@pytest.mark.parametrize("look", [((1280, 720), 1.0, "light"), ((1024, 640), 1.6, "dark")])
def test_that_nothing_is_cut_off_while_points_are_edited(
    hands: Editing, qtbot: QtBot, look: tuple[tuple[int, int], float, str]
) -> None:
    assert faults_at(hands.window, qtbot, look) == []
    assert hands.panel.view.width() >= 0.4 * hands.panel.width()
