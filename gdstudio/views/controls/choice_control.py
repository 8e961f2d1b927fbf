"""One of a few, and yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Slot
from typing_extensions import override

from gdstudio.views.controls.base import Control, value_at
from gdstudio.views.widgets.no_wheel import NoWheelComboBox
from gdstudio.views.widgets.tab_focus_button import TabFocusBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment


class ChoiceControl(Control):
    """A list to choose from."""

    def __init__(self, parameter: Hyperparameter) -> None:
        super().__init__(parameter)
        self.values: list[Any] = [value for value, _ in parameter.choices]
        self.chooser = NoWheelComboBox()
        self.chooser.setObjectName(f"{parameter.name}_choice")
        self.chooser.setAccessibleName(parameter.label)
        self.chooser.addItems([words for _, words in parameter.choices])
        self.chooser.activated.connect(self._on_chosen)
        self.column.addWidget(self.chooser)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [self.chooser]

    @override
    def show_value(self, experiment: Experiment) -> None:
        value = value_at(experiment, self.parameter.path)
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(self.values.index(value))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self.propose(self.values[index])


class SwitchControl(Control):
    """A box to tick."""

    def __init__(self, parameter: Hyperparameter) -> None:
        super().__init__(parameter)
        self.label.hide()
        self.box = TabFocusBox(parameter.label)
        self.box.setObjectName(f"{parameter.name}_box")
        self.box.setAccessibleName(parameter.label)
        self.box.toggled.connect(self.propose)
        self.head.insertWidget(0, self.box, 1)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [self.box]

    @override
    def show_value(self, experiment: Experiment) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value_at(experiment, self.parameter.path)))
