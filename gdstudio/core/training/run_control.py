"""Play, pause, step, stop: commands from any thread, taken by the run at its step boundaries."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from gdstudio.core.training.events import RunState

if TYPE_CHECKING:
    from collections.abc import Callable

_LONG_STEP = 0.001
"""Seconds from which a step counts as long: then torch uses every processor, and other work disturbs it."""
_JUDGED_WORK = 0.1
"""Seconds of work after which it is judged whether steps are long."""


class Gate(Protocol):
    """Something outside the run that may keep it from its next step for a while."""

    def connect(self, wake: Callable[[], None]) -> None:
        """Remember what to call, from any thread, when the gate opens."""

    def wait(self, sleep: Callable[[float], object]) -> bool:
        """Call ``sleep`` with the seconds to wait at most, where the gate is closed; return whether it was.

        The run calls this before each turn while it holds the lock of its control. ``sleep`` gives the lock
        up and returns early when the gate, or any command, wakes the run.
        """


class RunControl:
    """The commands of one run: play, pause, step, stop, and changes of its learning rate and pace.

    ::

        idle -> running <-> paused
                   |           |
                   +-> stopping <-+   -> idle

    The run calls `take_turn` before it steps, and `take_phase` inside a step that is made phase by phase.
    Both wait. Every command may be called from any thread and returns at once; one that makes no sense in
    a state (pause while stopping) does nothing. A command that a waiting run must know of wakes it; the run
    then decides anew. A learning rate wakes nothing: it is taken with the next turn.

    Parameters
    ----------
    paused
        Whether the run waits for a command before its first step.
    steps_per_second
        The pace; None for as many steps as can be made.
    on_state
        Called in the run's thread with each new state.
    gate
        What else may keep the run from its next step.
    """

    def __init__(
        self,
        *,
        paused: bool = False,
        steps_per_second: float | None = None,
        on_state: Callable[[RunState], None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        self._condition = threading.Condition()
        # What the commands ask for and where the run is are kept apart: the run alone changes its state,
        # at its own boundaries, and reports it.
        self._wanted = RunState.PAUSED if paused else RunState.RUNNING
        self._state = RunState.IDLE
        # Steps and phases are counted separately, since a request for one is served in another place:
        # steps by whole turns, phases inside a step that is already under way.
        self._requested = 0
        self._phases = 0
        self._is_by_phase = False
        self._pace = steps_per_second
        self._due = 0.0  # when the next step is due, on the monotonic clock; 0 for at once
        self._rate: tuple[float, int] | None = None
        self._has_long_steps = False
        self._work, self._worked_steps = 0.0, 0
        self._is_at_rest = False
        self._on_state = on_state
        self._gate = gate
        if gate is not None:
            gate.connect(self.wake)

    @property
    def state(self) -> RunState:
        """Where the run is, as it last said itself."""
        return self._state

    @property
    def wanted(self) -> RunState:
        """Where the run was last told to be: running, paused or stopping."""
        return self._wanted

    def wake(self) -> None:
        """Let a waiting run look again at what it waits for."""
        with self._condition:
            self._condition.notify_all()

    def pause(self) -> None:
        """Let the run wait at its next step boundary, and forget the steps and phases asked for."""
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
                self._due = 0.0  # the first step after a pause comes at once, however slow the pace is
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

    def set_learning_rate(self, value: float, *, from_step: int = 0) -> None:
        """Change the learning rate from the next step on, but not before ``from_step`` has been made.

        It replaces a change that the run has not taken yet.
        """
        with self._condition:
            self._rate = value, from_step

    def set_pace(self, steps_per_second: float | None) -> None:
        """Change how many steps a second are made; None for as many as can be.

        The next step comes when it was due, or sooner at a faster pace: never because somebody asked.
        """
        with self._condition:
            self._pace = steps_per_second
            # Were the step due a whole period from now, a slider that is dragged, and so sets the pace
            # many times a second, would put it off for ever.
            if steps_per_second is not None:
                self._due = min(self._due, time.monotonic() + 1 / steps_per_second)
            self._condition.notify_all()

    def wait_at_gate(self) -> None:
        """Wait, before the run is made ready, until its gate is open or it is told to stop."""
        gate = self._gate
        if gate is None:
            return
        with self._condition:
            while self._wanted is not RunState.STOPPING and gate.wait(self._condition.wait):
                pass

    def tell_work(self, seconds: float, steps: int) -> None:
        """Say how many seconds of work some steps have taken; the run itself calls it.

        Steps are judged by their mean over a while: a single slow one, after a rest or beside a frame, says
        nothing of those to come.
        """
        self._work, self._worked_steps = self._work + seconds, self._worked_steps + steps
        if self._work >= _JUDGED_WORK:
            self._has_long_steps = self._work > _LONG_STEP * self._worked_steps
            self._work, self._worked_steps = 0.0, 0

    def tell_rest(self, is_at_rest: bool) -> bool:
        """Say whether steps can change nothing any more; return whether they are hurried for it.

        A run that plays at a pace then makes its other steps at full speed: there is nothing to watch. The
        run itself calls it.
        """
        with self._condition:
            self._is_at_rest = is_at_rest
            return is_at_rest and self._pace is not None and self._wanted is RunState.RUNNING

    @property
    def has_long_steps(self) -> bool:
        """Whether steps take so long that few are made between two looks at the control."""
        return self._has_long_steps

    def take_learning_rate(self) -> tuple[float, int] | None:
        """Return a new learning rate and the step after which it acts; None where it was not changed."""
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
                    # It has waited without the lock, and any command may have come meanwhile.
                    continue
            # Outside the lock: whoever listens may give a command at once.
            self.report(wanted)
            if wanted is RunState.STOPPING:
                return 0

    @property
    def is_by_phase(self) -> bool:
        """Whether the turn just taken is one step to be made phase by phase; for the run itself."""
        return self._is_by_phase

    def take_phase(self) -> bool:
        """Wait, in the middle of a step, until its next phase may be made; return whether to wait after it.

        False: the rest of the step is made without a pause. Requested steps, `resume` and `stop` do that;
        the step under way then counts as the first of those requested.
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
        """Take on a state and tell it; the run itself calls it."""
        self._state = state
        if self._on_state is not None:
            self._on_state(state)

    def _turn(self, most: int) -> int | None:
        """Return how many steps may be made now, or None after having waited for a change."""
        if self._gate is not None and self._gate.wait(self._condition.wait):
            return None
        self._is_by_phase = False
        # Requests come before the wanted state: a run that makes requested steps is a paused one.
        if self._requested:
            turn = min(self._requested, most)
            self._requested -= turn
            return turn
        if self._phases:
            # The count stays: `take_phase` takes from it inside the step that begins now.
            self._is_by_phase = True
            return 1
        if self._wanted is RunState.PAUSED:
            self._condition.wait()
            return None
        if self._wanted is RunState.STOPPING:
            return 0
        return most if self._pace is None or self._is_at_rest else self._paced(self._pace)

    def _paced(self, pace: float) -> int | None:
        """Return 1 where a step is due, or None after having waited for it."""
        now = time.monotonic()
        if now < self._due:
            self._condition.wait(self._due - now)
            return None
        # Each step is due one period after the one before was due, not after it was made: otherwise what
        # the steps and the waits themselves take would add up, and the run would be slower than its pace.
        # A run that is late by more than a period begins anew, and does not rush to make up for it.
        late = not self._due or now - self._due > 1 / pace
        self._due = now + 1 / pace if late else self._due + 1 / pace
        return 1
