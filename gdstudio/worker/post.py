"""Brings what another thread has made to the thread of the window."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable


class Receiver(Protocol):
    """A QObject that is told in its own thread."""

    def receive(self, letter: Any) -> None:
        """Take what another thread has sent."""
        ...


class Post(QObject):
    """Delivers letters in the thread in which it was made; who is deleted meanwhile gets none.

    The other thread holds a weak reference alone, and this object lasts as long as the program: a QObject
    whose last reference ended in a thread not its own could be deleted while its own thread is calling it.
    """

    _sent = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._sent.connect(self._on_sent, Qt.ConnectionType.QueuedConnection)

    def send(self, to: Callable[[], Receiver | None], letter: object) -> None:
        """Send from any thread, to what a weak reference leads to."""
        with suppress(RuntimeError):  # the program has ended meanwhile, and nobody waits for it
            self._sent.emit(to, letter)

    @Slot(object, object)
    def _on_sent(self, to: Callable[[], Receiver | None], letter: object) -> None:
        receiver = to()
        if receiver is not None and shiboken6.isValid(receiver):
            receiver.receive(letter)


@cache
def post() -> Post:
    """Return the one post of the program; ask for it in the window's thread."""
    return Post()
