"""Edits are taken back and made again: each to the last digit, and those of one gesture together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gdstudio.worker import undo
from gdstudio.worker.undo import Undo

from .helpers import OpenSession, line, network, step_to

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment

pytestmark = pytest.mark.timeout(30)

EDITS: list[dict[str, Any]] = [
    {"problem.x": (1.0, 2.0), "problem.y": (1.0, 4.0)},
    {"run.learning_rate": 1 / 3},
    {"run.initial_weights": None},
    {"run.optimizer": {"kind": "adam", "beta1": 0.5}},
    {"run.mistake": "gradient_l98"},
    {"run.change": ({"step": 3, "learning_rate": 0.01},)},
]


class Edited:
    """An experiment that is edited without a session, at times that the test sets."""

    def __init__(self) -> None:
        self.experiment: Experiment = line()
        self.now = 0.0
        self.undo = Undo(self.edit, clock=lambda: self.now)

    def edit(self, changes: dict[str, Any]) -> bool:
        before = self.experiment
        self.experiment = before.edited(changes)
        self.undo.note(before, self.experiment, changes)
        return True

    def rate(self, value: float, at: float) -> None:
        self.now = at
        self.edit({"run.learning_rate": value})


@pytest.mark.parametrize("changes", EDITS, ids=str)
def test_that_an_edit_is_taken_back_and_made_again(
    open_session: OpenSession, changes: dict[str, Any]
) -> None:
    session = open_session(line())
    before = session.experiment
    assert session.edit(changes)
    after = session.experiment
    assert before != after
    session.undo.undo()
    assert session.experiment == before
    assert not session.undo.can_undo
    session.undo.redo()
    assert session.experiment == after


def test_that_edits_are_taken_back_in_turn_and_a_new_one_forgets_those_taken_back(
    open_session: OpenSession,
) -> None:
    session = open_session(line())
    states = [session.experiment]
    for changes in EDITS[:3]:
        session.edit(changes)
        states.append(session.experiment)
    for state in reversed(states[:-1]):
        session.undo.undo()
        assert session.experiment == state
    session.undo.redo()
    assert session.experiment == states[1]
    session.edit({"run.seed": 9})
    assert not session.undo.can_redo
    session.undo.redo()
    assert session.experiment.run.seed == 9


def test_that_a_learning_rate_is_taken_back_while_the_run_goes_on(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(line())
    step_to(qtbot, session, 5)
    run = session.run
    session.edit({"run.learning_rate": 0.02})
    session.undo.undo()
    assert session.experiment.run.learning_rate == line().run.learning_rate
    assert session.run is run
    assert session.run.shown_step == 5


def test_that_a_planned_rate_is_there_again_after_a_change_by_hand(open_session: OpenSession) -> None:
    planned = line(change=[{"step": 3, "learning_rate": 0.01}])
    session = open_session(planned)
    session.edit({"run.learning_rate": 0.2})
    assert not session.experiment.run.change
    session.edit({"run.learning_rate": 0.3})
    session.undo.undo()
    assert session.experiment == planned
    session.undo.redo()
    assert session.experiment.run.learning_rate == 0.3
    assert not session.experiment.run.change


def test_that_what_is_only_drawn_or_refused_is_not_taken_back(open_session: OpenSession) -> None:
    session = open_session(network())
    session.edit({"view.steps_per_second": 3.0, "view.cost_scale": "linear"})
    assert not session.edit({"run.learning_rate": -1.0})
    assert not session.undo.can_undo
    session.edit({"run.seed": 4, "view.cost_scale": "log"})
    session.undo.undo()
    assert session.experiment.run.seed == network().run.seed
    assert session.experiment.view.cost_scale == "log"


def test_that_nothing_is_taken_back_beyond_what_was_loaded(open_session: OpenSession) -> None:
    session = open_session(line())
    session.edit({"run.seed": 4})
    session.load(network())
    session.undo.undo()
    session.undo.redo()
    assert session.experiment == network()


def test_that_edits_of_one_setting_within_a_second_are_one() -> None:
    edited = Edited()
    first = edited.experiment
    for i in range(5):
        edited.rate(0.2 + i / 100, at=0.9 * i)
    edited.rate(0.5, at=10.0)
    edited.undo.undo()
    assert edited.experiment.run.learning_rate == 0.2 + 4 / 100
    edited.undo.undo()
    assert edited.experiment == first


def test_that_edits_of_a_gesture_are_one_however_long_it_takes_and_part_of_no_other() -> None:
    edited = Edited()
    edited.rate(0.2, at=0.0)
    edited.undo.open()
    for i in range(3):
        edited.rate(0.3 + i / 100, at=0.1 + 60.0 * i)
    assert not edited.undo.undo()  # not in the middle of a drag
    edited.undo.close()
    edited.rate(0.9, at=120.2)
    rates = []
    while edited.undo.undo():
        rates.append(edited.experiment.run.learning_rate)
    assert rates == [0.32, 0.2, line().run.learning_rate]


def test_that_a_gesture_that_sets_one_thing_and_then_another_is_one() -> None:
    edited = Edited()
    first = edited.experiment
    with edited.undo.one():
        edited.rate(0.3, at=0.0)
        edited.edit({"run.optimizer.momentum": 0.5})
        edited.rate(0.4, at=5.0)
    last = edited.experiment
    edited.undo.undo()
    assert edited.experiment == first
    assert not edited.undo.can_undo
    edited.undo.redo()
    assert edited.experiment == last


def test_that_a_gesture_that_is_put_back_leaves_nothing() -> None:
    edited = Edited()
    edited.rate(0.2, at=0.0)
    with edited.undo.one():
        edited.rate(0.3, at=5.0)
        edited.rate(0.2, at=6.0)
    edited.undo.undo()
    assert edited.experiment == line()
    assert not edited.undo.can_undo


def test_that_a_move_through_where_it_began_is_still_one() -> None:
    edited = Edited()
    with edited.undo.one():
        for rate in (0.3, line().run.learning_rate, 0.4):
            edited.rate(rate, at=0.0)
    edited.undo.undo()
    assert edited.experiment == line()


def test_that_the_numbers_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undo, "MOST_NUMBERS", 100)
    edited = Edited()
    for i in range(10):
        edited.now += 5.0
        edited.edit({"problem.x": tuple(float(i + j) for j in range(10)), "problem.y": (0.0,) * 10})
    taken = 0
    while edited.undo.undo():
        taken += 1
    assert 1 <= taken <= 100 // 20 - 2
