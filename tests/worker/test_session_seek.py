"""Going back and on: every step is the one it was the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.checkpoints import CAPACITY, RECENT, Checkpoints
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.history import History, cut
from gdstudio.core.training.loop import train
from gdstudio.core.training.rate_schedule import RateSchedule
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.lessons.library import lesson
from gdstudio.worker.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.rows import Rows

FAST = {"view.steps_per_second": None}


@pytest.fixture
def network(qtbot: QtBot) -> Iterator[Session]:
    """A session on the notebook's network with momentum, with torch loaded."""
    changes = {**FAST, "run.optimizer": {"kind": "sgd", "momentum": 0.5}}
    session = Session(lesson("pytorch-loop").experiment.edited(changes))
    with qtbot.waitSignal(session.player.torch_ready, timeout=20_000):
        session.training.load_torch()
    yield session
    session.close()


def headless(experiment: Experiment, changes: tuple[tuple[int, float], ...] = ()) -> Snapshot:
    problem = experiment.build_problem()
    history = History(len(problem.weight_names))
    train(Trainer(experiment, problem), RunControl(), history, schedule=RateSchedule(changes))
    return history.snapshot()


def headless_to(experiment: Experiment, step: int) -> Snapshot:
    return headless(experiment.edited({"run.max_epochs": None, "run.max_steps": step}))


def go(session: Session, qtbot: QtBot, step: int) -> Snapshot:
    session.time.seek(step)
    qtbot.waitUntil(lambda: at(session) == step)
    snapshot = session.run.snapshot()
    assert snapshot is not None
    return snapshot


def at(session: Session) -> int:
    snapshot = session.run.snapshot()
    assert snapshot is not None
    return snapshot.step if snapshot.gradient is not None or snapshot.step == 0 else -1


def test_that_every_step_can_be_returned_to(network: Session, qtbot: QtBot) -> None:
    whole = headless(network.experiment)
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    for step in (299, 150, 151, 7, 100, 99, 0, 42):
        shown = go(network, qtbot, step)
        np.testing.assert_array_equal(shown.weights, whole.weights[: step + 1])
        np.testing.assert_array_equal(shown.costs, whole.costs[: step + 1])


def test_that_playing_on_continues_as_the_first_time(network: Session, qtbot: QtBot) -> None:
    whole = headless(network.experiment)
    go(network, qtbot, 137)
    go(network, qtbot, 55)
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    snapshot = network.run.snapshot()
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


def test_that_a_rate_changed_on_the_way_back_acts_after_the_step_gone_back_to(
    network: Session, qtbot: QtBot
) -> None:
    network.load(network.experiment.edited({"run.max_epochs": None, "run.max_steps": 3_000}))
    start, step = network.experiment, 1_777  # the picture keeps every 4th step, so not this one
    with qtbot.waitSignal(network.player.run_finished, timeout=60_000):
        network.player.play()
    network.time.seek(step)
    assert network.run.is_going_back
    network.edit({"run.learning_rate": 0.05})
    assert network.run.rate_changes == ((step, 0.05),)
    qtbot.waitUntil(lambda: at(network) == step, timeout=20_000)
    assert network.run.rate_changes == ((step, 0.05),)
    np.testing.assert_array_equal(
        go(network, qtbot, step).latest, headless_to(start, step).latest, "the way back has its old rate"
    )
    with qtbot.waitSignal(network.player.run_finished, timeout=60_000):
        network.player.play()
    assert network.run.rate_changes == ((step, 0.05),)
    ended = network.run.snapshot()
    assert ended is not None
    np.testing.assert_array_equal(ended.latest, headless(start, ((step, 0.05),)).latest)


def test_that_another_change_on_the_way_back_records_no_learning_rate(network: Session, qtbot: QtBot) -> None:
    start = network.experiment
    go(network, qtbot, 20)
    network.edit({"run.learning_rate": 0.01})
    go(network, qtbot, 90)
    network.time.seek(60)
    network.edit({"view.cost_scale": "linear"})
    network.edit({"view.steps_per_second": 1000.0})
    network.edit({"view.steps_per_second": None})
    qtbot.waitUntil(lambda: at(network) == 60)
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    assert network.run.rate_changes == ((20, 0.01),)
    ended = network.run.snapshot()
    assert ended is not None
    np.testing.assert_array_equal(ended.weights, headless(start, ((20, 0.01),)).weights)


def test_that_a_look_back_shows_the_nearest_kept_step_and_changes_nothing(
    network: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    whole, result = network.run.snapshot(), network.run.result
    assert whole is not None
    versions = set()
    for step in (299, 40, 200):
        network.time.preview(step)
        shown = network.run.snapshot()
        assert shown is not None
        assert shown.step == step
        np.testing.assert_array_equal(shown.latest, whole.weights[step])
        versions.add(network.run.version)
    assert len(versions) == 3
    assert network.run.result is result
    shown = go(network, qtbot, 123)
    np.testing.assert_array_equal(shown.weights, whole.weights[:124])


def test_that_a_look_back_in_another_run_is_another_picture(network: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    network.time.preview(40)
    before = network.run.version
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    network.time.preview(40)
    assert network.run.version != before


def test_that_looking_elsewhere_or_pausing_on_the_way_back_loses_no_step(
    network: Session, qtbot: QtBot
) -> None:
    whole = headless(network.experiment)
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    network.time.seek(200)
    network.time.preview(20)
    network.time.seek(210)
    network.player.pause()
    qtbot.waitUntil(lambda: at(network) == 210)
    shown = network.run.snapshot()
    assert shown is not None
    np.testing.assert_array_equal(shown.weights, whole.weights[:211])


def test_that_the_last_of_many_quick_seeks_wins(network: Session, qtbot: QtBot) -> None:
    whole = headless(network.experiment)
    with qtbot.waitSignal(network.player.run_finished):
        network.player.play()
    for step in (250, 100, 240, 30, 170, 90):
        network.time.seek(step)
    shown = go(network, qtbot, 77)
    np.testing.assert_array_equal(shown.weights, whole.weights[:78])


def test_that_quick_steps_back_each_go_one_step(qtbot: QtBot, network: Session) -> None:
    network.load(network.experiment.edited({"run.max_epochs": None, "run.max_steps": 3_000}))
    with qtbot.waitSignal(network.player.run_finished, timeout=60_000):
        network.player.play()
    for _ in range(3):  # while the first is on its way, the picture shows a kept step before it
        network.time.step_back()
    qtbot.waitUntil(lambda: at(network) == 2_997, timeout=20_000)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("epochs", "steps", "most"),
    [
        (25, (2_499, 1_234, 177), 512),  # the history is thinned twice
        pytest.param(400, (39_999, 23_456, 777), 1024 + 128, marks=pytest.mark.slow),  # the marks too
    ],
    ids=["25 epochs", "400 epochs"],
)
def test_that_a_long_run_is_taken_up_near_the_step_and_is_the_same_to_the_bit(
    network: Session,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    epochs: int,
    steps: tuple[int, ...],
    most: int,
) -> None:
    long = network.experiment.edited({"run.max_epochs": epochs})
    network.load(long)
    with qtbot.waitSignal(network.player.run_finished, timeout=60_000):
        network.player.play()
    made: list[int] = []
    usual = Trainer.advance

    def counted(trainer: Trainer, count: int) -> Rows:
        rows = usual(trainer, count)
        made.append(len(rows))
        return rows

    monkeypatch.setattr(Trainer, "advance", counted)
    for step in steps:
        made.clear()
        shown = go(network, qtbot, step)
        assert sum(made) <= most
        fresh = headless_to(long, step)
        np.testing.assert_array_equal(shown.latest, fresh.latest)
        assert shown.cost == fresh.cost
        kept = shown.steps.astype(int)[:-1]
        assert (np.diff(kept) == shown.stride).all()
        np.testing.assert_array_equal(shown.epoch_table[-1], fresh.epoch_table[-1])


def test_that_an_ended_run_can_be_gone_back_in(qtbot: QtBot, network: Session) -> None:
    run = {"max_steps": 3000, "initial_weights": [0.0]}
    for rate, tolerance in ((0.25, None), (0.1, 1e-6)):
        rules = {} if tolerance is None else {"gradient_tolerance": tolerance}
        settings = {**run, **rules, "learning_rate": rate}
        network.load(Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": settings}))
        with qtbot.waitSignal(network.player.run_finished):
            network.player.play()
        ended = network.run.result
        assert ended is not None
        assert ended.reason is (FinishReason.DIVERGED if tolerance is None else FinishReason.CONVERGED)
        go(network, qtbot, ended.step - 1)
        with qtbot.waitSignal(network.player.run_finished):
            network.player.play()
        again = network.run.result
        assert again is not None
        assert (again.reason, again.step, again.cost) == (ended.reason, ended.step, ended.cost)


def test_that_marks_offered_at_every_step_are_bounded_and_span_the_run() -> None:
    experiment = lesson("pytorch-loop").experiment.edited({"run.max_epochs": 20})
    marks, trainer = Checkpoints(stride=1), Trainer(experiment, experiment.problem.build(0))
    trainer.start()
    for _ in range(2_000):
        marks.offer(trainer, trainer.advance(1))
    assert len(marks) <= CAPACITY + RECENT
    for step in (1, 700, 1_999):
        resume = marks.back_to(step).resume
        assert resume is None if step == 1 else step - 8 <= resume.step < step  # type: ignore[union-attr]  # it is there


@pytest.mark.slow
def test_that_marks_are_bounded_and_span_the_run() -> None:
    experiment = lesson("pytorch-loop").experiment.edited({"run.max_epochs": 500})
    marks = Checkpoints(stride=8)
    problem = experiment.build_problem()
    train(Trainer(experiment, problem), RunControl(), checkpoints=marks)
    assert len(marks) <= CAPACITY + RECENT
    for step in (1, 20_000, 49_999):
        resume = marks.back_to(step).resume
        assert resume is None if step == 1 else step - 1200 < resume.step < step  # type: ignore[union-attr]  # it is there


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
