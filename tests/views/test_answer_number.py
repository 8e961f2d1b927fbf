"""A number is typed as the answer, and its gap to the run is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.views.window.answers.number import NumberForm
from gdstudio.views.window.questions import Stage
from tests.views.answer_hands import ask, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def number_form(open_window: WindowOpener, name: str = "mini-batches") -> tuple[MainWindow, NumberForm]:
    window = open_window(name)
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
    window, form = number_form(open_window, "yes-or-no")
    assert window.cues.said.text() == "Type a number, such as 0.5 or 3/14, or go on without one."
    for text, value in (("3/14", 3 / 14), ("0,5", 0.5), ("100", 100.0)):
        type_into(form, text)
        assert form.commit()
        assert window.cues.questions.given == value
    open_window.discard(window)
    window, form = number_form(open_window)
    type_into(form, "200/2")
    QTest.keyClick(form.entry, Qt.Key.Key_PageDown)
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("As you predicted: 100 it is. ")
    assert form.real.text() == "✓ in the run 100"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a hundred", "“a hundred” is not a number; give a whole number such as 10."),
        ("1e999", "“1e999” is not a whole number; give a whole number such as 10."),
        ("1/0", "“1/0” is not a number; give a whole number such as 10."),
        ("2.5", "“2.5” is not a whole number; give a whole number such as 10."),
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
    assert window.cues.said.text() == "Type a whole number, such as 10, or go on without one."
    window.cues.forward()
    until(window, qtbot, Stage.REVEAL)
    assert window.cues.said.text().startswith("An epoch is 100 updates")
    assert form.real.text() == "in the run 100"
    assert len(window.cues.questions.sitting.answers) == 1
