"""One number, or none: a slider, an entry, and chips for values that mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox
from typing_extensions import override

from gdstudio.views.controls import scale
from gdstudio.views.controls.base import Control, value_at
from gdstudio.views.controls.chips import LimitChips
from gdstudio.views.controls.number_row import NumberRow

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.problems import Problem
    from gdstudio.lessons.lesson import ControlSpec
    from gdstudio.views.controls.scale import SliderScale

_FALLBACK = {"linear": (0.0, 100.0), "log": (1e-4, 1e4)}


def slider_scale(parameter: Hyperparameter, spec: ControlSpec, most: float | None = None) -> SliderScale:
    """Return the slider's values: the lesson's range, else what the hyperparameter allows.

    ``most`` leaves out choices above it, such as batch sizes above the number of rows.
    """
    integer = parameter.kind == "integer"
    if spec.choices:
        return scale.chosen(tuple(c for c in spec.choices if most is None or c <= most) or spec.choices[:1])
    kind = spec.scale or parameter.scale
    low, high = _FALLBACK[kind]
    low = next((float(v) for v in (spec.minimum, parameter.minimum) if v is not None), low)
    high = next((float(v) for v in (spec.maximum, parameter.maximum) if v is not None), high)
    if kind == "log" and low > 0:
        return scale.logarithmic(low, high, integer=integer)
    return scale.linear(low, high, spec.step, integer=integer)


class NumberControl(Control):
    """A number; one that may be absent has a box that says whether it is there."""

    def __init__(self, parameter: Hyperparameter, spec: ControlSpec) -> None:
        super().__init__(parameter)
        self._spec = spec
        integer = parameter.kind == "integer"
        self.row = NumberRow(parameter.name, parameter.label, slider_scale(parameter, spec), integer=integer)
        self.row.value_edited.connect(self.propose)
        self.head.addWidget(self.row.entry)
        self.column.addWidget(self.row)
        self.chips: LimitChips | None = None
        if parameter.name == "learning_rate":
            self.chips = LimitChips()
            self.chips.picked.connect(self.propose)
            self.column.addWidget(self.chips)
        self.box: QCheckBox | None = None
        if parameter.optional:
            self.box = QCheckBox()
            self.box.setObjectName(f"{parameter.name}_on")
            self.box.setAccessibleName(f"{parameter.label}: set one")
            self.box.toggled.connect(self._on_toggled)
            self.head.insertWidget(0, self.box)

    @override
    def show_value(self, experiment: Experiment) -> None:
        value = value_at(experiment, self.parameter.path)
        if self.parameter.name == "batch_size":
            rows = experiment.problem.row_count
            self.row.set_scale(slider_scale(self.parameter, self._spec, rows))
            value, given = value or rows, value is not None
        else:
            given = value is not None
        if self.box is not None:
            with QSignalBlocker(self.box):
                self.box.setChecked(given)
            self.row.setEnabled(given)
            self.row.entry.setEnabled(given)
        if value is not None:
            self.row.show_value(value)

    def show_limits(self, experiment: Experiment, problem: Problem | None) -> None:
        """Offer the learning rates that the curvature names."""
        if self.chips is not None:
            self.chips.show_for(experiment, problem)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001, RUF100 - Qt's signature
        self.propose(_sensible(self.parameter, self.row.value) if on else None)


def _sensible(parameter: Hyperparameter, shown: float) -> float | int:
    if parameter.kind == "integer":
        return int(shown) or 10
    return shown or 1e-6
