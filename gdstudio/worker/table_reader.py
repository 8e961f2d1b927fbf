"""Reads a table beside the window; a reading that is no longer wanted is given up."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.errors import InputError
from gdstudio.core.tables.loading import file_table, text_table
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.tables.options import Options
    from gdstudio.core.tables.table import Table


class TableReader(QObject):
    """Reads one table at a time: ``read`` brings it, ``refused`` the lines that say why there is none."""

    read = Signal(object)
    refused = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading: _Reading | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a table is being read."""
        return self._reading is not None

    def begin(self, path: str | None, cells: str | None, options: Options) -> None:
        """Read a file, or cells; what is being read is given up."""
        self.give_up()
        self._reading = _Reading(self, path, cells, options)
        self._reading.aside.done.connect(self._on_done)
        self._reading.aside.failed.connect(self._on_failed)
        self._reading.aside.ask(self._reading.read)

    @Slot()
    def give_up(self) -> None:
        """Read no further, and bring nothing of it."""
        if self._reading is not None:
            self._reading.stopped.set()
            self._reading.aside.forget()
            self._reading.deleteLater()
            self._reading = None

    @Slot(object)
    def _on_done(self, table: object) -> None:
        self.give_up()
        self.read.emit(table)

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        self.give_up()
        lines = (
            error.problems if isinstance(error, InputError) else (f"The table cannot be read: {error!r}.",)
        )
        self.refused.emit(lines)


class _Reading(QObject):
    def __init__(self, parent: QObject, path: str | None, cells: str | None, options: Options) -> None:
        super().__init__(parent)
        self._path, self._cells, self._options = path, cells, options
        self.stopped = Event()
        self.aside = Aside(self)

    def read(self) -> Table:
        if self._path is None:
            return text_table(self._cells or "", self._options)
        return file_table(Path(self._path), self._options, keep_going=self._check)

    def _check(self) -> None:
        if self.stopped.is_set():
            raise InputError("The reading was given up.")
