"""Sessions and workers with real threads, and the check that each of these threads has ended."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QThread

from gdstudio.worker.session import Session
from gdstudio.worker.training_worker import TrainingWorker

from .helpers import OpenSession, WorkerInThread, network, train_headless

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.core.settings.experiment import Experiment


@pytest.fixture(scope="session", autouse=True)
def _warm_torch() -> None:
    """Let torch import what its first run and its first optimizer need, so that no test waits for it."""
    train_headless(network(max_epochs=1, optimizer="adam"))


@pytest.fixture
def open_session(qtbot: QtBot) -> Iterator[OpenSession]:
    """Open sessions, with torch loaded unless told otherwise; close them all afterwards."""
    opened: list[Session] = []

    def open_one(experiment: Experiment, *, with_torch: bool = True) -> Session:
        session = Session(experiment)
        opened.append(session)
        if with_torch:
            with qtbot.waitSignal(session.player.torch_ready):
                session.training.load_torch()
        return session

    yield open_one
    for session in opened:
        session.close()
        assert session.training.thread_has_ended


@pytest.fixture
def in_thread(qtbot: QtBot) -> Iterator[WorkerInThread]:
    """A worker in a thread of its own, without a session."""
    thread, worker = QThread(), TrainingWorker()
    worker.moveToThread(thread)
    thread.finished.connect(worker.deleteLater)
    thread.start()
    yield WorkerInThread(worker)
    thread.quit()
    assert thread.wait(10_000)
