"""Resets, reseeds and loads; what an older run still says is dropped."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from gdstudio.core.seeds import MAX_SEED
from gdstudio.core.training.events import RunState

from .helpers import (
    ENDLESS,
    OpenSession,
    Recorder,
    assert_same,
    drawn,
    line,
    network,
    play_to_end,
    play_until,
    train_headless,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.worker.session import Session

pytestmark = pytest.mark.timeout(30)


def test_that_a_reset_goes_back_to_the_same_start(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    start = drawn(session).latest.tolist()
    first = play_to_end(qtbot, session)
    with qtbot.waitSignal(session.run_replaced):
        session.player.reset()
    assert session.run.result is None
    assert (drawn(session).step, drawn(session).latest.tolist()) == (0, start)
    assert play_to_end(qtbot, session).weights.tolist() == first.weights.tolist()


def test_that_a_reset_of_a_playing_run_stops_it(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network(max_epochs=10**9))
    start = drawn(session).latest.tolist()
    play_until(qtbot, session)
    with qtbot.waitSignals([session.player.state_changed, session.run_replaced]):
        session.player.reset()
    assert session.player.state is RunState.IDLE
    assert not session.player.is_playing
    assert (drawn(session).step, drawn(session).latest.tolist()) == (0, start)


def test_that_a_reseed_draws_other_weights_and_other_data(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    start, problem = drawn(session).latest.tolist(), session.run.problem
    first = play_to_end(qtbot, session)
    with qtbot.waitSignals([session.experiment_changed, session.run_replaced]):
        session.reseed()
    assert session.experiment.run.seed == 1
    assert session.run.problem is not None
    assert problem is not None
    assert session.run.problem.rows.X.tolist() != problem.rows.X.tolist()
    assert drawn(session).latest.tolist() != start
    assert play_to_end(qtbot, session).weights.tolist() != first.weights.tolist()


def test_that_a_reseed_of_a_playing_run_plays_on(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network(max_epochs=10**9))
    play_until(qtbot, session)
    with qtbot.waitSignal(session.training.run_started) as waiting:
        session.reseed()
    assert waiting.args[0].experiment.run.seed == 1
    assert session.player.is_playing


def test_that_the_seed_after_the_last_is_the_first(open_session: OpenSession) -> None:
    session = open_session(network(seed=MAX_SEED))
    session.reseed()
    assert session.experiment.run.seed == 0


@pytest.mark.parametrize("seed_then_back", [1, 17])
def test_that_a_seed_gives_its_numbers_again(open_session: OpenSession, seed_then_back: int) -> None:
    session = open_session(network())
    start = drawn(session).latest.tolist()
    session.edit({"run.seed": seed_then_back})
    session.edit({"run.seed": 0})
    assert drawn(session).latest.tolist() == start


def test_that_loading_puts_another_experiment_on_screen(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    other = network()
    with qtbot.waitSignals([session.experiment_changed, session.run_replaced]):
        session.load(other)
    assert session.experiment is other
    assert session.player.state is RunState.IDLE
    assert not session.player.is_playing
    play_to_end(qtbot, session)
    assert_same(drawn(session), train_headless(other)[1])


def _finish_unheard(session: Session) -> None:
    """Let a run end while this thread takes no events: all that it said is still under way."""
    ended = threading.Event()
    session.training.worker.run_finished.connect(lambda _result: ended.set())
    session.player.play()
    assert ended.wait(10)


@pytest.mark.parametrize("command", ["reset", "reseed", "load", "play"])
def test_that_what_an_older_run_still_says_is_dropped(
    qtbot: QtBot, open_session: OpenSession, command: str
) -> None:
    session = open_session(network())
    recorder = Recorder(session.training, session.player)
    _finish_unheard(session)
    if command == "load":
        session.load(line())
    elif command == "play":
        session.player.reset()
        session.player.play()
    elif command == "reset":
        session.player.reset()
    else:
        session.reseed()
    playing = session.player.is_playing  # a reseed plays on: the run had ended, but nobody knew
    assert recorder.facts == []
    if not playing:
        session.player.play()
    qtbot.waitUntil(lambda: "finished" in recorder.names)
    assert recorder.names == ["started", "running", "idle", "progress", "finished"]
    assert recorder.all_of("started")[0].experiment == session.experiment


def test_that_states_of_an_older_run_do_not_reach_the_next(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder = Recorder(session.training, session.player)
    for start in range(1, 11):
        with qtbot.waitSignal(session.training.run_started):
            session.edit({"run.initial_weights": [float(start)]})
        qtbot.waitUntil(lambda: session.player.state is RunState.RUNNING)
    assert recorder.names == ["idle", "started", "running"] * 10


def test_that_only_the_last_of_many_hasty_edits_runs_on(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder = Recorder(session.training, session.player)
    for start in range(1, 51):
        session.edit({"run.initial_weights": [float(start)]})
    qtbot.waitUntil(lambda: "running" in recorder.names)
    assert recorder.names == ["idle", "started", "running"]
    assert drawn(session).weights[0].tolist() == [50.0]


def test_that_hasty_stops_and_starts_leave_one_run(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    recorder = Recorder(session.training, session.player)
    for _ in range(50):
        session.player.play()
        session.player.reset()
    session.player.play()
    qtbot.waitUntil(lambda: "finished" in recorder.names)
    assert recorder.names == ["started", "running", "idle", "progress", "finished"]
    assert_same(drawn(session), train_headless(line())[1])
