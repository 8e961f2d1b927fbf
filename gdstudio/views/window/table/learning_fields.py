"""What of a table is learnt, from which of its columns, and how they are scaled and split."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gdstudio.core.tables.column import ColumnKind
from gdstudio.core.tables.scaling import WORDS
from gdstudio.core.tables.selection import MAX_FEATURES, labels_of
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.table.fields import Choice

if TYPE_CHECKING:
    from gdstudio.core.settings.table_start import TableChoice
    from gdstudio.core.tables.table import Table

_TASKS = (("regression", "a number (regression)"), ("classes", "yes or no"))
_SHARES = tuple((i / 100, f"{i} % of the rows" if i else "none") for i in (0, 10, 20, 25, 30, 40, 50))


class LearningFields(QWidget):
    """Emits ``changed`` where the user chooses something else."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.task = Choice("task", "Learn", "Whether a number or a yes or no is learnt")
        self.label = Choice("label", "Label y", "The column that is learnt")
        self.yes = Choice("yes", "Yes is", "The label that counts as 1; all others count as 0")
        self.features = QListWidget()
        self.features.setObjectName("features")
        self.features.setAccessibleName("Features x")
        self.features.setToolTip(f"The columns that it is learnt from, {MAX_FEATURES} at most")
        self.scaling = Choice("scaling", "Scaling", "What becomes of each feature; its numbers stand below")
        self.test_share = Choice("test_share", "Test rows", "Rows that are never trained on, by the seed")
        self._table: Table | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        captions = QLabel("Features x")
        captions.setProperty("role", "help")
        captions.setBuddy(self.features)
        column.addLayout(_lines(self.task, self.label, self.yes))
        column.addWidget(captions)
        column.addWidget(self.features, 1)
        column.addLayout(_lines(self.scaling, self.test_share))
        self.task.activated.connect(self._on_task)
        self.label.activated.connect(self._on_label)
        for field in (self.yes, self.scaling, self.test_share):
            field.activated.connect(self._on_changed)
        self.features.itemChanged.connect(self._on_changed)

    def show_table(self, table: Table, choice: TableChoice) -> None:
        """Offer the columns of a table."""
        self._table = table
        self.task.offer(_TASKS, choice.task)
        self.scaling.offer(tuple(WORDS.items()), choice.scaling)
        self.test_share.offer(_SHARES, choice.test_share)
        self._offer_labels(choice.label)
        self._offer_yes(choice.yes)
        self._offer_features(choice.features)

    def chosen(self, choice: TableChoice) -> TableChoice:
        """Return a choice with what is chosen here."""
        features = tuple(item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked)
        return replace(
            choice,
            task=self.task.value,
            label=self.label.value,
            yes=self.yes.value if not self.yes.isHidden() else None,
            features=features if self.features.count() else None,
            scaling=self.scaling.value,
            test_share=self.test_share.value,
        )

    def _items(self) -> list[QListWidgetItem]:
        return [self.features.item(i) for i in range(self.features.count())]

    def _offer_labels(self, chosen: str | None) -> None:
        """Offer the columns that fit the task: those of numbers, or of at least two labels."""
        columns = self._table.columns if self._table is not None else ()
        if self.task.value == "regression":
            names = [column.name for column in columns if column.kind is ColumnKind.NUMBERS]
        else:
            names = [column.name for column in columns if len(labels_of(column)) >= 2]
        chosen = chosen if chosen in names else names[-1] if names else None
        self.label.offer([(name, name) for name in names] or [(None, "no column fits")], chosen)

    def _offer_yes(self, chosen: str | None) -> None:
        column = next(
            (c for c in (self._table.columns if self._table else ()) if c.name == self.label.value), None
        )
        labels = labels_of(column) if column is not None and self.task.value == "classes" else ()
        several = len(labels) > 2 or (column is not None and column.kind is ColumnKind.CLASSES)
        given = [(text, text) for text in labels]
        self.yes.offer(given if len(labels) > 2 else [(None, "as found"), *given], chosen)
        self.yes.show_only(visible=bool(labels) and several)

    def _offer_features(self, chosen: tuple[str, ...] | None) -> None:
        names = [name for name in (self._table.numeric if self._table else ()) if name != self.label.value]
        self.features.blockSignals(True)
        self.features.clear()
        for i, name in enumerate(names):
            item = QListWidgetItem(name)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            is_chosen = name in chosen if chosen is not None else i < MAX_FEATURES
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            self.features.addItem(item)
        self.features.blockSignals(False)

    @Slot()
    def _on_task(self) -> None:
        self._offer_labels(self.label.value)
        self._on_label()

    @Slot()
    def _on_label(self) -> None:
        before = tuple(item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked)
        self._offer_yes(None)
        kept = tuple(name for name in before if name != self.label.value)
        self._offer_features(kept or None)
        self.changed.emit()

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()


def _lines(*fields: Choice) -> QGridLayout:
    """Return fields below each other, their words before them."""
    grid = QGridLayout()
    grid.setSpacing(GRID // 2)
    grid.setColumnStretch(1, 1)
    for line, field in enumerate(fields):
        grid.addWidget(field.caption, line, 0)
        grid.addWidget(field, line, 1)
    return grid
