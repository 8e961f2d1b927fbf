"""A session that goes phase by phase, through a real thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import PHASES
from gdstudio.core.training.events import RunState

from .helpers import assert_same, drawn, line, network, play_to_end, step_to, train_headless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.worker.session import Session

    from .helpers import OpenSession


def reached(session: Session) -> tuple[int, str] | None:
    fact = drawn(session).phase
    return None if fact is None else (fact.step, fact.phase)


def make_phase(qtbot: QtBot, session: Session, step: int, phase: str) -> None:
    session.player.step_phase()
    qtbot.waitUntil(lambda: reached(session) == (step, phase))


def test_that_a_step_is_made_phase_by_phase(open_session: OpenSession, qtbot: QtBot) -> None:
    session = open_session(line(max_steps=5))
    for phase in PHASES:
        version = session.run.version
        make_phase(qtbot, session, 1, phase)
        assert session.run.version != version
    qtbot.waitUntil(lambda: drawn(session).step == 1)
    assert reached(session) == (1, "update")
    make_phase(qtbot, session, 2, "batch")
    assert session.player.state is RunState.PAUSED


def test_that_playing_finishes_the_step_under_way_and_goes_on(
    open_session: OpenSession, qtbot: QtBot
) -> None:
    session = open_session(network())
    for phase in PHASES[:4]:
        make_phase(qtbot, session, 1, phase)
    assert play_to_end(qtbot, session).step == train_headless(session.experiment)[0].step
    assert_same(drawn(session), train_headless(session.experiment)[1])
    assert reached(session) is None
    session.player.step_phase()
    assert session.run.control is None


def test_that_stepping_in_the_middle_finishes_the_step(open_session: OpenSession, qtbot: QtBot) -> None:
    session = open_session(line(max_steps=5))
    make_phase(qtbot, session, 1, "batch")
    step_to(qtbot, session, 2)
    assert reached(session) is None
    make_phase(qtbot, session, 3, "batch")


def test_that_a_reset_in_the_middle_of_a_step_goes_back_to_the_start(
    open_session: OpenSession, qtbot: QtBot
) -> None:
    session = open_session(line(max_steps=5))
    make_phase(qtbot, session, 1, "batch")
    make_phase(qtbot, session, 1, "forward")
    session.player.reset()
    assert drawn(session).step == 0
    assert reached(session) is None
    play_to_end(qtbot, session)
    assert_same(drawn(session), train_headless(session.experiment)[1])
