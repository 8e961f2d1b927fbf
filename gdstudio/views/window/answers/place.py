"""Mark in a picture of the cost, or type, where the run will end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.symbols import symbol
from gdstudio.lessons.kinds.place import place_words
from gdstudio.views.widgets.focus import give_keys_back
from gdstudio.views.window.answers.entry import AnswerEntry, beside
from gdstudio.views.window.answers.form import AnswerForm
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.lessons.kinds.place import Place
    from gdstudio.views.window.questions import Questions
    from gdstudio.worker.session import Session

_MOST_WEIGHTS = 2


class PlaceForm(AnswerForm):
    """A line for each weight; a click in a picture writes into them, and what is typed moves the mark."""

    kind: ClassVar[str] = "place"

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__(questions, session)
        self._guess = session.guess
        self._guess.changed.connect(self._on_marked)
        self._names: tuple[str, ...] = ()
        self.labels = [QLabel() for _ in range(_MOST_WEIGHTS)]
        self.entries = [AnswerEntry(f"place_{i + 1}", "Expected weight") for i in range(_MOST_WEIGHTS)]
        self._pairs = [beside(*pair) for pair in zip(self.labels, self.entries, strict=True)]
        for entry, pair in zip(self.entries, self._pairs, strict=True):
            entry.entered.connect(self._on_entered)
            entry.left.connect(self._on_left)
            self._line.addWidget(pair)
        self.real = QLabel()
        self.real.setObjectName("end_of_the_run")
        self._line.addWidget(self.real)

    @override
    def begin(self, cue: Place) -> None:
        assert self.questions.lesson is not None
        self._names = cue.experiment(self.questions.lesson.experiment).problem.weight_names
        self._guess.mark(None)
        for i, (label, entry) in enumerate(zip(self.labels, self.entries, strict=True)):
            is_there = i < len(self._names)
            self._pairs[i].setVisible(is_there)
            entry.put("")
            if is_there:
                label.setText(f"{symbol(self._names[i])} =")
                entry.setAccessibleName(f"Expected weight {symbol(self._names[i])}")

    @override
    def show_stage(self, cue: Place, stage: Stage, given: dict[str, float] | None) -> None:
        self._guess.want(is_wanted=stage is Stage.ASK)
        for entry in self.entries:
            entry.setEnabled(stage is Stage.ASK)
        self.real.setVisible(stage is Stage.REVEAL)
        if stage is Stage.REVEAL:
            values = self.questions.values
            mark = ""
            if given is not None:
                mark = "✓ " if cue.distance(given, values) <= cue.within else "✗ "
            end = place_words({name: values[name] for name in self._names})
            self.real.setText(f"{mark}in the run {end}")

    @override
    def rest(self) -> None:
        self._guess.want(is_wanted=False)
        self._guess.mark(None)

    @override
    def commit(self) -> bool:
        if not self.questions.is_open:
            return True
        try:
            weights = [entry.number() for entry in self._shown]
        except ValueError as error:
            self.say(f"{error}.")
            return False
        typed = tuple(weight for weight in weights if weight is not None)
        if len(typed) not in {0, len(weights)}:
            self.say(f"Type both weights, {' and '.join(map(symbol, self._names))}, or click in the picture.")
            return False
        for entry in self._shown:
            entry.take()
        self._take(typed or None)
        return True

    @property
    def _shown(self) -> list[AnswerEntry]:
        return self.entries[: len(self._names)]

    def _take(self, weights: tuple[float, ...] | None) -> None:
        self._guess.mark(weights)
        given = None if weights is None else dict(zip(self._names, weights, strict=True))
        self.questions.note(given)
        self.say(f"You expect {place_words(given)}. Run, or click again to move it." if given else "")

    @Slot()
    def _on_marked(self) -> None:
        """Write what was clicked."""
        weights = self._guess.weights
        if not self._guess.is_wanted or weights is None or len(weights) != len(self._names):
            return
        if weights != tuple((self.questions.given or {}).values()):
            for entry, weight in zip(self._shown, weights, strict=True):
                entry.put_number(weight)
            self._take(weights)

    @Slot()
    def _on_left(self) -> None:
        """Take a place that is typed in full; the other weight may still come."""
        if all(entry.text().strip() for entry in self._shown):
            self.commit()

    @Slot()
    def _on_entered(self) -> None:
        empty = [entry for entry in self._shown if not entry.text().strip()]
        if empty and len(empty) < len(self._shown):
            empty[0].setFocus()
        elif self.commit():
            give_keys_back(self)
