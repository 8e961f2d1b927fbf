"""Playing, pausing and stepping through the session and its real thread."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.headless import Outputs, run_headless
from gdstudio.core.training.events import FinishReason, RunState

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
    step_to,
    train_headless,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment

pytestmark = pytest.mark.timeout(30)


def test_that_a_session_says_the_five_signals_in_order(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    recorder = Recorder(session.training, session.player)
    play_to_end(qtbot, session)
    assert recorder.names == ["started", "running", "idle", "progress", "finished"]


def test_that_all_signals_come_in_the_windows_thread(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    threads: set[int] = set()
    for signal in (
        session.training.run_started,
        session.player.state_changed,
        session.training.progress,
        session.player.run_finished,
    ):
        signal.connect(lambda _fact: threads.add(threading.get_ident()))
    play_to_end(qtbot, session)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize(
    "experiment",
    [
        line(),
        line(learning_rate=0.21, max_steps=5000),
        line(learning_rate=0.5, max_steps=ENDLESS),
        line(gradient_tolerance=1e-6, max_steps=ENDLESS),
        line(initial_weights=None, dtype="float32"),
        network(),
        network(max_epochs=300),
        network(optimizer="adam"),
        network(batch_size=None, max_epochs=30),
        network(batch_size=1, shuffle=False, max_epochs=2),
    ],
    ids=["line", "thinned", "diverging", "converging", "float32", "net", "long", "adam", "full", "sgd"],
)
def test_that_playing_gives_the_headless_run_to_the_last_bit(
    qtbot: QtBot, open_session: OpenSession, experiment: Experiment
) -> None:
    expected, history = train_headless(experiment)
    session = open_session(experiment)
    result = play_to_end(qtbot, session)
    assert_same(drawn(session), history)
    assert result.weights.tolist() == expected.weights.tolist()
    assert (result.reason, result.step, result.epoch) == (expected.reason, expected.step, expected.epoch)
    assert result.cost == expected.cost
    assert session.run.result is result


def test_that_playing_gives_the_rows_of_the_command_line(qtbot: QtBot, open_session: OpenSession) -> None:
    experiment = network()
    csv = io.StringIO()
    run_headless(experiment, Outputs(io.StringIO(), csv, None, as_json=False))
    rows = np.loadtxt(csv.getvalue().splitlines(), delimiter=",", skiprows=1)
    session = open_session(experiment)
    play_to_end(qtbot, session)
    seen = drawn(session)
    table = np.column_stack([seen.steps, seen.epochs, seen.costs, seen.weights])
    np.testing.assert_array_equal(table, rows)


def test_that_pausing_and_stepping_change_no_number(qtbot: QtBot, open_session: OpenSession) -> None:
    experiment = network()
    _, history = train_headless(experiment)
    session = open_session(experiment)
    step_to(qtbot, session, 3)
    step_to(qtbot, session, 14)
    play_to_end(qtbot, session)
    assert_same(drawn(session), history)


def test_that_a_new_session_is_idle_and_shows_the_start(open_session: OpenSession) -> None:
    session = open_session(line(initial_weights=[0.5]), with_torch=False)
    assert session.player.state is RunState.IDLE
    assert not session.player.is_playing
    assert session.run.control is None
    assert session.run.result is None
    still = drawn(session)
    assert (still.step, still.latest.tolist()) == (0, [0.5])


def test_that_the_still_picture_is_row_0_of_the_run(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    still = drawn(session)
    play_to_end(qtbot, session)
    assert drawn(session).weights[0].tolist() == still.latest.tolist()
    assert drawn(session).costs[0] == pytest.approx(still.cost, rel=1e-12)


def test_that_a_run_pauses_and_goes_on(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    recorder = Recorder(session.training, session.player)
    play_until(qtbot, session)
    assert session.player.is_playing
    with qtbot.waitSignal(session.player.state_changed):
        session.player.pause()
    assert session.player.state is RunState.PAUSED
    assert not session.player.is_playing
    play_until(qtbot, session)
    assert recorder.states == [RunState.RUNNING, RunState.PAUSED, RunState.RUNNING]
    assert recorder.names.count("started") == 1


def test_that_toggling_plays_and_pauses(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    for expected in (RunState.RUNNING, RunState.PAUSED, RunState.RUNNING):
        with qtbot.waitSignal(session.player.state_changed):
            session.player.toggle()
        assert session.player.state is expected


def test_that_a_paused_run_makes_no_step_but_those_asked_for(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    with qtbot.waitSignal(session.player.state_changed):
        session.player.pause()
    step = drawn(session).step
    for made in range(1, 6):
        step_to(qtbot, session, step + made)


def test_that_a_step_from_idle_begins_a_paused_run(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    with qtbot.waitSignal(session.player.state_changed):
        session.player.step()
    assert session.player.state is RunState.PAUSED
    assert not session.player.is_playing
    qtbot.waitUntil(lambda: drawn(session).step == 1)


def test_that_so_many_steps_are_made_as_were_asked_for(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    session.player.step(3)
    session.player.step(4)
    qtbot.waitUntil(lambda: drawn(session).step == 7)
    step_to(qtbot, session, 17)
    assert drawn(session).steps.tolist() == list(range(18))


def test_that_a_step_while_playing_pauses(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    with qtbot.waitSignal(session.player.state_changed):
        session.player.step()
    assert session.player.state is RunState.PAUSED
    assert not session.player.is_playing


def test_that_stepping_over_the_last_step_ends_the_run(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=5))
    with qtbot.waitSignal(session.player.run_finished) as waiting:
        session.player.step(100)
    assert (waiting.args[0].reason, waiting.args[0].step) == (FinishReason.COMPLETED, 5)
    assert session.player.state is RunState.IDLE
    version = session.run.version
    session.player.step()
    assert session.run.version == version
    assert session.run.control is None


def test_that_playing_after_the_end_begins_again(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    first = play_to_end(qtbot, session)
    with qtbot.waitSignals([session.run_replaced, session.player.run_finished]):
        session.player.play()
    assert session.run.result is not None
    assert session.run.result.run_id > first.run_id
    assert session.run.result.weights.tolist() == first.weights.tolist()


def test_that_a_slow_run_makes_its_first_step_at_once(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(pace=0.001))
    session.player.play()
    qtbot.waitUntil(lambda: drawn(session).step == 1 and session.player.state is RunState.RUNNING)


def test_that_a_slow_run_can_be_paused_and_stepped(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(pace=0.001))
    session.player.play()
    qtbot.waitUntil(lambda: drawn(session).step == 1)
    with qtbot.waitSignal(session.player.state_changed):
        session.player.pause()
    step_to(qtbot, session, 2)


def test_that_the_version_changes_with_every_new_picture(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    versions = [session.run.version]
    for step in (1, 2):
        step_to(qtbot, session, step)
        versions.append(session.run.version)
    session.player.reset()
    versions.append(session.run.version)
    assert len(set(versions)) == len(versions)
