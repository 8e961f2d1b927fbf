"""Type the hands that go up for each answer; discuss, and count again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget
from typing_extensions import override

from gdstudio.core.numbers import counted, format_count
from gdstudio.lessons.choices import MAX_CHOICES
from gdstudio.lessons.kinds.tally import MOST_HANDS
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.answers.bars import Bars
from gdstudio.views.window.answers.entry import AnswerEntry
from gdstudio.views.window.answers.form import AnswerForm
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.lessons.kinds.tally import Tally
    from gdstudio.views.window.questions import Questions
    from gdstudio.worker.session import Session

Counts: TypeAlias = tuple[int, ...]


class TallyForm(AnswerForm):
    """A line and bars for each answer. Alt and an answer's number adds one hand to it."""

    kind: ClassVar[str] = "tally"

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__(questions, session)
        self.parts = [_Part(i) for i in range(MAX_CHOICES)]
        for part in self.parts:
            part.entry.entered.connect(self._on_entered)
            part.entry.left.connect(self.commit)
            self._line.addWidget(part)
        self.again = TabFocusButton("Count again")
        self.again.setObjectName("count_again")
        self.again.setToolTip("Keep this count and type another, after a discussion")
        self.again.clicked.connect(self._on_again)
        self._line.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._first: Counts | None = None
        self._count = 0

    @override
    def begin(self, cue: Tally) -> None:
        self._first, self._count = None, len(cue.choices)
        for part in self.parts:
            part.entry.put("")

    @override
    def show_stage(self, cue: Tally, stage: Stage, given: tuple[Counts, ...] | None) -> None:
        is_open, is_revealed = stage is Stage.ASK, stage is Stage.REVEAL
        for i, part in enumerate(self.parts):
            part.setVisible(i < self._count)
            if i < self._count:
                mark = "✓ " if is_revealed and i + 1 == cue.answer else ""
                part.show_answer(mark + cue.choices[i], i, given or (), self._first)
                part.entry.setEnabled(is_open)
        self.again.setVisible(is_open and self._first is None and bool(given))

    @override
    def pick(self, index: int) -> None:
        """Add a hand to an answer."""
        if self.questions.is_open and index < self._count and self.commit():
            entry = self.parts[index].entry
            entry.setText(str(int(entry.number(integer=True) or 0) + 1))
            self.commit()

    @override
    def commit(self) -> bool:
        if not self.questions.is_open:
            return True
        try:
            counts = tuple(part.hands() for part in self.parts[: self._count])
        except ValueError as error:
            self.say(f"{error}.")
            return False
        for part in self.parts:
            part.entry.take()
        rounds = tuple(one for one in (self._first, counts) if one is not None and any(one))
        self.questions.note(rounds or None)
        self.say(self._understood(counts))
        return True

    def _understood(self, counts: Counts) -> str:
        if not any(counts):
            return "" if self._first is None else "Discuss, and count the hands again; or go on."
        if self._first is None:
            return f"{counted(sum(counts), 'hand')}. Discuss and count again, or go on."
        return f"At first {counted(sum(self._first), 'hand')}, now {format_count(sum(counts))}. Go on to see."

    @Slot()
    def _on_again(self) -> None:
        if self.commit() and self.questions.given:
            [self._first] = self.questions.given
            for part in self.parts:
                part.entry.put("")
            self.questions.changed.emit()
            self.say(self._understood(()))
            self.parts[0].entry.setFocus()

    @Slot()
    def _on_entered(self) -> None:
        """Go to the next line that is empty; give the keys back after the last one."""
        shown = self.parts[: self._count]
        here = next((i for i, part in enumerate(shown) if part.entry.hasFocus()), self._count)
        if not self.commit():
            return
        following = [part.entry for part in shown[here + 1 :] if not part.entry.text().strip()]
        following[0].setFocus() if following else give_keys_back(self)


class _Part(QWidget):
    """One answer: its words, what was counted before, the line for the hands, and the bars."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.words, self.before, self.bars = QLabel(), QLabel(), Bars()
        self.before.setProperty("role", "muted")
        self.entry = AnswerEntry(f"hands_{index + 1}", f"Hands for answer {index + 1}")
        self.entry.setToolTip(f"Alt+{index + 1} adds one hand")
        self.entry.characters = 5
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        for column, part in enumerate((self.words, self.before, self.entry)):
            grid.addWidget(part, 0, column)
        grid.addWidget(self.bars, 1, 0, 1, 3)

    def hands(self) -> int:
        """Return how many hands are typed; 0 where nothing is.

        Raises
        ------
        ValueError
            Where it is no count, with a sentence that says what would be one.
        """
        hands = int(self.entry.number(integer=True) or 0)
        if not 0 <= hands <= MOST_HANDS:
            raise ValueError(
                f"“{self.entry.text().strip()}” cannot be a count of hands; "
                f"give a whole number from 0 to {format_count(MOST_HANDS)}"
            )
        return hands

    def show_answer(self, words: str, index: int, rounds: tuple[Counts, ...], first: Counts | None) -> None:
        """Show the words, the first count once there is another, and the share of each."""
        self.words.setText(words)
        self.before.setText(f"{format_count(first[index])} →" if first is not None else "")
        self.before.setVisible(first is not None)
        self.entry.setAccessibleName(f"Hands for: {words}")
        self.bars.show_shares(tuple(counts[index] / sum(counts) for counts in rounds))
