"""Why a run ends, in a word and in a sentence for the user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import counted, format_count, format_number
from gdstudio.core.training.events import FinishReason

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Finish:
    """Why a run has ended: the reason, and the sentence that says it."""

    reason: FinishReason
    sentence: str


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The largest stable learning rate, where the curvature is known.

    ``curvature`` is the largest eigenvalue of the Hessian of the full training cost; ``symbol`` writes
    the limit as a formula, 2/L for one weight and 2/λmax for more.
    """

    curvature: float
    value: float
    symbol: str


def step_limit(experiment: Experiment, problem: Problem) -> StepLimit | None:
    """Return the limit of the optimizer on a cost of constant curvature; None where none is known."""
    optimizer, curvatures = experiment.run.optimizer, problem.curvatures()
    if curvatures is None or curvatures[-1] <= 0:
        return None
    largest = float(curvatures[-1])
    limit = optimizer.step_limit(largest)
    if limit is None:
        return None
    return StepLimit(largest, limit, optimizer.limit_symbol("L" if len(curvatures) == 1 else "λmax"))


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


def small_change(step: int, change: float, tolerance: float) -> Finish:
    """Say that the cost changes little enough."""
    how = "no longer changes" if change == 0 else f"changed by only {format_number(change, 3)}"
    return Finish(
        FinishReason.CONVERGED,
        f"Converged at step {format_count(step)}: the cost {how}, less than {format_number(tolerance, 3)}.",
    )


def diverged(experiment: Experiment, problem: Problem, learning_rate: float, step: int) -> Finish:
    """Say at which step the numbers overflowed and, where the curvature is known, why."""
    begin = f"Diverged at step {format_count(step)}: "
    why = growth(experiment, problem, learning_rate) or "the cost or a weight is no longer a finite number."
    return Finish(FinishReason.DIVERGED, begin + why + " Shown is the last finite state.")


def growth(experiment: Experiment, problem: Problem, learning_rate: float) -> str | None:
    """Say why a run moves away from the minimum; None where the curvature does not explain it."""
    limit = step_limit(experiment, problem)
    if limit is None:
        return None
    rate, bound = format_number(learning_rate, 4), format_number(limit.value, 4)
    if learning_rate > limit.value:
        return (
            f"learning rate {rate} is above {limit.symbol} = {bound}, "
            "so each step lands further away than the last."
        )
    if experiment.is_full_batch:
        return None
    return (
        f"learning rate {rate} is too large for batches of {experiment.batch_size}, whose gradients are "
        f"noisy; even with all rows at once the limit is {limit.symbol} = {bound}."
    )
