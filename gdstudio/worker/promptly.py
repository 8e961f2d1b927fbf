"""Computes what a picture shows: in the frame that asks where that is quick, else beside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.worker.newest import Newest

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.worker.newest import Compute


class Timed(Protocol):
    """What knows how many seconds of the processor it has taken."""

    @property
    def seconds(self) -> float:
        """The time."""
        ...


class Promptly(QObject):
    """Answers at once, or later with ``done``, as `Newest` does; what is quick is learnt from the answers.

    Parameters
    ----------
    quick
        What took at most so many seconds is computed at once when it is asked for again.
    is_over
        Says that nobody wants an answer any more, since the window is closed.
    """

    done = Signal(object)
    """What was computed beside the window, a `Timed`, or the exception that it raised."""

    def __init__(self, quick: float, is_over: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limit = quick
        self.quick: object = None
        """The size of what was quick when it was computed last; None where it was not."""
        self.size: object = None
        self._newest = Newest(is_over, self)
        self._newest.done.connect(self._on_done)

    def ask(self, size: object, compute: Compute) -> Any | None:
        """Compute at once what is as large as what was quick, else later; None where it comes later.

        ``size`` is all that the time depends on.
        """
        if size == self.quick:
            self._newest.give_up()
            return compute(lambda: True)
        self.size = size
        self._newest.ask(compute)
        return None

    def ask_beside(self, compute: Compute) -> None:
        """Compute beside the window, however quick that is; it says nothing of what is quick."""
        self.size = None
        self._newest.ask(compute)

    @Slot(object)
    def _on_done(self, answer: Timed | Exception) -> None:
        if self.size is not None and not isinstance(answer, Exception):
            self.quick = self.size if answer.seconds <= self._limit else None
        self.done.emit(answer)
