"""The gate that the window closes while it draws: a run waits at it, but never for long."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.training.run_control import RunControl
from gdstudio.worker import frame_gate
from gdstudio.worker.frame_gate import FrameGate

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT = 20


class GatedRun:
    """A thread that takes turns like the training loop, under a control with a gate."""

    def __init__(self) -> None:
        self.gate = FrameGate()
        self.control = RunControl(gate=self.gate)
        self.turns: queue.Queue[int] = queue.Queue()
        self._go_on = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def _run(self) -> None:
        while turn := self.control.take_turn(4):
            self.turns.put(turn)
            self._go_on.wait(TIMEOUT)
            self._go_on.clear()

    def go_on(self) -> None:
        """Let the thread take its next turn."""
        self._go_on.set()

    def takes_a_turn(self, seconds: float = TIMEOUT) -> bool:
        try:
            return self.turns.get(timeout=seconds) == 4
        except queue.Empty:
            return False

    def end(self) -> None:
        self.control.stop()
        self._go_on.set()
        self._thread.join(TIMEOUT)
        assert not self._thread.is_alive()


@pytest.fixture
def run() -> Iterator[GatedRun]:
    made = GatedRun()
    yield made
    made.end()


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let holds last longer than any test."""
    monkeypatch.setattr(frame_gate, "LONGEST_HOLD", 10 * TIMEOUT)


@pytest.mark.usefixtures("_patient")
def test_that_release_lets_a_held_run_go_on(run: GatedRun) -> None:
    run.start()
    assert run.takes_a_turn()
    run.gate.hold()
    assert run.gate.is_held
    run.go_on()
    assert not run.takes_a_turn(0.05)
    assert run.gate.is_parked
    run.gate.release()
    assert run.takes_a_turn()
    assert not run.gate.is_held
    assert not run.gate.is_parked


@pytest.mark.usefixtures("_patient")
def test_that_a_run_held_twice_waits_for_both(run: GatedRun) -> None:
    run.start()
    assert run.takes_a_turn()
    run.gate.hold()
    run.gate.hold()
    run.go_on()
    run.gate.release()
    assert not run.takes_a_turn(0.05)
    run.gate.release()
    assert run.takes_a_turn()


@pytest.mark.usefixtures("_patient")
@pytest.mark.parametrize("end", ["release", "stop"])
def test_that_a_held_run_is_not_even_made_ready(end: str) -> None:
    gate, ready = FrameGate(), threading.Event()
    control = RunControl(gate=gate)
    gate.hold()

    def begin() -> None:
        control.wait_at_gate()
        ready.set()

    thread = threading.Thread(target=begin)
    thread.start()
    assert not ready.wait(0.05)
    gate.release() if end == "release" else control.stop()
    assert ready.wait(TIMEOUT)
    thread.join(TIMEOUT)


def test_that_a_run_held_for_ever_goes_on_after_a_quarter_of_a_second(run: GatedRun) -> None:
    run.gate.hold()
    run.start()
    assert run.takes_a_turn(5)
    assert not run.gate.is_held
    run.go_on()
    assert run.takes_a_turn(5)


def test_that_no_hold_lasts_longer_than_a_quarter_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    gate, waits = FrameGate(), list[float]()
    gate.hold()
    now[0] += 0.1
    gate.hold()  # a second hold does not make the first one last longer
    assert gate.wait(waits.append)
    now[0] += 0.15
    assert not gate.wait(waits.append)
    assert waits == [pytest.approx(0.15)]


def test_that_a_release_without_a_hold_does_nothing() -> None:
    gate = FrameGate()
    gate.release()
    gate.hold()
    assert gate.is_held
