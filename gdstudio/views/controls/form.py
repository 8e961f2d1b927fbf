"""The form: a control for each hyperparameter that the lesson puts forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.lessons.lesson import control_path
from gdstudio.views.controls.choice_control import ChoiceControl, SwitchControl
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.controls.number_row import NumberRow
from gdstudio.views.controls.numbers_control import NumbersControl
from gdstudio.views.controls.optimizer_control import OptimizerControl
from gdstudio.views.theme import BODY, GRID

if TYPE_CHECKING:
    from gdstudio.core.experiment import Experiment
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.lessons.lesson import ControlSpec, Lesson
    from gdstudio.views.controls.base import Control
    from gdstudio.views.theme import Appearance
    from gdstudio.worker.session import Session


class ControlForm(QWidget):
    """Proposes edits to the session and shows what the session made of them."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._controls: dict[str, Control | OptimizerControl] = {}
        self._made_of: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        session.experiment_changed.connect(self._synchronise)
        session.run_replaced.connect(self._synchronise)
        appearance.changed.connect(self._fit)

    @property
    def controls(self) -> dict[str, Control | OptimizerControl]:
        """The controls by the name of their hyperparameter, in the lesson's order."""
        return dict(self._controls)

    def show_lesson(self, lesson: Lesson) -> None:
        """Make the lesson's controls; they are kept where they are the same as before."""
        experiment = self._session.experiment
        made_of = (lesson.control, experiment.problem.weight_names)
        if made_of != self._made_of:
            self._made_of = made_of
            self._rebuild(lesson, experiment)
        self._synchronise()
        self._fit()

    def notch(self, name: str, direction: int) -> None:
        """Move a number's slider by one notch."""
        control = self._controls.get(name)
        if isinstance(control, NumberControl):
            control.row.notch(direction)

    def _rebuild(self, lesson: Lesson, experiment: Experiment) -> None:
        for control in self._controls.values():
            self._column.removeWidget(control)
            control.deleteLater()
        self._controls = {}
        declared = {p.path: p for p in hyperparameters(experiment)}
        for spec in lesson.control:
            path = control_path(experiment, spec.name)
            if path == "run.optimizer":
                made: Control | OptimizerControl | None = OptimizerControl()
            else:
                made = _control(declared[path], spec, experiment) if path in declared else None
            if made is not None:
                made.edited.connect(self._on_edited)
                self._controls[path.rsplit(".", 1)[-1]] = made
                self._column.addWidget(made)

    @Slot(str, object)
    def _on_edited(self, path: str, value: Any) -> None:
        self._session.edit({path: value})

    @Slot()
    def _synchronise(self) -> None:
        experiment, problem = self._session.experiment, self._session.problem
        for control in self._controls.values():
            control.show_value(experiment)
            if isinstance(control, NumberControl):
                control.show_limits(experiment, problem)

    @Slot()
    def _fit(self) -> None:
        digit = QFontMetrics(self._appearance.font(BODY)).horizontalAdvance("0")
        for row in self.findChildren(NumberRow):
            row.fit(digit)


def _control(parameter: Hyperparameter, spec: ControlSpec, experiment: Experiment) -> Control | None:
    if parameter.kind in {"number", "integer"}:
        return NumberControl(parameter, spec)
    if parameter.kind == "choice":
        return ChoiceControl(parameter)
    if parameter.kind == "switch":
        return SwitchControl(parameter)
    if parameter.kind == "numbers" and parameter.name == "initial_weights":
        return NumbersControl(parameter, spec, experiment.problem.weight_names)
    return None
