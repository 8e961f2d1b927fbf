"""Keeps a run waiting while the window draws a frame."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_HOLD = 0.25
"""Seconds after which a run no longer waits for a frame: a window that hangs must not stop it."""


class FrameGate:
    """The gate of a run's control that the window closes while it draws.

    Python runs one thread at a time: a run that steps while a frame is drawn would slow both down. The
    window's thread calls `hold` and `release`; the run's thread calls `wait` through its control.
    """

    def __init__(self) -> None:
        self._holds = 0
        self._held_since: float | None = None
        self._is_parked = False
        self._wake: Callable[[], None] | None = None

    @property
    def is_held(self) -> bool:
        """Whether a run that comes to its next step now has to wait."""
        return self._seconds_left() > 0

    @property
    def is_parked(self) -> bool:
        """Whether the run has come to rest at the gate."""
        return self._is_parked

    def hold(self) -> None:
        """Let the run wait at its next step boundary until it has been released as often as it was held."""
        self._holds += 1
        if self._held_since is None:
            self._held_since = time.monotonic()

    def release(self) -> None:
        """Take one hold back; the last one lets the run go on."""
        self._holds = max(0, self._holds - 1)
        if not self._holds:
            # First open, then wake: the run looks at the gate under its control's lock, and waking takes
            # that lock, so that the run either sees the gate open or is already waiting to be woken.
            self._held_since = None
            if self._wake is not None:
                self._wake()

    def connect(self, wake: Callable[[], None]) -> None:
        """Remember what wakes the run; its control calls this."""
        self._wake = wake

    def wait(self, sleep: Callable[[float], object]) -> bool:
        """Call ``sleep`` with the seconds left where the run is held; return whether it was."""
        if self._held_since is None:
            return False
        left = self._seconds_left()
        if left <= 0:
            self._held_since = None  # the run does not wait again until the next hold
            return False
        self._is_parked = True
        sleep(left)
        self._is_parked = False
        return True

    def _seconds_left(self) -> float:
        """Return for how many seconds at most the run still has to wait, 0 or less where nothing holds it."""
        since = self._held_since
        return 0.0 if since is None else since + LONGEST_HOLD - time.monotonic()
