"""The form: a control for each hyperparameter that the lesson puts forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.settings.hypotheses import changes_of
from gdstudio.views.controls.base import set_tab_order
from gdstudio.views.controls.kind_control import KindControl
from gdstudio.views.controls.more import More
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.controls.number_row import NumberRow
from gdstudio.views.controls.plan import Planned, make_control, plan
from gdstudio.views.controls.text_control import TextControl
from gdstudio.views.widgets.spacing import space_out
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdstudio.lessons.lesson import Lesson
    from gdstudio.views.controls.base import Control
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

FIRST = 5
"""How many controls, in the lesson's order, are always in sight; the others are under "More"."""


class ControlForm(QWidget):
    """Proposes edits to the session and shows what the session made of them."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._lesson: Lesson | None = None
        self._planned: tuple[Planned, ...] = ()
        self._controls: dict[str, Control] = {}
        self._problems: tuple[str, ...] = ()
        self._shown: object = None
        self._refused: Control | None = None
        self._fitted: list[NumberRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.more = More()
        self._column.addWidget(self.more)
        session.experiment_changed.connect(self._synchronise)
        session.run_replaced.connect(self._on_replaced)
        session.rejected.connect(self._on_rejected)
        session.concealed.changed.connect(self._synchronise)
        appearance.changed.connect(self._fit)

    @property
    def controls(self) -> dict[str, Control]:
        """The controls by the name of their hyperparameter, in the lesson's order."""
        return dict(self._controls)

    def show_lesson(self, lesson: Lesson) -> None:
        """Make the lesson's controls; they are kept where they are the same as before."""
        self._lesson = lesson
        self._synchronise()

    def notch(self, name: str, direction: int) -> None:
        """Move a number's slider by one notch."""
        control = self._controls.get(name)
        if isinstance(control, NumberControl):
            control.row.notch(direction)

    def _rebuild(self, planned: tuple[Planned, ...]) -> None:
        """Make the controls that are new; one that is as before keeps its focus and what is typed in it."""
        before = dict(zip(self._planned, self._controls.values(), strict=True))
        self._planned, self._controls, self._refused = planned, {}, None
        for place, item in enumerate(planned):
            control = before.pop(item, None) or self._make(item)
            self._controls[item.path.rsplit(".", 1)[-1]] = control
            if place < FIRST:
                self._column.insertWidget(place, control)
            else:
                self.more.take(control, place - FIRST)
        self.more.count(len(planned) - FIRST)
        for control in before.values():
            control.hide()
            control.deleteLater()
        set_tab_order([stop for control in self._controls.values() for stop in control.tab_stops])

    def _make(self, item: Planned) -> Control:
        made = make_control(item, self._session.experiment)
        made.edited.connect(self._on_edited)
        return made

    @Slot(str, object)
    def _on_edited(self, path: str, value: Any) -> None:
        if self._refused is not None:
            self._refused.show_error("")
            self._refused = None
        changes = changes_of(self._session.experiment, path, value)
        if not (self._may_be_text(path, changes) and self._session.edit(changes)):
            self._refused = next((c for c in self._all() if c.parameter.path == path), None)
            if self._refused is not None:
                self._refused.show_error(self._words(path))

    def _may_be_text(self, path: str, changes: dict[str, Any]) -> bool:
        """Whether a text can be taken; why not is said beside it alone, and no banner covers the formula."""
        if not any(isinstance(c, TextControl) and c.parameter.path == path for c in self._all()):
            return True
        try:
            self._session.experiment.edited(changes)
        except InputError as error:
            self._problems = error.problems
            return False
        return True

    @Slot(object)
    def _on_rejected(self, problems: tuple[str, ...]) -> None:
        self._problems = problems

    @Slot()
    def _on_replaced(self) -> None:
        """Show what is new, where the change of the experiment has not been shown already."""
        if self._shown != (self._lesson, self._session.experiment, self._session.run.problem):
            self._synchronise()

    @Slot()
    def _synchronise(self) -> None:
        if self._lesson is None:
            return
        experiment, problem = self._session.experiment, self._session.run.problem
        self._shown = (self._lesson, experiment, problem)
        planned = plan(self._lesson, experiment)
        if planned != self._planned:
            self._rebuild(planned)
        for control in self._controls.values():
            if isinstance(control, NumberControl):
                control.show_limits(experiment, problem, concealed=self._session.concealed.hides("limit"))
            control.show_value(experiment)
        if self.findChildren(NumberRow) != self._fitted:
            self._fit()

    @Slot()
    def _fit(self) -> None:
        digit = QFontMetrics(self._appearance.font(BODY)).horizontalAdvance("0")
        self._fitted = self.findChildren(NumberRow)
        for row in self._fitted:
            row.fit(digit, self._appearance.pixels(3 * GRID))
        space_out(self, self._appearance.scale)

    def _all(self) -> Iterator[Control]:
        for control in self._controls.values():
            yield control
            if isinstance(control, KindControl):
                yield from control.rows

    def _words(self, path: str) -> str:
        """Return what the session said of an edit, each path in it as the title of its control."""
        titles = {p.path: f"{p.title}: " for p in hyperparameters(self._session.experiment)}
        titles[path] = ""
        lines = []
        for problem in self._problems:
            where, colon, what = problem.partition(": ")
            lines.append(titles.get(where, "") + what if colon else problem)
        return "\n".join(lines)
