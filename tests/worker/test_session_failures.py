"""Runs that diverge or break, torch that cannot be loaded, views that raise: the session goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot

from gdstudio.core.training.events import FinishReason, RunState
from gdstudio.core.training.trainer import Trainer

from .helpers import (
    OpenSession,
    Recorder,
    drawn,
    line,
    network,
    play_to_end,
    step_to,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.timeout(30)


def test_that_a_diverged_run_can_be_mended_and_played(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(learning_rate=5.0, max_steps=5000))
    assert play_to_end(qtbot, session).reason is FinishReason.DIVERGED
    assert np.isfinite(drawn(session).costs).all()
    session.edit({"run.learning_rate": 0.1, "run.max_steps": 50})
    assert session.run.result is None
    assert play_to_end(qtbot, session).reason is FinishReason.COMPLETED


def test_that_an_unknown_device_fails_the_run_and_leaves_the_picture(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line(device="nowhere"))
    recorder = Recorder(session.training, session.player)
    assert play_to_end(qtbot, session).reason is FinishReason.FAILED
    assert recorder.names == ["failed", "finished"]
    assert not session.player.is_playing
    assert drawn(session).step == 0
    session.edit({"run.device": "cpu"})
    assert play_to_end(qtbot, session).reason is FinishReason.COMPLETED


def test_that_a_run_that_breaks_keeps_what_it_did_and_can_be_played_again(
    qtbot: QtBot, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)

    def advance(_trainer: Trainer, _count: int) -> Any:
        raise RuntimeError("the device was lost")

    recorder = Recorder(session.training, session.player)
    with monkeypatch.context() as broken, qtbot.waitSignal(session.player.run_finished):
        broken.setattr(Trainer, "advance", advance)
        session.player.play()
    assert recorder.names[-3:] == ["failed", "idle", "finished"]
    assert session.player.state is RunState.IDLE
    assert drawn(session).step == 5
    assert play_to_end(qtbot, session).reason is FinishReason.COMPLETED
    assert drawn(session).step == 50


@pytest.mark.parametrize("error", [ImportError("no torch"), OSError("a library"), RuntimeError("numpy")])
def test_that_torch_that_cannot_be_loaded_is_told_and_nothing_waits(
    qtbot: QtBot, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    session = open_session(network(), with_torch=False)
    session.player.play()

    def refuse(*_arguments: object) -> Any:
        raise error

    with monkeypatch.context() as broken, qtbot.waitSignal(session.rejected) as waiting:
        broken.setattr("builtins.__import__", _import_with(refuse))
        session.training.load_torch()
    assert waiting.args[0] == (f"PyTorch cannot be loaded: {error}. Install gdstudio again.",)
    assert not session.player.has_torch
    assert not session.player.is_playing
    session.player.play()
    with qtbot.waitSignal(session.player.run_finished):
        session.training.load_torch()


def _import_with(refuse: Any) -> Any:
    import builtins

    usual = builtins.__import__

    def replaced(name: str, *arguments: Any, **named: Any) -> Any:
        return refuse() if name == "gdstudio.core.training.trainer" else usual(name, *arguments, **named)

    return replaced


class _BadView(QObject):
    """A view whose every slot raises."""

    @Slot(object)
    def on_fact(self, _fact: object) -> None:
        raise ValueError("a view is broken")


def test_that_a_view_that_raises_does_not_hold_up_the_run(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    view = _BadView()
    for signal in (
        session.training.run_started,
        session.player.state_changed,
        session.training.progress,
        session.player.run_finished,
    ):
        signal.connect(view.on_fact)
    recorder = Recorder(session.training, session.player)
    with qtbot.captureExceptions() as exceptions:
        play_to_end(qtbot, session)
    assert len(exceptions) == 5
    assert recorder.names == ["started", "running", "idle", "progress", "finished"]


def test_that_a_listener_may_play_again_from_the_end_of_a_run(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    recorder = Recorder(session.training, session.player)

    def play_again(_result: object) -> None:
        if recorder.names.count("finished") < 3:
            session.player.play()

    session.player.run_finished.connect(play_again)
    session.player.play()
    qtbot.waitUntil(lambda: recorder.names.count("finished") == 3)
    assert recorder.names.count("started") == 3
