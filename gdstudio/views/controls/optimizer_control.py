"""The update rule and the hyperparameters that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QVBoxLayout
from typing_extensions import override

from gdstudio.core.hyperparameter import Hyperparameter, hyperparameters
from gdstudio.core.settings.optimizers import optimizer_titles
from gdstudio.lessons.control import ControlSpec
from gdstudio.views.controls.base import Control, set_tab_order
from gdstudio.views.controls.choice_control import SwitchControl
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.widgets.no_wheel import NoWheelComboBox
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.settings.experiment import Experiment

_RULE = Hyperparameter(
    name="optimizer",
    path="run.optimizer",
    kind="choice",
    title="Optimizer",
    symbol="",
    help="The update rule",
    scale="linear",
    applies="restart",
    default="sgd",
    optional=False,
)


class OptimizerControl(Control):
    """A choice of rule; below it, the rows of the chosen one alone."""

    def __init__(self) -> None:
        super().__init__(_RULE)
        self.chooser = NoWheelComboBox()
        self.chooser.setObjectName("optimizer_choice")
        self.chooser.setAccessibleName("Optimizer")
        self._kinds = list(optimizer_titles())
        self.chooser.addItems(list(optimizer_titles().values()))
        self.chooser.activated.connect(self._on_chosen)
        self._rows: list[Control] = []
        self._kind = ""
        self.column.addWidget(self.chooser)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(GRID, GRID, 0, 0)
        self.column.addLayout(self._inner)

    @property
    def rows(self) -> list[Control]:
        """The controls of the chosen rule."""
        return list(self._rows)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [self.chooser, *(stop for row in self._rows for stop in row.tab_stops)]

    @override
    def show_value(self, experiment: Experiment) -> None:
        optimizer = experiment.run.optimizer
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(self._kinds.index(optimizer.kind))
        if optimizer.kind != self._kind:
            self._kind = optimizer.kind
            self._rebuild(list(hyperparameters(optimizer, "run.optimizer")))
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
    return NumberControl(parameter, ControlSpec(name=parameter.name))
