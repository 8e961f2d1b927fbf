"""What is computed beside the run: the last of what was asked for, its result and its exception."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_that_a_result_comes_back_to_the_thread_that_asked(qtbot: QtBot) -> None:
    aside = Aside()
    found: list[tuple[object, int]] = []
    aside.done.connect(lambda result: found.append((result, threading.get_ident())))
    aside.ask(threading.get_ident)
    qtbot.waitUntil(lambda: bool(found))
    [(worker, here)] = found
    assert here == threading.get_ident()
    assert worker != here


def test_that_of_several_asked_for_meanwhile_only_the_last_is_computed(qtbot: QtBot) -> None:
    aside, gate = Aside(), threading.Event()
    found: list[object] = []
    aside.done.connect(found.append)

    def wait() -> str:
        gate.wait(10)
        return "first"

    aside.ask(wait)
    for number in range(5):
        aside.ask(lambda number=number: number)  # type: ignore[misc]  # its default is its value
    gate.set()
    qtbot.waitUntil(lambda: len(found) == 2)
    assert found == ["first", 4]


def test_that_what_is_forgotten_brings_no_result(qtbot: QtBot) -> None:
    aside, gate = Aside(), threading.Event()
    found: list[object] = []
    aside.done.connect(found.append)
    aside.ask(lambda: gate.wait(10))
    aside.ask(lambda: "second")
    aside.forget()
    gate.set()
    aside.ask(lambda: "third")
    qtbot.waitUntil(lambda: bool(found))
    assert found == ["third"]


def test_that_an_exception_is_told_and_the_next_is_computed(qtbot: QtBot) -> None:
    aside = Aside()
    found: list[object] = []
    aside.done.connect(found.append)
    with qtbot.waitSignal(aside.failed) as failed:
        aside.ask(lambda: 1 / 0)
    assert failed.args is not None
    with pytest.raises(ZeroDivisionError):
        raise failed.args[0]
    aside.ask(lambda: "on")
    qtbot.waitUntil(lambda: found == ["on"])
