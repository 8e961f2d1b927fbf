"""Draw the curve of the cost before the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.views.window.answers.form import AnswerForm
from gdstudio.views.window.questions import Stage

if TYPE_CHECKING:
    from gdstudio.lessons.kinds.sketch import Sketch
    from gdstudio.views.window.questions import Questions
    from gdstudio.worker.session import Session
    from gdstudio.worker.sketch import Points

_DRAWN = "Draw on, draw anew from the left, or run."
_WENT_BACK = "The steps go from left to right: what you drew backwards is left out. " + _DRAWN


class SketchForm(AnswerForm):
    """Takes the line that is drawn in the picture of the cost; a button takes it away."""

    kind: ClassVar[str] = "sketch"

    def __init__(self, questions: Questions, session: Session) -> None:
        super().__init__(questions, session)
        self._sketch = session.sketch
        self._sketch.changed.connect(self._on_drawn)
        self.drawn = QLabel()
        self.erase = TabFocusButton("Erase")
        self.erase.setObjectName("erase_sketch")
        self.erase.clicked.connect(self._sketch.clear)
        self._line.addWidget(self.drawn)
        self._line.addWidget(self.erase)

    @override
    def begin(self, cue: Sketch) -> None:
        self._sketch.lay_out(cue.costs)

    @override
    def show_stage(self, cue: Sketch, stage: Stage, given: Points | None) -> None:
        is_open, is_revealed = stage is Stage.ASK, stage is Stage.REVEAL
        self._sketch.want(is_wanted=is_open)
        self.erase.setVisible(is_open and bool(given))
        self.drawn.setVisible(bool(given))
        if given:
            mark = ""
            if is_revealed:
                mark = "✓ " if cue.is_right(given[-1][1], self.questions.values["cost"]) else "✗ "
            self.drawn.setText(f"{mark}your line, to J = {format_number(given[-1][1], 3)}")

    @override
    def rest(self) -> None:
        self._sketch.lay_out(None)

    @Slot()
    def _on_drawn(self) -> None:
        if self._sketch.is_wanted and self.questions.is_open:
            points = self._sketch.points
            self.questions.note(points or None)
            self.say("" if not points else _WENT_BACK if self._sketch.went_back else _DRAWN)
