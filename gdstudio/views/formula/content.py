"""What the formula line says of a run, and which of its ways an experiment asks for. No Qt here.

Every number comes from the run, or from the problem in float64 where the run has not begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.notation import (
    ALPHA,
    ALPHA_NOW,
    EQUALS,
    GETS,
    LESS,
    TIMES,
    Formula,
    Group,
    Piece,
    maths,
    number,
    telling,
    value,
    words,
)
from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.problems.mistakes import mistake_of
from gdstudio.core.settings.rates import rate_after
from gdstudio.core.training.stopping import step_limit
from gdstudio.views.formula import cost, names, schedule
from gdstudio.views.formula.move import step_in_numbers
from gdstudio.views.formula.shown_step import shown_step

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a run that diverges has such numbers
def compose(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> Formula:
    """Return the formula line of a run as it stands."""
    moving = snapshot.step > 0 or snapshot.phase is not None
    wanted = experiment.view.formula
    if wanted == "cost" and cost.can_be_written_out(problem):
        return Formula(cost.cost_and_slope(*_where(snapshot, experiment), problem), moving)
    few = len(problem.weight_names) <= names.MOST_WEIGHTS
    if (wanted == "epoch" and not (few and snapshot.phase is not None)) or (wanted == "auto" and not few):
        return Formula(_epoch(snapshot, experiment, problem), moving)
    return Formula(_update(snapshot, experiment, problem), moving)


def _where(snapshot: Snapshot, experiment: Experiment) -> tuple[Floats, cost.Known]:
    """Return the weights at which the cost is written out, and what of it is known there."""
    fact = snapshot.phase
    if fact is not None:
        has_slope = fact.has_made("backward")
        at, known = fact.weights, cost.Known(fact.cost, has_cost=fact.cost is not None, has_slope=has_slope)
    else:
        # The run's own number, which panels and table show too.
        at, known = snapshot.latest, cost.Known(snapshot.cost if experiment.is_full_batch else None)
    is_single = experiment.run.dtype == "float32"
    return (at.astype(np.float32) if is_single else at), known


def _update(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    written = problem.spec.written_cost
    groups = [*((written,) if written else ()), *_rule(experiment, problem)]
    if not experiment.is_full_batch and snapshot.phase is None:
        groups.append(_updates_an_epoch(experiment))
    step = shown_step(snapshot, experiment, problem)
    groups += schedule.rate_of_step(step.number, step.rate, experiment)
    if len(snapshot.latest) <= names.MOST_WEIGHTS:
        groups += step_in_numbers(step, experiment, problem)
    if experiment.is_full_batch and len(snapshot.latest) > 1 and "contour" not in experiment.view.panels:
        groups += _conditioning(experiment, problem)
    return tuple(groups)


def _epoch(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> tuple[Group, ...]:
    """Return the rule with the rate's number, and what the notebook prints after an epoch (L336)."""
    groups: list[Group] = []
    if experiment.run.optimizer.is_plain:
        named = names.all_weights(problem)
        rate = snapshot.learning_rate or rate_after(experiment, snapshot.step)
        grad = maths("grad", r"\mathrm{grad}", "gradient_text")
        groups.append((named, GETS, named, LESS, _rate(rate), TIMES, grad))
    else:
        groups += _rule(experiment, problem)
    step = shown_step(snapshot, experiment, problem)
    groups += schedule.rate_of_step(step.number, step.rate, experiment)
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
    used = names.direction(experiment, problem)
    before = mistake_of(experiment.run.mistake).gradient_rule(used, names.gradient(experiment, problem))
    rule = experiment.run.optimizer.rule(names.all_weights(problem), used)
    return *before, *schedule.with_rate_of_now(rule, experiment)


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
    alpha = ALPHA if experiment.run.schedule.is_constant else ALPHA_NOW
    bound = maths(limit.symbol, r"2/\lambda_{\max}") if limit.symbol == "2/λmax" else words(limit.symbol)
    return (
        (words("condition number ", "muted"), *telling("condition", words(format_number(condition)))),
        (alpha, maths(" < ", "<"), bound, EQUALS, *telling("limit", words(format_number(limit.value)))),
    )
