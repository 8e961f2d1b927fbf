"""Small buttons that set an exact value which means something: 1/L, 2/L."""

from __future__ import annotations

from fractions import Fraction
from math import ulp
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from gdstudio.core.concealment import UNKNOWN
from gdstudio.core.numbers import format_number
from gdstudio.core.training.stopping import step_limit
from gdstudio.views.widgets.flow_layout import FlowLayout
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment


_ROUNDING = 8
_LARGEST_DENOMINATOR = 1000
_ABOVE = "Above this, descent with all rows in each step moves away from the minimum"
_ABOVE_IN_A_STEP = "A step whose own rate is above this moves away from the minimum"
_CONCEALED = "Shown when the question has been answered"


def simplest(value: float) -> float:
    """Return the simple fraction, such as 3/14, that a value equals up to rounding; else the value.

    An eigenvalue is computed to a few units in the last place; at exactly 2/L a run bounces for ever, and
    a unit above it does not.
    """
    fraction = float(Fraction(value).limit_denominator(_LARGEST_DENOMINATOR))
    return fraction if abs(fraction - value) <= _ROUNDING * ulp(value) else value


class Chip(TabFocusButton):
    """One value with its name."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("chip", True)
        self.setAccessibleName("A learning rate that the curvature names")
        self._value = 0.0
        self.clicked.connect(self._on_clicked)

    @property
    def value(self) -> float:
        """The value that it sets."""
        return self._value

    @property
    def name(self) -> str:
        """What its value is called, such as ``2/L``."""
        return self.objectName().removeprefix("chip_")

    def offer(self, name: str, value: float, words: str, *, concealed: bool = False) -> None:
        """Show another value; a concealed one stands as "?" and cannot be picked."""
        self._value = value
        self.setEnabled(not concealed)
        self.setText(f"{name} = {UNKNOWN if concealed else format_number(value, 4)}")
        self.setToolTip(_CONCEALED if concealed else f"{words}: {format_number(value)}")
        self.setAccessibleName(f"{name}, hidden" if concealed else f"{words}, {format_number(value)}")
        self.setObjectName(f"chip_{name}")

    @Slot()
    def _on_clicked(self) -> None:
        self.picked.emit(self._value)


class LimitChips(QWidget):
    """The learning rates 1/L and 2/L, where all rows are in each step and the curvature L is known.

    With mini-batches or a mistake other limits hold, which nobody knows: none is offered.
    """

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._best, self._limit = Chip(), Chip()
        row = FlowLayout(self)
        row.setSpacing(GRID)
        for chip in (self._best, self._limit):
            chip.picked.connect(self.picked)
            row.addWidget(chip)
        self.hide()

    @property
    def chips(self) -> tuple[Chip, Chip]:
        """The chip of 1/L and that of the limit."""
        return self._best, self._limit

    def meanings(self) -> dict[str, float]:
        """Return the values on offer by their names, for who types the name of one."""
        return {chip.name: chip.value for chip in self.chips if chip.isVisible() and chip.isEnabled()}

    def show_for(self, experiment: Experiment, problem: Problem | None, *, concealed: bool = False) -> None:
        """Show the values for an experiment; hide where they are not its limits."""
        limit = step_limit(experiment, problem) if problem is not None else None
        self.setVisible(limit is not None)
        if limit is None:
            return
        plain = experiment.run.optimizer.is_plain
        self._best.setVisible(plain)
        name = limit.symbol.rsplit("/", 1)[-1].strip(") ") if plain else ""
        self._best.offer(
            f"1/{name}", simplest(1 / limit.curvature), "One over the largest curvature", concealed=concealed
        )
        above = _ABOVE if experiment.run.schedule.is_constant else _ABOVE_IN_A_STEP
        self._limit.offer(limit.symbol, simplest(limit.value), above, concealed=concealed)
