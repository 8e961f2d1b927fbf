"""Which controls a lesson asks for, as far as the experiment on screen has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.hyperparameter import Hyperparameter, hyperparameters
from gdstudio.core.settings.hypotheses import KIND, hypothesis
from gdstudio.lessons.lesson import control_path
from gdstudio.views.controls.choice_control import ChoiceControl, SwitchControl
from gdstudio.views.controls.mistake_control import MistakeControl
from gdstudio.views.controls.number_control import NumberControl
from gdstudio.views.controls.numbers_control import NumbersControl
from gdstudio.views.controls.optimizer_control import OptimizerControl
from gdstudio.views.controls.schedule_control import ScheduleControl
from gdstudio.views.controls.text_control import TextControl

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.control import ControlSpec
    from gdstudio.lessons.lesson import Lesson
    from gdstudio.views.controls.base import Control

_WITH_KINDS: dict[str, Callable[[], Control]] = {
    "run.optimizer": OptimizerControl,
    "run.schedule": ScheduleControl,
}
_START = "run.initial_weights"
_MISTAKE = "run.mistake"
_KINDS = {"number", "integer", "choice", "switch", "text"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A control to be made; two plans that are equal give the same widgets."""

    path: str
    spec: ControlSpec
    parameter: Hyperparameter | None = None
    weights: tuple[str, ...] = ()


def plan(lesson: Lesson, experiment: Experiment) -> tuple[Planned, ...]:
    """Return what is to be made; a name that the experiment does not have is left out."""
    declared = {p.path: p for p in hyperparameters(experiment)}
    found = (_planned(spec, experiment, declared) for spec in lesson.control)
    return tuple(item for item in found if item is not None)


def make_control(planned: Planned, experiment: Experiment) -> Control:
    """Return a new control."""
    parameter = planned.parameter
    if parameter is None:
        return _WITH_KINDS[planned.path]()
    if parameter.path == _MISTAKE:
        return MistakeControl(parameter)
    if parameter.kind == "choice":
        return ChoiceControl(parameter)
    if parameter.kind == "switch":
        return SwitchControl(parameter)
    if parameter.kind == "text":
        return TextControl(parameter)
    if parameter.kind == "numbers":
        return NumbersControl(parameter, planned.spec, experiment.problem.weight_names)
    return NumberControl(parameter, planned.spec)


def _planned(
    spec: ControlSpec, experiment: Experiment, declared: dict[str, Hyperparameter]
) -> Planned | None:
    try:
        path = control_path(experiment, spec.name)
    except ValueError:
        return None
    if path in _WITH_KINDS:
        return Planned(path, spec)
    parameter = hypothesis(experiment) if path == KIND else declared.get(path)
    if parameter is not None and path == _START:
        return Planned(path, spec, parameter, experiment.problem.weight_names)
    if parameter is not None and parameter.kind in _KINDS:
        return Planned(path, spec, parameter)
    return None
