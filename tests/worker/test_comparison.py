"""Three batch sizes from one start: each the run of the command line, the screen's own run untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdstudio.core.training.events import FinishReason, RunState
from gdstudio.worker.comparison import batch_sizes
from tests.worker.helpers import ENDLESS, assert_same, drawn, network, play_to_end, play_until, train_headless

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.worker.session import Session
    from tests.worker.helpers import OpenSession


def compare(qtbot: QtBot, session: Session) -> None:
    session.comparison.start()
    qtbot.waitUntil(lambda: session.comparison.batch_size is None, timeout=20_000)


def test_that_the_sizes_are_all_rows_the_own_and_one() -> None:
    assert batch_sizes(network()) == (95, 10, 1)
    assert batch_sizes(network(batch_size=25)) == (95, 25, 1)
    assert batch_sizes(network(batch_size=None)) == (95, 10, 1)
    assert batch_sizes(network(batch_size=1)) == (95, 10, 1)


def test_that_the_pins_are_the_three_runs_from_one_start(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    before = drawn(session)
    with qtbot.assertNotEmitted(session.experiment_changed), qtbot.assertNotEmitted(session.run_replaced):
        compare(qtbot, session)
    assert session.experiment == network()
    assert_same(drawn(session), before)
    for pin, size in zip(session.pins.all, (95, 10, 1), strict=True):
        assert_same(pin.snapshot, train_headless(network(batch_size=size))[1])
        assert pin.snapshot.weights[0].tolist() == before.weights[0].tolist()
    assert list(session.pins.labels(session.experiment).values()) == ["B = 95", "B = 10", "B = 1"]


def test_that_a_diverged_run_is_pinned_and_says_so(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network(learning_rate=0.6, max_epochs=20))
    compare(qtbot, session)
    reasons = [pin.reason for pin in session.pins.all]
    assert reasons[-1] is FinishReason.DIVERGED
    assert session.pins.labels(session.experiment)[2] == "B = 1 (diverged)"


@pytest.mark.parametrize(
    "act",
    [
        lambda session: session.player.play(),
        lambda session: session.player.step(),
        lambda session: session.player.reset(),
        lambda session: session.load(network(seed=4)),
        lambda session: session.edit({"run.seed": 3}),
        lambda session: session.edit({"run.learning_rate": 0.02}),
        lambda session: session.comparison.cancel(),
    ],
    ids=["play", "step", "reset", "load", "edit", "live edit", "cancel"],
)
def test_that_whatever_the_user_does_ends_it(
    qtbot: QtBot, open_session: OpenSession, act: Callable[[Session], object]
) -> None:
    session = open_session(network(max_epochs=10**9))
    session.comparison.start()
    assert session.comparison.batch_size == 95
    act(session)
    assert session.comparison.batch_size is None
    session.load(network())
    play_to_end(qtbot, session)  # the worker is free again
    assert session.pins.all == ()


def test_that_closing_ends_it(open_session: OpenSession) -> None:
    session = open_session(network(max_epochs=10**9))
    session.comparison.start()
    session.close()
    assert session.comparison.batch_size is None


def test_that_a_run_under_way_makes_room(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network(max_epochs=ENDLESS // 1000))
    play_until(qtbot, session, RunState.RUNNING)
    session.comparison.start()
    assert session.player.state is RunState.IDLE
    assert drawn(session).step == 0
    session.comparison.cancel()


def test_that_a_second_comparison_takes_the_places_of_the_first(
    qtbot: QtBot, open_session: OpenSession
) -> None:
    session = open_session(network())
    compare(qtbot, session)
    session.pins.rename(0, "kept")
    session.edit({"run.learning_rate": 0.01})
    compare(qtbot, session)
    assert [(pin.slot, pin.name) for pin in session.pins.all] == [(0, "kept"), (1, ""), (2, ""), (3, "")]
    assert {pin.experiment.run.learning_rate for pin in session.pins.all[1:]} == {0.01}


def test_that_without_room_it_says_so_and_does_not_begin(qtbot: QtBot, open_session: OpenSession) -> None:
    session = open_session(network())
    problem = session.run.problem
    assert problem is not None
    play_to_end(qtbot, session)
    for seed in range(4):
        session.pins.pin(network(seed=seed), problem, drawn(session))
    with qtbot.waitSignal(session.rejected) as said:
        session.comparison.start()
    assert "room for 2" in said.args[0][0]
    assert session.comparison.batch_size is None
