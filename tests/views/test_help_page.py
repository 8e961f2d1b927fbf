"""The help inside the window: complete, closed by Esc, in nobody's way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gdstudio.lessons.library import lesson_ids
from gdstudio.views.window.help_page import key_rows
from gdstudio.views.window.shortcuts import Key

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.views.window.main_window import MainWindow
    from tests.views.conftest import WindowOpener


def shown(window: MainWindow) -> str:
    return window.help.page.toPlainText()


def lines_of(window: MainWindow) -> list[tuple[str, int]]:
    """Return each paragraph with the number of lines that it takes."""
    document, told = window.help.page.document(), []
    block = document.begin()
    while block.isValid():
        told.append((block.text(), block.layout().lineCount()))
        block = block.next()
    return told


def test_that_the_help_names_every_key_and_every_control(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    QTest.keyClick(window, Qt.Key.Key_F1)
    text = shown(window)
    numbered = ("Lesson", "Predict answer")
    for action in window.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if action.shortcuts() and not action.text().startswith(numbered):
            assert action.text() in text
            assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in text
    assert len(lesson_ids()) == 10
    assert "1 … 9, 0" in text
    assert "Alt+1 … Alt+4" in text
    for control in window.sidebar.form.controls.values():
        assert (control.parameter.label, 1) in lines_of(window)
        assert control.parameter.help in text


def test_that_bounds_and_choices_are_told_as_they_are_checked(open_window: WindowOpener) -> None:
    window = open_window("pytorch-loop")
    QTest.keyClick(window, Qt.Key.Key_F1)
    told = dict(pairwise(shown(window).splitlines()))
    assert "Give a number above 0. Acts at once." in told["Learning rate α"]
    assert "Give 1 to 10,000,000. A change restarts the run." in told["Training rows n"]
    assert "One of: mean of squares, half the sum, sum of squares, half the mean." in told["Cost J"]


def test_that_the_help_opens_and_closes_by_button_key_and_escape(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    window.transport.step.setFocus()
    button, cross = (window.findChild(QToolButton, name) for name in ("help_button", "close_help"))
    assert isinstance(button, QToolButton)
    assert isinstance(cross, QToolButton)
    closings: tuple[Callable[[], object], ...] = (
        lambda: QTest.keyClick(window.help.page, Qt.Key.Key_Escape),
        lambda: QTest.keyClick(window, Qt.Key.Key_F1),
        button.click,
        cross.click,
    )
    for close in closings:
        button.click()
        assert window.help.isVisible()
        assert window.help.page.hasFocus()
        close()
        assert not window.help.isVisible()
        assert window.transport.step.hasFocus()


def test_that_the_help_leaves_the_transport_free_at_every_size(
    open_window: WindowOpener, qtbot: QtBot
) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F1)
    for width, height in ((1024, 640), (1600, 900)):
        window.resize(width, height)
        qtbot.waitUntil(lambda: window.help.geometry() == window._room_for_help())
        below = window.help.mapTo(window, window.help.rect().bottomLeft()).y()
        assert below < window.transport.mapTo(window, window.transport.rect().topLeft()).y()
        assert window.help.width() > 0.9 * window.panels.width()
    with qtbot.waitSignal(window.session.training.run_started):
        window.transport.play.click()
    assert window.help.isVisible()


def test_that_another_lesson_is_seen_at_once(open_window: WindowOpener) -> None:
    window = open_window()
    QTest.keyClick(window, Qt.Key.Key_F1)
    QTest.keyClick(window, Qt.Key.Key_3)
    assert not window.help.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert "Feature x" in shown(window)


def test_that_numbered_keys_share_a_row_wherever_they_stand() -> None:
    keys = [
        Key((name,), words, int) for name, words in (("1", "Lesson 1"), ("T", "Theme"), ("2", "Lesson 2"))
    ]
    assert key_rows(keys) == [("1 … 2", "Lesson"), ("T", "Theme")]
