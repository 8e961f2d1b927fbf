"""``NAME=VALUE`` from a command line: a field's own name where it is unique, else its path."""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdstudio.core.experiment import Experiment


def assign(experiment: Experiment, assignments: Sequence[str]) -> Experiment:
    """Return the experiment with every ``NAME=VALUE`` applied.

    They are applied together, so that two may need each other; only a new ``problem`` or ``optimizer``
    kind acts before the rest, since it decides which names there are.

    Raises
    ------
    InputError
        One line a problem: no such name, a name in several places, or a value that does not fit.
    """
    pairs = [_split(text) for text in assignments]
    for name in ("problem.kind", "optimizer"):
        kinds = [value for given, value in pairs if given in {name, f"run.{name}", f"run.{name}.kind"}]
        if kinds:
            path = "run.optimizer" if name == "optimizer" else "problem"
            experiment = experiment.edited({path: {"kind": kinds[-1]}})
    changes = {_path(experiment, name): value for name, value in pairs}
    changes = {path: value for path, value in changes.items() if path not in {"run.optimizer", "problem"}}
    return experiment.edited(changes)


def paths(settings: BaseModel, prefix: str = "") -> Iterator[str]:
    """Yield the path of every field that can be set."""
    for name in type(settings).model_fields:
        path = f"{prefix}.{name}" if prefix else name
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            yield from paths(value, path)
        yield path


def _split(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals or not name:
        raise InputError(f"--set {text}: give NAME=VALUE, such as learning_rate=0.1")
    return name, _value(value.strip())


def _value(text: str) -> Any:
    """Read a TOML value; what is none stands for itself, as a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except (tomllib.TOMLDecodeError, RecursionError):
        return text


def _path(experiment: Experiment, name: str) -> str:
    known = list(paths(experiment))
    found = [path for path in known if path == name] or [path for path in known if path.endswith(f".{name}")]
    if len(found) > 1:
        raise InputError(f"--set {name}: is in several places; give one of: {', '.join(found)}")
    if not found:
        names = [path.rsplit(".", 1)[-1] for path in known]
        near = difflib.get_close_matches(name, names + known, n=1)
        hint = f"did you mean {near[0]}?" if near else "see the [problem], [run] and [view] keys of its file"
        raise InputError(f"--set {name}: there is no such setting here; {hint}")
    return found[0]
