"""What takes too long for a frame is computed beside the run, one thing at a time."""

from __future__ import annotations

import weakref
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot
from typing_extensions import override

from gdstudio.worker.post import post

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.worker.post import Post

_REST = 4.0
"""How many times as long as a thing took nothing comes after it, so that the run keeps the processor."""
_LONGEST_REST = 1.0
_STACK = 16 << 20  # macOS gives other threads too little for torch


class Aside(QObject):
    """Computes functions in a thread of Qt's pool; of those asked for while one is busy, the last alone.

    ``done`` brings a result and ``failed`` an exception, both to the thread that has asked.
    """

    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: Callable[[], object] | None = None
        self._is_busy = False
        self._number = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._begin)

    def ask(self, function: Callable[[], object]) -> None:
        """Compute a function of nothing, as soon as may be; it must touch no widget."""
        self._next = function
        if not self._is_busy and not self._pause.isActive():
            self._begin()

    def forget(self) -> None:
        """Compute nothing more of what was asked for, and bring no result of it."""
        self._next = None
        self._number += 1
        self._is_busy = False
        self._pause.stop()

    @Slot()
    def _begin(self) -> None:
        if self._next is None:
            return
        function, self._next, self._is_busy = self._next, None, True
        pool = QThreadPool.globalInstance()
        pool.setStackSize(_STACK)
        pool.start(_Work(function, self._number, post(), weakref.ref(self)))

    def receive(self, letter: tuple[int, object, Exception | None, float]) -> None:
        """Take a result from the post."""
        number, result, error, seconds = letter
        if number != self._number:  # it was forgotten
            return
        self._is_busy = False
        self._pause.start(round(1000 * min(_REST * seconds, _LONGEST_REST)))
        if error is None:
            self.done.emit(result)
        else:
            self.failed.emit(error)


class _Work(QRunnable):
    def __init__(
        self, function: Callable[[], object], number: int, mail: Post, asker: weakref.ref[Aside]
    ) -> None:
        super().__init__()
        self._function, self._number, self._mail, self._asker = function, number, mail, asker

    @override
    def run(self) -> None:
        begin = perf_counter()
        result: object = None
        error: Exception | None = None
        try:
            result = self._function()
        except Exception as raised:  # noqa: BLE001 - it is told in the thread that has asked
            error = raised
        self._mail.send(self._asker, (self._number, result, error, perf_counter() - begin))
