"""Type a number before the run; it stays beside the question, and at the reveal that of the run beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.lessons.quantities import quantity_words
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.window.answers.entry import AnswerEntry, beside
from gdstudio.views.window.answers.form import AnswerForm
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.lessons.kinds.number import Number
    from gdstudio.views.window.questions import Questions
    from gdstudio.worker.session import Session


class NumberForm(AnswerForm):
    """A line to type into. Enter takes the number; the run begins when the user goes on."""

    kind: ClassVar[str] = "number"

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__(questions, session)
        self._is_whole = False
        self.name = QLabel()
        self.entry = AnswerEntry("number_answer", "Your number")
        self.entry.entered.connect(self._on_entered)
        self.entry.left.connect(self.commit)
        self.real = QLabel()
        self.real.setObjectName("number_of_the_run")
        self._line.addWidget(beside(self.name, self.entry))
        self._line.addWidget(self.real)

    @override
    def begin(self, cue: Number) -> None:
        self.name.setText(f"{quantity_words(cue.quantity)} =")
        self.entry.put("")
        self._is_whole = cue.is_whole

    @override
    def show_stage(self, cue: Number, stage: Stage, given: float | None) -> None:
        self.entry.setEnabled(stage is Stage.ASK)
        is_revealed = stage is Stage.REVEAL
        self.real.setVisible(is_revealed)
        if is_revealed:
            real = self.questions.values[cue.quantity]
            mark = "" if given is None else "✓ " if cue.is_right(given, real) else "✗ "
            self.real.setText(f"{mark}in the run {format_number(real)}")

    @override
    def commit(self) -> bool:
        if not self.questions.is_open:
            return True
        try:
            number = self.entry.number(integer=self._is_whole)
        except ValueError as error:
            self.say(f"{error}.")
            return False
        self.entry.take()
        self.questions.note(number)
        self.say("" if number is None else f"You expect {format_number(number)}. Go on, or type another.")
        return True

    @Slot()
    def _on_entered(self) -> None:
        if self.commit():
            give_keys_back(self)
