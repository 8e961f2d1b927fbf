"""Why a run ends, in a word and in a sentence for the user."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import counted, format_count, format_number
from gdstudio.core.symbols import symbol
from gdstudio.core.training.events import FinishReason

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.course import Course
    from gdstudio.core.typing import Floats

_MODERATE = 1e6
"""Weights up to this size overflow nothing: a slope that is no number there is none of the function's."""
_MOST_NAMED = 3
"""So many weights are named with their numbers."""


@dataclass(frozen=True, slots=True)
class Finish:
    """Why a run has ended: the reason, and the sentence that says it."""

    reason: FinishReason
    sentence: str


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The learning rate above which a run with all rows in each step moves away from the minimum.

    ``curvature`` is the largest eigenvalue of the Hessian of the full training cost; ``symbol`` writes
    the limit as a formula, 2/L for one weight and 2/λmax for more.
    """

    curvature: float
    value: float
    symbol: str


def step_limit(experiment: Experiment, problem: Problem) -> StepLimit | None:
    """Return the limit of the optimizer on a cost of constant curvature; None where none is known.

    None with mini-batches, whose noise sets a limit of its own, with a mistake, whose steps do not go along
    the gradient of the cost, and where `has_limit` says so. With a schedule it is the limit of each step.
    """
    if not (experiment.is_full_batch and problem.next_step_is_known and has_limit(experiment)):
        return None
    optimizer, curvatures = experiment.run.optimizer, problem.curvatures()
    if curvatures is None or curvatures[-1] <= 0:
        return None
    largest = float(curvatures[-1])
    limit = optimizer.step_limit(largest)
    if limit is None:
        return None
    return StepLimit(largest, limit, optimizer.limit_symbol("L" if len(curvatures) == 1 else "λmax"))


def has_limit(experiment: Experiment) -> bool:
    """Whether a limit of the optimizer bounds its rates: that of momentum is one of a rate that stays."""
    return experiment.run.schedule.is_constant or experiment.run.optimizer.is_plain


def completed(experiment: Experiment, step: int) -> Finish:
    """Say that the number of steps or epochs was reached."""
    epochs = experiment.run.max_epochs
    if epochs is not None and step == epochs * experiment.steps_per_epoch:
        what = f"{counted(epochs, 'epoch')}, {counted(step, 'step')}"
    else:
        what = counted(step, "step")
    return Finish(FinishReason.COMPLETED, f"Completed: {what}, as set.")


def small_gradient(step: int, size: float, tolerance: float) -> Finish:
    """Say that the gradient is small enough."""
    return Finish(
        FinishReason.CONVERGED,
        f"Converged at step {format_count(step)}: the size of the gradient, {format_number(size, 3)}, "
        f"is below {format_number(tolerance, 3)}.",
    )


def small_change(step: int, change: float, tolerance: float, size: float) -> Finish:
    """Say that the cost changes little: converged only where the gradient, of this size, is small too.

    A step changes the cost by about the learning rate times the square of the gradient's size. A small
    change may also come from a tiny rate, or from a step to the other side of the minimum.
    """
    bound = format_number(tolerance, 3)
    how = "no longer changes" if change == 0 else f"changed by only {format_number(change, 3)}"
    if is_small(size, tolerance):
        return Finish(
            FinishReason.CONVERGED,
            f"Converged at step {format_count(step)}: the cost {how}, less than {bound}, "
            f"and the size of the gradient is {format_number(size, 3)}.",
        )
    return Finish(
        FinishReason.COMPLETED,
        f"Stopped at step {format_count(step)}: the cost changed by less than {bound}, as set; "
        f"the size of the gradient is still {format_number(size, 3)}.",
    )


def is_small(size: float, cost_tolerance: float) -> bool:
    """Whether a gradient of this size is small beside a tolerance of the change of the cost.

    It is where a step with a learning rate of 0.01, at the lower end of those in use, changes the cost by
    less. The exported program says the same, in `gdstudio.core.program.step`.
    """
    return size**2 < 100 * cost_tolerance


def began_beyond(problem: Problem, weights: Floats) -> Finish:
    """Say that not even the first weights (P,) have a finite cost, and why where that is known."""
    if why := problem.why_no_value(weights):
        return Finish(FinishReason.DIVERGED, f"Ended at step 0: at the start {why}. Give another start.")
    return Finish(
        FinishReason.DIVERGED, "Diverged at step 0: the cost of the first weights is not a finite number."
    )


def diverged(
    experiment: Experiment, problem: Problem, course: Course, step: int, ends: tuple[Floats, Floats]
) -> Finish:
    """Say at which step the numbers overflowed or the function has no value and, where it is known, why.

    ``ends`` are the weights (P,) before and after that step.
    """
    if hole := _hole(problem, *ends):
        return Finish(
            FinishReason.DIVERGED,
            f"Ended at step {format_count(step)}: {hole}. Shown is the state before it.",
        )
    begin = f"Diverged at step {format_count(step)}: "
    why = why_it_grows(experiment, problem, course, overflowed=True)
    why = why or "the cost or a weight is no longer a finite number."
    return Finish(FinishReason.DIVERGED, begin + why + " Shown is the last finite state.")


def _hole(problem: Problem, before: Floats, after: Floats) -> str:
    """Say into which hole of its function a step has led, or that there is no slope to step along."""
    if np.isfinite(after).all():
        why = problem.why_no_value(after)
        return f"the step leads to {_named(problem, after)}, where {why}" if why else ""
    if np.abs(before).max() < _MODERATE and np.isnan(problem.gradient_at(before)).any():
        return f"the cost has a value but no slope at {_named(problem, before)}, so there is no next step"
    return ""


def _named(problem: Problem, weights: Floats) -> str:
    pairs = zip(problem.weight_names, weights.tolist(), strict=True)
    return ", ".join(
        f"{symbol(name)} = {format_number(value, 4)}" for name, value in list(pairs)[:_MOST_NAMED]
    )


def why_it_grows(experiment: Experiment, problem: Problem, course: Course, *, overflowed: bool) -> str | None:
    """Say why the cost of a run has risen; None where nothing proves it.

    Proved it is where all of its steps were made with rates above the limit, and where either the rise is
    beyond all bounds or no rate below the limit makes the cost rise: momentum on several weights may.
    """
    limit, curvatures = step_limit(experiment, problem), problem.curvatures()
    least = course.least_rate
    if limit is None or curvatures is None or math.isinf(least) or least <= limit.value:
        return None
    is_plain = experiment.run.optimizer.is_plain
    if not (is_plain or overflowed or len(curvatures) == 1):
        return None
    rate, bound = _apart(least, limit.value)
    which = "learning rate" if course.has_one_rate else "even the smallest learning rate,"
    every = is_plain and least * float(curvatures[0]) > 2  # then every direction grows with every step
    end = "each step lands further away than the last" if every else "the run moves away from the minimum"
    comma = "" if course.has_one_rate else ","
    return f"{which} {rate}{comma} is above {limit.symbol} = {bound}, so {end}."


def rest_at_once(hurried_from: int | None, step: int, course: Course) -> str:
    """Say that the last steps of a run at rest, from one on, were made at once; empty where none were."""
    still = course.still_since
    if hurried_from is None or still is None or not still <= hurried_from < step:
        return ""
    return f"The steps after {format_count(hurried_from)} were made at once, as they change nothing."


def _apart(larger: float, smaller: float) -> tuple[str, str]:
    """Write two numbers with four digits, or with as many as tell them apart."""
    for digits in range(4, 17):
        texts = format_number(larger, digits), format_number(smaller, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _steps(count: int) -> str:
    return f"{format_count(count)} {'step' if count == 1 else 'steps'}"
