"""One test a transition of the run control, first without a thread, then across one."""

from __future__ import annotations

import queue
import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.training.events import RunState
from gdstudio.core.training.run_control import RunControl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMEOUT = 20
RUNNING, PAUSED, STOPPING, IDLE = RunState.RUNNING, RunState.PAUSED, RunState.STOPPING, RunState.IDLE


class Runner:
    """A thread that takes turns, like the loop, and tells its states and turns in one queue."""

    def __init__(self, **options: float | bool | None) -> None:
        self.told: queue.Queue[RunState | int] = queue.Queue()
        self.free = threading.Event()
        self.control = RunControl(on_state=self.told.put, **options)  # type: ignore[arg-type]  # options of any type
        self._thread = threading.Thread(target=self._run)

    def start(self) -> Runner:
        self._thread.start()
        return self

    def _run(self) -> None:
        while turn := self.control.take_turn(4):
            self.told.put(turn)
            self.free.wait(TIMEOUT)
            self.free.clear()

    def next(self) -> RunState | int:
        return self.told.get(timeout=TIMEOUT)

    def go_on(self) -> None:
        """Let the thread take its next turn."""
        self.free.set()

    def end(self) -> None:
        self.control.stop()
        self.free.set()
        self._thread.join(TIMEOUT)
        assert not self._thread.is_alive()


@pytest.fixture
def runner() -> Iterator[Callable[..., Runner]]:
    made: list[Runner] = []

    def make(**options: float | bool | None) -> Runner:
        made.append(Runner(**options).start())
        return made[-1]

    yield make
    for one in made:
        one.end()


def states(control: RunControl, *commands: str) -> tuple[RunState, RunState]:
    for command in commands:
        getattr(control, command)()
    return control.state, control.wanted


@pytest.mark.parametrize(
    ("commands", "wanted"),
    [
        ([], RUNNING),
        (["pause"], PAUSED),
        (["pause", "pause"], PAUSED),
        (["resume"], RUNNING),
        (["pause", "resume"], RUNNING),
        (["stop"], STOPPING),
        (["stop", "stop"], STOPPING),
        (["stop", "pause"], STOPPING),
        (["stop", "resume"], STOPPING),
        (["pause", "stop"], STOPPING),
        (["wake"], RUNNING),
    ],
)
def test_that_commands_before_the_run_say_where_it_will_be(commands: list[str], wanted: RunState) -> None:
    assert states(RunControl(), *commands) == (IDLE, wanted)


def test_that_a_run_can_begin_paused() -> None:
    assert states(RunControl(paused=True)) == (IDLE, PAUSED)


def test_that_a_free_run_gets_all_the_steps_it_asks_for() -> None:
    control = RunControl()
    assert [control.take_turn(1), control.take_turn(9)] == [1, 9]
    assert control.state is RUNNING


def test_that_stop_ends_the_next_turn() -> None:
    told: list[RunState] = []
    control = RunControl(on_state=told.append)
    control.take_turn(1)
    control.stop()
    assert [control.take_turn(5), control.take_turn(5)] == [0, 0]
    control.report(IDLE)
    assert told == [RUNNING, STOPPING, IDLE]


def test_that_requested_steps_come_in_turns_of_at_most_what_is_asked() -> None:
    control = RunControl(paused=True)
    control.request_steps(10)
    assert [control.take_turn(4) for _ in range(3)] == [4, 4, 2]
    assert control.state is PAUSED


def test_that_requested_steps_add_up() -> None:
    control = RunControl(paused=True)
    control.request_steps(2)
    control.request_steps(3)
    assert control.take_turn(100) == 5


def test_that_requests_of_no_steps_make_none() -> None:
    control = RunControl(paused=True)
    control.request_steps(-3)
    control.request_steps(2)
    assert control.take_turn(100) == 2


def test_that_request_steps_pauses_a_running_run_after_them() -> None:
    control = RunControl()
    control.take_turn(1)
    control.request_steps(3)
    assert control.take_turn(100) == 3
    assert states(control) == (PAUSED, PAUSED)


def test_that_pause_forgets_requested_steps() -> None:
    control = RunControl(paused=True)
    control.request_steps(7)
    control.pause()
    control.request_steps(1)
    assert control.take_turn(100) == 1


def test_that_requests_while_stopping_are_noops() -> None:
    control = RunControl()
    control.stop()
    control.request_steps(4)
    assert control.take_turn(9) == 0
    assert control.wanted is STOPPING


def test_that_a_learning_rate_is_taken_once() -> None:
    control = RunControl()
    assert control.take_learning_rate() is None
    control.set_learning_rate(0.1)
    control.set_learning_rate(0.2, from_step=7)
    assert [control.take_learning_rate(), control.take_learning_rate()] == [(0.2, 7), None]


class ClosedGate:
    """A gate that is closed for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks
        self.wake: Callable[[], None] | None = None

    def connect(self, wake: Callable[[], None]) -> None:
        self.wake = wake

    def wait(self, sleep: Callable[[float], object]) -> bool:
        self.looks -= 1
        return self.looks >= 0


def test_that_a_run_takes_no_turn_while_its_gate_is_closed() -> None:
    gate = ClosedGate(3)
    control = RunControl(gate=gate)
    assert gate.wake == control.wake
    assert control.take_turn(4) == 4
    assert gate.looks == -1


def test_that_a_run_told_to_stop_waits_at_no_gate_before_it_begins() -> None:
    gate = ClosedGate(3)
    control = RunControl(gate=gate)
    control.stop()
    control.wait_at_gate()
    assert gate.looks == 3


def test_that_pause_parks_the_run_and_resume_lets_it_go_on(runner: Callable[..., Runner]) -> None:
    run = runner()
    assert [run.next(), run.next()] == [RUNNING, 4]
    run.control.pause()
    run.go_on()
    assert run.next() is PAUSED
    run.control.resume()
    assert [run.next(), run.next()] == [RUNNING, 4]


def test_that_stop_wakes_a_paused_run(runner: Callable[..., Runner]) -> None:
    run = runner(paused=True)
    assert run.next() is PAUSED
    run.end()
    assert run.next() is STOPPING


def test_that_requested_steps_wake_a_paused_run_which_parks_again(runner: Callable[..., Runner]) -> None:
    run = runner(paused=True)
    assert run.next() is PAUSED
    run.control.request_steps(5)
    assert run.next() == 4
    run.go_on()
    assert run.next() == 1
    run.go_on()
    run.control.resume()
    assert [run.next(), run.next()] == [RUNNING, 4]


def test_that_a_pace_gives_one_step_at_a_time_and_a_new_one_acts_at_once(
    runner: Callable[..., Runner],
) -> None:
    run = runner(steps_per_second=0.001)
    assert [run.next(), run.next()] == [RUNNING, 1]
    run.go_on()
    run.control.set_pace(None)
    assert run.next() == 4


def test_that_a_paced_run_keeps_its_pace_on_average(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    control, times = RunControl(steps_per_second=10), []
    monkeypatch.setattr(
        control._condition, "wait", lambda seconds: now.__setitem__(0, now[0] + seconds + 1e-9)
    )
    for _ in range(21):
        assert control.take_turn(100) == 1
        times.append(now[0])
        now[0] += 0.03  # what a step costs
    assert times[-1] - times[0] == pytest.approx(2.0, abs=0.01)


def test_that_a_pace_said_again_makes_no_step_before_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    control, asked = RunControl(steps_per_second=2), [0]

    def wait(seconds: float) -> None:
        """Set the pace again a hundred times a second, as a dragged slider does."""
        now[0] += min(seconds, 0.01) + 1e-9
        asked[0] += 1
        control.set_pace(2)

    monkeypatch.setattr(control._condition, "wait", wait)
    times = []
    for _ in range(5):
        assert control.take_turn(100) == 1
        times.append(now[0])
    assert asked[0] > 100
    assert [b - a for a, b in pairwise(times)] == pytest.approx([0.5] * 4, abs=0.02)


def test_that_a_faster_pace_does_not_wait_for_the_slow_ones_step(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    control = RunControl(steps_per_second=0.01)
    monkeypatch.setattr(
        control._condition, "wait", lambda seconds: now.__setitem__(0, now[0] + seconds + 1e-9)
    )
    assert control.take_turn(9) == 1
    control.set_pace(10)
    began = now[0]
    assert control.take_turn(9) == 1
    assert now[0] - began == pytest.approx(0.1, abs=0.001)


def test_that_pause_reaches_a_slow_run_between_its_steps(runner: Callable[..., Runner]) -> None:
    run = runner(steps_per_second=0.001)
    assert [run.next(), run.next()] == [RUNNING, 1]
    run.go_on()
    run.control.pause()
    assert run.next() is PAUSED


def test_that_steps_are_long_by_their_mean_over_a_while_not_by_one_of_them() -> None:
    control = RunControl()
    control.tell_work(0.050, 1)  # a single slow step
    assert not control.has_long_steps
    control.tell_work(0.055, 1_000)
    assert not control.has_long_steps
    for _ in range(5):
        control.tell_work(0.025, 1)
    assert control.has_long_steps
    control.tell_work(0.100, 1_000)
    assert not control.has_long_steps
