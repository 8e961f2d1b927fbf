"""One of the answers to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton

if TYPE_CHECKING:
    from gdstudio.lessons.choices import ChoiceQuestion
    from gdstudio.views.window.questions import Questions


class ChoiceButton(QPushButton):
    """Is taken by a click, or by Alt and its number; shows afterwards whether it was, and is right."""

    def __init__(self, index: int, questions: Questions) -> None:
        super().__init__()
        self._index, self._questions = index, questions
        self.setObjectName(f"choice_{index + 1}")
        self.setAccessibleName(f"Answer {index + 1}")
        self.setToolTip(f"Alt+{index + 1}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(1)  # the strip puts the answers below each other where they have no room
        self.clicked.connect(self._on_clicked)

    def show_answer(
        self, cue: ChoiceQuestion, given: int | None, *, is_open: bool, is_revealed: bool, done: str
    ) -> None:
        """Show the answer; once it is given whether it was chosen and, when revealed, whether it is right.

        ``is_open`` tells whether it can be taken; ``done`` says of the one that was: ``predicted``.
        """
        is_chosen, is_right = given == self._index + 1, cue.answer == self._index + 1
        words = cue.choices[self._index]
        mark, meaning = "", ""
        if is_revealed and is_right:
            mark, meaning = "right", "✓ "
        elif is_chosen:
            mark, meaning = ("wrong", "✗ ") if is_revealed else ("chosen", "")
        after = f" ({done})" if is_chosen else ""
        self.setText(f"{meaning}{words}{after}")
        self.setAccessibleName(f"{words}{', right' if mark == 'right' else ''}{after}")
        self.setEnabled(is_open)
        if self.property("mark") != mark:
            self.setProperty("mark", mark)
            self.style().unpolish(self)
            self.style().polish(self)

    @Slot()
    def _on_clicked(self) -> None:
        self._questions.answer(self._index + 1)
