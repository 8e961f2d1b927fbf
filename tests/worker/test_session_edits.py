"""Edits: what acts live, what starts the run again, what is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.core.training.events import FinishReason, RunState
from gdstudio.core.training.trainer import Trainer

from .helpers import (
    ENDLESS,
    OpenSession,
    Recorder,
    assert_same,
    drawn,
    line,
    play_to_end,
    play_until,
    step_to,
    train_headless,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.timeout(30)

RESTARTING: list[dict[str, Any]] = [
    {"run.initial_weights": [2.0]},
    {"run.optimizer": "adam"},
    {"run.max_steps": 10**9},
    {"run.seed": 5},
    {"run.dtype": "float32"},
    {"problem.x": [1.0, 2.0, 4.0]},
    {"run.learning_rate": 0.05, "run.initial_weights": [1.0]},
]
WRONG: list[dict[str, Any]] = [
    {"run.learning_rate": -1.0},
    {"run.learning_rate": math.nan},
    {"run.learning_rate": "fast"},
    {"run.batch_size": 4},
    {"run.nonsense": 1},
    {"nowhere.at_all": 1},
    {"run.max_steps": None},
    {"view.panels": []},
    {"run.learning_rate": 0.2, "run.seed": -1},
]


def test_that_the_learning_rate_acts_from_the_next_step_on(qtbot: QtBot, open_session: OpenSession) -> None:
    experiment = line()
    trainer = Trainer(experiment, experiment.build_problem())
    trainer.advance(10)
    trainer.learning_rate = 0.02
    trainer.advance(10)
    session = open_session(experiment)
    recorder = Recorder(session.training, session.player)
    step_to(qtbot, session, 10)
    with qtbot.assertNotEmitted(session.run_replaced), qtbot.waitSignal(session.experiment_changed):
        assert session.edit({"run.learning_rate": 0.02})
    step_to(qtbot, session, 20)
    assert drawn(session).latest.tolist() == trainer.weights.tolist()
    assert drawn(session).steps.tolist() == list(range(21))
    assert session.experiment.run.learning_rate == 0.02
    assert recorder.names.count("started") == 1


def test_that_a_playing_run_goes_on_under_its_new_learning_rate(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line(learning_rate=1e-6, max_steps=ENDLESS))  # far from the minimum for long
    play_until(qtbot, session)
    with (
        qtbot.waitSignal(session.player.run_finished) as waiting,
        qtbot.assertNotEmitted(session.run_replaced),
    ):
        session.edit({"run.learning_rate": 0.5})
    assert waiting.args[0].reason is FinishReason.DIVERGED
    assert session.run.rate_changes[-1][1] == 0.5


def test_that_a_learning_rate_set_before_the_run_is_its_own(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    session.edit({"run.learning_rate": 0.02})
    play_to_end(qtbot, session)
    assert_same(drawn(session), train_headless(line(learning_rate=0.02))[1])


def test_that_a_learning_rate_set_before_the_worker_has_begun_acts_from_the_first_step(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    with qtbot.waitSignal(session.player.run_finished):
        session.player.step(0)
        session.edit({"run.learning_rate": 0.02})
        session.player.play()
    assert_same(drawn(session), train_headless(line(learning_rate=0.02))[1])


def test_that_the_speed_acts_on_a_run_that_waits_for_its_next_step(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line(pace=0.001))
    session.player.play()
    qtbot.waitUntil(lambda: drawn(session).step == 1)
    with qtbot.waitSignal(session.player.run_finished), qtbot.assertNotEmitted(session.run_replaced):
        session.edit({"view.steps_per_second": None})
    assert_same(drawn(session), train_headless(line())[1])


@pytest.mark.parametrize("changes", [{"view.panels": ["cost_curve"]}, {"view.cost_scale": "linear"}])
def test_that_the_view_changes_without_a_new_run(
    qtbot: QtBot, open_session: OpenSession, changes: dict[str, Any]
) -> None:
    session = open_session(line())
    result = play_to_end(qtbot, session)
    version = session.run.version
    with qtbot.assertNotEmitted(session.run_replaced), qtbot.waitSignal(session.experiment_changed):
        assert session.edit(changes)
    assert session.run.version == version
    assert session.run.result is result


@pytest.mark.parametrize("changes", RESTARTING, ids=lambda changes: "+".join(changes))
def test_that_an_edit_starts_a_playing_run_again_and_plays_on(
    qtbot: QtBot, open_session: OpenSession, changes: dict[str, Any]
) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder = Recorder(session.training, session.player)
    with qtbot.waitSignals([session.experiment_changed, session.run_replaced, session.training.run_started]):
        assert session.edit(changes)
    assert session.player.is_playing
    assert recorder.all_of("started")[0].experiment == session.experiment
    qtbot.waitUntil(lambda: drawn(session).step > 0 and session.player.state is RunState.RUNNING)
    start = drawn(session).weights[0].tolist()
    assert start == list(session.experiment.run.initial_weights or ())


@pytest.mark.parametrize("changes", RESTARTING, ids=lambda changes: "+".join(changes))
def test_that_an_edit_starts_a_paused_run_again_and_does_not_play(
    qtbot: QtBot, open_session: OpenSession, changes: dict[str, Any]
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)
    with qtbot.waitSignals([session.player.state_changed, session.experiment_changed, session.run_replaced]):
        assert session.edit(changes)
    assert session.player.state is RunState.IDLE
    assert session.run.control is None
    assert drawn(session).step == 0
    expected = train_headless(session.experiment.edited({"run.max_steps": 3}))[1]
    step_to(qtbot, session, 3)
    assert_same(drawn(session), expected)


def test_that_a_learning_rate_after_the_end_starts_again(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    play_to_end(qtbot, session)
    with qtbot.waitSignal(session.run_replaced):
        session.edit({"run.learning_rate": 0.02})
    assert session.run.result is None
    assert drawn(session).step == 0
    assert not session.player.is_playing


def test_that_setting_what_is_set_already_does_nothing(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)
    with qtbot.assertNotEmitted(session.experiment_changed), qtbot.assertNotEmitted(session.run_replaced):
        assert session.edit({"run.seed": 0, "run.learning_rate": 0.1})
    assert drawn(session).step == 5


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_that_a_wrong_edit_is_answered_and_changes_nothing(
    qtbot: QtBot, open_session: OpenSession, changes: dict[str, Any]
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)
    before = (
        session.experiment,
        session.run.problem,
        session.run.control,
        session.run.version,
        session.player.state,
    )
    with (
        qtbot.assertNotEmitted(session.run_replaced),
        qtbot.waitSignal(session.experiment_changed) as changed,
        qtbot.waitSignal(session.rejected) as rejected,
    ):
        assert not session.edit(changes)
    assert changed.args == [before[0]]
    lines = rejected.args[0]
    assert lines
    assert all(isinstance(text, str) and text for text in lines)
    after = (
        session.experiment,
        session.run.problem,
        session.run.control,
        session.run.version,
        session.player.state,
    )
    assert after[0] is before[0]
    assert after[1:] == before[1:]
    play_to_end(qtbot, session)
    assert_same(drawn(session), train_headless(line())[1])


def test_that_a_wrong_edit_lets_a_run_play_on(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(max_steps=ENDLESS))
    play_until(qtbot, session)
    recorder, control, step = (
        Recorder(session.training, session.player),
        session.run.control,
        drawn(session).step,
    )
    assert not session.edit({"run.learning_rate": 0.0})
    assert session.player.is_playing
    assert session.run.control is control
    qtbot.waitUntil(lambda: drawn(session).step > step)
    assert "idle" not in recorder.names
