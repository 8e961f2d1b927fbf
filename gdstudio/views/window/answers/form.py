"""What is below a question: the widgets by which it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.views.window.questions import Questions, Stage
    from gdstudio.worker.session import Session


class AnswerForm(QWidget):
    """The widgets of one kind of cue, in one line or below each other.

    ``said`` is emitted when ``words`` are others: what is wrong with an answer, or what was understood.
    """

    said = Signal()

    kind: ClassVar[str] = ""

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__()
        self.questions, self.session = questions, session
        self.words = ""
        self._turn = 0
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(GRID)

    def show_cue(self, cue: Any, stage: Stage, given: Any) -> None:
        """Show a cue of this kind at a stage, with the answer that was given, None where there is none."""
        if self._turn != self.questions.turn:
            self._turn = self.questions.turn
            self.say("")
            self.begin(cue)
        focused = self.window().focusWidget()
        if not self.questions.is_open and focused is not None and self.isAncestorOf(focused):
            give_keys_back(self)  # before its line is disabled, or the next button would have them
        self.show_stage(cue, stage, given)

    def begin(self, cue: Any) -> None:
        """Forget the answer before: a question is asked, perhaps once more."""

    def show_stage(self, cue: Any, stage: Stage, given: Any) -> None:
        """Show the question at a stage; what is typed and not taken yet stays."""

    def rest(self) -> None:
        """Leave the page: another kind of question is asked, or none."""

    def pick(self, index: int) -> None:
        """Take one of the choices, counted from 0; nothing happens where there are none."""

    def commit(self) -> bool:
        """Take what is typed; return whether it can be taken."""
        return True

    def say(self, words: str) -> None:
        """Say what is wrong, or what was understood, in place of the instruction."""
        if words != self.words:
            self.words = words
            self.said.emit()

    def widths(self) -> list[int]:
        """Return how wide each of the parts wants to be."""
        parts = [item.widget() for i in range(self._line.count()) if (item := self._line.itemAt(i))]
        return [part.sizeHint().width() for part in parts if part is not None and not part.isHidden()]

    def stack(self, *, is_stacked: bool) -> None:
        """Put the parts below each other, or beside each other."""
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.TopToBottom if is_stacked else ways.LeftToRight)
