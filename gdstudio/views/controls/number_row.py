"""A slider with an entry: move one or type the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gdstudio.core.numbers import format_number
from gdstudio.views.controls.base import error_line
from gdstudio.views.controls.entry import write_number
from gdstudio.views.controls.number_entry import NumberEntry
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.no_wheel import NoWheelSlider
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gdstudio.views.controls.bounds import Bounds
    from gdstudio.views.controls.scale import SliderScale

_ENTRY_CHARACTERS = 8


class NumberRow(QWidget):
    """Emits ``value_edited`` for each move of the slider and each number that was typed.

    A text that is no number, or one out of bounds, is explained in a line below, and the value in force is
    still the old one. Such a text stays in the entry until it is mended or left. Enter and Esc give the keys
    back to the run.
    """

    value_edited = Signal(object)

    def __init__(self, name: str, title: str, scale: SliderScale, bounds: Bounds) -> None:
        super().__init__()
        self._scale, self._bounds = scale, bounds
        self._value: float = 0.0
        self._faulty = False
        self.meanings: Callable[[], Mapping[str, float]] = dict
        """Returns the texts that stand for a number at the moment, such as ``2/L``."""
        self.slider = NoWheelSlider()
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName(title)
        self.slider.setMinimumWidth(24)
        self.slider.setRange(0, len(scale.values) - 1)
        self.slider.setPageStep(max(1, len(scale.values) // 10))
        self.entry = NumberEntry(name, title)
        self.error = error_line(name)
        self._lay_out()
        self.slider.valueChanged.connect(self._on_slid)
        self.entry.editingFinished.connect(self._on_typed)
        self.entry.entered.connect(self._on_entered)
        self.entry.escaped.connect(self._on_escaped)

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
            self.entry.show_number(value)
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
            value = self._read(self.entry.text())
        except ValueError as error:
            self.entry.keep_wrong_text()
            self.show_error(str(error))
            self._faulty = True
            return
        self._propose(value)

    def _read(self, text: str) -> float | int:
        """Read what stands for a number, or a number within the bounds."""
        meant = self.meanings().get("".join(text.split()))
        return self._bounds.read(text) if meant is None else meant

    @Slot()
    def _on_entered(self) -> None:
        """Give the keys back, unless there is something to mend."""
        if not self.error.text():
            give_keys_back(self)

    @Slot()
    def _on_escaped(self) -> None:
        self.show_error("")
        give_keys_back(self)

    def _propose(self, value: float) -> None:
        self.show_error("")
        proposed = int(value) if self._bounds.integer else float(value)
        self.show_value(self._value)  # an answer of the session changes it; without one the old stays
        if proposed != self._value:
            self.value_edited.emit(proposed)
