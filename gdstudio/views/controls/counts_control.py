"""A few counts, such as the units of each hidden layer: one row each, and buttons for more and fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from gdstudio.core.numbers import MINUS
from gdstudio.views.controls.base import Control, set_tab_order, value_at
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment

_ENTRY = "layer"
"""What each of the counts is of."""


def _button(sign: str, words: str, name: str) -> TabFocusButton:
    button = TabFocusButton(sign)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setToolTip(words.capitalize())
    return button


class _Count(QWidget):
    """One count, with a button for one less and one for one more."""

    changed = Signal(int, int)  # its place among the counts, and its new value

    def __init__(self, parameter: Hyperparameter, place: int) -> None:
        super().__init__()
        self._place, self._value = place, 0
        self._least, self._most = int(parameter.minimum or 0), parameter.maximum
        self._title, name = f"{_ENTRY} {place + 1}", f"{parameter.name}_{place}"
        self.count = QLabel("0")
        self.count.setObjectName(f"{name}_count")
        self.less = _button(MINUS, f"{self._title}: one less", f"{name}_less")
        self.more = _button("+", f"{self._title}: one more", f"{name}_more")
        self.less.clicked.connect(self._on_less)
        self.more.clicked.connect(self._on_more)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(QLabel(self._title), 1)
        for part in (self.less, self.count, self.more):
            line.addWidget(part)

    def show_value(self, value: int) -> None:
        """Show a value, and offer no other than those that are allowed."""
        self._value = value
        self.count.setText(f"{value:2d}".replace(" ", "\N{FIGURE SPACE}"))
        self.count.setAccessibleName(f"{self._title}: {value}")
        self.less.setEnabled(value > self._least)
        self.more.setEnabled(self._most is None or value < self._most)

    @Slot()
    def _on_less(self) -> None:
        self.changed.emit(self._place, self._value - 1)

    @Slot()
    def _on_more(self) -> None:
        self.changed.emit(self._place, self._value + 1)


class CountsControl(Control):
    """Proposes the whole tuple whenever one of its counts is changed, or one comes or goes."""

    def __init__(self, parameter: Hyperparameter) -> None:
        super().__init__(parameter)
        self._values: tuple[int, ...] = ()
        self.rows = [_Count(parameter, place) for place in range(parameter.most or 1)]
        for row in self.rows:
            row.changed.connect(self._on_changed)
            self.column.addWidget(row)
        self.fewer = _button(f"{MINUS} {_ENTRY}", f"One {_ENTRY} less", f"{parameter.name}_fewer")
        self.more = _button(f"+ {_ENTRY}", f"One {_ENTRY} more", f"{parameter.name}_more")
        self.fewer.clicked.connect(self._on_fewer)
        self.more.clicked.connect(self._on_more)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.fewer)
        line.addWidget(self.more)
        line.addStretch(1)
        self.column.addLayout(line)
        set_tab_order(self.tab_stops)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        rows = [button for row in self.rows for button in (row.less, row.more)]
        return [*rows, self.fewer, self.more]

    @override
    def show_value(self, experiment: Experiment) -> None:
        self._values = tuple(value_at(experiment, self.parameter.path))
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(self._values))
            if place < len(self._values):
                row.show_value(self._values[place])
        self.fewer.setEnabled(len(self._values) > self.parameter.fewest)
        self.more.setEnabled(len(self._values) < len(self.rows))

    @Slot(int, int)
    def _on_changed(self, place: int, value: int) -> None:
        self.propose((*self._values[:place], value, *self._values[place + 1 :]))

    @Slot()
    def _on_fewer(self) -> None:
        self.propose(self._values[:-1])

    @Slot()
    def _on_more(self) -> None:
        last = self._values[-1] if self._values else int(self.parameter.minimum or 1)
        self.propose((*self._values, last))
