"""Which setting a sweep goes over, and the values that it takes: from where, to where, how many."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from gdstudio.core.errors import InputError
from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.numbers import format_count
from gdstudio.core.settings.assignments import find_path

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter, Scale
    from gdstudio.core.settings.experiment import Experiment

Value: TypeAlias = float | int
POINTS = 200
MOST_RUNS = 10_000
_NUMBERS: tuple[Literal["number"], Literal["integer"]] = ("number", "integer")


def swept_setting(experiment: Experiment, name: str) -> Hyperparameter:
    """Return the setting of a name or path, which must be a number.

    Raises
    ------
    InputError
        Where there is no such setting, several, or one that is no number.
    """
    path = find_path(experiment, name, "sweep")
    found = next((known for known in hyperparameters(experiment) if known.path == path), None)
    if found is None or found.kind not in _NUMBERS:
        raise InputError(f"sweep {name}: is not a number; give a setting that is, such as learning_rate")
    if found.applies in {"pace", "picture"}:
        raise InputError(f"sweep {name}: changes no number of a run; give a setting such as learning_rate")
    return found


def spread(
    setting: Hyperparameter, low: str, high: str, points: str | None = None, scale: Scale | None = None
) -> list[Value]:
    """Return the values from ``low`` to ``high``, as written on a command line, both among them.

    A setting that is a whole number takes each between them. Any other takes ``points`` of them (200),
    evenly on a ``scale``: the setting's own where none is given.

    Raises
    ------
    InputError
        Where the ends, the number of points or the scale are wrong.
    """
    if setting.kind == "integer":
        return _whole(setting, low, high, points, scale)
    first, last = _number(low, "FROM"), _number(high, "TO")
    if first >= last:
        raise InputError(f"FROM {low} is not below TO {high}; give the smaller value first")
    scale = scale or setting.scale
    if scale == "log" and first <= 0:
        raise InputError(f"--scale log: FROM {low} has no logarithm; give one above 0, or --scale linear")
    count = POINTS if points is None else _count(points)
    make = np.geomspace if scale == "log" else np.linspace
    return [float(value) for value in make(first, last, count)]


def _whole(
    setting: Hyperparameter, low: str, high: str, points: str | None, scale: Scale | None
) -> list[Value]:
    for name, given in (("--points", points), ("--scale", scale)):
        if given is not None:
            raise InputError(
                f"{name} {given}: {setting.name} is a whole number, and every one is run; leave it out"
            )
    first, last = (_whole_number(text, end) for text, end in ((low, "FROM"), (high, "TO")))
    if first >= last:
        raise InputError(f"FROM {low} is not below TO {high}; give the smaller value first")
    if last - first >= MOST_RUNS:
        raise InputError(
            f"FROM {low} TO {high}: are more than {format_count(MOST_RUNS)} runs; bring them closer together"
        )
    return list(range(first, last + 1))


def _number(text: str, end: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{end}: {text!r} is not a number; give one such as 0.001") from None
    if not math.isfinite(value):
        raise InputError(f"{end}: {text!r} is not a finite number; give a finite one")
    return value


def _whole_number(text: str, end: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InputError(f"{end}: {text!r} is not a whole number; give one such as 10") from None


def _count(text: str) -> int:
    count = _whole_number(text, "--points")
    if not 2 <= count <= MOST_RUNS:
        raise InputError(f"--points {text}: give 2 to {format_count(MOST_RUNS)}")
    return count
