"""A slider with an entry: move one or type the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gdstudio.core.numbers import format_number
from gdstudio.views.controls.base import error_line
from gdstudio.views.controls.entry import write_number
from gdstudio.views.widgets.no_wheel import NoWheelSlider
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.views.controls.bounds import Bounds
    from gdstudio.views.controls.scale import SliderScale

_ENTRY_CHARACTERS = 8
_LONGEST_ENTRY = 64


class NumberRow(QWidget):
    """Emits ``value_edited`` for each move of the slider and each number that was typed.

    A text that is no number, or one out of bounds, stays in the entry with a line below that says what
    would be right; the value in force is then still the old one.
    """

    value_edited = Signal(object)

    def __init__(self, name: str, title: str, scale: SliderScale, bounds: Bounds) -> None:
        super().__init__()
        self._scale, self._bounds = scale, bounds
        self._value: float = 0.0
        self._faulty = False
        self.slider = NoWheelSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName(title)
        self.slider.setMinimumWidth(24)
        self.slider.setRange(0, len(scale.values) - 1)
        self.slider.setPageStep(max(1, len(scale.values) // 10))
        self.entry = QLineEdit()
        self.entry.setObjectName(f"{name}_entry")
        self.entry.setAccessibleName(f"{title}, typed")
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.entry.setMaxLength(_LONGEST_ENTRY)
        self.error = error_line(name)
        self._lay_out()
        self.slider.valueChanged.connect(self._on_slid)
        self.entry.editingFinished.connect(self._on_typed)

    @property
    def value(self) -> float:
        """The value shown."""
        return self._value

    def set_range(self, scale: SliderScale, bounds: Bounds) -> None:
        """Take other slider positions and bounds, keeping the value."""
        self._bounds = bounds
        if scale != self._scale:
            self._scale = scale
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, len(scale.values) - 1)
                self.slider.setPageStep(max(1, len(scale.values) // 10))
                self.slider.setValue(scale.position(self._value))

    def show_value(self, value: float) -> None:
        """Show a value; the slider rests at its end where the value is beyond it."""
        kept = self._faulty and value == self._value
        self._value = value
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position(value))
        if not kept and not self.entry.isModified():
            self.show_error("")
            self.entry.setText(write_number(value))
            self.entry.setCursorPosition(0)  # a long number shows its beginning
        self.entry.setToolTip(self._about(value))

    def show_error(self, words: str) -> None:
        """Say below the slider what is wrong; nothing where there are no words."""
        self._faulty = False
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def notch(self, direction: int) -> None:
        """Propose the next value up or down."""
        self._propose(self._scale.neighbour(self._value, direction))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.slider, 1)
        row.addWidget(self.entry)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(row)
        column.addWidget(self.error)

    def fit(self, digit: int, around: int) -> None:
        """Make room in the entry for eight digits of this width, and for what is around them, in pixels."""
        self.entry.setFixedWidth(_ENTRY_CHARACTERS * digit + around)

    def _about(self, value: float) -> str:
        low, high = (format_number(end) for end in (self._scale.values[0], self._scale.values[-1]))
        return f"{write_number(value)}\nSlider {low} to {high}; type {self._bounds.words()}"

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        self.entry.setModified(False)
        self._propose(self._scale.values[position])

    @Slot()
    def _on_typed(self) -> None:
        if not self.entry.isModified():
            return
        self.entry.setModified(False)
        try:
            value = self._bounds.read(self.entry.text())
        except ValueError as error:
            self.show_error(str(error))
            self._faulty = True
            return
        self._propose(value)

    def _propose(self, value: float) -> None:
        self.show_error("")
        proposed = int(value) if self._bounds.integer else float(value)
        self.show_value(self._value)  # an answer of the session changes it; without one the old stays
        if proposed != self._value:
            self.value_edited.emit(proposed)
