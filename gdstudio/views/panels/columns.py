"""The columns that are learnt from: their scaling, their weights, and these in the columns' own units."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtWidgets import QHeaderView
from typing_extensions import override

from gdstudio.core.numbers import counted, format_number
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.number_table import Column, NumberTable
from gdstudio.views.plotting.panel import Panel, Scene

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.tables.scaling import Scaling
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_COLUMNS = (
    Column("column", "data"),
    Column("less", "muted"),
    Column("by", "muted"),
    Column("weight", "weights", is_bold=True),
    Column("per unit", "weights"),
)
_NOTES, _LONGEST, _DIGITS = 8, 20, 6
_WORDS = {"z_score": "scaled to (x − mean) / std", "min_max": "scaled to (x − min) / (max − min)"}


class Columns(Panel):
    """A row a column and one for the bias; h(x), or z, grows by ``per unit`` where the column grows by 1."""

    kind: ClassVar[str] = "columns"
    title: ClassVar[str] = "Columns and their weights"
    short_title: ClassVar[str] = "Columns"
    height_share: ClassVar[int] = 1

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._scaling: Scaling | None = None
        self.table = NumberTable(_COLUMNS, appearance, self.title)
        self.body(self.table)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        heading = self.table.horizontalHeaderItem(len(_COLUMNS) - 1)
        if heading is not None:
            heading.setToolTip("The weight for one unit of the column as it is in the table")

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return bool(problem.spec.feature_names)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        spec = scene.problem.spec
        names = spec.feature_names
        self._scaling = scaling = spec.feature_scaling(scene.experiment.run.seed)
        self.table.set_rows(len(names) + 1)
        for row, name in enumerate((*names, "bias")):
            weight = symbol(spec.weight_names[row])
            short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
            self.table.write(row, 0, f"{weight}  {short}")
            item = self.table.item(row, 0)
            if item is not None:
                item.setToolTip(name)
            is_scaled = scaling is not None and scaling.name != "none" and row < len(names)
            less, by = (scaling.less, scaling.by) if scaling is not None else (np.empty(0), np.empty(0))
            self.table.write(row, 1, format_number(float(less[row])) if is_scaled else "")
            self.table.write(row, 2, format_number(float(by[row])) if is_scaled else "")
        how = _WORDS.get(scaling.name if scaling is not None else "", "not scaled")
        left = f" · {counted(spec.left_out, 'row')} left out" if spec.left_out else ""
        self.note.setText(escape(how + left))
        self.note.setToolTip("\n".join(spec.notes[:_NOTES]))
        self.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or self._scaling is None:
            return
        shown = self.session.concealed.shown
        own = _in_own_units(snapshot.latest, self._scaling)
        for row, weight in enumerate(snapshot.latest.tolist()):
            self.table.write(row, 3, shown("weights", self.table.fitting(weight, _DIGITS, 3)))
            self.table.write(row, 4, shown("weights", self.table.fitting(float(own[row]), _DIGITS, 4)))

    @override
    def restyle(self) -> None:
        self.keep_in_sight(self.table)
        self.table.restyle()


def _in_own_units(weights: Floats, scaling: Scaling) -> Floats:
    """Return the weights (P,), the bias last, of the same function of columns that are not scaled."""
    with np.errstate(over="ignore", invalid="ignore"):
        slopes = weights[:-1] / scaling.by
        return np.append(slopes, weights[-1] - slopes @ scaling.less)
