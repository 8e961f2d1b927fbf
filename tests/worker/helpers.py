"""What the tests of the worker share: small experiments, a recorder of signals, the headless oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot

from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.training.events import RunResult, RunState
from gdstudio.core.training.history import History
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer
from gdstudio.worker.training_worker import RunRequest, TrainingWorker

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.core.training.history import Snapshot
    from gdstudio.worker.player import Player
    from gdstudio.worker.session import Session
    from gdstudio.worker.thread import TrainingThread

ENDLESS = 10**12
"""Steps that no test lives to see."""


class OpenSession(Protocol):
    """Opens a session that is closed after the test."""

    def __call__(self, experiment: Experiment, *, with_torch: bool = True) -> Session:
        """Open it on an experiment."""


class Recorder(QObject):
    """Keeps the five signals of a worker, or of a thread and its player, in the order of their coming."""

    finished = Signal(object)

    def __init__(self, source: TrainingWorker | TrainingThread, player: Player | None = None) -> None:
        super().__init__()
        self.facts: list[tuple[str, Any]] = []
        source.run_started.connect(self.on_started)
        (player or source).state_changed.connect(self.on_state)
        source.progress.connect(self.on_progress)
        source.run_failed.connect(self.on_failed)
        (player or source).run_finished.connect(self.on_finished)

    @property
    def names(self) -> list[str]:
        """The names of all that came; a state's name is its own."""
        return [str(fact) if name == "state" else name for name, fact in self.facts]

    @property
    def states(self) -> list[RunState]:
        """The states that came."""
        return self.all_of("state")

    def all_of(self, name: str) -> list[Any]:
        """Return the payloads of one signal."""
        return [fact for other, fact in self.facts if other == name]

    @Slot(object)
    def on_started(self, fact: object) -> None:
        self.facts.append(("started", fact))

    @Slot(object)
    def on_state(self, fact: object) -> None:
        self.facts.append(("state", fact))

    @Slot(object)
    def on_progress(self, fact: object) -> None:
        self.facts.append(("progress", fact))

    @Slot(object)
    def on_failed(self, fact: object) -> None:
        self.facts.append(("failed", fact))

    @Slot(object)
    def on_finished(self, fact: object) -> None:
        self.facts.append(("finished", fact))
        self.finished.emit(fact)


class WorkerInThread(QObject):
    """Asks a worker in another thread for runs, and records what it says in this one."""

    requested = Signal(object)

    def __init__(self, worker: TrainingWorker) -> None:
        super().__init__()
        self.worker = worker
        self.recorder = Recorder(worker)
        self.requested.connect(worker.run, Qt.ConnectionType.QueuedConnection)

    def request(self, experiment: Experiment, run_id: int = 1, **control: Any) -> RunRequest:
        """Return a request whose control tells its states through the worker's signal."""
        problem = experiment.build_problem()
        settings = {"on_state": self.worker.state_changed.emit, **control}
        history = History(len(problem.weight_names))
        return RunRequest(run_id, experiment, problem, RunControl(**settings), history)

    def run(self, qtbot: QtBot, request: RunRequest) -> RunResult:
        """Make the run, wait for its end and return it."""
        with qtbot.waitSignal(self.recorder.finished) as waiting:
            self.requested.emit(request)
        result = waiting.args[0]
        assert isinstance(result, RunResult)
        return result


def line(**run: Any) -> Experiment:
    """Return the notebook's one-weight line on its three points; it needs no torch to be drawn."""
    view = {"steps_per_second": run.pop("pace")} if "pace" in run else {}
    settings = {"learning_rate": 0.1, "max_steps": 50, "initial_weights": [0.0], **run}
    return Experiment.parse({"problem": {"kind": "line_through_origin"}, "run": settings, "view": view})


def network(**run: Any) -> Experiment:
    """Return a small network in mini-batches, whose data and first weights are drawn."""
    settings = {"learning_rate": 0.03, "batch_size": 10, "max_epochs": 4, **run}
    problem = {"kind": "linear_network", "n": 95, "n_test": 20}
    return Experiment.parse({"problem": problem, "run": settings})


def train_headless(experiment: Experiment) -> tuple[RunResult, Snapshot]:
    """Train in this thread, without Qt."""
    problem = experiment.build_problem()
    history = History(len(problem.weight_names))
    result = train(Trainer(experiment, problem), RunControl(), history)
    return result, history.snapshot()


def drawn(session: Session) -> Snapshot:
    """Return the session's snapshot, which must be there."""
    snapshot = session.run.snapshot()
    assert snapshot is not None
    return snapshot


def play_to_end(qtbot: QtBot, session: Session) -> RunResult:
    """Play, wait for the end and return it."""
    with qtbot.waitSignal(session.player.run_finished) as waiting:
        session.player.play()
    result = waiting.args[0]
    assert isinstance(result, RunResult)
    return result


def play_until(qtbot: QtBot, session: Session, state: RunState = RunState.RUNNING) -> None:
    """Play and wait until the run says that it is in a state."""
    with qtbot.waitSignal(session.player.state_changed, check_params_cb=lambda now: now is state):
        session.player.play()


def step_to(qtbot: QtBot, session: Session, step: int) -> None:
    """Step by hand and wait until the step has been made."""
    session.player.step(step - drawn(session).step)
    qtbot.waitUntil(lambda: drawn(session).step == step)


def assert_same(left: Snapshot, right: Snapshot) -> None:
    """Assert that two histories agree to the last bit."""
    np.testing.assert_array_equal(left.steps, right.steps)
    np.testing.assert_array_equal(left.epochs, right.epochs)
    np.testing.assert_array_equal(left.costs, right.costs)
    np.testing.assert_array_equal(left.weights, right.weights)
    np.testing.assert_array_equal(left.epoch_table, right.epoch_table)
