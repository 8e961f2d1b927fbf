"""Predict, run, reveal: the cue of a lesson, one line above the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton
from typing_extensions import override

from gdstudio.core.training.events import FinishReason
from gdstudio.lessons.cue import MAX_CHOICES, quantities
from gdstudio.views.widgets.flow_layout import FlowLayout
from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.events import RunResult
    from gdstudio.lessons.cue import Cue
    from gdstudio.lessons.lesson import Lesson
    from gdstudio.worker.session import Session


class CueStrip(QFrame):
    """Goes through the cues of a lesson; predictions are kept until the window is closed.

    ``forward`` (PageDown) goes from the question to the run to the next question, with or without a
    prediction; ``back`` (PageUp) to the question before.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._lesson: Lesson | None = None
        self._number = 0
        self._answers: dict[tuple[str, int], int] = {}
        self._running = False
        self._loading = False
        self.setObjectName("cue")
        self.setProperty("card", True)
        self.setAccessibleName("Question")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.choices = [_Choice(i, self) for i in range(MAX_CHOICES)]
        self.next = QPushButton()
        self.next.setObjectName("next_cue")
        self.next.clicked.connect(self.forward)
        self._lay_out()
        session.player.run_finished.connect(self._on_finished)
        session.run_replaced.connect(self._on_replaced)

    @property
    def cue(self) -> Cue | None:
        """The cue on screen."""
        cues = self._lesson.cue if self._lesson is not None else ()
        return cues[self._number] if cues else None

    def show_lesson(self, lesson: Lesson) -> None:
        """Begin with a lesson's first cue; hide where it has none."""
        self._lesson, self._number = lesson, 0
        self.setVisible(bool(lesson.cue))
        self._ask()

    @Slot()
    def forward(self) -> None:
        """Run the cue that is asked; go to the next one where it has been revealed."""
        if self.cue is None:
            return
        if self.next.property("stage") == "reveal":
            assert self._lesson is not None
            self._number = (self._number + 1) % len(self._lesson.cue)
            self._ask()
        elif not self._running:
            self._run(self.cue)

    @Slot()
    def back(self) -> None:
        """Go to the question before, or back to this one where it is running or revealed."""
        if self.cue is not None:
            if self.next.property("stage") == "ask":
                self._number = max(0, self._number - 1)
            self._ask()

    def predict(self, index: int) -> None:
        """Take a prediction and run the cue."""
        cue = self.cue
        if cue is None or self._lesson is None or index >= len(cue.choices) or self._running:
            return
        self._answers[self._lesson.id, self._number] = index + 1
        self._run(cue)

    def _lay_out(self) -> None:
        question = QHBoxLayout()
        question.setSpacing(GRID)
        question.addWidget(self.count)
        question.addWidget(self.text, 1)
        self._answers_row = FlowLayout(aligned=Qt.AlignmentFlag.AlignRight)
        self._answers_row.setSpacing(GRID)
        for choice in self.choices:
            self._answers_row.addWidget(choice)
        self._answers_row.addWidget(self.next)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        self._line.setSpacing(GRID)
        self._line.addLayout(question, 1)
        self._line.addLayout(self._answers_row)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put the answers below the question where they would leave it less than half of the line."""
        self._answers_row.invalidate()  # which of the answers are there may just have changed
        beside = 2 * self._answers_row.sizeHint().width() <= self.width()
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _ask(self) -> None:
        """Show the question; the picture stays where it is until the cue runs."""
        cue = self.cue
        self._running = False
        if cue is None or self._lesson is None:
            return
        self._show(cue.prompt, "ask", "Skip")
        given = self._answers.get((self._lesson.id, self._number))
        for i, choice in enumerate(self.choices):
            choice.setVisible(i < len(cue.choices))
            if i < len(cue.choices):
                choice.offer(cue.choices[i], chosen=given == i + 1)
        self._fit()

    def _run(self, cue: Cue) -> None:
        assert self._lesson is not None
        self._loading = True
        self._session.load(cue.experiment(self._lesson.experiment))
        self._loading = False
        for choice in self.choices:
            choice.hide()
        if cue.run:
            self._running = True
            self._show(cue.prompt, "run", "Running …")
            self._session.player.play()
        else:
            self._reveal(cue)

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        cue = self.cue
        if self._running and cue is not None and result.reason is not FinishReason.FAILED:
            self._running = False
            self._reveal(cue, result)

    @Slot()
    def _on_replaced(self) -> None:
        """Ask again where something else than the cue has begun a new run."""
        if self._running and not self._loading and not self._session.player.is_playing:
            self._ask()

    def _reveal(self, cue: Cue, result: RunResult | None = None) -> None:
        problem, snapshot = self._session.run.problem, self._session.run.snapshot()
        if problem is None or snapshot is None or self._lesson is None:
            return
        table = snapshot.epoch_table
        if result is None:
            values = quantities(problem, snapshot.latest, 0, 0, snapshot.cost, table)
        else:
            cost, step, epoch = result.cost, result.step, result.epoch
            values = quantities(problem, result.weights, step, epoch, cost, table)
        given = self._answers.get((self._lesson.id, self._number))
        verdict = {None: "", cue.answer: "As you predicted. "}.get(given, "Not as you predicted. ")
        self._show(verdict + cue.revealed(values), "reveal", "Next")

    def _show(self, text: str, stage: str, button: str) -> None:
        assert self._lesson is not None
        self.text.setText(text)
        self.count.setText(f"{self._number + 1}/{len(self._lesson.cue)}")
        self.next.setText(button)
        self.next.setAccessibleName(f"{button} (question)")
        self.next.setToolTip(f"{button} (PageDown)")
        self.next.setProperty("stage", stage)
        self.next.setEnabled(stage != "run")
        self._fit()


class _Choice(QPushButton):
    """One of the answers."""

    def __init__(self, index: int, strip: CueStrip) -> None:
        super().__init__()
        self._index, self._strip = index, strip
        self.setObjectName(f"choice_{index + 1}")
        self.setAccessibleName(f"Answer {index + 1}")
        self.clicked.connect(self._on_clicked)

    def offer(self, words: str, *, chosen: bool) -> None:
        """Show an answer."""
        self.setText(f"{words} ✓" if chosen else words)
        self.setAccessibleName(words)
        self.setToolTip(f"Alt+{self._index + 1}")

    @Slot()
    def _on_clicked(self) -> None:
        self._strip.predict(self._index)


class ChoiceKey(QObject):
    """Lets a key pick one of the answers."""

    def __init__(self, strip: CueStrip, index: int) -> None:
        super().__init__(strip)
        self._strip, self._index = strip, index

    @Slot()
    def pick(self) -> None:
        """Predict this answer."""
        self._strip.predict(self._index)
