"""What the formula line says of a run, and which of its ways an experiment asks for. No Qt here.

Every number comes from the run, or from the problem in float64 where the run has not begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.notation import (
    ALPHA,
    EQUALS,
    GETS,
    LESS,
    TIMES,
    Formula,
    Group,
    Piece,
    hidden,
    maths,
    number,
    telling,
    value,
    vector,
    weights,
    words,
)
from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.symbols import subscript, symbol
from gdstudio.core.training.stopping import step_limit
from gdstudio.views.formula import cost

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats

MOST_WEIGHTS = 3


@np.errstate(over="ignore", invalid="ignore")  # a run that diverges has such numbers, and they are shown
def compose(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> Formula:
    """Return the formula line of a run as it stands."""
    moving = snapshot.step > 0
    wanted = experiment.view.formula
    if wanted == "cost" and cost.can_be_written_out(problem):
        return Formula(cost.cost_and_slope(problem, snapshot.latest, moving=moving), moving)
    if wanted == "epoch" or (wanted == "auto" and len(problem.weight_names) > MOST_WEIGHTS):
        return Formula(_epoch(snapshot, experiment, problem), moving)
    return Formula(_update(snapshot, experiment, problem), moving)


def _update(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    groups = list(_rule(experiment, problem))
    if not experiment.is_full_batch:
        groups.append(_updates_an_epoch(experiment))
    if experiment.run.optimizer.is_plain and len(snapshot.latest) <= MOST_WEIGHTS:
        groups += _numbers(snapshot, experiment, problem)
    if experiment.is_full_batch and len(snapshot.latest) > 1 and "contour" not in experiment.view.panels:
        groups += _conditioning(experiment, problem)
    return tuple(groups)


def _epoch(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    """Return the rule with the rate's number, and what the notebook prints after an epoch (L336)."""
    groups: list[Group] = []
    if experiment.run.optimizer.is_plain:
        named = weights(problem.weight_names, MOST_WEIGHTS)
        rate = snapshot.learning_rate or experiment.run.learning_rate
        grad = maths("grad", r"\mathrm{grad}", "gradient_text")
        groups.append((named, GETS, named, LESS, _rate(rate), TIMES, grad))
    else:
        groups += _rule(experiment, problem)
    table = snapshot.epoch_table
    groups.append(_printed(table[-1]) if len(table) else _updates_an_epoch(experiment))
    return tuple(groups)


def _printed(row: Floats) -> Group:
    return (
        words("epoch "),
        number(format_count(int(row[0])), "text", "epoch"),
        words(", loss ", "cost_text"),
        value(float(row[2]), "cost_text", "loss", 6),
    )


def _updates_an_epoch(experiment: Experiment) -> Group:
    rows, batch = format_count(experiment.problem.row_count), format_count(experiment.batch_size)
    exact = experiment.problem.row_count % experiment.batch_size == 0
    updates = experiment.steps_per_epoch
    tail = "update an epoch" if updates == 1 else "updates an epoch"
    division = (words(f"{rows}/{batch}"), EQUALS) if exact else (words(f"⌈{rows}/{batch}⌉"), EQUALS)
    return (*division, *telling("updates", words(f"{format_count(updates)} {tail}")))


def _rule(experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    named = weights(problem.weight_names, MOST_WEIGHTS)
    gradient = _gradient(experiment, problem)
    before = mistake_of(experiment.run.mistake).gradient_rule(gradient, _true_gradient(experiment, problem))
    return *before, *experiment.run.optimizer.rule(named, gradient)


def _gradient(experiment: Experiment, problem: Problem) -> Piece:
    """Return the direction of the step: the gradient, or the g that a mistake puts in its place."""
    if not problem.steps_along_gradient:
        return maths("g", "g", "gradient_text")
    return _true_gradient(experiment, problem)


def _true_gradient(experiment: Experiment, problem: Problem) -> Piece:
    names = problem.weight_names
    text, tex = ("", "") if experiment.is_full_batch else ("_batch", r"_{\mathrm{batch}}")
    if len(names) > 1:
        return maths(f"∇J{text}", rf"\nabla J{tex}", "gradient_text")
    named = weights(names, MOST_WEIGHTS)
    return maths(f"J′{text}({symbol(names[0])})", rf"J^{{\prime}}{tex}({named.tex})", "gradient_text")


def _numbers(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    """Return the move just made; before the first, the move to come where it is known."""
    before, gradient, rate = snapshot.came_from, snapshot.gradient, snapshot.learning_rate
    if before is not None and gradient is not None and rate is not None:
        return _move(experiment, problem, snapshot.step, (before, gradient, snapshot.latest), rate)
    start, rate = snapshot.latest, experiment.run.learning_rate
    slope = problem.gradient_at(start)
    move = _move(experiment, problem, 1, (start, slope, start - rate * slope), rate, plain=True)
    if snapshot.step == 0 and experiment.is_full_batch and problem.next_step_is_known:
        return move
    named = weights(problem.weight_names, MOST_WEIGHTS)
    here = (named, _index(snapshot.step), EQUALS, *_vector(start, "weights", "new", plain=snapshot.step == 0))
    return (here, *(hidden(group) for group in move))


def _move(
    experiment: Experiment,
    problem: Problem,
    step: int,
    made: tuple[Floats, Floats, Floats],
    rate: float,
    *,
    plain: bool = False,
) -> tuple[Group, ...]:
    """Return theta_1 = 0 − 0.1 · (−9.333333) = 0.933333; for several weights the gradient apart."""
    before, gradient, after = made
    named = weights(problem.weight_names, MOST_WEIGHTS)
    begin = (named, _index(step), EQUALS, *_vector(before, "weights", "old", plain=plain), LESS, _rate(rate))
    slope = _vector(gradient, "gradient_text", "slope", plain=plain)
    end = (EQUALS, *_vector(after, "weights", "new"))
    if len(before) == 1:
        fenced = gradient[0] < 0
        fences = telling("gradient", words("(", "gradient_text"), words(")", "gradient_text"))
        left, right = fences if fenced else hidden(fences)
        return ((*begin, TIMES, left, *slope, right, *end),)
    symbolic = _gradient(experiment, problem)
    return (symbolic, EQUALS, *slope), (*begin, words(" "), symbolic, *end)


def _vector(values: Floats, quantity: str, field: str, *, plain: bool = False) -> Group:
    return vector(values.tolist(), quantity, field, 6 if len(values) == 1 else 4, plain=plain)


def _index(step: int) -> Piece:
    return number(subscript(step), "weights", "step")


def _rate(rate: float) -> Piece:
    return number(format_number(rate), "text", "rate")


def _conditioning(experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    """Return the condition number and the limit of the learning rate, where the curvature is known.

    The contour says both beside its picture.
    """
    curvatures = problem.curvatures()
    limit = step_limit(experiment, problem)
    if curvatures is None or limit is None:
        return ()
    least, most = float(curvatures[0]), float(curvatures[-1])
    condition = most / least if least > np.finfo(np.float64).eps * len(curvatures) * most else np.inf
    bound = maths(limit.symbol, r"2/\lambda_{\max}") if limit.symbol == "2/λmax" else words(limit.symbol)
    return (
        (words("condition number ", "muted"), *telling("condition", words(format_number(condition)))),
        (ALPHA, maths(" < ", "<"), bound, EQUALS, *telling("limit", words(format_number(limit.value)))),
    )
