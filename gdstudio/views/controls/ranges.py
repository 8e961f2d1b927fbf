"""Over which values a slider goes: the lesson's range, else a sensible one within the bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdstudio.views.controls import scale

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.lessons.control import ControlSpec
    from gdstudio.views.controls.scale import SliderScale

_DECADES = 3
"""How far a logarithmic slider without a range goes below and above the value declared."""
_WITHOUT_VALUE = {"integer": 100.0, "number": 1e-6}
"""Where a logarithmic slider is centred when no value is declared."""
_LINEAR_REACH = {"integer": 100.0, "number": 10.0}
"""How far a linear one goes."""


def slider_scale(parameter: Hyperparameter, spec: ControlSpec, most: float | None = None) -> SliderScale:
    """Return the slider's values; none of them, and no choice, is above ``most``."""
    if spec.choices:
        fitting = tuple(c for c in spec.choices if most is None or c <= most)
        return scale.chosen(fitting or spec.choices[:1])
    integer = parameter.kind == "integer"
    kind = spec.scale or parameter.scale
    step = spec.step
    if parameter.slider is not None:
        low, high, step = parameter.slider.minimum, parameter.slider.maximum, step or parameter.slider.step
    else:
        low, high = _log_range(parameter) if kind == "log" else _linear_range(parameter)
    low = low if spec.minimum is None else spec.minimum
    high = max(low, min(high if spec.maximum is None else spec.maximum, math.inf if most is None else most))
    if kind == "log" and low > 0:
        return scale.logarithmic(low, high, integer=integer)
    return scale.linear(low, high, step, integer=integer)


def most_allowed(path: str, experiment: Experiment, problem: Problem | None) -> int | None:
    """Return the greatest value that the data allow, None where they set no limit or are not there yet."""
    if path == "run.batch_size":
        return experiment.problem.row_count
    if path == "view.feature" and problem is not None:
        return int(problem.rows.X.shape[1])
    return None


def _log_range(parameter: Hyperparameter) -> tuple[float, float]:
    centre = float(parameter.default or 0) or _WITHOUT_VALUE.get(parameter.kind, 1.0)
    reach = 2 * _DECADES if parameter.default is None and parameter.kind == "number" else _DECADES
    decade = round(math.log10(abs(centre)))
    low, high = 10.0 ** (decade - reach), 10.0 ** (decade + reach)
    low = max(low, 1.0 if parameter.kind == "integer" else 0.0, parameter.minimum or 0.0)
    return low, high if parameter.maximum is None else min(high, parameter.maximum)


def _linear_range(parameter: Hyperparameter) -> tuple[float, float]:
    default = float(parameter.default) if isinstance(parameter.default, int | float) else 0.0
    fraction = parameter.kind == "number" and parameter.minimum is not None and parameter.default is not None
    reach = 1.0 if fraction else _LINEAR_REACH.get(parameter.kind, 10.0)
    reach = max(reach, 10.0 ** math.ceil(math.log10(abs(default) or 1)))
    low = -reach if parameter.minimum is None else parameter.minimum
    high = reach if parameter.minimum is None else low + reach
    notch = (high - low) / 200
    if parameter.maximum is not None and parameter.maximum <= high:
        high = parameter.maximum - (notch if parameter.open_maximum else 0)
    return low + (notch if parameter.open_minimum else 0), high
