"""The training thread: it takes requests for runs, and passes on what the worker tells of the latest one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from gdstudio.worker.training_worker import TrainingWorker

if TYPE_CHECKING:
    from gdstudio.core.training.devices import Device
    from gdstudio.core.training.events import Failure, Progress, RunInfo, RunResult, RunState
    from gdstudio.worker.training_worker import RunRequest

_STACK_BYTES = 16 << 20  # macOS gives a Qt thread 512 KB, too little for torch
_END_SECONDS = 10
"""How long `TrainingThread.end` waits: nearly always for one step, rarely for the import of torch."""
_log = logging.getLogger(__name__)
_unended: list[tuple[QThread, TrainingWorker]] = []
"""Threads that did not end in time; kept, since Qt aborts the process when a running thread is deleted."""


class TrainingThread(QObject):
    """Owns the worker and the QThread that it lives in; emits the worker's signals in the window's thread.

    Only signals of the run that was requested last are passed on, and none after `ignore_runs`: an older run
    that is still ending emits some too, and they would be taken for those of the new one.
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
        self._current_run_id: int | None = None
        self._has_begun = False
        self._is_closed = False
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._thread.setStackSize(_STACK_BYTES)
        self.worker.moveToThread(self._thread)
        self._thread.finished.connect(self.worker.deleteLater)
        self._connect()
        self._thread.start()

    @property
    def thread_has_ended(self) -> bool:
        """Whether the thread has ended."""
        return self._thread.isFinished()

    @property
    def is_closed(self) -> bool:
        """Whether `end` has been called, after which no run can be made."""
        return self._is_closed

    def load_torch(self) -> None:
        """Let the worker import torch; call it once the window has been painted."""
        self._torch_wanted.emit()

    def request(self, request: RunRequest) -> None:
        """Let the worker make a run, after the one before has ended, and pass on the signals of this one."""
        self._current_run_id, self._has_begun = request.run_id, False
        self._run_requested.emit(request)

    def ignore_runs(self) -> None:
        """Pass on no signals until the next run is requested."""
        self._current_run_id, self._has_begun = None, False

    def end(self) -> bool:
        """End the thread, whose run must have been stopped; return whether it has ended in time.

        One that has not (a step that takes minutes, a device that no longer answers) cannot be ended from
        outside without breaking the process: it is left alone and goes on until the process exits.
        """
        self._is_closed = True
        self._thread.quit()
        if self._thread.wait(1000 * _END_SECONDS):
            return True
        _log.error("The training thread has not ended within %g seconds; it is left behind.", _END_SECONDS)
        self._thread.setParent(None)
        _unended.append((self._thread, self.worker))
        return False

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
        if info.run_id == self._current_run_id:
            self._has_begun = True
            self.run_started.emit(info)

    @Slot(object)
    def _on_state_changed(self, state: RunState) -> None:
        if self._has_begun:  # before, an older run is still ending
            self.state_changed.emit(state)

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        if progress.run_id == self._current_run_id:
            self.progress.emit(progress)

    @Slot(object)
    def _on_run_failed(self, failure: Failure) -> None:
        if failure.run_id == self._current_run_id:
            self.run_failed.emit(failure)

    @Slot(object)
    def _on_run_finished(self, result: RunResult) -> None:
        if result.run_id == self._current_run_id:
            self.ignore_runs()
            self.run_finished.emit(result)
