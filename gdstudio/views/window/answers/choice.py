"""Choose one of the answers before the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.lessons.choices import MAX_CHOICES
from gdstudio.views.window.answers.choice_button import ChoiceButton
from gdstudio.views.window.answers.form import AnswerForm
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.lessons.choices import ChoiceQuestion
    from gdstudio.views.window.questions import Questions
    from gdstudio.worker.session import Session


class ChoiceForm(AnswerForm):
    """A button for each answer; the run begins as one is taken."""

    kind: ClassVar[str] = "choice"
    done: ClassVar[str] = "predicted"
    """What is said of the answer that was taken."""
    answered_at: ClassVar[Stage] = Stage.ASK

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__(questions, session)
        self.buttons = [ChoiceButton(i, questions) for i in range(MAX_CHOICES)]
        for button in self.buttons:
            self._line.addWidget(button)

    @override
    def show_stage(self, cue: ChoiceQuestion, stage: Stage, given: int | None) -> None:
        is_seen = not cue.comes_after_the_run or stage in (Stage.LOOK, Stage.REVEAL)
        for i, button in enumerate(self.buttons):
            is_there = i < len(cue.choices)
            button.setVisible(is_there and is_seen)
            if is_there:
                is_open, is_revealed = stage is self.answered_at, stage is Stage.REVEAL
                button.show_answer(cue, given, is_open=is_open, is_revealed=is_revealed, done=self.done)

    @override
    def pick(self, index: int) -> None:
        button = self.buttons[index]
        if button.isEnabled() and not button.isHidden():
            button.click()
