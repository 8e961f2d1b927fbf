"""The thread that trains: it takes what is to be made, and tells what the latest run says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from gdstudio.worker.training_worker import TrainingWorker

if TYPE_CHECKING:
    from gdstudio.core.training.devices import Device
    from gdstudio.core.training.events import Failure, Progress, RunInfo, RunResult, RunState
    from gdstudio.worker.training_worker import RunRequest

_STACK_BYTES = 16 << 20  # macOS gives a Qt thread 512 KB, too little for torch


class TrainingThread(QObject):
    """Owns the worker and the thread that it lives in; tells its facts in the thread of its own owner.

    Of all runs only the one that was asked for last is heard, and nothing of it after `hush`: what an older
    one still says on its way to its end reaches nobody.
    """

    torch_ready = Signal(object)  # None, or the sentence that says why torch cannot be had
    devices_found = Signal(object)
    run_started = Signal(object)
    state_changed = Signal(object)
    progress = Signal(object)
    run_failed = Signal(object)
    run_finished = Signal(object)
    _run_requested = Signal(object)
    _torch_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = TrainingWorker()
        self._heard: int | None = None
        self._has_begun = False
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._thread.setStackSize(_STACK_BYTES)
        self.worker.moveToThread(self._thread)
        self._thread.finished.connect(self.worker.deleteLater)
        self._connect()
        self._thread.start()

    @property
    def is_finished(self) -> bool:
        """Whether the thread has ended."""
        return self._thread.isFinished()

    def load_torch(self) -> None:
        """Let the worker import torch."""
        self._torch_wanted.emit()

    def request(self, request: RunRequest) -> None:
        """Let the worker make a run, once it has ended the one before, and hear this one."""
        self._heard, self._has_begun = request.run_id, False
        self._run_requested.emit(request)

    def hush(self) -> None:
        """Hear no run until the next is asked for."""
        self._heard, self._has_begun = None, False

    def end(self) -> None:
        """End the thread; return when it has ended. The run that it makes must have been stopped."""
        self._thread.quit()
        self._thread.wait()

    def _connect(self) -> None:
        worker = self.worker
        self._run_requested.connect(worker.run, Qt.ConnectionType.QueuedConnection)
        self._torch_wanted.connect(worker.load_torch, Qt.ConnectionType.QueuedConnection)
        worker.torch_ready.connect(self._on_torch_ready)
        worker.devices_found.connect(self._on_devices_found)
        worker.run_started.connect(self._on_run_started)
        worker.state_changed.connect(self._on_state_changed)
        worker.progress.connect(self._on_progress)
        worker.run_failed.connect(self._on_run_failed)
        worker.run_finished.connect(self._on_run_finished)

    @Slot(object)
    def _on_torch_ready(self, problem: str | None) -> None:
        self.torch_ready.emit(problem)

    @Slot(object)
    def _on_devices_found(self, found: list[Device]) -> None:
        self.devices_found.emit(found)

    @Slot(object)
    def _on_run_started(self, info: RunInfo) -> None:
        if info.run_id == self._heard:
            self._has_begun = True
            self.run_started.emit(info)

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        if self._has_begun:  # before, an older run is still ending
            self.state_changed.emit(state)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if progress.run_id == self._heard:
            self.progress.emit(progress)

    @Slot(object)
    def _on_run_failed(self, failure: Failure) -> None:
        if failure.run_id == self._heard:
            self.run_failed.emit(failure)

    @Slot(object)
    def _on_run_finished(self, result: RunResult) -> None:
        if result.run_id == self._heard:
            self.hush()
            self.run_finished.emit(result)
