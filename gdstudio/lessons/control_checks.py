"""Checks of a lesson's controls against its experiment: each can be shown, and its range is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.numbers import format_number
from gdstudio.core.settings.hypotheses import KIND, hypothesis

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.control import ControlSpec

_WITHOUT_RANGE = ("run.optimizer", "run.schedule", "run.initial_weights")
_KINDS = {"number", "integer", "choice", "switch", "text"}


def check_control(experiment: Experiment, spec: ControlSpec, path: str) -> None:
    """Check a control against the experiment that it belongs to; ``path`` is its hyperparameter's.

    Raises
    ------
    ValueError
        Where a setting of this kind has no control, or the range exceeds that of the hyperparameter.
    """
    if path in _WITHOUT_RANGE:
        return
    declared = {p.path: p for p in hyperparameters(experiment)}
    found = hypothesis(experiment) if path == KIND else declared.get(path)
    if found is None or found.kind not in _KINDS:
        raise ValueError(f"control {spec.name!r}: cannot be shown as a control here; remove it")
    _check_range(spec, found)


def _check_range(spec: ControlSpec, allowed: Hyperparameter) -> None:
    low, high = allowed.minimum, allowed.maximum
    for value in (spec.minimum, spec.maximum, *spec.choices):
        if value is None:
            continue
        where = f"control {spec.name!r}: {format_number(value)} is"
        if low is not None and (value < low or (value == low and allowed.open_minimum)):
            least = (
                f"more than {format_number(low)}" if allowed.open_minimum else f"{format_number(low)} or more"
            )
            raise ValueError(f"{where} too small; give {least}")
        if high is not None and (value > high or (value == high and allowed.open_maximum)):
            raise ValueError(f"{where} too large; give {format_number(high)} or less")
