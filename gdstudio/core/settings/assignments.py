"""``NAME=VALUE`` from a command line: a field's own name where it is unique, else its path."""

from __future__ import annotations

import difflib
import tomllib
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from gdstudio.core.errors import InputError, from_validation
from gdstudio.core.problems import parse_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdstudio.core.settings.experiment import Experiment

_KINDS = {
    "problem": "problem",
    "problem.kind": "problem",
    "optimizer": "run.optimizer",
    "optimizer.kind": "run.optimizer",
    "run.optimizer": "run.optimizer",
    "run.optimizer.kind": "run.optimizer",
    "schedule": "run.schedule",
    "schedule.kind": "run.schedule",
    "run.schedule": "run.schedule",
    "run.schedule.kind": "run.schedule",
}
"""The names that choose a kind, and with it which other names there are, with the table they make."""


def assign(experiment: Experiment, assignments: Sequence[str]) -> Experiment:
    """Return the experiment with every ``NAME=VALUE`` applied.

    They are applied together, so that two may need each other; only a new kind of ``problem``, ``optimizer``
    or ``schedule`` acts before the rest, since it decides which names there are.

    Raises
    ------
    InputError
        One line a problem: no such name, a name in several places, or a value that does not fit.
    """
    pairs = [_split(text) for text in assignments]
    changes: dict[str, Any] = {_KINDS[name]: _table(value) for name, value in pairs if name in _KINDS}
    shape = _reshaped(experiment, changes)
    for name, value in pairs:
        if name not in _KINDS:
            path = find_path(shape, name, "--set")
            changes[path] = _cleared(shape, path, value)
    return experiment.edited(changes)


def paths(settings: BaseModel, prefix: str = "") -> Iterator[str]:
    """Yield the path of every field that can be set."""
    for name in type(settings).model_fields:
        path = f"{prefix}.{name}" if prefix else name
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from paths(value, path)
        yield path


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"kind": value}


def _reshaped(experiment: Experiment, changes: dict[str, dict[str, Any]]) -> Experiment:
    """Return an experiment that has the names of the new kinds, though its values may not fit yet."""
    run = {path: table for path, table in changes.items() if path.startswith("run.")}
    if run:
        experiment = experiment.edited(run)
    if "problem" not in changes:
        return experiment
    try:
        problem = parse_problem(changes["problem"])
    except ValidationError as error:
        raise from_validation(error, "problem") from None
    except ValueError as error:
        raise InputError(f"problem: {error}") from None
    return experiment.model_copy(update={"problem": problem})


def _split(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise InputError(f"--set {text}: give NAME=VALUE, such as learning_rate=0.1")
    return name, _value(value.strip())


def _value(text: str) -> Any:
    """Return what the text after the ``=`` stands for: a number, a truth value, a list or a table of TOML.

    A text that is no value of TOML, such as a word without quotes, stands for itself.
    """
    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except (ValueError, RecursionError):
        return text


def _cleared(experiment: Experiment, path: str, value: Any) -> Any:
    """Return None for ``none`` or nothing at all where the setting at ``path`` may be left out."""
    *owners, name = path.split(".")
    settings: Any = experiment
    for owner in owners:
        settings = getattr(settings, owner)
    optional = NoneType in get_args(type(settings).model_fields[name].annotation)
    return None if optional and value in ("", "none") else value


def find_path(experiment: Experiment, name: str, said: str) -> str:
    """Return the path of the setting that a name or path stands for.

    Raises
    ------
    InputError
        Where there is none, or where there are several; its line begins with what was ``said`` and the name.
    """
    known = list(paths(experiment))
    found = [path for path in known if path == name] or [path for path in known if path.endswith(f".{name}")]
    if len(found) > 1:
        raise InputError(f"{said} {name}: is in several places; give one of: {', '.join(found)}")
    if not found:
        names = [path.rsplit(".", 1)[-1] for path in known]
        near = difflib.get_close_matches(name, names + known, n=1)
        hint = f"did you mean {near[0]}?" if near else "see the [problem], [run] and [view] keys of its file"
        raise InputError(f"{said} {name}: there is no such setting here; {hint}")
    return found[0]
