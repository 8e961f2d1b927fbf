"""The course of a lesson's questions: asked, run, revealed, put aside, done. No widgets here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal, Slot

from gdstudio.core.training.events import FinishReason
from gdstudio.lessons.library import next_lesson
from gdstudio.lessons.quantities import quantities
from gdstudio.lessons.sitting import Sitting

if TYPE_CHECKING:
    from gdstudio.core.concealment import Quantity
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.events import RunInfo, RunResult
    from gdstudio.lessons.cue import Cue
    from gdstudio.lessons.lesson import Lesson
    from gdstudio.worker.session import Session


class Stage(StrEnum):
    """Where a lesson's questions are: rest -> ask -> run -> reveal -> ask …, and after the last one done.

    rest: the lesson as it was opened. look: after the run, where a question is about what was seen. aside:
    the user runs something else than the question.
    """

    REST = "rest"
    ASK = "ask"
    RUN = "run"
    LOOK = "look"
    REVEAL = "reveal"
    ASIDE = "aside"
    DONE = "done"


WITH_QUESTION: Final = (Stage.ASK, Stage.RUN, Stage.LOOK, Stage.REVEAL)
_RUNNING: Final = (Stage.RUN, Stage.LOOK)
_SEEN_IN_THE_RUN: Final[tuple[Quantity, ...]] = ("move", "direction")
"""A move is to come only until the run makes it."""


class Questions(QObject):
    """Asks the cues of a lesson in turn. A question owns the page, from when it is asked until it is left.

    Asking puts the cue's start on screen and hides what the cue says; the reveal shows it again. Whoever
    changes the settings of the run meanwhile leaves the question.

    Attributes
    ----------
    lesson
        Whose questions they are.
    stage, number
        Where they are, and which question it is or, where none is asked, would be next, counted from 0.
    given
        The answer, as the widgets of the cue's kind give it; None where there is none.
    turn
        How many times a question was asked: what was typed for another turn does not count.
    values
        The quantities of the run that was revealed last.
    revealed
        What was revealed, with the verdict on the prediction; empty before.
    sitting
        The answers of all questions that were revealed since the window was opened.
    """

    changed = Signal()
    lesson_wanted = Signal(str)  # the id of the lesson to go on with

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.lesson: Lesson | None = None
        self.stage = Stage.REST
        self.number = 0
        self.given: Any = None
        self.turn = 0
        self.values: dict[str, float] = {}
        self.revealed = ""
        self.sitting = Sitting()
        self._loading = self._has_begun = False
        self._result: RunResult | None = None
        session.player.run_finished.connect(self._on_finished)
        session.player.state_changed.connect(self._on_state)
        session.training.run_started.connect(self._on_started)
        session.run_replaced.connect(self._on_replaced)
        session.experiment_changed.connect(self._on_edited)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The questions."""
        return self.lesson.cue if self.lesson is not None else ()

    @property
    def cue(self) -> Cue | None:
        """The question on screen, None where none is asked."""
        return self.cues[self.number] if self.stage in WITH_QUESTION else None

    @property
    def next_lesson(self) -> str | None:
        """The id of the lesson that follows, where all questions have been asked."""
        done = self.stage is Stage.DONE and self.lesson is not None
        return next_lesson(self.lesson.id) if done and self.lesson is not None else None

    def begin(self, lesson: Lesson) -> None:
        """Take another lesson, whose own experiment the caller puts on screen, or the same one anew."""
        self.lesson, self.number = lesson, 0
        self._go(Stage.REST)

    def ask(self, number: int) -> None:
        """Ask a question, counted from 0: its start comes on screen, and what it hides goes."""
        self.number, self.given, self.revealed = number, None, ""
        self.turn += 1
        self._go(Stage.ASK)
        self._load(self._experiment())

    @Slot()
    def forward(self) -> None:
        """Ask, run without a prediction, go to the next question, or to the next lesson."""
        match self.stage:
            case Stage.REST | Stage.ASIDE if self.cues:
                self.ask(self.number)
            case Stage.ASK:
                self._run()
            case Stage.RUN if not self._session.player.is_playing:
                self._session.player.play()
            case Stage.LOOK:
                self._reveal(self._result)
            case Stage.REVEAL if self.number + 1 < len(self.cues):
                self.ask(self.number + 1)
            case Stage.REVEAL:
                self.restore()
            case Stage.DONE if self.next_lesson is not None:
                self.lesson_wanted.emit(self.next_lesson)

    @Slot()
    def back(self) -> None:
        """Ask this question again, or the one before; before the first one is the lesson itself."""
        if self.stage in {*_RUNNING, Stage.REVEAL}:
            self.ask(self.number)
        elif self.number > 0:
            self.ask(self.number - 1)
        elif self.stage is Stage.ASK:
            self.restore()

    def note(self, given: Any) -> None:
        """Keep an answer, which may become another until it is judged; None takes it back."""
        if self.is_open and given != self.given:
            self.given = given
            self.changed.emit()

    def answer(self, given: Any) -> None:
        """Take an answer and go on: run, or reveal."""
        if self.is_open:
            self.given = given
            self.forward()

    @property
    def is_open(self) -> bool:
        """Whether the question on screen can be answered now."""
        if self.cue is None:
            return False
        return self.stage is (Stage.LOOK if self.cue.comes_after_the_run else Stage.ASK)

    @Slot()
    def restore(self) -> None:
        """Leave the questions and put the lesson's own experiment on screen."""
        if self.lesson is not None:
            self._leave(Stage.REST)
            self._load(self.lesson.experiment)

    @Slot()
    def on_reset(self) -> None:
        """After a reveal, going back to the start is going back to the lesson."""
        if self.stage is Stage.REVEAL:
            self.restore()

    def _go(self, stage: Stage) -> None:
        if stage is Stage.LOOK:
            self._session.time.preview(0)  # so that what was seen must be remembered
        elif self.stage is Stage.LOOK:
            self._session.run.preview.close()
        self.stage = stage
        hidden = self.cue.hides if self.cue is not None and stage is not Stage.REVEAL else ()
        seen = _SEEN_IN_THE_RUN if stage is Stage.RUN else ()
        self._session.concealed.conceal(quantity for quantity in hidden if quantity not in seen)
        self.changed.emit()

    def _leave(self, stage: Stage) -> None:
        """Go where no question is asked; one that was revealed does not come again."""
        self.number += self.stage is Stage.REVEAL
        self._go(Stage.DONE if self.cues and self.number >= len(self.cues) else stage)

    def _run(self) -> None:
        """Run the question, or reveal the one that needs no run."""
        if self.cue is None:
            return
        if self.cue.run:
            self._go(Stage.RUN)
        if self.cue.asked is not None:
            self._load(self._experiment(with_answer=True))
        if self.cue.run:
            self._has_begun = False
            self._session.player.play()
        else:
            self._reveal()

    def _reveal(self, result: RunResult | None = None) -> None:
        self._session.run.preview.close()
        problem, snapshot = self._session.run.problem, self._session.run.snapshot()
        if problem is None or snapshot is None or self.cue is None:
            return
        weights, made = snapshot.latest, (0, 0, snapshot.cost)
        if result is not None:
            weights, made = result.weights, (result.step, result.epoch, result.cost)
        self.values = quantities(problem, weights, *made, snapshot.epoch_table)
        self.revealed = self.cue.verdict(self.given, self.values) + self.cue.revealed(self.values)
        if self.given is not None and self.lesson is not None:
            rows = self.cue.rows(self.given, self.values)
            self.sitting.add(self.lesson.id, self.number, self.cue, rows)
        self._go(Stage.REVEAL)

    def _load(self, experiment: Experiment) -> None:
        self._loading = True
        self._session.load(experiment)
        self._loading = False

    def _experiment(self, *, with_answer: bool = False) -> Experiment:
        """Return the experiment of the question: while it is asked, or from its run on."""
        assert self.cue is not None
        assert self.lesson is not None
        own = self.lesson.experiment
        return self.cue.experiment(own) if with_answer else self.cue.asked_experiment(own)

    @property
    def _is_own(self) -> bool:
        """Whether the run on screen is still that of the question."""
        wanted, shown = self._experiment(with_answer=self.stage is not Stage.ASK), self._session.experiment
        return (wanted.problem, wanted.run) == (shown.problem, shown.run)

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        if self.stage not in _RUNNING or self.cue is None:
            return
        self._result = result
        if result.reason is FinishReason.FAILED:
            self._leave(Stage.ASIDE)
        elif self.cue.comes_after_the_run:
            self._go(Stage.LOOK)
        else:
            self._reveal(result)

    @Slot(object)
    def _on_started(self, info: RunInfo) -> None:
        """Take a run that was begun by Play or Step for that of the question, where it is the same."""
        if info.run_id != self._session.run.number or self.cue is None:
            return
        self._has_begun = True
        if self.stage is not Stage.ASK:
            return
        if self.cue.run and self.cue.asked is None:
            self._go(Stage.RUN)
        elif self.cue.run and self._session.player.is_playing:
            self._run()
        else:
            self._leave(Stage.ASIDE)

    @Slot()
    def _on_state(self) -> None:
        if self.stage is Stage.RUN:
            self.changed.emit()  # paused, or going on

    @Slot()
    def _on_replaced(self) -> None:
        """Ask again where the question's run was reset; leave it where another run was begun."""
        self._on_edited()
        begun_again = self._has_begun and not self._session.player.is_playing
        if self.stage in _RUNNING and not self._loading and begun_again:
            self.ask(self.number)

    @Slot()
    def _on_edited(self) -> None:
        if self.cue is not None and not self._loading and not self._is_own:
            self._leave(Stage.ASIDE)
