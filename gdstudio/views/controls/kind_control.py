"""A choice of kind, and the hyperparameters that belong to the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.lessons.control import ControlSpec
from gdstudio.views.controls.base import Control, set_tab_order, value_at
from gdstudio.views.controls.choice_control import ChoiceControl, SwitchControl
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.widgets.no_wheel import NoWheelComboBox
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment


class KindControl(Control):
    """A list of kinds; below it, the rows of the chosen one alone.

    Parameters
    ----------
    parameter
        What is chosen: its path is that of the table with the ``kind``.
    titles
        What each kind is called, by its name in a file.
    """

    def __init__(self, parameter: Hyperparameter, titles: dict[str, str]) -> None:
        super().__init__(parameter)
        self.chooser = NoWheelComboBox()
        self.chooser.setObjectName(f"{parameter.name}_choice")
        self.chooser.setAccessibleName(parameter.title)
        self._kinds = list(titles)
        self.chooser.addItems(list(titles.values()))
        self.chooser.activated.connect(self._on_chosen)
        self._rows: list[Control] = []
        self._kind = ""
        self.column.addWidget(self.chooser)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(GRID, GRID, 0, 0)
        self.column.addLayout(self._inner)

    @property
    def rows(self) -> list[Control]:
        """The controls of the chosen kind."""
        return list(self._rows)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [self.chooser, *(stop for row in self._rows for stop in row.tab_stops)]

    @override
    def show_value(self, experiment: Experiment) -> None:
        chosen: Any = value_at(experiment, self.parameter.path)
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(self._kinds.index(chosen.kind))
        if chosen.kind != self._kind:
            self._kind = chosen.kind
            self._rebuild(list(hyperparameters(chosen, self.parameter.path)))
        for row in self._rows:
            row.show_value(experiment)

    def _rebuild(self, parameters: list[Hyperparameter]) -> None:
        for row in self._rows:
            self._inner.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_row(parameter) for parameter in parameters if not parameter.is_rarely_changed]
        for row in self._rows:
            row.edited.connect(self.edited)
            self._inner.addWidget(row)
        set_tab_order(self.tab_stops)

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.propose({"kind": self._kinds[index]})


def _row(parameter: Hyperparameter) -> Control:
    if parameter.kind == "switch":
        return SwitchControl(parameter)
    if parameter.kind == "choice":
        return ChoiceControl(parameter)
    return NumberControl(parameter, ControlSpec(name=parameter.name))
