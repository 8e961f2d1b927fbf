"""The race on screen: as far as the run on screen at every step, and each run as if it were alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QObject

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.events import RunState
from tests.worker.helpers import drawn, network, play_to_end, play_until, step_to, train_headless

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.race.race import RaceView
    from gdstudio.worker.session import Session
    from tests.worker.helpers import OpenSession


def valley(*entrants: dict[str, Any], **run: Any) -> Experiment:
    return Experiment.parse(
        {
            "problem": {"kind": "function", "formula": "0.1*w1**2 + 2*w2**2"},
            "run": {"learning_rate": 0.1, "max_steps": 60, "initial_weights": [-5.0, -2.0], **run},
            "race": {"entrant": list(entrants)},
        }
    )


def shown(session: Session) -> RaceView:
    view = session.racing.view(drawn(session))
    assert view is not None
    return view


def together(session: Session, step: int) -> bool:
    """Whether all are at a step that the run on screen has reached."""
    return drawn(session).step == step and shown(session).clock == step


def watched(session: Session) -> QObject:
    watcher = QObject(session)
    session.racing.watch(watcher)
    return watcher


def assert_as_alone(session: Session, changed: tuple[int, float] | None = None) -> None:
    """Compare each run with that of its optimizer alone; the rate changed after so many evaluations."""
    for one in shown(session).standings:
        if not one.step:
            continue  # an optimizer that takes several gradients a step may not have made one yet
        changes: dict[str, Any] = {"run.max_steps": one.step}
        if changed is not None:
            step = int(np.searchsorted(one.way.evaluations, changed[0]))
            changes["run.change"] = [{"step": step, "learning_rate": changed[1]}]
        result, _ = train_headless(one.contestant.experiment.edited(changes))
        np.testing.assert_array_equal(one.way.weights[-1], result.weights)


def test_that_nothing_is_made_unless_somebody_watches(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley())
    step_to(qtbot, session, 5)
    shown(session)
    assert session.racing.race is not None
    assert session.racing.race.reached < 0


@pytest.mark.parametrize("about", [valley(), network()], ids=["all rows", "mini-batches"])
def test_that_all_come_along_step_by_step(qtbot: QtBot, open_session: OpenSession, about: Experiment) -> None:
    session = open_session(about)
    watched(session)
    assert shown(session).clock == 0
    for step in (1, 2, 7):
        step_to(qtbot, session, step)
        qtbot.waitUntil(partial(together, session, step))
    own = shown(session).standings[0]
    np.testing.assert_array_equal(own.way.weights[-1], drawn(session).latest)
    assert_as_alone(session)


def test_that_all_are_at_the_end_when_the_run_is(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley())
    watched(session)
    play_to_end(qtbot, session)
    qtbot.waitUntil(lambda: together(session, 60))
    assert shown(session).is_over
    assert_as_alone(session)


def test_that_going_back_and_forth_shows_each_step_as_it_was(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley())
    watched(session)
    step_to(qtbot, session, 20)
    qtbot.waitUntil(lambda: together(session, 20))
    race = session.racing.race
    session.time.seek(8)
    qtbot.waitUntil(lambda: together(session, 8))
    assert_as_alone(session)
    session.player.reset()
    assert shown(session).clock == 0
    assert session.racing.race is race  # what has been made is kept


def test_that_a_rate_changed_on_the_way_changes_it_for_all(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley())
    watched(session)
    step_to(qtbot, session, 10)
    session.edit({"run.learning_rate": 0.02})
    step_to(qtbot, session, 25)
    qtbot.waitUntil(lambda: together(session, 25))
    assert_as_alone(session, (10, 0.02))
    session.time.seek(4)
    qtbot.waitUntil(lambda: together(session, 4))
    session.edit({"run.learning_rate": 0.3})
    step_to(qtbot, session, 12)
    qtbot.waitUntil(lambda: together(session, 12))
    assert_as_alone(session, (4, 0.3))


def test_that_a_picture_opened_late_catches_up(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley())
    step_to(qtbot, session, 30)
    watched(session)
    assert shown(session).clock == 0
    with qtbot.waitSignal(session.racing.changed):
        pass
    qtbot.waitUntil(lambda: together(session, 30))


def test_that_others_go_on_where_the_run_has_diverged(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley(learning_rate=10.0, max_steps=400))
    watched(session)
    result = play_to_end(qtbot, session)
    assert result.step < 400
    qtbot.waitUntil(lambda: shown(session).clock == 400)
    assert shown(session).standings[0].has_diverged


def test_that_other_entrants_make_another_race_but_leave_the_run(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(valley())
    watched(session)
    step_to(qtbot, session, 5)
    session.racing.toggle(1)
    run = session.run
    assert session.edit({"race.entrant": [{"optimizer": "adam"}]})
    assert session.run is run
    qtbot.waitUntil(lambda: together(session, 5))
    assert [one.contestant.name for one in shown(session).standings] == ["SGD", "Adam"]
    assert not session.racing.hidden


def test_that_what_breaks_a_race_leaves_the_run_alone(
    qtbot: QtBot, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(valley())
    watched(session)

    def broken(*_: object) -> None:
        raise ArithmeticError("no such luck")

    monkeypatch.setattr("gdstudio.core.race.race.Race.advance", broken)
    session.player.step()
    with qtbot.waitSignal(session.racing.broke) as waiting:
        qtbot.waitUntil(lambda: shown(session) is not None and session.racing._has_broken)
    assert isinstance(waiting.args[0], ArithmeticError)
    result = play_to_end(qtbot, session)
    assert result.step == 60


def test_that_a_stopped_run_lets_its_race_rest(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(valley(max_steps=10**9))
    watched(session)
    play_until(qtbot, session, RunState.RUNNING)
    qtbot.waitUntil(lambda: shown(session).clock > 50)
    session.player.pause()
    qtbot.waitUntil(lambda: session.player.state is RunState.PAUSED)
    qtbot.waitUntil(lambda: shown(session).clock == drawn(session).step)
