"""Predict, run, reveal: the question that owns the page, above the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout
from typing_extensions import override

from gdstudio.views.widgets.spacing import space_out
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window import cue_words
from gdstudio.views.window.answers import ANSWER_FORMS
from gdstudio.views.window.questions import WITH_QUESTION, Questions, Stage

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.cue import Cue
    from gdstudio.lessons.lesson import Lesson
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.views.window.answers.form import AnswerForm
    from gdstudio.worker.session import Session


class CueStrip(QFrame):
    """Shows the questions of a lesson: prompt and answers, and below them what to do or what was revealed.

    How a question is answered is the matter of its kind's `AnswerForm`.

    ``forward`` (PageDown) goes from the question to the run to the next question, with or without a
    prediction; ``back`` (PageUp) to the question before. At the reveal the prompt and the answers stay, and
    the right answer and the one that was chosen are marked.
    """

    save_wanted = Signal(object)  # the sitting whose answers are to be saved

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self.questions = Questions(session, self)
        self.setObjectName("cue")
        self.setProperty("card", True)
        self.setAccessibleName("Question")
        self.text = _line()
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.said = _line()
        self.said.setObjectName("reveal")
        self.form: AnswerForm | None = None
        """The widgets of the question on screen; None where none is asked."""
        self._forms: dict[str, AnswerForm] = {}
        self.next = QPushButton()
        self.next.setObjectName("next_cue")
        self.next.clicked.connect(self.forward)
        self.restore = QPushButton("Restore lesson")
        self.restore.setObjectName("restore_lesson")
        self._keep_room_for_restore(is_kept=True)
        self.restore.setProperty("chip", True)
        self.restore.setAccessibleName("Restore lesson")
        self.restore.setToolTip("Leave the questions and bring back the lesson's own settings")
        self.restore.clicked.connect(self.questions.restore)
        self.save = QPushButton("Save answers")
        self.save.setObjectName("save_answers")
        self.save.setProperty("chip", True)
        self.save.setAccessibleName("Save answers")
        self.save.setToolTip("Write all answers since the window was opened to a file (Ctrl+Shift+S)")
        self.save.clicked.connect(self.ask_to_save)
        self._lay_out()
        self.questions.changed.connect(self._show)
        session.experiment_changed.connect(self._show_restore)

    @property
    def cue(self) -> Cue | None:
        """The question on screen, None where none is asked."""
        return self.questions.cue

    @Slot()
    def forward(self) -> None:
        """Ask, run with what is typed or without a prediction, or go on to the next question or lesson."""
        if self.form is None or self.form.commit():
            self.questions.forward()

    @Slot()
    def back(self) -> None:
        """Ask this question again, or the one before."""
        self.questions.back()

    @Slot()
    def ask_to_save(self) -> None:
        """Let the answers of the sitting be written to a file."""
        self.save_wanted.emit(self.questions.sitting)

    def predict(self, index: int) -> None:
        """Take one of the choices, counted from 0; where the kind has none, nothing happens."""
        if self.form is not None:
            self.form.pick(index)

    def show_lesson(self, lesson: Lesson) -> None:
        """Take a lesson as it is opened, before its first question; hide where it has none."""
        self.setVisible(bool(lesson.cue))
        self.questions.begin(lesson)

    def _lay_out(self) -> None:
        question = QHBoxLayout()
        question.setSpacing(GRID)
        question.addWidget(self.count)
        question.addWidget(self.text, 1)
        self._answers = QHBoxLayout()
        self._answers_row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answers_row.setSpacing(GRID)
        self._answers_row.addLayout(self._answers)
        self._answers_row.addStretch(1)
        self._answers_row.addWidget(self.save, 0, Qt.AlignmentFlag.AlignTop)
        self._answers_row.addWidget(self.next, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(GRID)
        self._line.addLayout(question, 1)
        self._line.addLayout(self._answers_row)
        self._line_below = QHBoxLayout()
        self._line_below.setSpacing(GRID)
        self._line_below.addWidget(self.said, 1)
        self._line_below.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignTop)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(self._line)
        column.addLayout(self._line_below)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()  # the answers, or the size of the text, may be others now
        return done

    def _fit(self) -> None:
        """Put the answers below the question, and below each other, where there is no room beside it."""
        gap, inside = self._line.spacing(), self._column.contentsMargins()
        answers = [width + gap for width in self.form.widths()] if self.form is not None else []
        buttons = [self.save, self.next, *((self.restore,) if self.form is None else ())]
        last = sum(button.sizeHint().width() + gap for button in buttons if not button.isHidden())
        needed, room = sum(answers) + last, self.width() - inside.left() - inside.right()
        for layout, fits in (
            (self._line, 2 * needed <= self.width()),
            (self._answers_row, max(answers, default=0) + last <= room),
        ):
            ways = QBoxLayout.Direction
            layout.setDirection(ways.LeftToRight if fits else ways.TopToBottom)
        if self.form is not None:
            self.form.stack(is_stacked=needed > room)
        beside = self.restore.sizeHint().width() + self.next.sizeHint().width() + 2 * gap
        prompt = self.text.fontMetrics().horizontalAdvance(self.text.text())
        self._keep_room_for_restore(is_kept=self.form is not None or prompt + beside <= room)

    def _keep_room_for_restore(self, *, is_kept: bool) -> None:
        """Let an edit lay nothing out anew, except where the text has more need of the room."""
        policy = self.restore.sizePolicy()
        if policy.retainSizeWhenHidden() is not is_kept:
            policy.setRetainSizeWhenHidden(is_kept)
            self.restore.setSizePolicy(policy)

    @Slot()
    def _show(self) -> None:
        """Write what belongs to the stage."""
        cue, total = self.cue, len(self.questions.cues)
        self.count.setVisible(cue is not None)
        self.count.setText(f"{self.questions.number + 1}/{total}")
        self._show_form(cue)
        self.text.setText(cue_words.question(self.questions))
        self._show_below()
        self.said.setVisible(cue is not None)
        self.save.setVisible(cue is None and bool(self.questions.sitting.answers))
        self._place_restore(below=cue is not None)
        self._show_next()
        self._show_restore()
        self._fit()

    def _show_form(self, cue: Cue | None) -> None:
        """Show the widgets of the cue's kind, made at the first use, and no others."""
        wanted = self._form_of(cue.kind) if cue is not None else None
        if self.form is not None and self.form is not wanted:
            self.form.hide()
            self.form.rest()
        self.form = wanted
        if wanted is not None and cue is not None:
            wanted.show_cue(cue, self.questions.stage, self.questions.given)
            wanted.setVisible(bool(wanted.widths()))

    def _form_of(self, kind: str) -> AnswerForm:
        if kind not in self._forms:
            self._forms[kind] = form = ANSWER_FORMS[kind](self.questions, self._session)
            form.said.connect(self._show_below)
            form.hide()
            self._answers.addWidget(form, 0, Qt.AlignmentFlag.AlignTop)  # in a line with what is beside it
            space_out(form, self._appearance.scale)
        return self._forms[kind]

    @Slot()
    def _show_below(self) -> None:
        self.said.setText(cue_words.below(self.questions, self.form.words if self.form is not None else ""))

    def _show_next(self) -> None:
        stage = self.questions.stage
        playing = stage is Stage.RUN and self._session.player.is_playing
        words = cue_words.onward(self.questions, is_playing=playing)
        self.next.setVisible(bool(words))
        self.next.setText(words)
        self.next.setAccessibleName(f"{words} (question)")
        self.next.setToolTip(f"{words} (PageDown)")
        self.next.setProperty("stage", stage.value)
        self.next.setEnabled(not playing)

    def _place_restore(self, *, below: bool) -> None:
        """Keep the button in the line of the question where nothing stands below it.

        It comes and goes with the settings, and the pictures keep their size.
        """
        if (self._line_below.indexOf(self.restore) >= 0) == below:
            return
        (self._answers_row if below else self._line_below).removeWidget(self.restore)
        if below:
            self._line_below.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._answers_row.insertWidget(3, self.restore)

    @Slot()
    def _show_restore(self) -> None:
        """Offer the way back where the settings are not the lesson's own, or a question is asked."""
        lesson, shown = self.questions.lesson, self._session.experiment
        if lesson is not None:
            own = _restored(lesson.experiment) == _restored(shown)
            self.restore.setVisible(not own or self.questions.stage in WITH_QUESTION)


def _line() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    return label


def _restored(experiment: Experiment) -> tuple[object, ...]:
    """Return what the way back to the lesson would change, for the eye."""
    return experiment.problem, experiment.run, experiment.view.panels


class ChoiceKey(QObject):
    """Lets a key pick one of the answers."""

    def __init__(self, strip: CueStrip, index: int) -> None:
        super().__init__(strip)
        self._strip, self._index = strip, index

    @Slot()
    def pick(self) -> None:
        """Predict this answer."""
        self._strip.predict(self._index)
