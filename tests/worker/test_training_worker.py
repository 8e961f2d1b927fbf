"""The worker alone in a real thread: what it says, in which order, and that it always says the end."""

from __future__ import annotations

import gc
import math
import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from gdstudio.core.training import devices
from gdstudio.core.training.events import Failure, FinishReason, Progress, RunInfo, RunResult, RunState
from gdstudio.core.training.history import History
from gdstudio.core.training.trainer import Trainer
from gdstudio.worker.training_worker import TrainingWorker

from .helpers import ENDLESS, WorkerInThread, line, network, train_headless

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.run_control import RunControl

pytestmark = pytest.mark.timeout(30)


def test_that_a_run_tells_its_start_its_states_its_progress_and_its_end(
    qtbot: QtBot, in_thread: WorkerInThread
) -> None:
    in_thread.run(qtbot, in_thread.request(line()))
    assert in_thread.recorder.names == ["started", "running", "idle", "progress", "finished"]


def test_that_every_fact_is_a_frozen_payload_of_its_run(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    experiment = line()
    in_thread.run(qtbot, in_thread.request(experiment, run_id=7))
    started, progress, finished = (
        in_thread.recorder.all_of(name)[0] for name in ("started", "progress", "finished")
    )
    assert started == RunInfo(7, experiment, "cpu", 50)
    assert isinstance(progress, Progress)
    assert (progress.run_id, progress.step, progress.epoch) == (7, 50, 50)
    assert isinstance(finished, RunResult)
    assert (finished.run_id, finished.reason, finished.step) == (7, FinishReason.COMPLETED, 50)
    assert all(isinstance(state, RunState) for state in in_thread.recorder.states)


def test_that_the_last_progress_is_the_last_step(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    result = in_thread.run(qtbot, in_thread.request(line(max_steps=3000)))
    last = in_thread.recorder.all_of("progress")[-1]
    assert (last.step, last.cost) == (result.step, result.cost)
    assert last.steps_per_second > 0


def test_that_progress_comes_at_most_ten_times_a_second(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    result = in_thread.run(qtbot, in_thread.request(network(max_epochs=300)))
    told = in_thread.recorder.all_of("progress")
    assert len(told) <= 10 * result.seconds + 2
    assert [p.step for p in told] == sorted({p.step for p in told})


def test_that_the_worker_trains_as_the_headless_run_does(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    experiment = network()
    expected, _ = train_headless(experiment)
    result = in_thread.run(qtbot, in_thread.request(experiment))
    assert result.weights.tolist() == expected.weights.tolist()
    assert (result.cost, result.step, result.sentence) == (expected.cost, expected.step, expected.sentence)


def test_that_a_run_stopped_before_it_began_ends_at_step_0(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    request = in_thread.request(line())
    request.control.stop()
    result = in_thread.run(qtbot, request)
    assert in_thread.recorder.names == ["started", "stopping", "idle", "progress", "finished"]
    assert (result.reason, result.step) == (FinishReason.STOPPED, 0)


@pytest.mark.parametrize("paused", [True, False])
def test_that_a_run_under_way_can_be_stopped(qtbot: QtBot, in_thread: WorkerInThread, paused: bool) -> None:
    request = in_thread.request(line(max_steps=ENDLESS), paused=paused)
    in_thread.requested.emit(request)
    qtbot.waitUntil(lambda: len(in_thread.recorder.states) == 1)
    with qtbot.waitSignal(in_thread.recorder.finished) as waiting:
        request.control.stop()
    assert waiting.args[0].reason is FinishReason.STOPPED
    first = RunState.PAUSED if paused else RunState.RUNNING
    assert in_thread.recorder.states == [first, RunState.STOPPING, RunState.IDLE]


def test_that_a_paused_run_goes_on_and_pauses_again(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    request = in_thread.request(line(max_steps=ENDLESS), paused=True)
    in_thread.requested.emit(request)
    for command, expected in [
        (request.control.resume, RunState.RUNNING),
        (request.control.pause, RunState.PAUSED),
        (lambda: request.control.request_steps(1), RunState.PAUSED),
        (request.control.resume, RunState.RUNNING),
        (lambda: request.control.request_steps(1), RunState.PAUSED),
        (request.control.stop, RunState.IDLE),
    ]:
        command()
        qtbot.waitUntil(lambda expected=expected: in_thread.recorder.states[-1:] == [expected])  # type: ignore[misc]  # bound early
    states = in_thread.recorder.states
    running, paused = RunState.RUNNING, RunState.PAUSED
    assert states[-6:] == [running, paused, running, paused, RunState.STOPPING, RunState.IDLE]
    qtbot.waitUntil(lambda: in_thread.recorder.names[-1] == "finished")


def test_that_a_diverging_run_ends_as_a_result(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    result = in_thread.run(qtbot, in_thread.request(line(learning_rate=5.0, max_steps=ENDLESS)))
    assert result.reason is FinishReason.DIVERGED
    assert np.isfinite(result.weights).all()
    assert "failed" not in in_thread.recorder.names


def _raising(*_arguments: Any, **_named: Any) -> Any:
    raise RuntimeError("the device was lost")


@pytest.mark.parametrize(
    ("owner", "method", "before"),
    [
        (Trainer, "__init__", []),
        (Trainer, "start", ["started"]),
        (History, "append", ["started"]),
        (Trainer, "advance", ["started", "running"]),
    ],
)
def test_that_a_run_that_breaks_tells_why_and_ends(
    qtbot: QtBot,
    in_thread: WorkerInThread,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    method: str,
    before: list[str],
) -> None:
    request = in_thread.request(line())
    monkeypatch.setattr(owner, method, _raising)
    result = in_thread.run(qtbot, request)
    idle = ["idle"] if "running" in before else []
    assert in_thread.recorder.names == [*before, "failed", *idle, "finished"]
    failure = in_thread.recorder.all_of("failed")[0]
    assert isinstance(failure, Failure)
    assert failure.message == "The run broke: RuntimeError: the device was lost"
    assert "Traceback" in failure.detail
    assert result.reason is FinishReason.FAILED


def test_that_a_run_that_breaks_at_its_very_end_is_told_as_failed(
    qtbot: QtBot, in_thread: WorkerInThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_thread.request(line(max_steps=ENDLESS), paused=True)
    in_thread.requested.emit(request)
    qtbot.waitUntil(lambda: in_thread.recorder.states == [RunState.PAUSED])
    monkeypatch.setattr(Trainer, "full_cost", _raising)
    with qtbot.waitSignal(in_thread.recorder.finished):
        request.control.stop()
    assert in_thread.recorder.names == ["started", "paused", "stopping", "idle", "failed", "finished"]


def test_that_a_broken_run_ends_where_its_history_does(
    qtbot: QtBot, in_thread: WorkerInThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_thread.request(line(), paused=True)
    request.control.request_steps(3)
    in_thread.requested.emit(request)
    qtbot.waitUntil(lambda: request.history.version > 0 and request.history.snapshot().step == 3)
    monkeypatch.setattr(Trainer, "advance", _raising)
    with qtbot.waitSignal(in_thread.recorder.finished) as waiting:
        request.control.request_steps(1)
    result = waiting.args[0]
    assert (result.reason, result.step) == (FinishReason.FAILED, 3)
    assert result.weights.tolist() == request.history.snapshot().latest.tolist()
    assert math.isnan(result.cost)


@pytest.mark.parametrize("device", ["nowhere", "cuda:99"])
def test_that_an_unknown_device_is_told_in_words(
    qtbot: QtBot, in_thread: WorkerInThread, device: str
) -> None:
    result = in_thread.run(qtbot, in_thread.request(line(device=device)))
    assert in_thread.recorder.names == ["failed", "finished"]
    failure = in_thread.recorder.all_of("failed")[0]
    assert device in failure.message
    assert failure.detail == ""
    assert result.reason is FinishReason.FAILED


def test_that_a_device_that_is_gone_is_told_in_words(
    qtbot: QtBot, in_thread: WorkerInThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "devices", lambda: [devices.Device("cpu", "CPU", "it has been taken out")])
    result = in_thread.run(qtbot, in_thread.request(line()))
    assert "it has been taken out" in in_thread.recorder.all_of("failed")[0].message
    assert result.reason is FinishReason.FAILED


def test_that_the_worker_makes_the_next_run_after_a_broken_one(
    qtbot: QtBot, in_thread: WorkerInThread
) -> None:
    in_thread.run(qtbot, in_thread.request(line(device="nowhere"), run_id=1))
    result = in_thread.run(qtbot, in_thread.request(line(), run_id=2))
    assert (result.run_id, result.reason) == (2, FinishReason.COMPLETED)


def test_that_the_end_is_told_even_where_the_listener_of_states_breaks(
    qtbot: QtBot, in_thread: WorkerInThread
) -> None:
    request = in_thread.request(line(), on_state=_raising)
    with qtbot.captureExceptions() as exceptions:
        result = in_thread.run(qtbot, request)
        qtbot.waitUntil(lambda: len(exceptions) == 1)
    assert result.reason is FinishReason.FAILED
    assert in_thread.recorder.names == ["started", "failed", "finished"]


def test_that_runs_are_made_one_after_another(qtbot: QtBot, in_thread: WorkerInThread) -> None:
    for run_id in range(1, 21):
        in_thread.requested.emit(in_thread.request(line(max_steps=run_id), run_id))
    qtbot.waitUntil(lambda: len(in_thread.recorder.all_of("finished")) == 20)
    ids = [fact.run_id for name, fact in in_thread.recorder.facts if name != "state"]
    assert ids == sorted(ids)
    assert [result.step for result in in_thread.recorder.all_of("finished")] == list(range(1, 21))


@pytest.mark.parametrize("commands_first", [True, False])
def test_that_commands_may_come_from_several_threads_at_once(
    qtbot: QtBot, in_thread: WorkerInThread, commands_first: bool
) -> None:
    request = in_thread.request(line(max_steps=ENDLESS))
    threads = [threading.Thread(target=_command_often, args=(request.control, i)) for i in range(4)]
    if not commands_first:
        in_thread.requested.emit(request)
    for thread in threads:
        thread.start()
    if commands_first:
        in_thread.requested.emit(request)
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    with qtbot.waitSignal(in_thread.recorder.finished) as waiting:
        request.control.stop()
    assert waiting.args[0].reason is FinishReason.STOPPED
    assert in_thread.recorder.names.count("finished") == 1
    assert in_thread.recorder.names[-1] == "finished"


def _command_often(control: RunControl, which: int) -> None:
    commands: list[Callable[[], None]] = [
        control.pause,
        control.resume,
        lambda: control.request_steps(2),
        lambda: control.set_pace(500.0),
        lambda: control.set_pace(None),
        lambda: control.set_learning_rate(0.1),
    ]
    for turn in range(100):
        commands[(turn + which) % len(commands)]()


class _Circle:
    """Garbage that only the collector finds, as the parts of a closed window are."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("loads", [TrainingWorker.load_torch, TrainingWorker.load_optimizers])
def test_that_what_is_loaded_already_keeps_no_garbage_alive(loads: Callable[[TrainingWorker], None]) -> None:
    worker = TrainingWorker()
    loads(worker)
    circle = weakref.ref(_Circle())
    loads(worker)
    gc.collect()
    assert circle() is None
