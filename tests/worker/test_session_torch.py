"""Before torch is loaded: what is shown already, and what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.core.training.events import FinishReason, RunState
from gdstudio.worker import training_worker

from .helpers import (
    OpenSession,
    line,
    network,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.timeout(30)


def test_that_playing_before_torch_is_loaded_waits_for_it(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network(), with_torch=False)
    assert session.run.problem is None
    assert session.run.snapshot() is None
    session.player.play()
    assert session.player.is_playing
    assert session.player.state is RunState.IDLE
    with qtbot.waitSignals([session.run_replaced, session.player.torch_ready, session.player.run_finished]):
        session.training.load_torch()
    assert session.player.has_torch
    assert session.run.result is not None
    assert session.run.result.reason is FinishReason.COMPLETED


def test_that_a_line_without_random_numbers_is_drawn_before_torch(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line(), with_torch=False)
    session.player.play()
    with qtbot.waitSignal(session.player.run_finished), qtbot.assertNotEmitted(session.run_replaced):
        session.training.load_torch()


@pytest.mark.parametrize("command", ["pause", "toggle", "reset"])
def test_that_waiting_for_torch_can_be_called_off(
    qtbot: QtBot, open_session: OpenSession, command: str
) -> None:
    session = open_session(network(), with_torch=False)
    session.player.play()
    getattr(session.player, command)()
    assert not session.player.is_playing
    with qtbot.waitSignal(session.player.torch_ready):
        session.training.load_torch()
    assert session.run.control is None


def test_that_an_edit_while_waiting_for_torch_plays_the_edited_run(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(network(), with_torch=False)
    session.player.play()
    session.edit({"run.seed": 9, "run.learning_rate": 0.01})
    assert session.player.is_playing
    with qtbot.waitSignal(session.training.run_started) as waiting:
        session.training.load_torch()
    assert waiting.args[0].experiment == session.experiment
    assert session.experiment.run.seed == 9


def test_that_optimizers_are_loaded_while_nobody_waits(
    qtbot: QtBot, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_worker, "_IDLE_MILLISECONDS", 1)
    session = open_session(line())
    qtbot.waitUntil(lambda: session.training.worker.has_optimizers)


def test_that_a_run_puts_off_the_loading_of_optimizers(
    qtbot: QtBot, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_worker, "_IDLE_MILLISECONDS", 20_000)
    session = open_session(line())
    idle = session.training.worker._idle
    qtbot.waitUntil(idle.isActive)
    session.player.step()
    qtbot.waitUntil(lambda: not idle.isActive())
    session.player.reset()
    qtbot.waitUntil(idle.isActive)
