"""The trainer: makes a run's optimizer steps, and the row that each of them leaves behind.

How a step is made is the matter of a `Descent`. The trainer chooses one, gives it the batches, and looks
afterwards at what it has made: whether the numbers are finite, whether an epoch or the run has ended.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gdstudio.core.seeds import generator
from gdstudio.core.training import stopping
from gdstudio.core.training.alignment import empty_track
from gdstudio.core.training.autograd_descent import AutogradDescent
from gdstudio.core.training.batches import Batches
from gdstudio.core.training.course import Course, is_at_rest
from gdstudio.core.training.descent import Descended
from gdstudio.core.training.evaluation import Evaluation
from gdstudio.core.training.fast.fast_descent import fast_descent
from gdstudio.core.training.finite_rows import count_finite
from gdstudio.core.training.flat_weights import FlatWeights
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.rows import Checkpoint, EpochRow, Rows
from gdstudio.core.training.scheduler import scheduler_of
from gdstudio.core.training.stop_rules import StopRules
from gdstudio.core.training.tensors import floats, joined, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.batches import Batch
    from gdstudio.core.training.descent import Descent
    from gdstudio.core.training.phase_stops import PhaseStops
    from gdstudio.core.training.stopping import Finish
    from gdstudio.core.typing import Floats


class Trainer:
    """Trains one experiment's problem on a device, a number of steps at a time.

    ``step`` counts the steps made, ``finish`` says how the run ended (None before), ``learning_rate`` is
    that of the next steps, which a schedule multiplies, and ``course`` is what is known of the run up to the
    latest step.

    Parameters
    ----------
    experiment, problem
        What is trained and how; the problem is the experiment's own, built from its seed.
    device
        Where; data, weights and permutations are made on the CPU and then moved there.
    stops
        Says which steps are made phase by phase; None for a run that makes none of them so.
    """

    def __init__(
        self,
        experiment: Experiment,
        problem: Problem,
        device: torch.device | str = "cpu",
        *,
        stops: PhaseStops | None = None,
    ) -> None:
        run = experiment.run
        self.experiment, self.problem = experiment, problem
        self.step = 0
        self.finish: Finish | None = None
        self.learning_rate = run.learning_rate
        self._scheduler, self._ahead, self._asked = scheduler_of(experiment), 0, 0
        self._is_full_batch, self._stops = experiment.is_full_batch, stops
        self._weights = FlatWeights(
            problem.module(), initial_weights(experiment, problem), device, getattr(torch, run.dtype)
        )
        self._rules = StopRules(run)
        # Full-batch runs apply their stop rules at every step, which only autograd's descent can do.
        by_step = self._is_full_batch and self._rules.are_set
        self._autograd = AutogradDescent(
            problem, run, self._weights, self._has_converged if by_step else None
        )
        fast = None if by_step else fast_descent(problem, run.optimizer, self._weights.vector)
        self._descent: Descent = fast if fast is not None else self._autograd
        self._evaluation = Evaluation(problem, self._weights, self._autograd.cost)
        self._batches = Batches(
            *self._evaluation.train,
            experiment.batch_size,
            shuffle=run.shuffle,
            generator=generator(run.seed, "order"),
        )
        self._rules.last_cost = self.full_cost()
        self.course = Course.begin(self._rules.last_cost, sees_all_rows=self._is_full_batch)
        self._last_gradient: Floats | None = None

    @property
    def weights(self) -> Floats:
        """The weights now, shape (P,)."""
        return self._weights.numpy()

    @property
    def epoch(self) -> int:
        """The epoch that the latest step belongs to, counted from 1; 0 before any step."""
        return -(-self.step // self._batches.per_epoch)

    @property
    def evaluations(self) -> int:
        """How many gradients its steps have asked for: one each, but where the optimizer needs a closure."""
        return self._asked if self._autograd.move.needs_closure else self.step

    @property
    def is_at_rest(self) -> bool:
        """Whether it is known that no step to come changes the weights, as long as the rate stays."""
        if self._autograd.leftover:
            return False
        return is_at_rest(self.course, self.experiment, self.step, self._last_gradient)

    def start(self) -> Rows:
        """Return row 0: the weights before any update, with the full training cost."""
        cost = self._rules.last_cost
        if not math.isfinite(cost):
            self.finish = stopping.began_beyond(self.problem, self.weights)
        zero = np.zeros(1)
        return Rows(zero, zero, np.array([cost]), self.weights[None, :], course=self.course)

    def advance(self, count: int) -> Rows:
        """Make up to so many steps, fewer where the epoch, a stop rule or divergence ends them.

        ``finish`` says afterwards whether the run is over. Never called after it is.
        """
        batches = self._batches.take(self._steps_in_one_call(count))
        rates = self._rates(len(batches))
        # Aligned rows, because written-out steps compute with them as they lie there.
        track = empty_track(len(batches), self._weights.vector)
        track[0] = self._weights.vector
        leftover = self._autograd.leftover
        made = self._descend(batches, track, rates)
        # Row 0 are the weights before the first step, row k those after step k.
        path = floats(track[: len(made.costs) + 1])
        costs = self._costs_of_rows(made.costs)
        full_cost_at = None if self._is_full_batch else self._evaluation.train_cost_at
        kept = count_finite(costs, path[1:], full_cost_at, torch.finfo(track.dtype).max)
        gradients, state = made.gradients, self._autograd.move.flat_state()
        if kept < len(costs):
            self._diverge(rates[: kept + 1], path[kept], path[kept + 1])
            state = None  # it is that after the last of all steps, those that are not kept included
            # The latest gradient made a step that is not kept. Which step is the last one kept is known only
            # now, so its own gradient is taken again: what is shown must not depend on how many steps one
            # call makes.
            gradients = self._autograd.last_gradients(batches, path[:kept], leftover) if kept else None
        asked = None if made.evaluations is None else np.array(made.evaluations[:kept], dtype=np.float64)
        rows = self._rows(costs[:kept], path[: kept + 1], rates[:kept], gradients, state)
        if asked is not None and len(asked):
            self._asked = int(asked[-1])
            rows = replace(rows, evaluations=asked)
        self._end_epoch(rows)
        if self.finish is None and self.step >= self.experiment.total_steps:
            self.finish = stopping.completed(self.experiment, self.step)
        return rows

    def full_cost(self) -> float:
        """Return the cost over all training rows at the weights now."""
        return self._evaluation.train_cost()

    def checkpoint(self) -> Checkpoint:
        """Return a copy of the whole state now."""
        return Checkpoint(
            self.step,
            self._weights.vector.clone(),
            self._autograd.move.state(),
            self._batches.position(),
            self._rules.last_cost,
            self.learning_rate,
            self.course,
            self._autograd.leftover,
            None if self._scheduler is None else self._scheduler.state(),
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back (or forth) to a state taken earlier from a trainer of this experiment."""
        self.step = checkpoint.step
        self._weights.vector.copy_(checkpoint.weights)
        self._descent.discard_cost_ahead()
        self._autograd.move.restore(checkpoint.optimizer)
        self._asked = self._autograd.move.evaluations
        self._autograd.leftover = checkpoint.leftover
        self._batches.go_to(checkpoint.batches)
        self._rules.last_cost = checkpoint.last_cost
        self.learning_rate = checkpoint.learning_rate
        if self._scheduler is not None and checkpoint.scheduler is not None:
            self._scheduler.restore(checkpoint.scheduler)
        self.course, self._last_gradient = checkpoint.course, None
        self.finish = None

    def _steps_in_one_call(self, most: int) -> int:
        # Every full-batch step ends an epoch, after which the test rows are evaluated at its weights.
        if self._is_full_batch and self._evaluation.test is not None:
            return 1
        return min(most, self.experiment.total_steps - self.step)

    def _rates(self, count: int) -> list[float]:
        """Return the learning rates of the next steps."""
        if self._scheduler is None:
            return [self.learning_rate] * count
        return self._scheduler.take(count, self.learning_rate)

    def _descend(self, batches: Sequence[Batch], track: torch.Tensor, rates: list[float]) -> Descended:
        """Make the steps, the first and only one of them phase by phase where that is asked for."""
        stops = self._stops
        if stops is None or not stops.are_wanted:
            if self._scheduler is None:
                return self._descent.descend(batches, track, self.learning_rate)
            return self._descend_by_rate(batches, track, rates)
        self._descent.discard_cost_ahead()
        return self._autograd.descend(
            batches, track, rates[0], stops.of_step(self.step + 1, rates[0], self.weights)
        )

    def _descend_by_rate(
        self, batches: Sequence[Batch], track: torch.Tensor, rates: list[float]
    ) -> Descended:
        """Make steps with a rate each, those together that have the same one after another."""
        made, asked = Descended([], None), []
        for rate, alike in groupby(rates):
            first = self._ahead = len(made.costs)
            end = first + sum(1 for _ in alike)
            more = self._descent.descend(batches[first:end], track[first : end + 1], rate)
            asked += more.evaluations or []
            made = Descended(made.costs + more.costs, more.gradients or made.gradients, asked or None)
            if len(made.costs) < end:  # it has converged
                break
        self._ahead = 0
        return made

    def _has_converged(self, cost: torch.Tensor, gradients: Sequence[torch.Tensor], made: int) -> bool:
        """Apply the stop rules at the weights after ``made`` more steps than ``step``."""
        self.finish = self._rules.look(cost, gradients, self.step + self._ahead + made)
        return self.finish is not None

    def _costs_of_rows(self, before: list[torch.Tensor]) -> Floats:
        """Return the cost of each step's row from each batch's cost before its update.

        Where every step sees all rows, the cost before a step is the full cost after the one before it: each
        row gets that of the next step, at its own weights, and only the last one is computed by itself.
        """
        costs = stacked(before)
        if not self._is_full_batch or not before:
            return costs
        return np.append(costs[1:], float(self._descent.cost_ahead(*self._evaluation.train)))

    def _diverge(self, rates: list[float], weights: Floats, lost: Floats) -> None:
        """End the run at the weights before the last step with one of these rates; it is lost."""
        step = self.step + len(rates)
        course = self.course.with_rates(self.step, rates)
        self.finish = stopping.diverged(self.experiment, self.problem, course, step, (weights, lost))
        self._weights.set(weights)
        self._descent.discard_cost_ahead()

    def _rows(
        self,
        costs: Floats,
        path: Floats,
        rates: list[float],
        gradients: Sequence[torch.Tensor] | None,
        state: Mapping[str, Any] | None,
    ) -> Rows:
        """Count the steps made and return their rows; ``path`` begins with the weights before the first."""
        made = len(costs)
        steps = np.arange(self.step + 1, self.step + made + 1, dtype=np.float64)
        self.step += made
        epochs = np.ceil(steps / self._batches.per_epoch)
        gradient = joined(gradients) if gradients is not None else None
        if not made:
            return Rows(steps, epochs, costs, path[1:])
        self._follow(costs, path, rates, gradient)
        course = self.course
        return Rows(steps, epochs, costs, path[1:], gradient, path[-2], rates[-1], state, course=course)

    def _follow(self, costs: Floats, path: Floats, rates: list[float], gradient: Floats | None) -> None:
        """Take note of the steps just counted, of which the last was made with ``gradient``."""
        before = self.step - len(costs)
        self.course = self.course.with_rates(before, rates)
        if self._is_full_batch:
            self.course = self.course.after(before, costs, path)
        self._last_gradient = gradient

    def _end_epoch(self, rows: Rows) -> None:
        """Evaluate the epochs that the latest steps have ended, and apply the stop rules to mini-batches."""
        if not len(rows):
            return
        if self._is_full_batch:
            test = self._evaluation.test_cost()
            done = zip(rows.steps.tolist(), rows.costs.tolist(), strict=True)
            rows.epoch_rows.extend(EpochRow(int(step), int(step), cost, test) for step, cost in done)
        elif self.finish is None and self._batches.ends_epoch:
            rows.epoch_rows.append(self._evaluation.epoch_row(self.epoch, self.step))
            if self._rules.are_set:
                self._has_converged(*self._autograd.cost_and_gradients(*self._evaluation.train), 0)
