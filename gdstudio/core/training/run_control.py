"""Play, pause, step, stop: commands from any thread, taken by the run at its step boundaries."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from gdstudio.core.training.events import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

_LONG_STEP = 0.001
"""Seconds from which a step is long: torch shares its work among all processors, and a frame disturbs it."""
_LONGEST_HOLD = 0.25
"""Seconds after which a run no longer waits for a frame: a window that hangs must not hold it up."""


class RunControl:
    """The commands of one run.

    ::

        idle -> running <-> paused
                   |           |
                   +-> stopping <-+   -> idle

    The run calls `take_turn` before it steps; every other method may be called from any thread and
    returns at once. A command that makes no sense in a state (pause while stopping) does nothing.
    """

    def __init__(
        self,
        *,
        paused: bool = False,
        steps_per_second: float | None = None,
        on_state: Callable[[RunState], None] | None = None,
    ) -> None:
        self._condition = threading.Condition()
        self._wanted = RunState.PAUSED if paused else RunState.RUNNING
        self._state = RunState.IDLE
        self._requested = 0
        self._phases = 0
        self._is_by_phase = False
        self._pace = steps_per_second
        self._due = 0.0
        self._rate: float | None = None
        self._holds = 0
        self._held_since: float | None = None
        self._is_parked = False
        self._has_long_steps = False
        self._on_state = on_state

    @property
    def state(self) -> RunState:
        """Where the run is, as it last said itself."""
        return self._state

    @property
    def wanted(self) -> RunState:
        """Where the run was last told to be: running, paused or stopping."""
        return self._wanted

    def pause(self) -> None:
        """Park the run at its next step boundary."""
        with self._condition:
            if self._wanted is not RunState.STOPPING:
                self._wanted = RunState.PAUSED
                self._requested = self._phases = 0
                self._condition.notify_all()

    def resume(self) -> None:
        """Let the run go on."""
        with self._condition:
            if self._wanted is not RunState.STOPPING:
                self._wanted = RunState.RUNNING
                self._phases = 0
                self._due = 0.0
                self._condition.notify_all()

    def request_steps(self, count: int) -> None:
        """Let a paused run make so many steps more; a running one pauses after them."""
        with self._condition:
            if self._wanted is not RunState.STOPPING:
                self._wanted = RunState.PAUSED
                self._requested += max(0, count)
                self._condition.notify_all()

    def request_phase(self) -> None:
        """Let a paused run make one phase of a step; a running one pauses, and begins its next step so."""
        with self._condition:
            if self._wanted is not RunState.STOPPING:
                self._wanted = RunState.PAUSED
                self._phases += 1
                self._condition.notify_all()

    def stop(self) -> None:
        """End the run at its next step boundary; a step under way phase by phase is finished first."""
        with self._condition:
            self._wanted = RunState.STOPPING
            self._condition.notify_all()

    def set_learning_rate(self, value: float) -> None:
        """Change the learning rate from the next step on."""
        with self._condition:
            self._rate = value

    def set_pace(self, steps_per_second: float | None) -> None:
        """Change how many steps a second are made; None for as many as can be.

        The next step comes when it was due, or sooner at a faster pace: never because somebody asked.
        """
        with self._condition:
            self._pace = steps_per_second
            if steps_per_second is not None:
                self._due = min(self._due, time.monotonic() + 1 / steps_per_second)
            self._condition.notify_all()

    def hold(self) -> None:
        """Park the run, so that it and the drawing of a frame do not fight for the interpreter.

        It goes on when it has been released as often as it was held; the window's thread alone does both.
        """
        self._holds += 1
        if self._held_since is None:
            self._held_since = time.monotonic()

    def release(self) -> None:
        """Let the run go on after a frame."""
        with self._condition:
            self._holds = max(0, self._holds - 1)
            if not self._holds:
                self._held_since = None
                self._condition.notify_all()

    @property
    def is_parked(self) -> bool:
        """Whether the run has come to the rest that `hold` asked for."""
        return self._is_parked

    def wait_to_begin(self) -> None:
        """Wait, before the run is made ready, until nothing holds it."""
        with self._condition:
            while self._wanted is not RunState.STOPPING and (left := self._hold_left()) > 0:
                self._condition.wait(left)

    def tell_step_seconds(self, seconds: float) -> None:
        """Say how long a step works; the run itself calls it."""
        self._has_long_steps = seconds > _LONG_STEP

    @property
    def has_long_steps(self) -> bool:
        """Whether steps take so long that few are made between two looks at the control."""
        return self._has_long_steps

    def take_learning_rate(self) -> float | None:
        """Return the learning rate to use from now on, None where it was not changed."""
        with self._condition:
            rate, self._rate = self._rate, None
            return rate

    def take_turn(self, most: int) -> int:
        """Wait until the run may step; return how many steps, at most ``most``, 0 to end it."""
        while True:
            with self._condition:
                wanted = self._wanted
                if wanted is self._state:
                    turn = self._turn(most)
                    if turn is not None:
                        return turn
                    continue
            self.report(wanted)
            if wanted is RunState.STOPPING:
                return 0

    @property
    def is_by_phase(self) -> bool:
        """Whether the turn just taken is one step to be made phase by phase; for the run itself."""
        return self._is_by_phase

    def take_phase(self) -> bool:
        """Wait, in the middle of a step, until it may go on; return whether it rests again after a phase.

        Requested steps, `resume` and `stop` finish the step: it is the first one of those requested.
        """
        with self._condition:
            while self._wanted is RunState.PAUSED:
                if self._phases:
                    self._phases -= 1
                    return True
                if self._requested:
                    self._requested -= 1
                    return False
                self._condition.wait()
        return False

    def report(self, state: RunState) -> None:
        """Say where the run is now; the run itself calls it."""
        self._state = state
        if self._on_state is not None:
            self._on_state(state)

    def _turn(self, most: int) -> int | None:
        """Return how many steps may be made now, or None after having waited for a change."""
        if (left := self._hold_left()) > 0:
            self._is_parked = True
            self._condition.wait(left)
            self._is_parked = False
            return None
        self._is_by_phase = False
        if self._requested:
            turn = min(self._requested, most)
            self._requested -= turn
            return turn
        if self._phases:
            self._is_by_phase = True
            return 1
        if self._wanted is RunState.PAUSED:
            self._condition.wait()
            return None
        if self._wanted is RunState.STOPPING:
            return 0
        return most if self._pace is None else self._paced(self._pace)

    def _hold_left(self) -> float:
        """Return for how many seconds the run is to be parked at most, 0 where nothing holds it."""
        since = self._held_since
        if since is None:
            return 0.0
        left = since + _LONGEST_HOLD - time.monotonic()
        if left <= 0:
            self._held_since = None
        return max(0.0, left)

    def _paced(self, pace: float) -> int | None:
        now = time.monotonic()
        if now < self._due:
            self._condition.wait(self._due - now)
            return None
        late = not self._due or now - self._due > 1 / pace
        self._due = now + 1 / pace if late else self._due + 1 / pace
        return 1
