"""Trains many runs of one experiment at once: weights of shape (R, P), one step for all of them.

Only runs that see all rows in each step and differ in numbers of the run alone (the learning rate, what the
optimizer has, the start) can be trained so. Their costs and gradients come from torch, for all runs at once
(`gdstudio.core.problems.problem.Problem.batched`), their moves from the optimizer's own rule. A step agrees
with that of a single run to rounding: sums are added up in another order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gdstudio.core.settings.rates import factors_after
from gdstudio.core.sweep.ends import Ends
from gdstudio.core.sweep.verdicts import Stretch, judge
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.initial import initial_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats

RATE = "run.learning_rate"
OPTIMIZER = "run.optimizer."
START = "run.initial_weights"
_AT_ONCE = 1_000_000
"""So many predictions are made at once at most, and so many weights kept of consecutive steps."""
_LONGEST = 256
"""At most so many steps are made before it is looked which of the runs have ended."""


def why_no_batch(experiment: Experiment, problem: Problem, path: str) -> str:
    """Return why runs with other values of a setting cannot be trained as a batch; empty where they can."""
    run = experiment.run
    if path not in {RATE, START} and not path.startswith(OPTIMIZER):
        return f"{path} is neither the learning rate, the start nor a number of the optimizer"
    if not experiment.is_full_batch:
        return "their steps are made with mini-batches"
    if run.dtype != "float64" or run.device != "cpu":
        return "they do not compute in 64 bits on the cpu"
    if problem.gradient_rule(()) is not None:
        return f"the mistake {run.mistake} makes gradients of its own"
    if run.optimizer.remembered(np.zeros(len(problem.weight_names)), None) is None:
        return f"the rule of {run.optimizer.kind} is not written out"
    return ""


def train_batch(
    experiment: Experiment,
    problem: Problem,
    values: Mapping[str, Floats],
    goes_on: Callable[[], bool] = lambda: True,
    seen: Callable[[Stretch, np.ndarray], None] | None = None,
) -> Ends | None:
    """Train R runs to their ends; return None where ``goes_on``, asked now and then, says no.

    Parameters
    ----------
    experiment, problem
        What is trained and how; `why_no_batch` has no objection.
    values
        For each setting that differs, by its path, the values (R,) of the runs, (R, P) of the start; they are
        not checked.
    goes_on
        Whether anybody still wants to know.
    seen
        Receives the steps as they are made, with the places of the runs that made them. Steps of a run after
        its end are among them.
    """
    count = len(next(iter(values.values())))
    at_once = max(1, _AT_ONCE // max(1, len(problem.rows)))
    parts = []
    for begin in range(0, count, at_once):
        some = {path: column[begin : begin + at_once] for path, column in values.items()}
        part = _Batch(experiment, problem, some, begin).train(goes_on, seen)
        if part is None:
            return None
        parts.append(part)
    return Ends.joined(parts)


class _Batch:
    """Runs in training: those that still go on, and the ends of the others."""

    def __init__(
        self, experiment: Experiment, problem: Problem, values: Mapping[str, Floats], first: int
    ) -> None:
        import torch

        self._experiment, self._run = experiment, experiment.run
        self._values = {path: np.asarray(column, dtype=np.float64) for path, column in values.items()}
        count = len(next(iter(self._values.values())))
        starts = self._values.pop(START, None)
        if starts is None:
            starts = np.tile(initial_weights(experiment, problem), (count, 1))
        self._costs_and_gradients = problem.batched()
        self._changes = [*self._run.rate_changes]
        self._rates = self._values.get(RATE, np.full(count, self._run.learning_rate))
        self._step, self._going, self._first = 0, np.arange(count), first
        self._weights = torch.from_numpy(starts.copy())
        self._memory: Mapping[str, Floats] | None = None
        self._ahead = self._costs_and_gradients(self._weights)
        self._cost_before = np.full(count, np.nan)
        start_costs = self._ahead[0].numpy().copy()
        self._reasons = [FinishReason.COMPLETED] * count
        self._ends = Ends(
            start_costs.copy(), np.zeros(count, int), (), self._weights.numpy().copy(), start_costs
        )

    def train(
        self, goes_on: Callable[[], bool], seen: Callable[[Stretch, np.ndarray], None] | None
    ) -> Ends | None:
        while len(self._going) and self._step < self._experiment.total_steps:
            if not goes_on():
                return None
            stretch = self._make(self._steps_ahead())
            if seen is not None:
                seen(stretch, self._first + self._going)
            self._settle(stretch)
        ends = self._ends
        return Ends(ends.costs, ends.steps, tuple(self._reasons), ends.weights, ends.start_costs)

    def _steps_ahead(self) -> int:
        """Apply the change of the rate that is due; return how many steps are made at once now."""
        while self._changes and self._changes[0][0] <= self._step:
            self._rates = np.full(len(self._going), self._changes.pop(0)[1])
        until = self._changes[0][0] if self._changes else self._experiment.total_steps
        room = _AT_ONCE // self._weights.numel()
        return max(1, min(room, _LONGEST, until - self._step, self._experiment.total_steps - self._step))

    def _make(self, steps: int) -> Stretch:
        """Make so many steps with all runs that go on."""
        optimizer: Any = self._run.optimizer.of_runs(  # any, for its numbers are columns here
            {path.removeprefix(OPTIMIZER): column for path, column in self._values.items() if path != RATE}
        )
        rates, memory = self._rates[:, None], self._memory
        track = self._weights.new_empty(steps + 1, *self._weights.shape)
        path, rows = track.numpy(), track.unbind()
        costs, sizes = np.empty((steps + 1, len(rates))), np.full((steps, len(rates)), np.nan)
        path[0], (cost, gradient) = self._weights.numpy(), self._ahead
        of_all, factors = self._costs_and_gradients, self._factors(steps)
        has_rules = self._run.gradient_tolerance is not None or self._run.cost_tolerance is not None
        with np.errstate(all="ignore"):  # a run that diverges is told by what is no longer finite
            for k in range(steps):
                slope = gradient.numpy()
                used = optimizer.with_decay(slope, path[k])
                costs[k] = cost.numpy()
                if has_rules:
                    sizes[k] = np.sqrt((slope * slope).sum(axis=1))
                memory = optimizer.remembered(used, memory)
                rate = optimizer.rate_of_step(rates if factors is None else factors[k] * rates, memory)
                along = optimizer.direction(used, memory, path[k])
                np.subtract(path[k], rate * along, out=path[k + 1])
                cost, gradient = of_all(rows[k + 1])
        costs[steps] = cost.numpy()
        self._weights, self._ahead, self._memory = track[steps], (cost, gradient), memory
        return Stretch(self._step, costs, path, sizes, self._cost_before)

    def _factors(self, steps: int) -> Floats | None:
        """Return what the schedule multiplies the rates by in each of the next steps; None without one."""
        if self._run.schedule.is_constant:
            return None
        return factors_after(self._experiment, np.arange(self._step, self._step + steps, dtype=np.float64))

    def _settle(self, stretch: Stretch) -> None:
        """Keep the ends of the runs that have ended in a stretch, and go on with the others."""
        steps = len(stretch.costs) - 1
        self._step += steps
        verdicts = judge(self._run, stretch)
        rows = np.where(verdicts.rows < 0, steps, verdicts.rows)
        columns, runs = np.arange(len(rows)), self._going
        # The state of now is the end of those that go on, too, unless they come further.
        self._ends.costs[runs] = stretch.costs[rows, columns]
        self._ends.steps[runs] = stretch.first + rows
        self._ends.weights[runs] = stretch.weights[rows, columns]
        for j in np.flatnonzero(verdicts.rows >= 0):
            reason = verdicts.reasons[j]
            assert reason is not None
            self._reasons[runs[j]] = reason
        self._cost_before = stretch.costs[steps - 1]
        self._keep(verdicts.rows < 0)

    def _keep(self, kept: np.ndarray) -> None:
        """Go on with some of the runs, marked among those that went on so far."""
        if kept.all():
            return
        self._going, self._rates, self._cost_before = (
            column[kept] for column in (self._going, self._rates, self._cost_before)
        )
        self._values = {path: column[kept] for path, column in self._values.items()}
        self._weights = self._weights[kept]
        self._ahead = self._ahead[0][kept], self._ahead[1][kept]
        if self._memory is not None:
            self._memory = {
                name: value[kept] if value.ndim == 2 else value for name, value in self._memory.items()
            }
