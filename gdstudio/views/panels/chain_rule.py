"""The chain rule, point by point: the square outside, the residual inside, and what adds up to J and J′."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtGui import QColor
from typing_extensions import override

from gdstudio.core.concealment import UNKNOWN
from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.number_table import Column, NumberTable
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
_COLUMNS = (
    Column("point", "text"),
    Column("r\u2009=\u2009h\u2009−\u2009y", "gradient_text"),
    Column("r²", "cost_text"),
    Column("outer 2r", "gradient_text"),
    Column("inner h′", "data"),
    Column("2r · h′", "gradient_text"),
)
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
_TOTALS = {2: (1, 2), 5: (3, 3)}
"""In which column the cell of J or J′ below a sum begins, and how many columns it spans up to that sum."""


class ChainRule(Panel):
    """(r²)′ = 2r · h′ for each point, with r = h(x) − y; J and J′ are the factor of the cost times the sums.

    h′ is how the prediction changes with the weight: x for h(x) = θ x. The factor is what L30 loses.
    """

    kind: ClassVar[str] = "chain_rule"
    title: ClassVar[str] = "The chain rule, term by term"
    short_title: ClassVar[str] = "Terms"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.table = NumberTable(_COLUMNS, appearance, self.title, GRID)
        self.table.keep_narrow(0, 4)
        self.table.resized.connect(self.redraw)
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
        self.table.set_rows(0)  # nothing of another number of points stays
        self.table.set_rows(len(X) + 2)
        self.table.clearSpans()
        for first, across in _TOTALS.values():
            self.table.setSpan(len(X) + 1, first, 1, across)
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or (terms := self.scene.problem.cost_terms(snapshot.latest)) is None:
            return
        problem = self.scene.problem
        residuals = problem.predict(snapshot.latest, problem.rows.X) - problem.rows.y
        columns = (residuals, terms.squares, 2 * residuals, self._inner, 2 * terms.products)
        for row, values in enumerate(zip(*columns, strict=True)):
            point = f"({format_number(problem.rows.X[row, 0])}, {format_number(problem.rows.y[row])})"
            self.table.write(row, 0, point)
            self._write_numbers(row, dict(enumerate(values, 1)))
        last, factor = len(residuals), _factor(terms.above, terms.below)
        self.table.write(last, 0, "sum")
        self._write_numbers(last, {2: float(terms.squares.sum()), 5: 2 * float(terms.products.sum())})
        self.table.write(last + 1, 0, f"{factor} · sum")
        self._write_total(last + 1, 2, "J = ", terms.cost)
        self._write_total(last + 1, 5, "J′ = ", terms.slope)
        self._say(terms.above, terms.below)

    def _say(self, above: int, below: int) -> None:
        factor = _factor(above, below)
        lost = "; the 1/2 cancels the 2, and L30 loses it" if (above, below) == (1, 2) else ""
        said = f"J′ = {factor} Σ 2r · h′{lost}"
        if said != self.note.text():
            self.note.setText(said)

    def _write_numbers(self, row: int, values: dict[int, float]) -> None:
        for column in range(1, len(_COLUMNS)):
            text = ""
            if column in values:
                hidden = self.session.concealed.hides(*_TELLS[column])
                text = UNKNOWN if hidden else self.table.fitting(float(values[column]), _DIGITS, column)
            self.table.write(row, column, text)

    def _write_total(self, row: int, column: int, name: str, value: float) -> None:
        """Write J or J′ below the sum of a column, in the cell that ends there."""
        first, across = _TOTALS[column]
        hidden = self.session.concealed.hides(*_TELLS[column])
        fitting = self.table.fitting(value, _DIGITS, first, before=name, across=across)
        self.table.write(row, first, f"{name}{UNKNOWN}" if hidden else fitting)

    @override
    def restyle(self) -> None:
        self.table.restyle()
        self.table.setMinimumHeight(self.table.height_of(self.table.rowCount()))
        self.setMinimumHeight(0)  # that of what is in it
        last = self.table.rowCount() - 1
        for column in range(len(_COLUMNS)):
            item = self.table.item(last, column)
            if item is not None:
                item.setFont(self.appearance.font(BODY, bold=True))
                if column == _TOTALS[2][0]:
                    item.setForeground(QColor(self.appearance.theme.cost_text))


def _factor(above: int, below: int) -> str:
    return str(Fraction(above, below))
