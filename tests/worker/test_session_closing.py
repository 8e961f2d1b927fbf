"""Closing the session in every state of its run: it never hangs, and the thread has ended."""

from __future__ import annotations

import builtins
import threading
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.training.events import RunState
from gdstudio.worker.session import Session

from .helpers import ENDLESS, OpenSession, Recorder, drawn, line, network, play_to_end, play_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment

pytestmark = pytest.mark.timeout(30)

_TIMES = 5


def _nothing(_qtbot: QtBot, _session: Session) -> None:
    pass


def _load(_qtbot: QtBot, session: Session) -> None:
    session.load_torch()


def _wait_to_play(_qtbot: QtBot, session: Session) -> None:
    session.play()
    session.load_torch()


def _have_torch(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.torch_ready):
        session.load_torch()


def _begin(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    session.play()


def _run(qtbot: QtBot, session: Session) -> None:
    _have_torch(qtbot, session)
    play_until(qtbot, session)


def _pause(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    with qtbot.waitSignal(session.state_changed):
        session.pause()


def _wait_for_the_next_step(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    session.edit({"view.steps_per_second": 0.001})


def _hold_for_a_frame(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    assert session.control is not None
    session.control.hold()


def _stop(qtbot: QtBot, session: Session) -> None:
    _run(qtbot, session)
    assert session.control is not None
    session.control.stop()


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
        assert session._thread.is_finished
        assert session.state is RunState.IDLE
        assert not session.is_playing


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
    session.play()
    session.load_torch()
    assert entered.wait(10)
    gate.set()
    session.close()
    assert session._thread.is_finished


def test_that_nothing_is_said_after_closing(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder = Recorder(session)
    session.close()
    other = open_session(line())
    play_to_end(qtbot, other)
    assert recorder.names == ["idle"]
    assert session.result is None


def test_that_the_picture_stays_after_closing(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    qtbot.waitUntil(lambda: drawn(session).step > 0)
    session.close()
    assert drawn(session).step > 0


@pytest.mark.parametrize(
    "command", ["play", "pause", "toggle", "step", "step_back", "reset", "reseed", "load_torch", "close"]
)
def test_that_commands_after_closing_do_nothing(
    qtbot: QtBot, open_session: OpenSession, command: str
) -> None:
    session = open_session(network())
    play_until(qtbot, session)
    session.close()
    getattr(session, command)()
    assert session.state is RunState.IDLE
    assert session.control is None
    assert session._thread.is_finished


def test_that_sessions_can_be_opened_and_closed_side_by_side(qtbot: QtBot, open_session: OpenSession) -> None:
    sessions = [open_session(network(max_epochs=10**9)) for _ in range(3)]
    for session in sessions:
        session.play()
    for session in sessions:
        qtbot.waitUntil(lambda session=session: drawn(session).step > 0)  # type: ignore[misc]  # bound early
    for session in sessions:
        session.close()
        assert session._thread.is_finished
