"""Other hypotheses on the same points: h(x) = θ x against h(x) = c."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdstudio.core.hyperparameter import Hyperparameter
from gdstudio.core.problems import parse_problem, problem_kinds
from gdstudio.core.problems.mistakes import mistake_of

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment

KIND = "problem.kind"


def hypothesis(experiment: Experiment) -> Hyperparameter | None:
    """Return the kind of problem as something to choose; None where its data fit no other kind.

    The choices are the kinds of the same family with as many weights, so that every start fits.
    """
    spec = experiment.problem
    kinds = {kind: cls for kind, cls in problem_kinds().items() if spec.family and cls.family == spec.family}
    weights = {kind: cls.model_validate({}).weight_names for kind, cls in kinds.items()}
    fitting = [kind for kind in kinds if len(weights[kind]) == len(spec.weight_names)]
    if len(fitting) < 2:
        return None
    return Hyperparameter(
        name="kind",
        path=KIND,
        kind="choice",
        title="Hypothesis",
        symbol="h(x)",
        help="What predicts y from x; the points, the cost and the start stay",
        scale="linear",
        applies="restart",
        default=fitting[0],
        optional=False,
        choices=tuple((kind, kinds[kind].hypothesis) for kind in sorted(fitting, reverse=True)),
    )


def with_hypothesis(experiment: Experiment, kind: str) -> dict[str, Any]:
    """Return the changes that put another hypothesis on the same points.

    What the kinds share is carried over; a mistake that the new one cannot make is left.
    """
    known = problem_kinds()[kind].model_fields
    kept = {key: value for key, value in experiment.problem.model_dump().items() if key in known}
    changes: dict[str, Any] = {"problem": {**kept, "kind": kind}}
    if mistake_of(experiment.run.mistake).objection(parse_problem(changes["problem"])):
        changes["run.mistake"] = "none"
    return changes
