"""Another problem of the same family: h(x) = θ x against h(x) = c on the same points, another surface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.hyperparameter import Hyperparameter
from gdstudio.core.problems import parse_problem, problem_kinds
from gdstudio.core.problems.mistakes import mistake_of

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment

KIND = "problem.kind"


def hypothesis(experiment: Experiment) -> Hyperparameter | None:
    """Return the kind of problem as something to choose; None where no other is of its family.

    The choices are the kinds that have as many weights, so that every start fits, or begin with one.
    """
    spec = experiment.problem
    kinds = {kind: cls for kind, cls in problem_kinds().items() if spec.family and cls.family == spec.family}
    made = {kind: cls.model_validate({}) for kind, cls in kinds.items()}
    count = len(spec.weight_names)
    fitting = [kind for kind, one in made.items() if one.begins_with or len(one.weight_names) == count]
    if len(fitting) < 2:
        return None
    title, symbol, about = spec.family_words
    return Hyperparameter(
        name="kind",
        path=KIND,
        kind="choice",
        title=title,
        symbol=symbol,
        help=about,
        scale="linear",
        applies="restart",
        default=fitting[0],
        optional=False,
        choices=tuple(
            (kind, kinds[kind].hypothesis or kinds[kind].title) for kind in sorted(fitting, reverse=True)
        ),
    )


def changes_of(experiment: Experiment, path: str, value: Any) -> dict[str, Any]:
    """Return the changes that setting a path makes: with another problem, those that it begins with too."""
    if path == KIND:
        return with_hypothesis(experiment, value)
    changes = {path: value}
    if not path.startswith("problem."):
        return changes
    try:
        spec = parse_problem({**experiment.problem.model_dump(), path.removeprefix("problem."): value})
    except ValueError:
        return changes  # whoever makes them is told what is wrong
    is_other = spec.weight_names != experiment.problem.weight_names
    return {**spec.begins_with, **changes} if is_other else changes


def with_hypothesis(experiment: Experiment, kind: str) -> dict[str, Any]:
    """Return the changes that put another problem of the family in the place of this one.

    What the kinds share is carried over, such as the points; a mistake that the new one cannot make is left.
    """
    known = problem_kinds()[kind].model_fields
    kept = {key: value for key, value in experiment.problem.carried_over.items() if key in known}
    table = {**kept, "kind": kind}
    spec = parse_problem(table)
    changes: dict[str, Any] = {**spec.begins_with, "problem": table}
    if mistake_of(experiment.run.mistake).objection(spec):
        changes["run.mistake"] = "none"
    return changes
