"""What is quick is answered at once, all else later; what is quick is learnt from the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.worker.promptly import Promptly

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@dataclass(frozen=True)
class Answer:
    seconds: float


def test_that_only_what_was_quick_is_answered_at_once(qtbot: QtBot) -> None:
    promptly = Promptly(0.01, lambda: False)
    quick, slow = Answer(0.01), Answer(0.02)
    with qtbot.waitSignal(promptly.done) as done:
        assert promptly.ask("small", lambda _: quick) is None
    assert done.args == [quick]
    assert promptly.ask("small", lambda _: slow) is slow
    with qtbot.waitSignal(promptly.done):
        assert promptly.ask("large", lambda _: slow) is None
    with qtbot.waitSignal(promptly.done):
        assert promptly.ask("large", lambda _: slow) is None


def test_that_an_answer_at_once_drops_what_was_asked_before(qtbot: QtBot) -> None:
    promptly = Promptly(0.01, lambda: False)
    with qtbot.waitSignal(promptly.done):
        promptly.ask("small", lambda _: Answer(0.0))
    answers: list[object] = []
    promptly.done.connect(answers.append)
    promptly.ask_beside(lambda _: Answer(1.0))
    assert promptly.ask("small", lambda _: Answer(0.5)) == Answer(0.5)
    qtbot.wait(20)
    assert not answers


def test_that_what_is_asked_beside_says_nothing_of_what_is_quick(qtbot: QtBot) -> None:
    promptly = Promptly(0.01, lambda: False)
    with qtbot.waitSignal(promptly.done):
        promptly.ask("small", lambda _: Answer(0.0))
    with qtbot.waitSignal(promptly.done):
        promptly.ask_beside(lambda _: Answer(5.0))
    assert promptly.quick == "small"


def test_that_an_exception_is_told(qtbot: QtBot) -> None:
    promptly = Promptly(0.01, lambda: False)
    with qtbot.waitSignal(promptly.done) as done:
        promptly.ask("broken", lambda _: 1 / 0)
    assert isinstance(done.args[0], ZeroDivisionError)
    assert promptly.quick is None
