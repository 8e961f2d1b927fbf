"""One number, or none: a slider, an entry, and chips for values that mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from typing_extensions import override

from gdstudio.core.errors import InputError
from gdstudio.views.controls.base import Control, set_tab_order, value_at
from gdstudio.views.controls.bounds import Bounds
from gdstudio.views.controls.chips import LimitChips
from gdstudio.views.controls.number_row import NumberRow
from gdstudio.views.controls.ranges import most_allowed, slider_scale
from gdstudio.views.widgets.tab_focus_button import TabFocusBox

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.control import ControlSpec


class NumberControl(Control):
    """A number; one that may be absent has a box that says whether it is there."""

    def __init__(self, parameter: Hyperparameter, spec: ControlSpec) -> None:
        super().__init__(parameter)
        self._spec = spec
        self._most: float | None = None
        self._bounds = Bounds.of(parameter)
        self._scale = slider_scale(parameter, spec)
        self._shown: float | None = None
        self.row = NumberRow(parameter.name, parameter.label, self._scale, self._bounds)
        self.row.value_edited.connect(self.propose)
        self.head.addWidget(self.row.entry)
        self.column.addWidget(self.row)
        self.chips: LimitChips | None = None
        if parameter.name == "learning_rate":
            self.chips = LimitChips()
            self.chips.picked.connect(self.propose)
            self.row.meanings = self.chips.meanings
            self.column.addWidget(self.chips)
        self.box: TabFocusBox | None = None
        if parameter.optional:
            self.box = TabFocusBox()
            self.box.setObjectName(f"{parameter.name}_on")
            self.box.setAccessibleName(f"{parameter.label}: set one")
            self.box.toggled.connect(self._on_toggled)
            self.head.insertWidget(0, self.box)
        set_tab_order(self.tab_stops)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        before = [self.box] if self.box is not None else []
        return [*before, self.row.entry, self.row.slider, *(self.chips.chips if self.chips else ())]

    @override
    def show_error(self, words: str) -> None:
        self.row.show_error(words)

    @override
    def show_value(self, experiment: Experiment) -> None:
        value = value_at(experiment, self.parameter.path)
        given = value is not None
        if self.box is not None:
            with QSignalBlocker(self.box):
                self.box.setChecked(given)
            self.box.setVisible(not given or _may_be_absent(experiment, self.parameter.path))
            self.row.setEnabled(given)
            self.row.entry.setEnabled(given)
        if given:
            self._shown = value
            self.row.show_value(value)
        else:
            self.row.entry.show_words("all" if self.parameter.name == "batch_size" else "off")

    def show_limits(
        self, experiment: Experiment, problem: Problem | None, *, concealed: bool = False
    ) -> None:
        """Offer what the data allow: rows in a batch, features, the learning rates of the curvature."""
        most = most_allowed(self.parameter.path, experiment, problem)
        if most != self._most:
            self._most = most
            self._scale = slider_scale(self.parameter, self._spec, most)
            self.row.set_range(self._scale, self._bounds.up_to(most))
        if self.chips is not None:
            self.chips.show_for(experiment, problem, concealed=concealed)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001, RUF100 - Qt's signature
        self.propose(self._value_to_begin_with() if on else None)

    def _value_to_begin_with(self) -> float | int:
        """Return the value of last time, else the middle of the slider."""
        values = self._scale.values
        value = self._shown if self._shown is not None else values[len(values) // 2]
        value = value if self._most is None else min(value, self._most)
        return int(value) if self._bounds.integer else float(value)


def _may_be_absent(experiment: Experiment, path: str) -> bool:
    """Whether the experiment is one without this value; the last rule that ends it has to stay."""
    try:
        experiment.edited({path: None})
    except InputError:
        return False
    return True
