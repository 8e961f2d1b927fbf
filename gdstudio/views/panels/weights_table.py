"""Every weight beside its truth, with its error, live."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem
from typing_extensions import override

from gdstudio.core.numbers import format_fixed, format_number
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_ROWS_IN_SIGHT = 4
_COLUMNS = ("weight", "learnt", "truth", "error")
_QUANTITIES = ("text", "weights", "truth", "gradient_text")


class WeightsTable(Panel):
    """Weight, learnt value, truth and error (truth minus learnt, as the notebook prints it, L340-342)."""

    kind: ClassVar[str] = "weights_table"
    title: ClassVar[str] = "Weights and their errors"
    short_title: ClassVar[str] = "Weights"
    height_share: ClassVar[int] = 1

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.setAccessibleName(self.title)
        self.table.verticalHeader().setVisible(False)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body(self.table)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        names = scene.problem.weight_names
        truth = scene.problem.true_weights
        self.table.setRowCount(len(names))
        for row, name in enumerate(names):
            for column in range(len(_COLUMNS)):
                if self.table.item(row, column) is None:
                    self.table.setItem(row, column, QTableWidgetItem())
            self._write(row, 0, symbol(name))
            self._write(row, 2, "unknown" if truth is None else format_number(float(truth[row])))
        self.note.setText("error = truth − learnt")
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        truth = self.scene.problem.true_weights
        for row, weight in enumerate(snapshot.latest.tolist()):
            shown = self.session.concealed.shown
            self._write(row, 1, shown("weights", format_fixed(weight)))
            error = "" if truth is None else format_fixed(float(truth[row]) - weight)
            self._write(row, 3, shown("weights", error))

    @override
    def restyle(self) -> None:
        theme = self.appearance.theme
        line = self.appearance.pixels(BODY) + GRID + GRID // 2
        lines = min(self.table.rowCount(), _ROWS_IN_SIGHT) + 1
        title = 2 * self.heading.sizeHint().height() + 2 * GRID
        self.setMinimumHeight(lines * line + title + 3 * GRID)
        for row in range(self.table.rowCount()):
            self.table.setRowHeight(row, line)
            for column, quantity in enumerate(_QUANTITIES):
                item = self.table.item(row, column)
                if item is not None:
                    item.setForeground(QColor(getattr(theme, quantity)))
                    item.setFont(self.appearance.font(BODY, bold=column == 1))
                    item.setTextAlignment(_alignment(column))
        for column in range(len(_COLUMNS)):
            header = self.table.horizontalHeaderItem(column)
            if header is not None:
                header.setTextAlignment(_alignment(column))

    def _write(self, row: int, column: int, text: str) -> None:
        item = self.table.item(row, column)
        if item is not None and item.text() != text:
            item.setText(text)


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return Qt.AlignmentFlag.AlignVCenter | across
