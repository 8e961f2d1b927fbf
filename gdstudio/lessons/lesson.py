"""What a lesson is: an experiment with a title, a text and the controls that it puts forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, ValidationError, model_validator

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.hyperparameter import Scale, Settings, hyperparameters
from gdstudio.core.settings.assignments import paths
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_tables
from gdstudio.lessons.control_checks import check_control
from gdstudio.lessons.cue import Cue

if TYPE_CHECKING:
    from pathlib import Path

MAX_CONTROLS = 12
MAX_CUES = 40
MAX_TITLE = 120
_DEFAULT_CONTROLS = ("learning_rate", "batch_size", "max_epochs", "max_steps", "initial_weights", "seed")


class ControlSpec(Settings):
    """A ``[[control]]``: which hyperparameter, and over which range its slider goes.

    A value outside the slider's range can still be typed where the hyperparameter itself allows it. One that
    only a cue's experiment has is shown while that is on screen.
    """

    name: str = Field(max_length=80)
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = Field(None, gt=0)
    scale: Scale | None = None
    choices: tuple[float, ...] = Field((), strict=False, max_length=20)

    @model_validator(mode="after")
    def _range_is_one(self) -> Self:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None and low >= high:
            raise ValueError(f"minimum {low} is not below maximum {high}")
        if self.scale == "log" and low is not None and low <= 0:
            raise ValueError(f"minimum {low} cannot be on a log scale; give one above 0")
        return self


class Lesson(Settings):
    """A lesson file: the tables of an experiment, and what is said about it."""

    id: str = Field(max_length=200)
    title: str = Field(max_length=MAX_TITLE)
    text: str = Field("", max_length=4000)
    notebook: str = Field("", max_length=40)
    control: tuple[ControlSpec, ...] = Field((), strict=False, max_length=MAX_CONTROLS)
    cue: tuple[Cue, ...] = Field((), strict=False, max_length=MAX_CUES)
    experiment: Experiment

    @model_validator(mode="after")
    def _cues_fit(self) -> Self:
        for number, cue in enumerate(self.cue):
            try:
                cue.experiment(self.experiment)
            except InputError as error:
                raise ValueError(f"cue[{number}]: {error}") from None
        return self

    @model_validator(mode="after")
    def _controls_exist(self) -> Self:
        seen: set[str] = set()
        for spec in self.control:
            home = self.home(spec.name)
            path = control_path(home, spec.name)
            if path in seen:
                raise ValueError(f"control {spec.name!r}: is there twice; remove one")
            seen.add(path)
            check_control(home, spec, path)
        return self

    def home(self, control: str) -> Experiment:
        """Return the lesson's own experiment where it has a control, else that of the first cue that has.

        Raises
        ------
        ValueError
            Where none of them has.
        """
        try:
            control_path(self.experiment, control)
        except ValueError:
            for cue in self.cue:
                experiment = cue.experiment(self.experiment)
                if has_control(experiment, control):
                    return experiment
            raise
        return self.experiment


def control_path(experiment: Experiment, name: str) -> str:
    """Return the path of the hyperparameter that a control names by its name or path.

    Raises
    ------
    ValueError
        Where the experiment has none of that name, or several.
    """
    found = [path for path in paths(experiment) if path == name or path.endswith(f".{name}")]
    if len(found) != 1:
        what = "there is no such hyperparameter" if not found else f"is one of {', '.join(found)}"
        raise ValueError(f"control {name!r}: {what}; give the name of one")
    return found[0]


def has_control(experiment: Experiment, name: str) -> bool:
    """Return whether a control's name is that of one hyperparameter of an experiment."""
    try:
        control_path(experiment, name)
    except ValueError:
        return False
    return True


def read_lesson(path: Path, lesson_id: str | None = None) -> Lesson:
    """Read a lesson or a plain experiment, which becomes a lesson named after its file.

    Raises
    ------
    InputError
        One line for each thing that is wrong, each beginning with the file's path.
    """
    tables = read_tables(path)
    experiment: dict[str, Any] = {key: tables.pop(key) for key in ("problem", "run", "view") if key in tables}
    try:
        parsed = Experiment.parse(experiment)
        return _lesson(tables, parsed, lesson_id or path.stem[:MAX_TITLE])
    except InputError as error:
        raise InputError(*(f"{path}: {line}" for line in error.problems)) from None


def _lesson(tables: dict[str, Any], experiment: Experiment, lesson_id: str) -> Lesson:
    if "experiment" in tables:
        raise InputError("experiment: is not a known key here; write [problem], [run] and [view] instead")
    for name in ("control", "cue"):
        if isinstance(tables.get(name), dict):
            raise InputError(f"{name}: is one table; write [[{name}]], in two brackets, above each")
    words = {"id": lesson_id, "title": lesson_id, **tables, "experiment": experiment}
    if not words.get("control"):
        words["control"] = [{"name": name} for name in _defaults(experiment)]
    try:
        return Lesson.model_validate(words)
    except ValidationError as error:
        raise from_validation(error) from None


def _defaults(experiment: Experiment) -> list[str]:
    set_here = {p.name for p in hyperparameters(experiment) if _value(experiment, p.path) is not None}
    return [name for name in _DEFAULT_CONTROLS if name in set_here]


def _value(experiment: Experiment, path: str) -> Any:
    value: Any = experiment
    for key in path.split("."):
        value = getattr(value, key)
    return value
