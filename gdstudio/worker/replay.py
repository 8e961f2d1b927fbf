"""Shows runs side by side as they come along: each as far as it was when it had seen so many rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from gdstudio.core.training.history import cut

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.worker.pins import PinnedRun

_SECONDS = 6.0
_INTERVAL = 50
"""Milliseconds from one picture of a replay to the next."""


class Replay(QObject):
    """Lets pinned runs that were made together set out from the start together, for a few seconds.

    ``changed`` is emitted whenever another part of them is to be shown. ``rows_seen`` is how many rows each
    of them has seen by now, None where nothing is replayed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows_seen: int | None = None
        self._group, self._rows = "", 0
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._go_on)

    def start(self, group: str, runs: list[PinnedRun]) -> None:
        """Begin with the runs of a group; it ends when the longest of them is whole."""
        self._group = group
        self._rows = max((run.snapshot.step * run.experiment.batch_size for run in runs), default=0)
        if len(runs) > 1:
            self.rows_seen = 0
            self._since.start()
            self._timer.start()
            self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Show all runs whole."""
        if self.rows_seen is not None:
            self._timer.stop()
            self.rows_seen = None
            self.changed.emit()

    def part_of(self, run: PinnedRun) -> Snapshot:
        """Return as much of a pinned run as is to be shown now."""
        if self.rows_seen is None or run.group != self._group:
            return run.snapshot
        return cut(run.snapshot, self.rows_seen // run.experiment.batch_size)

    @Slot()
    def _go_on(self) -> None:
        part = self._since.elapsed() / 1000 / _SECONDS
        if part >= 1:
            self.stop()
        else:
            self.rows_seen = int(part * self._rows)
            self.changed.emit()
