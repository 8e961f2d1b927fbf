"""In which settings a run differs from others, as a short text: ``α = 0.05, B = 1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.hyperparameter import hyperparameters
from gdstudio.core.numbers import format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment

_PROBLEM, _OPTIMIZER, _SCHEDULE = "problem.kind", "run.optimizer.kind", "run.schedule.kind"
_FIRST = (_PROBLEM, "run.learning_rate", "run.batch_size")
_MOST_PARTS = 3


def describe_differences(experiment: Experiment, others: Sequence[Experiment]) -> str:
    """Return the experiment's values of the settings that are not the same in all of the experiments.

    The ``[view]`` table is not compared. Where nothing differs, the text gives the learning rate, and also
    the batch size of a run with mini-batches.
    """
    own = _settings(experiment)
    all_settings = [own, *map(_settings, others)]
    apart = [path for path in own if len({repr(s.get(path)) for s in all_settings}) > 1]
    kinds = [path.removesuffix("kind") for path in apart if path.endswith(".kind")]
    apart = [path for path in apart if path.endswith(".kind") or not path.startswith(tuple(kinds))]
    apart.sort(key=lambda path: _FIRST.index(path) if path in _FIRST else len(_FIRST))
    if not apart:
        apart = ["run.learning_rate"] if experiment.is_full_batch else ["run.learning_rate", "run.batch_size"]
    declared = {p.path: p for p in hyperparameters(experiment)}
    parts = [_words(experiment, path, own[path], declared.get(path)) for path in apart]
    return ", ".join(parts[:_MOST_PARTS]) + (", …" if len(parts) > _MOST_PARTS else "")


def _settings(experiment: Experiment) -> dict[str, Any]:
    found: dict[str, Any] = {
        _PROBLEM: experiment.problem.kind,
        _OPTIMIZER: experiment.run.optimizer.kind,
        _SCHEDULE: experiment.run.schedule.kind,
    }
    for parameter in hyperparameters(experiment):
        if not parameter.path.startswith("view."):
            found[parameter.path] = _value(experiment, parameter.path)
    found["run.batch_size"] = experiment.batch_size
    return found


def _value(experiment: Experiment, path: str) -> Any:
    value: Any = experiment
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _words(experiment: Experiment, path: str, value: Any, parameter: Hyperparameter | None) -> str:
    if path == _PROBLEM:
        return str(value).replace("_", " ").capitalize()
    if path == _SCHEDULE:
        return f"rate {experiment.run.schedule.title}"
    if path == _OPTIMIZER or parameter is None:
        return experiment.run.optimizer.title
    name = parameter.symbol or parameter.title
    if isinstance(value, bool):
        return f"{parameter.title} {'on' if value else 'off'}"
    return f"{name} = {_written(value, dict(parameter.choices))}"


def _written(value: Any, choices: dict[Any, str]) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        short = [_written(v, {}) for v in value[:3]] + (["…"] if len(value) > 3 else [])
        return f"({', '.join(short)})" if len(value) > 1 else short[0] if short else "none"
    if isinstance(value, int | float):
        return format_number(value, 4)
    return choices.get(value, str(value))
