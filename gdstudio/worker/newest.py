"""Computes what views ask for in a thread of its own; of several questions only the newest is answered."""

from __future__ import annotations

import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gdstudio.worker.post import post

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from gdstudio.worker.post import Post

    Compute = Callable[[Callable[[], bool]], Any]


class Newest(QObject):
    """Answers with ``done``, in the thread that asks; an older answer never comes after a newer question.

    Parameters
    ----------
    is_over
        Says that nobody wants an answer any more, since the window is closed.
    """

    done = Signal(object)
    """What was computed, or the exception that it raised."""

    def __init__(self, is_over: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted = _Wanted(is_over)
        # A thread of Python's own, which waits for nothing of Qt; its stack is large enough on every system.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="newest")
        self._asked: Future[None] | None = None

    def ask(self, compute: Compute) -> None:
        """Compute in the thread; ``compute`` is given a function that says whether to go on with it.

        It returns None where it has given up.
        """
        self.give_up()
        question = _Question(compute, self._wanted, self._wanted.number)
        self._asked = self._pool.submit(question.answer, post(), weakref.ref(self))

    def give_up(self) -> None:
        """Want no answer to what was asked so far."""
        self._wanted.number += 1
        if self._asked is not None:
            self._asked.cancel()  # where it has not begun

    def receive(self, letter: tuple[int, object]) -> None:
        """Take an answer from the post."""
        number, answer = letter
        if number == self._wanted.number and answer is not None:
            self.done.emit(answer)


@dataclass(slots=True)
class _Wanted:
    """Which question is the newest; read by the thread that computes."""

    is_over: Callable[[], bool]
    number: int = 0


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, without whoever asks: the thread must not keep it."""

    compute: Compute
    wanted: _Wanted
    number: int

    def answer(self, mail: Post, asker: weakref.ref[Newest]) -> None:
        """Compute, in the thread of the pool, and send the answer."""
        answer: object
        try:
            answer = self.compute(self._goes_on)
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer = error
        mail.send(asker, (self.number, answer))

    def _goes_on(self) -> bool:
        return self.number == self.wanted.number and not self.wanted.is_over()
