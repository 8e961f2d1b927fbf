"""Going back and on: every step is the one it was the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.experiment import Experiment
from gdstudio.core.history import History, cut
from gdstudio.core.loop import train
from gdstudio.core.rate_schedule import RateSchedule
from gdstudio.core.run_control import RunControl
from gdstudio.core.trainer import Trainer
from gdstudio.lessons.library import lesson
from gdstudio.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.core.history import Snapshot

FAST = {"view.steps_per_second": None}


@pytest.fixture
def network(qtbot: QtBot) -> Iterator[Session]:
    """A session on the notebook's network with momentum, with torch loaded."""
    changes = {**FAST, "run.optimizer": {"kind": "sgd", "momentum": 0.5}}
    session = Session(lesson("pytorch-loop").experiment.edited(changes))
    with qtbot.waitSignal(session.torch_ready, timeout=20_000):
        session.load_torch()
    yield session
    session.close()


def headless(experiment: Experiment, changes: tuple[tuple[int, float], ...] = ()) -> Snapshot:
    problem = experiment.problem.build(experiment.run.seed)
    history = History(len(problem.weight_names))
    train(Trainer(experiment, problem), RunControl(), history, schedule=RateSchedule(changes))
    return history.snapshot()


def go(session: Session, qtbot: QtBot, step: int) -> Snapshot:
    session.seek(step)
    qtbot.waitUntil(lambda: at(session) == step)
    snapshot = session.snapshot()
    assert snapshot is not None
    return snapshot


def at(session: Session) -> int:
    snapshot = session.snapshot()
    assert snapshot is not None
    return snapshot.step if snapshot.gradient is not None or snapshot.step == 0 else -1


def test_that_every_step_can_be_returned_to(network: Session, qtbot: QtBot) -> None:
    whole = headless(network.experiment)
    with qtbot.waitSignal(network.run_finished):
        network.play()
    for step in (299, 150, 151, 7, 100, 99, 0, 42):
        shown = go(network, qtbot, step)
        np.testing.assert_array_equal(shown.weights, whole.weights[: step + 1])
        np.testing.assert_array_equal(shown.costs, whole.costs[: step + 1])


def test_that_playing_on_continues_as_the_first_time(network: Session, qtbot: QtBot) -> None:
    whole = headless(network.experiment)
    go(network, qtbot, 137)
    go(network, qtbot, 55)
    with qtbot.waitSignal(network.run_finished):
        network.play()
    snapshot = network.snapshot()
    assert snapshot is not None
    np.testing.assert_array_equal(snapshot.weights, whole.weights)
    np.testing.assert_array_equal(snapshot.epoch_table, whole.epoch_table)


def test_that_a_rate_changed_on_the_way_is_changed_again(network: Session, qtbot: QtBot) -> None:
    start = network.experiment
    go(network, qtbot, 20)
    network.edit({"run.learning_rate": 0.01})
    go(network, qtbot, 60)
    network.edit({"run.learning_rate": 0.05})
    go(network, qtbot, 90)
    whole = headless(start, ((20, 0.01), (60, 0.05)))
    shown = go(network, qtbot, 50)
    np.testing.assert_array_equal(shown.weights, whole.weights[:51])
    assert network.experiment.run.learning_rate == 0.01
    shown = go(network, qtbot, 10)
    np.testing.assert_array_equal(shown.weights, whole.weights[:11])
    assert network.experiment.run.learning_rate == start.run.learning_rate


def test_that_a_scheduled_change_acts_from_its_step_on() -> None:
    run = {"max_steps": 6, "initial_weights": [0.0], "learning_rate": 0.1}
    experiment = Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": run})
    weights = headless(experiment, ((2, 0.01), (4, 0.2))).weights[:, 0]
    theta, expected = 0.0, [0.0]
    for rate in (0.1, 0.1, 0.01, 0.01, 0.2, 0.2):
        theta -= rate * 28 / 3 * (theta - 1)
        expected.append(theta)
    np.testing.assert_allclose(weights, expected, rtol=1e-13)


def test_that_a_cut_snapshot_holds_what_was_known_then() -> None:
    snapshot = headless(lesson("pytorch-loop").experiment)
    earlier = cut(snapshot, 150)
    assert earlier.step == 150
    assert earlier.epoch_table[:, 0].tolist() == [1]
    assert cut(snapshot, 0).step == 0
