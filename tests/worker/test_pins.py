"""Pinned runs: kept as they were, named by what sets them apart, at most six."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.core.errors import InputError
from gdstudio.core.training.events import FinishReason
from gdstudio.worker.pins import MOST_PINS
from tests.worker.helpers import assert_same, drawn, line, network, play_to_end, step_to

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.worker.helpers import OpenSession


def test_that_a_pin_keeps_the_run_through_reset_edit_and_another_problem(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)
    pinned = drawn(session)
    with qtbot.waitSignal(session.pins.changed):
        session.pin()
    session.player.reset()
    session.edit({"run.learning_rate": 0.2})
    play_to_end(qtbot, session)
    session.load(network())
    (pin,) = session.pins.all
    assert_same(pin.snapshot, pinned)
    assert pin.experiment == line()


def test_that_a_run_that_made_no_step_is_not_pinned(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    with qtbot.waitSignal(session.rejected) as said:
        session.pin()
    assert "no run to pin" in said.args[0][0]
    assert session.pins.all == ()


def test_that_the_same_run_pinned_later_keeps_its_place_and_name(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 2)
    session.pin()
    session.pins.rename(0, "  the   first ")
    step_to(qtbot, session, 7)
    session.pin()
    (pin,) = session.pins.all
    assert (pin.slot, pin.name, pin.snapshot.step) == (0, "the first", 7)


def test_that_a_changed_rate_makes_another_run_and_is_said(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    step_to(qtbot, session, 2)
    session.pin()
    session.edit({"run.learning_rate": 0.05})
    step_to(qtbot, session, 4)
    session.pin()
    assert list(session.pins.labels(session.experiment).values()) == ["α = 0.1", "α = 0.1, then α = 0.05"]


def test_that_a_diverged_run_says_so_in_its_name(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line(learning_rate=0.5, max_steps=5000))
    assert play_to_end(qtbot, session).reason is FinishReason.DIVERGED
    session.pin()
    session.edit({"run.learning_rate": 0.1})
    assert session.pins.labels(session.experiment) == {0: "α = 0.5 (diverged)"}


def test_that_a_seventh_is_refused_and_a_place_let_go_is_taken_again(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    problem = session.run.problem
    assert problem is not None
    step_to(qtbot, session, 1)
    runs = [line(learning_rate=0.01 * k) for k in range(1, MOST_PINS + 2)]
    for run in runs[:-1]:
        session.pins.pin(run, problem, drawn(session))
    with pytest.raises(InputError, match="Unpin one"):
        session.pins.pin(runs[-1], problem, drawn(session))
    session.pins.unpin(2)
    assert session.pins.pin(runs[-1], problem, drawn(session)).slot == 2
    assert [pin.slot for pin in session.pins.all] == list(range(MOST_PINS))


def test_that_only_a_real_change_is_told(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(line())
    step_to(qtbot, session, 1)
    session.pin()
    with qtbot.assertNotEmitted(session.pins.changed):
        session.pins.show(0, True)
        session.pins.rename(0, "")
        session.pins.unpin(3)
    with qtbot.waitSignal(session.pins.changed):
        session.pins.show(0, False)
