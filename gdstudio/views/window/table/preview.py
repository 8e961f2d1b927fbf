"""The preview of a table: its first rows, how it was read, and what of it is to be learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QTableView,
    QVBoxLayout,
)
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import counted, format_count
from gdstudio.core.settings.table_start import TableChoice
from gdstudio.core.tables.options import AS_FOUND
from gdstudio.core.tables.selection import likely_task
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.table.cells import Cells
from gdstudio.views.window.table.learning_fields import LearningFields
from gdstudio.views.window.table.reading_fields import ReadingFields
from gdstudio.worker.table_reader import TableReader

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.problems.kinds.table import TableSpec
    from gdstudio.core.tables.table import Table
    from gdstudio.views.widgets.theme import Appearance

_SIZE = (1120, 780)
_SIDE, _LIST = 320, 100
_ROWS_LOOKED_AT = 60
_WIDEST = 220
_MOST_REMARKS = 4


class TablePreview(QDialog):
    """Reads a table, shows it, and emits ``chosen`` with the `TableChoice` that the user has made.

    What is wrong is said inside it, and it stays; what is on screen behind it stays as well.
    """

    chosen = Signal(object)

    def __init__(self, window: QWidget, appearance: Appearance) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._choice = TableChoice(None, None, AS_FOUND)
        self._is_new = True  # nothing has been chosen yet
        self._table: Table | None = None
        self.spec: TableSpec | None = None
        self.setObjectName("table_preview")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.reader = TableReader(self)
        self.reader.read.connect(self._on_read)
        self.reader.refused.connect(self._on_refused)
        self.title = QLabel()
        self.title.setProperty("role", "title")
        self.source = _words("help")
        self.reading = ReadingFields()
        self.learning = LearningFields()
        self.cells = Cells()
        self.view = QTableView()
        self.remarks = _words("help")
        self.error = _words("error")
        self.busy = QProgressBar()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.train = self.buttons.addButton("Train on it", QDialogButtonBox.ButtonRole.AcceptRole)
        self._lay_out()
        self.reading.changed.connect(self._on_reading_changed)
        self.learning.changed.connect(self._choose)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def open_table(self, choice: TableChoice) -> None:
        """Read a table and show it."""
        self._choice, self._is_new = choice, True
        name = Path(choice.path).name if choice.path is not None else "Pasted table"
        self.setWindowTitle(f"{name} – a table of your own")
        self.title.setText(name)
        self.reading.show_nothing(choice.options, is_pasted=choice.path is None)
        self._show_none()
        self.resize(*(self._appearance.pixels(side) for side in _SIZE))
        self.open()
        self._read()

    @override
    def done(self, result: int) -> None:
        self.reader.give_up()
        super().done(result)

    def _lay_out(self) -> None:
        self.view.setModel(self.cells)
        self.view.setObjectName("table_cells")
        self.view.setAccessibleName("The first rows of the table")
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setTabKeyNavigation(False)
        self.view.verticalHeader().setDefaultSectionSize(self._appearance.pixels(24))
        self.view.horizontalHeader().setResizeContentsPrecision(_ROWS_LOOKED_AT)
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName("The table is being read")
        self.train.setObjectName("train_on_table")
        self.train.setDefault(True)
        self.learning.setFixedWidth(self._appearance.pixels(_SIDE))
        self.learning.features.setMinimumHeight(self._appearance.pixels(_LIST))
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.reading)
        left.addWidget(self.view, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(left, 1)
        middle.addWidget(self.learning)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        whole.setSpacing(GRID)
        for label in (self.title, self.source):
            whole.addWidget(label)
        whole.addLayout(middle, 1)
        for widget in (self.busy, self.remarks, self.error, self.buttons):
            whole.addWidget(widget)

    def _read(self) -> None:
        self.busy.show()
        self.train.setEnabled(False)
        self.reader.begin(self._choice.path, self._choice.cells, self._choice.options)

    def _show_none(self) -> None:
        self._table = self.spec = None
        self.cells.show_table(None)
        self.learning.setEnabled(False)
        for label in (self.source, self.remarks, self.error):
            label.hide()

    @Slot(object)
    def _on_read(self, table: Table) -> None:
        self.busy.hide()
        self._table = table
        if self._choice.path is not None:
            self._choice = replace(self._choice, digest=table.digest)  # the very table that is shown
        self.reading.show_table(table, self._choice.options, is_pasted=self._choice.path is None)
        if self._is_new:
            self._choice, self._is_new = replace(self._choice, task=likely_task(table)), False
        self.learning.show_table(table, self._choice)
        self.learning.setEnabled(True)
        self.cells.show_table(table)
        self.view.resizeColumnsToContents()
        for column in range(len(table.columns)):
            if self.view.columnWidth(column) > self._appearance.pixels(_WIDEST):
                self.view.setColumnWidth(column, self._appearance.pixels(_WIDEST))
        rows, columns = counted(table.rows, "row"), counted(len(table.columns), "column")
        shown = (
            "" if len(table.shown) == table.rows else f", the first {format_count(len(table.shown))} shown"
        )
        self._say(self.source, "\n".join((f"{rows} of {columns}{shown}.", *table.about)))
        self._choose()

    @Slot(object)
    def _on_refused(self, lines: tuple[str, ...]) -> None:
        self.busy.hide()
        self._show_none()
        named = [line.removeprefix(f"{self._choice.path}: ") for line in lines]
        asked = next(
            (key for key in self.reading.fields if any(line.startswith(f"{key}: ") for line in named)), ""
        )
        if asked:  # the table can be read in two ways: the user says which
            self.reading.fields[asked].setFocus()
            named.append("Choose it above.")
        self._say(self.error, "\n".join(named))

    @Slot()
    def _on_reading_changed(self) -> None:
        self._choice = replace(
            self._choice, digest=None, options=self.reading.options, label=None, features=None, yes=None
        )
        self._read()

    @Slot()
    def _choose(self) -> None:
        """Check what is chosen, and say what comes of it, or what is wrong."""
        self._choice = self.learning.chosen(self._choice)
        try:
            self.spec = self._choice.spec()
        except InputError as error:
            self.spec = None
            self._say(self.error, "\n".join(error.problems))
            self.remarks.hide()
        else:
            self.error.hide()
            self._say(self.remarks, _shortened(self._remarks(self.spec)))
            uses = dict.fromkeys(self.spec.feature_names, "feature x")
            self.cells.show_use({**uses, self.spec.selection.label: "label y"})
        self.train.setEnabled(self.spec is not None)

    @staticmethod
    def _remarks(spec: TableSpec) -> tuple[str, ...]:
        rows = f"{counted(spec.row_count, 'row')} to train on"
        tested = f", {counted(spec.test_row_count, 'row')} to test on" if spec.test_row_count else ""
        scaled = spec.data().whole_scaling.notes(spec.feature_names) if not spec.test_row_count else ()
        return (f"{rows}{tested}.", *spec.notes, *scaled)

    @Slot()
    def _accept(self) -> None:
        if self.spec is not None:
            self.accept()
            self.chosen.emit(self._choice)

    @staticmethod
    def _say(label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _shortened(lines: tuple[str, ...]) -> str:
    more = len(lines) - _MOST_REMARKS
    return "\n".join(lines if more <= 0 else (*lines[:_MOST_REMARKS], f"... and {more} more like these."))
