"""A lesson: an experiment with a title, a text, the controls that matter for it, and cues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.hyperparameter import Settings, hyperparameters
from gdstudio.core.settings.assignments import paths
from gdstudio.core.settings.experiment import Experiment
from gdstudio.core.settings.files import read_tables
from gdstudio.core.settings.table_paths import with_found_tables
from gdstudio.lessons.control import ControlSpec
from gdstudio.lessons.control_checks import check_control
from gdstudio.lessons.kinds import AnyCue

if TYPE_CHECKING:
    from pathlib import Path

MAX_CONTROLS = 16
MAX_CUES = 40
MAX_TITLE = 120
MAX_TEXT = 4000
_DEFAULT_CONTROLS = (
    "learning_rate",
    "batch_size",
    "scaling",
    "test_share",
    "max_epochs",
    "max_steps",
    "initial_weights",
    "seed",
)

Title = Annotated[str, Field(max_length=MAX_TITLE)]
Place = Annotated[int, Field(ge=1, le=10_000)]


class Lesson(Settings):
    """A lesson file: the tables of an experiment, and what a lecturer adds to them.

    ``place`` says where in the course a lesson of `gdstudio.lessons.library` stands, counted from 1; in a
    lecturer's own file, which is opened by its name, it has no effect. ``notebook`` names the lines of the
    notebook that the lesson shows.
    """

    id: str = Field(max_length=200)
    title: Title
    place: Place | None = None
    text: str = Field("", max_length=MAX_TEXT)
    notebook: str = Field("", max_length=40)
    control: tuple[ControlSpec, ...] = Field((), strict=False, max_length=MAX_CONTROLS)
    cue: tuple[AnyCue, ...] = Field((), strict=False, max_length=MAX_CUES)
    experiment: Experiment

    @model_validator(mode="after")
    def _cues_fit(self) -> Self:
        for number, cue in enumerate(self.cue):
            try:
                cue.experiment(self.experiment)
                cue.asked_experiment(self.experiment)
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
        """Return the experiment that a control belongs to: the lesson's own if it has it, else a cue's.

        Of several cues whose experiments have the control, the first counts.

        Raises
        ------
        ValueError
            Where neither the lesson's experiment nor that of a cue has it.
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
    """Return the path of a hyperparameter (``run.seed``) that is given by its path or its name (``seed``).

    Raises
    ------
    ValueError
        Where the experiment has no hyperparameter of that name, or several.
    """
    found = [path for path in paths(experiment) if path == name or path.endswith(f".{name}")]
    if len(found) != 1:
        what = "there is no such hyperparameter" if not found else f"is one of {', '.join(found)}"
        raise ValueError(f"control {name!r}: {what}; give the name of one")
    return found[0]


def has_control(experiment: Experiment, name: str) -> bool:
    """Return whether an experiment has exactly one hyperparameter of this name or path."""
    try:
        control_path(experiment, name)
    except ValueError:
        return False
    return True


def read_lesson(path: Path) -> Lesson:
    """Read the file of a lesson, or that of a plain experiment, which becomes a lesson named after its file.

    Raises
    ------
    InputError
        One line for each thing that is wrong, each beginning with the file's path.
    """
    return parse_lesson(read_tables(path), path, path.stem[:MAX_TITLE])


def lesson_on(experiment: Experiment, name: str) -> Lesson:
    """Return a lesson on an experiment that has no file yet; its text says what is to be said of the data."""
    return _lesson({"title": name[:MAX_TITLE]}, experiment, name[:MAX_TITLE])


def parse_lesson(tables: dict[str, Any], path: Path, lesson_id: str) -> Lesson:
    """Return the lesson that the tables of a file make; the path is only named in errors.

    Raises
    ------
    InputError
        One line for each thing that is wrong, each beginning with the file's path.
    """
    words = with_found_tables(tables, path.parent)
    keys = ("problem", "run", "view", "race")
    experiment: dict[str, Any] = {key: words.pop(key) for key in keys if key in words}
    try:
        return _lesson(words, Experiment.parse(experiment), lesson_id)
    except InputError as error:
        raise InputError(*(f"{path}: {line}" for line in error.problems)) from None


def _lesson(tables: dict[str, Any], experiment: Experiment, lesson_id: str) -> Lesson:
    if "experiment" in tables:
        raise InputError("experiment: is not a known key here; write [problem], [run] and [view] instead")
    for name in ("control", "cue"):
        if isinstance(tables.get(name), dict):
            raise InputError(f"{name}: is one table; write [[{name}]], in two brackets, above each")
    words = {
        "id": lesson_id,
        "title": lesson_id,
        "text": _about(experiment),
        **tables,
        "experiment": experiment,
    }
    if not words.get("control"):
        words["control"] = [{"name": name} for name in _defaults(experiment)]
    try:
        return Lesson.model_validate(words)
    except ValidationError as error:
        raise from_validation(error) from None


def _about(experiment: Experiment) -> str:
    """Return what stands in the place of a text: where the data are from, and what is left out of them."""
    return "\n".join(experiment.problem.about)[:MAX_TEXT]


def _defaults(experiment: Experiment) -> list[str]:
    set_here = {p.name for p in hyperparameters(experiment) if _value(experiment, p.path) is not None}
    return [name for name in _DEFAULT_CONTROLS if name in set_here]


def _value(experiment: Experiment, path: str) -> Any:
    value: Any = experiment
    for key in path.split("."):
        value = getattr(value, key)
    return value
