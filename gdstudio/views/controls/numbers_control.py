"""Several numbers, one row each: the start of every weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel
from typing_extensions import override

from gdstudio.core.symbols import symbol
from gdstudio.views.controls.base import Control, value_at
from gdstudio.views.controls.bounds import Bounds
from gdstudio.views.controls.number_row import NumberRow
from gdstudio.views.controls.ranges import slider_scale

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.control import ControlSpec


class _Place(QObject):
    """Forwards the edits of one row with its index among the numbers."""

    edited = Signal(int, object)

    def __init__(self, index: int, row: NumberRow) -> None:
        super().__init__(row)
        self._index = index
        row.value_edited.connect(self._on_edited)

    @Slot(object)
    def _on_edited(self, value: float) -> None:
        self.edited.emit(self._index, value)


class NumbersControl(Control):
    """Proposes the whole tuple whenever one of its numbers is changed."""

    def __init__(self, parameter: Hyperparameter, spec: ControlSpec, names: tuple[str, ...]) -> None:
        symbols = [symbol(name) for name in names]
        super().__init__(parameter, f"{parameter.title} {', '.join(symbols)}")
        self.rows: list[NumberRow] = []
        self._values: list[float] = [0.0] * len(names)
        scale = slider_scale(parameter, spec)
        for i, written in enumerate(symbols):
            title = f"{parameter.title} {written}"
            row = NumberRow(f"{parameter.name}_{i}", title, scale, Bounds())
            _Place(i, row).edited.connect(self._on_edited)
            self.rows.append(row)
            if len(symbols) == 1:
                self.head.addWidget(row.entry)
                self.column.addWidget(row)
                continue
            line = QHBoxLayout()
            line.addWidget(QLabel(written))
            line.addWidget(row, 1)
            self.column.addLayout(line)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [stop for row in self.rows for stop in (row.entry, row.slider)]

    @override
    def show_value(self, experiment: Experiment) -> None:
        values = value_at(experiment, self.parameter.path)
        self.setEnabled(values is not None)
        if values is None or len(values) != len(self.rows):
            return
        self._values = list(values)
        for row, value in zip(self.rows, values, strict=True):
            row.show_value(value)

    @Slot(int, object)
    def _on_edited(self, index: int, value: float) -> None:
        values = list(self._values)
        values[index] = value
        self.propose(tuple(values))
