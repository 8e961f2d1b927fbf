"""The chain rule, point by point: the square outside, the residual inside, and what adds up to J and J′."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem
from typing_extensions import override

from gdstudio.core.concealment import UNKNOWN
from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from gdstudio.core.concealment import Quantity
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_MOST_POINTS = 5
_COLUMNS = ("point", "r = h − y", "r²", "outer 2r", "inner h′", "2r · h′")
_QUANTITIES = ("text", "gradient_text", "cost_text", "gradient_text", "data", "gradient_text")
_TELLS: tuple[tuple[Quantity, ...], ...] = (
    (),
    ("cost", "gradient"),
    ("cost",),
    ("gradient",),
    (),
    ("gradient",),
)
"""Which hidden quantities a column would give away."""
_DIGITS = 5
_COST, _SLOPE = 1, 3
"""From which columns on J and J′ stand below the sums, in cells that reach as far as these."""


class ChainRule(Panel):
    """(r²)′ = 2r · h′ for each point, with r = h(x) − y; J and J′ are the factor of the cost times the sums.

    h′ is how the prediction changes with the weight: x for h(x) = θ x. The factor is what L30 loses.
    """

    kind: ClassVar[str] = "chain_rule"
    title: ClassVar[str] = "The chain rule, term by term"
    short_title: ClassVar[str] = "Terms"

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
        self._inner: Floats = np.empty(0)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        if len(problem.weight_names) > 1 or not 0 < len(problem.rows) <= _MOST_POINTS:
            return False
        return problem.cost_terms(np.zeros(1)) is not None

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        X, predict = scene.problem.rows.X, scene.problem.predict
        self._inner = predict(np.ones(1), X) - predict(np.zeros(1), X)  # h is linear in its weight
        self.table.setRowCount(0)  # nothing of another number of points stays
        self.table.setRowCount(len(X) + 2)
        for row in range(len(X) + 2):
            for column in range(len(_COLUMNS)):
                if self.table.item(row, column) is None:
                    self.table.setItem(row, column, QTableWidgetItem())
        self.table.clearSpans()
        for column, count in ((_COST, 2), (_SLOPE, 3)):
            self.table.setSpan(len(X) + 1, column, 1, count)
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or (terms := self.scene.problem.cost_terms(snapshot.latest)) is None:
            return
        problem = self.scene.problem
        residuals = problem.predict(snapshot.latest, problem.rows.X) - problem.rows.y
        columns = (residuals, terms.squares, 2 * residuals, self._inner, 2 * terms.products)
        for row, values in enumerate(zip(*columns, strict=True)):
            self._write(
                row, f"({format_number(problem.rows.X[row, 0])}, {format_number(problem.rows.y[row])})"
            )
            self._write_numbers(row, dict(enumerate(values, 1)))
        last, factor = len(residuals), _factor(terms.above, terms.below)
        self._write(last, "sum")
        self._write_numbers(last, {2: float(terms.squares.sum()), 5: 2 * float(terms.products.sum())})
        self._write(last + 1, f"{factor} · sum")
        self._write(last + 1, f"J = {self._number(terms.cost, 2)}", _COST)
        self._write(last + 1, f"J′ = {self._number(terms.slope, 5)}", _SLOPE)
        self._say(terms.above, terms.below)

    def _say(self, above: int, below: int) -> None:
        factor = _factor(above, below)
        lost = "; the 1/2 cancels the 2, and L30 loses it" if (above, below) == (1, 2) else ""
        said = f"J′ = {factor} Σ 2r · h′{lost}"
        if said != self.note.text():
            self.note.setText(said)

    def _write_numbers(self, row: int, values: dict[int, float]) -> None:
        for column in range(1, len(_COLUMNS)):
            self._write(row, self._number(values[column], column) if column in values else "", column)

    def _number(self, value: float, column: int) -> str:
        """Return a number of a column, or what stands there while a question hides it."""
        hidden = self.session.concealed.hides(*_TELLS[column])
        return UNKNOWN if hidden else format_number(float(value), _DIGITS)

    def _write(self, row: int, text: str, column: int = 0) -> None:
        item = self.table.item(row, column)
        if item is not None and item.text() != text:
            item.setText(text)

    @override
    def restyle(self) -> None:
        line = self.appearance.pixels(BODY) + GRID
        title = 2 * self.heading.sizeHint().height() + 2 * GRID
        self.setMinimumHeight((self.table.rowCount() + 1) * line + title + 3 * GRID)
        for row in range(self.table.rowCount()):
            self.table.setRowHeight(row, line)
            is_total = row == self.table.rowCount() - 1
            for column, quantity in enumerate(_QUANTITIES):
                item = self.table.item(row, column)
                if item is not None:
                    shade = "cost_text" if is_total and column == _COST else quantity
                    item.setForeground(QColor(getattr(self.appearance.theme, shade)))
                    item.setFont(self.appearance.font(BODY, bold=is_total))
                    item.setTextAlignment(_alignment(column))
        for column in range(len(_COLUMNS)):
            header = self.table.horizontalHeaderItem(column)
            if header is not None:
                header.setTextAlignment(_alignment(column))


def _alignment(column: int) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return Qt.AlignmentFlag.AlignVCenter | across


def _factor(above: int, below: int) -> str:
    return str(Fraction(above, below))
