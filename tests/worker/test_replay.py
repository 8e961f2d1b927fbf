"""A comparison ends as a race: every run as far as it was when it had seen so many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.worker.helpers import network

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.worker.session import Session
    from tests.worker.helpers import OpenSession


def racing(qtbot: QtBot, session: Session) -> None:
    session.comparison.start()
    qtbot.waitUntil(lambda: bool(session.comparison.replay.rows_seen), timeout=20_000)


def test_that_each_run_is_as_far_as_the_rows_that_it_has_seen(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(network())
    racing(qtbot, session)
    race = session.comparison.replay
    race._timer.stop()
    race.rows_seen = 150
    assert [race.part_of(run).step for run in session.pins.all] == [1, 15, 150]
    assert [run.snapshot.step > 1 for run in session.pins.all] == [True] * 3  # the pins are whole
    race.stop()
    assert [race.part_of(run) for run in session.pins.all] == [run.snapshot for run in session.pins.all]


def test_that_a_race_ends_whole_when_the_user_goes_on(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    racing(qtbot, session)
    with qtbot.waitSignal(session.comparison.replay.changed):
        session.player.step()
    assert session.comparison.replay.rows_seen is None


def test_that_only_the_compared_runs_race(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    racing(qtbot, session)
    race, held = session.comparison.replay, session.pins.all[0]
    other = session.pins.pin(network(seed=5), held.problem, held.snapshot)
    assert race.part_of(other) is other.snapshot
    race.stop()
