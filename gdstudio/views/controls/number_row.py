"""A slider with an entry: move one or type the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSlider, QVBoxLayout, QWidget

from gdstudio.views.controls.entry import read_number, write_number
from gdstudio.views.theme import GRID

if TYPE_CHECKING:
    from gdstudio.views.controls.scale import SliderScale

_ENTRY_CHARACTERS = 8


class NumberRow(QWidget):
    """Emits ``value_edited`` for each move of the slider and each number that was typed."""

    value_edited = Signal(object)

    def __init__(self, name: str, title: str, scale: SliderScale, *, integer: bool) -> None:
        super().__init__()
        self._scale, self._integer = scale, integer
        self._value: float = 0.0
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"{name}_slider")
        self.slider.setAccessibleName(title)
        self.slider.setMinimumWidth(24)
        self.slider.setRange(0, len(scale.values) - 1)
        self.slider.setPageStep(max(1, len(scale.values) // 10))
        self.entry = QLineEdit()
        self.entry.setObjectName(f"{name}_entry")
        self.entry.setAccessibleName(f"{title}, typed")
        self.entry.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.error = QLabel()
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._lay_out()
        self.slider.valueChanged.connect(self._on_slid)
        self.entry.editingFinished.connect(self._on_typed)

    @property
    def value(self) -> float:
        """The value shown."""
        return self._value

    def set_scale(self, scale: SliderScale) -> None:
        """Take other slider positions, keeping the value."""
        if scale != self._scale:
            self._scale = scale
            with QSignalBlocker(self.slider):
                self.slider.setRange(0, len(scale.values) - 1)
                self.slider.setValue(scale.position(self._value))

    def show_value(self, value: float) -> None:
        """Show a value; the slider rests at its end where the value is beyond it."""
        self._value = value
        self.error.hide()
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position(value))
        if self.entry.text() != write_number(value) and not self.entry.isModified():
            self.entry.setText(write_number(value))

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

    def fit(self, digit: int) -> None:
        """Make room in the entry for eight digits of this width, in pixels."""
        self.entry.setFixedWidth(_ENTRY_CHARACTERS * digit + 3 * GRID)

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
            value = read_number(self.entry.text(), integer=self._integer)
        except ValueError as error:
            self.error.setText(str(error))
            self.error.show()
            return
        self._propose(value)

    def _propose(self, value: float) -> None:
        self.error.hide()
        self.value_edited.emit(int(value) if self._integer else float(value))
