"""The first rows of a table as they are written, below the names and types of the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from gdstudio.core.numbers import counted
from gdstudio.core.tables.column import ColumnKind

if TYPE_CHECKING:
    from gdstudio.core.tables.column import Column
    from gdstudio.core.tables.table import Table

Index = QModelIndex | QPersistentModelIndex
_MOST_SHOWN = 60
_NOWHERE = QModelIndex()


class Cells(QAbstractTableModel):
    """Only read; ``used`` says of each column by its name what it is used for, such as the label."""

    def __init__(self) -> None:
        super().__init__()
        self._table: Table | None = None
        self._used: dict[str, str] = {}

    def show_table(self, table: Table | None) -> None:
        """Show another table, or none."""
        self.beginResetModel()
        self._table, self._used = table, {}
        self.endResetModel()

    def show_use(self, used: dict[str, str]) -> None:
        """Write above the columns what they are used for."""
        if used != self._used and self._table is not None:
            self._used = used
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._table.columns) - 1)

    @override
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self._table is None or parent.isValid() else len(self._table.shown)

    @override
    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if self._table is None or parent.isValid() else len(self._table.columns)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._table is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._table.shown[index.row()][index.column()][:_MOST_SHOWN]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_number = self._table.columns[index.column()].kind is ColumnKind.NUMBERS
            side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    @override
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self._table is None or role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1}"
        column = self._table.columns[section]
        return "\n".join((column.name, column_words(column), self._used.get(column.name, "")))


def column_words(column: Column) -> str:
    """Return what a column holds: numbers, 2 missing."""
    lacking = column.missing + column.wrong
    kind = counted(len(column.texts), "text") if column.kind is ColumnKind.CLASSES else str(column.kind)
    return f"{kind}, {lacking:,} missing" if lacking and column.kind is not ColumnKind.EMPTY else kind
