"""A text, such as the formula of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.views.controls.base import Control, tooltip, value_at
from gdstudio.views.controls.line_entry import LineEntry
from gdstudio.views.widgets.focus import give_keys_back

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment

_LONGEST = 10_000
"""A longer text is cut where it is pasted; what is shorter, but too long, is refused in words."""


class TextControl(Control):
    """A line that proposes its text when Enter is pressed or it is left.

    One that is refused stays there, beside the sentence that says why, until it is mended; the old one stays
    in force, and Esc puts it back.
    """

    def __init__(self, parameter: Hyperparameter) -> None:
        super().__init__(parameter)
        self._value = ""
        self._is_proposing = False
        self._is_refused = False
        self.entry = _Entry(self)
        self.entry.setObjectName(f"{parameter.name}_entry")
        self.entry.setAccessibleName(f"{parameter.label}, typed")
        self.entry.setMaxLength(_LONGEST)
        self.entry.setMinimumWidth(24)
        self.entry.editingFinished.connect(self._on_typed)
        self.entry.entered.connect(self._on_entered)
        self.entry.escaped.connect(self._on_escaped)
        self.column.addWidget(self.entry)

    @property
    @override
    def tab_stops(self) -> list[QWidget]:
        return [self.entry]

    @override
    def show_error(self, words: str) -> None:
        super().show_error(words)
        self._is_refused = bool(words)
        if not words and not self.entry.isModified():
            self.write()

    @override
    def show_value(self, experiment: Experiment) -> None:
        value = str(value_at(experiment, self.parameter.path))
        is_other, self._value = value != self._value, value
        if is_other:
            self.show_error("")
        if is_other or not (self._is_proposing or self._is_refused or self.entry.isModified()):
            self.write()

    def write(self) -> None:
        """Write the text in force."""
        if self.entry.text() != self._value or self.entry.isModified():
            self.entry.setText(self._value)
            self.entry.setCursorPosition(0)
        self.entry.setToolTip(f"{self._value}\n{tooltip(self.parameter)}")

    @Slot()
    def _on_typed(self) -> None:
        if not self.entry.isModified():
            return
        self.entry.setModified(False)
        self._is_proposing = True
        try:
            self.propose(self.entry.text())
        finally:
            self._is_proposing = False

    @Slot()
    def _on_entered(self) -> None:
        """Give the keys back, unless there is something to mend."""
        if not self._is_refused:
            give_keys_back(self)

    @Slot()
    def _on_escaped(self) -> None:
        self.show_error("")
        give_keys_back(self)


class _Entry(LineEntry):
    def __init__(self, control: TextControl) -> None:
        super().__init__()
        self._control = control

    @override
    def put_back(self) -> None:
        self._control.write()
