"""Computes what views ask for in a thread of its own; of several questions only the newest is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

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
        self._is_over = is_over
        self._number = 0
        # A thread of Python's own, which waits for nothing of Qt; its stack is large enough on every system.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="newest")
        self._asked: Future[None] | None = None
        self._relay = _Relay()
        self._relay.made.connect(self._on_made, Qt.ConnectionType.QueuedConnection)

    def ask(self, compute: Compute) -> None:
        """Compute in the thread; ``compute`` is given a function that says whether to go on with it.

        It returns None where it has given up.
        """
        self.give_up()
        self._asked = self._pool.submit(self._answer, compute, self._number, self._relay)

    def give_up(self) -> None:
        """Want no answer to what was asked so far."""
        self._number += 1
        if self._asked is not None:
            self._asked.cancel()  # where it has not begun

    def _answer(self, compute: Compute, number: int, relay: _Relay) -> None:
        """Compute, in the thread of the pool."""
        try:
            answer = compute(lambda: number == self._number and not self._is_over())
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            answer = error
        try:
            relay.made.emit(number, answer)
        except RuntimeError:  # the program has ended meanwhile
            return

    @Slot(int, object)
    def _on_made(self, number: int, answer: object) -> None:
        if number == self._number and answer is not None:
            self.done.emit(answer)


class _Relay(QObject):
    """Brings answers from the pool; it belongs to nobody, so that it outlives whoever has asked."""

    made = Signal(int, object)
