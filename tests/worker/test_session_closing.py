"""Closing the session in every state of its run: it never hangs, and the thread has ended."""

from __future__ import annotations

import builtins
import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from gdstudio.core.training.events import RunState
from gdstudio.core.training.trainer import Trainer
from gdstudio.worker import thread
from gdstudio.worker.session import Session

from .helpers import ENDLESS, OpenSession, Recorder, drawn, line, network, play_to_end, play_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.rows import Rows

pytestmark = pytest.mark.timeout(30)

_TIMES = 5


def _nothing(_qtbot: QtBot, _session: Session) -> None:
    pass


def _load(_qtbot: QtBot, session: Session) -> None:
    session.training.load_torch()


def _wait_to_play(_qtbot: QtBot, session: Session) -> None:
    session.player.play()
    session.training.load_torch()


def _have_torch(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.player.torch_ready):
        session.training.load_torch()


def _begin(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    session.player.play()


def _run(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    play_until(qtbot, session)


def _pause(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    with qtbot.waitSignal(session.player.state_changed):
        session.player.pause()


def _wait_for_the_next_step(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    session.edit({"view.steps_per_second": 0.001})


def _hold_for_a_frame(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    session.run.gate.hold()


def _stop(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    assert session.run.control is not None
    session.run.control.stop()


def _start_again(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    for seed in range(1, 4):
        session.edit({"run.seed": seed})


def _finish(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    session.edit({"run.max_steps": 3})
    play_to_end(qtbot, session)


def _fail(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    session.edit({"run.device": "nowhere"})
    play_to_end(qtbot, session)


@pytest.mark.parametrize(
    "prepare",
    [
        _nothing,
        _load,
        _wait_to_play,
        _have_torch,
        _begin,
        _run,
        _pause,
        _wait_for_the_next_step,
        _hold_for_a_frame,
        _stop,
        _start_again,
        _finish,
        _fail,
    ],
    ids=lambda prepare: prepare.__name__.strip("_"),
)
@pytest.mark.parametrize(
    "experiment", [line(max_steps=ENDLESS), network(max_epochs=10**9)], ids=["line", "net"]
)
def test_that_closing_ends_the_thread(
    qtbot: QtBot, experiment: Experiment, prepare: Callable[[QtBot, Session], None]
) -> None:
    for _ in range(_TIMES):
        session = Session(experiment)
        prepare(qtbot, session)
        session.close()
        assert session.training.thread_has_ended
        assert session.player.state is RunState.IDLE
        assert not session.player.is_playing


def test_that_closing_while_torch_is_being_imported_waits_for_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, gate = threading.Event(), threading.Event()
    usual = builtins.__import__

    def slow_import(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "gdstudio.core.training.trainer":
            entered.set()
            assert gate.wait(10)
        return usual(name, *arguments, **named)

    monkeypatch.setattr("builtins.__import__", slow_import)
    session = Session(network())
    session.player.play()
    session.training.load_torch()
    assert entered.wait(10)
    gate.set()
    session.close()
    assert session.training.thread_has_ended


def test_that_nothing_is_said_after_closing(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder = Recorder(session.training, session.player)
    session.close()
    other = open_session(line())
    play_to_end(qtbot, other)
    assert recorder.names == ["idle"]
    assert session.run.result is None


def test_that_the_picture_stays_after_closing(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    qtbot.waitUntil(lambda: drawn(session).step > 0)
    session.close()
    assert drawn(session).step > 0


@pytest.mark.parametrize(
    "command",
    [
        lambda session: session.player.play(),
        lambda session: session.player.pause(),
        lambda session: session.player.toggle(),
        lambda session: session.player.step(),
        lambda session: session.player.reset(),
        lambda session: session.time.step_back(),
        lambda session: session.training.load_torch(),
        lambda session: session.reseed(),
        lambda session: session.close(),
    ],
    ids=["play", "pause", "toggle", "step", "reset", "step_back", "load_torch", "reseed", "close"],
)
def test_that_commands_after_closing_do_nothing(
    qtbot: QtBot, open_session: OpenSession, command: Callable[[Session], object]
) -> None:
    session = open_session(network())
    play_until(qtbot, session)
    session.close()
    command(session)
    assert session.player.state is RunState.IDLE
    assert session.run.control is None
    assert session.training.thread_has_ended


def test_that_sessions_can_be_opened_and_closed_side_by_side(qtbot: QtBot, open_session: OpenSession) -> None:
    sessions = [open_session(network(max_epochs=10**9)) for _ in range(3)]
    for session in sessions:
        session.player.play()
    for session in sessions:
        qtbot.waitUntil(lambda session=session: drawn(session).step > 0)  # type: ignore[misc]  # bound early
    for session in sessions:
        session.close()
        assert session.training.thread_has_ended


class _Stuck:
    """Keeps the worker inside a step until it is freed, as a device that no longer answers would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered, self.free = threading.Event(), threading.Event()
        usual = Trainer.advance

        def advance(trainer: Trainer, count: int) -> Rows:
            self.entered.set()
            assert self.free.wait(20)
            return usual(trainer, count)

        monkeypatch.setattr(Trainer, "advance", advance)
        monkeypatch.setattr(thread, "_END_SECONDS", 0.05)
        monkeypatch.setattr(thread, "_unended", [])

    def end(self) -> None:
        """Free the worker and wait for the end of its thread."""
        self.free.set()
        for left, _worker in thread._unended:
            assert left.wait(10_000)


def test_that_a_thread_that_does_not_end_is_told_and_left_behind(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, session = _Stuck(monkeypatch), Session(line(max_steps=ENDLESS))
    _begin(qtbot, session)
    assert stuck.entered.wait(10)
    assert not session.close()
    assert "The training thread has not ended within 0.05 seconds" in caplog.text
    assert not session.training.thread_has_ended
    session.player.play()  # does nothing
    session.deleteLater()
    QCoreApplication.sendPostedEvents(session, QEvent.Type.DeferredDelete.value)
    del session
    gc.collect()  # a running thread that was deleted would have aborted the process
    stuck.end()
