"""What views ask for is computed in another thread, and only the newest question is answered."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import shiboken6

from gdstudio.worker.newest import Newest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def test_that_an_answer_comes_from_another_thread_to_this_one(qtbot: QtBot) -> None:
    newest = Newest(lambda: False)
    answers: list[tuple[object, int]] = []
    newest.done.connect(lambda answer: answers.append((answer, threading.get_ident())))
    newest.ask(lambda _: threading.get_ident())
    qtbot.waitUntil(lambda: bool(answers))
    ((computed_in, told_in),) = answers
    assert computed_in != threading.get_ident() == told_in


def test_that_an_older_question_gives_up_and_is_never_answered(qtbot: QtBot) -> None:
    newest, begun = Newest(lambda: False), threading.Event()
    answers: list[object] = []
    newest.done.connect(answers.append)

    def slow(goes_on: Callable[[], bool]) -> str:
        begun.set()
        while goes_on():
            pass
        return "old"

    newest.ask(slow)
    assert begun.wait(5)
    newest.ask(lambda _: "never begun")
    newest.ask(lambda _: "new")
    qtbot.waitUntil(lambda: bool(answers))
    qtbot.wait(20)
    assert answers == ["new"]


def test_that_an_error_is_told_and_the_next_question_is_answered(qtbot: QtBot) -> None:
    newest = Newest(lambda: False)
    answers: list[object] = []
    newest.done.connect(answers.append)
    newest.ask(lambda _: 1 / 0)
    qtbot.waitUntil(lambda: len(answers) == 1)
    newest.ask(lambda _: 7)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert isinstance(answers[0], ZeroDivisionError)
    assert answers[1] == 7


def test_that_nothing_goes_on_once_the_window_is_closed(qtbot: QtBot) -> None:
    closed, ended = threading.Event(), threading.Event()
    newest = Newest(closed.is_set)

    def work(goes_on: Callable[[], bool]) -> None:
        while goes_on():
            pass
        ended.set()

    newest.ask(work)
    closed.set()
    assert ended.wait(5)


def test_that_whoever_has_asked_may_be_deleted_while_the_answer_comes() -> None:
    for _ in range(300):
        newest, answered = Newest(lambda: False), threading.Event()
        newest.ask(lambda _, told=answered: told.set() or 1)  # type: ignore[misc]  # mypy types no default
        answered.wait(5)  # the answer is told from the other thread now
        shiboken6.delete(newest)
