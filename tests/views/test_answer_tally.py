"""The hands of the hall are counted, twice where it discusses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.views.window.answers.entry import AnswerEntry
from gdstudio.views.window.answers.tally import TallyForm
from gdstudio.views.window.questions import Stage
from tests.views.answer_hands import ask, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener

pytestmark = pytest.mark.one_window


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
