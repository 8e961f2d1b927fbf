"""One optimizer step after another: torch.autograd for the gradient, torch.optim's rules for the move.

The loop makes as few Python-level calls a step as it can: the functional form of the forward pass,
``torch.autograd.grad`` instead of ``zero_grad`` and ``backward`` (the same gradients, not added up), and
for plain SGD one fused update. Its numbers are those of the readable loop, to the last bit.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from gdstudio.core.seeds import generator
from gdstudio.core.training import stopping
from gdstudio.core.training.batches import Batches
from gdstudio.core.training.fast.cuda_graphs import recorder
from gdstudio.core.training.fast.layers import LayerDescent, empty_track
from gdstudio.core.training.fast.recorded_descent import RecordedDescent
from gdstudio.core.training.finite_rows import finite_batch_rows, finite_rows
from gdstudio.core.training.initial import initial_weights
from gdstudio.core.training.move import Move
from gdstudio.core.training.rows import Checkpoint, EpochRow, Rows
from gdstudio.core.training.stop_rules import StopRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.stopping import Finish
    from gdstudio.core.typing import Array, Floats


class Trainer:
    """Trains one experiment's problem on a device, a number of steps at a time.

    Parameters
    ----------
    experiment, problem
        What is trained and how; the problem is the experiment's own, built from its seed.
    device
        Where; data, weights and permutations are made on the CPU and then moved there.
    """

    def __init__(self, experiment: Experiment, problem: Problem, device: torch.device | str = "cpu") -> None:
        self.experiment = experiment
        self.problem = problem
        self.step = 0
        self.finish: Finish | None = None
        self._dtype = getattr(torch, experiment.run.dtype)
        self._device = torch.device(device)
        self._train = self._tensors(problem.rows)
        self._test = self._tensors(problem.held_out) if problem.held_out is not None else None
        order = generator(experiment.run.seed, "order")
        self._batches = Batches(
            *self._train, experiment.batch_size, shuffle=experiment.run.shuffle, generator=order
        )
        self._make_weights()
        self._forward = problem.forward()
        self._cost = problem.loss()
        self._gradient_rule = problem.gradient_rule(self._parameters)
        self._full_batch = experiment.is_full_batch
        self._move = Move(experiment.run, self._parameters)
        self._rules = StopRules(experiment.run, self.full_cost())
        self._layers = self._make_layers()

    @property
    def weights(self) -> Floats:
        """The weights now, shape (P,)."""
        return self._flat.cpu().numpy().astype(np.float64)

    @property
    def epoch(self) -> int:
        """The epoch that the latest step belongs to, counted from 1; 0 before any step."""
        return -(-self.step // self._batches.per_epoch)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the steps to come."""
        return self._move.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._move.learning_rate = value

    def start(self) -> Rows:
        """Return row 0: the weights before any update, with the full training cost."""
        cost = self._rules.last_cost
        if not math.isfinite(cost):
            self.finish = stopping.diverged(self.experiment, self.problem, self.learning_rate, 0)
        zero = np.zeros(1)
        return Rows(zero, zero, np.array([cost]), self.weights[None, :])

    def advance(self, count: int) -> Rows:
        """Make up to so many steps, fewer where the epoch, a stop rule or divergence ends them.

        ``finish`` says afterwards whether the run is over. Never called after it is.
        """
        left = min(count, self.experiment.total_steps - self.step)
        if self._full_batch and self._test is not None:
            left = 1  # every step ends an epoch, after which the test rows are looked at
        batches = self._batches.take(left)
        track = empty_track(len(batches), self._flat)
        before, leftover = self.weights, self._leftover
        costs, gradients = self._descend(batches, track)
        rows = self._rows(costs, track[1:], gradients, before)
        if 0 < len(rows) < len(costs):
            self._leftover = leftover
            again = self._gradient_again(batches, np.vstack([before, rows.weights[:-1]]))
            rows = replace(rows, gradient=_joined(again))
        whole = self._full_batch or (self.finish is None and self._batches.ends_epoch)
        if whole and len(rows):
            self._end_epoch(rows)
        if self.finish is None and self.step >= self.experiment.total_steps:
            self.finish = stopping.completed(self.experiment, self.step)
        return rows

    def full_cost(self) -> float:
        """Return the cost over all training rows at the weights now."""
        return self._evaluate(self._train)

    def checkpoint(self) -> Checkpoint:
        """Return the state now, apart from what the trainer goes on to do."""
        return Checkpoint(
            self.step,
            self._flat.clone(),
            self._move.state(),
            self._batches.position(),
            self._rules.last_cost,
            self.learning_rate,
            self._leftover,
        )

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go back (or forth) to a state taken earlier from a trainer of this experiment."""
        self.step = checkpoint.step
        self._flat.copy_(checkpoint.weights)
        self._move.restore(checkpoint.optimizer, checkpoint.learning_rate)
        self._batches.go_to(checkpoint.batches)
        self._rules.last_cost = checkpoint.last_cost
        self._leftover = checkpoint.leftover
        self.finish = None
        if self._layers is not None:
            self._layers.forget()

    @property
    def _leftover(self) -> tuple[torch.Tensor, ...]:
        """What the gradient rule keeps from step to step."""
        return self._gradient_rule.leftover if self._gradient_rule is not None else ()

    @_leftover.setter
    def _leftover(self, kept: tuple[torch.Tensor, ...]) -> None:
        if self._gradient_rule is not None:
            self._gradient_rule.leftover = kept

    def _tensors(self, data: Any) -> tuple[torch.Tensor, torch.Tensor]:
        X = torch.from_numpy(data.X).to(self._device, self._dtype)
        y = torch.from_numpy(data.y[:, None]).to(self._device, self._dtype)
        return X.contiguous(), y.contiguous()

    def _make_weights(self) -> None:
        """Lay the module's parameters into one flat vector, so that one copy keeps them all."""
        self.module = self.problem.module().to(self._device, self._dtype)
        self._parameters = list(self.module.parameters())
        start = torch.from_numpy(initial_weights(self.experiment, self.problem))
        self._flat = start.to(self._device, self._dtype).clone()
        at = 0
        for parameter in self._parameters:
            parameter.data = self._flat[at : at + parameter.numel()].view_as(parameter)
            at += parameter.numel()

    def _make_layers(self) -> LayerDescent | None:
        """Return the steps written out, where the run is plain descent on layers and nothing looks in."""
        form = self.problem.fast_form
        if form is None or not self._move.is_plain or (self._full_batch and self._rules.watches):
            return None
        record = recorder(self._device)
        if record is None:
            return LayerDescent(form, self._flat)
        return RecordedDescent(form, self._flat, record)

    def _descend(
        self, batches: Sequence[tuple[torch.Tensor, torch.Tensor]], track: torch.Tensor
    ) -> tuple[list[torch.Tensor], Sequence[torch.Tensor] | None]:
        """Make the steps; return each batch's cost before its update, and the last gradient used.

        The weights after step k go into row k of ``track``, shape (steps + 1, P).
        """
        track[0] = self._flat
        if self._layers is not None:
            costs, used = self._layers.descend(batches, track, self.learning_rate)
            self._flat.copy_(track[-1])
            return costs, used
        return self._descend_by_autograd(batches, track[1:])

    def _descend_by_autograd(
        self, batches: Sequence[tuple[torch.Tensor, torch.Tensor]], path: torch.Tensor
    ) -> tuple[list[torch.Tensor], Sequence[torch.Tensor] | None]:
        forward, cost, flat = self._forward, self._cost, self._flat
        parameters, update, differentiate = self._parameters, self._move.function(), torch.autograd.grad
        watched = self._full_batch and self._rules.watches
        change = self._gradient_rule
        costs: list[torch.Tensor] = []
        used: Sequence[torch.Tensor] | None = None
        for row, (X, y) in zip(path.unbind(), batches, strict=True):
            value = cost(forward(parameters, X), y)
            gradients = differentiate(value, parameters)
            if watched and self._converged(value, gradients, len(costs)):
                break
            if change is not None:
                gradients = change(gradients, X, y)
            update(gradients)
            row.copy_(flat)
            costs.append(value)
            used = gradients
        return costs, used

    def _gradient_again(
        self, batches: Sequence[tuple[torch.Tensor, torch.Tensor]], path: Floats
    ) -> Sequence[torch.Tensor]:
        """Return the gradient of the last step from weights ``path`` (steps, P), whose successors diverged.

        Which step is the last shows only afterwards, and the picture must not depend on how steps are cut
        into calls. A mistake may add up gradients: then those of the steps before are taken again too.
        """
        change, latest = self._gradient_rule, self._flat.clone()
        used: tuple[torch.Tensor, ...] = ()
        for k in range(0 if change is not None else len(path) - 1, len(path)):
            X, y = batches[k]
            self._flat.copy_(torch.from_numpy(path[k]))
            used = torch.autograd.grad(self._cost(self._forward(self._parameters, X), y), self._parameters)
            if change is not None:
                used = change(used, X, y)
        self._flat.copy_(latest)
        return used

    def _converged(self, cost: torch.Tensor, gradients: Sequence[torch.Tensor], made: int) -> bool:
        """Apply the stop rules at the weights of step ``self.step + made``, before the next update."""
        size = math.sqrt(sum(float((g * g).sum()) for g in gradients))
        self.finish = self._rules.look(float(cost.detach()), size, self.step + made)
        return self.finish is not None

    def _rows(
        self,
        costs: list[torch.Tensor],
        path: torch.Tensor,
        gradients: Sequence[torch.Tensor] | None,
        before: Floats,
    ) -> Rows:
        made = len(costs)
        weights = path[:made].cpu().numpy().astype(np.float64)
        values = _as_numpy(costs)
        if self._full_batch and made:
            values = np.append(values[1:], self._cost_ahead())
        finite = self._finite(values, weights)
        if not finite.all():
            made = int(np.argmin(finite))
            self.finish = stopping.diverged(
                self.experiment, self.problem, self.learning_rate, self.step + made + 1
            )
            last = weights[made - 1] if made else before
            self._flat.copy_(torch.from_numpy(last).to(self._flat))
            if self._layers is not None:
                self._layers.forget()
        steps = np.arange(self.step + 1, self.step + made + 1, dtype=np.float64)
        self.step += made
        return Rows(
            steps,
            np.ceil(steps / self._batches.per_epoch),
            values[:made],
            weights[:made],
            _joined(gradients) if made == len(costs) else None,
            (weights[made - 2] if made > 1 else before) if made else None,
            self.learning_rate if made else None,
        )

    def _cost_ahead(self) -> float:
        """Return the full cost at the weights now, where every step sees all rows."""
        if self._layers is None:
            return self.full_cost()
        return float(self._layers.look_ahead(*self._train, self._flat))

    def _finite(self, values: Floats, weights: Floats) -> Array:
        if self._full_batch:
            return finite_rows(values, weights)
        return finite_batch_rows(values, weights, self._full_cost_at, torch.finfo(self._dtype).max)

    def _full_cost_at(self, weights: Floats) -> float:
        latest = self._flat.clone()
        self._flat.copy_(torch.from_numpy(weights))
        cost = self.full_cost()
        self._flat.copy_(latest)
        return cost

    def _end_epoch(self, rows: Rows) -> None:
        test = self._evaluate(self._test) if self._test is not None else None
        if self._full_batch:
            done = zip(rows.steps.tolist(), rows.costs.tolist(), strict=True)
            rows.epoch_rows.extend(EpochRow(int(step), int(step), cost, test) for step, cost in done)
        else:
            rows.epoch_rows.append(EpochRow(self.epoch, self.step, self.full_cost(), test))
        if self._rules.watches and not self._full_batch:
            value = self._cost(self._forward(self._parameters, self._train[0]), self._train[1])
            gradients = torch.autograd.grad(value, self._parameters)
            self._converged(value, gradients, 0)

    @torch.no_grad()
    def _evaluate(self, data: tuple[torch.Tensor, torch.Tensor]) -> float:
        return float(self._cost(self._forward(self._parameters, data[0]), data[1]))


def _as_numpy(values: list[torch.Tensor]) -> Floats:
    if not values:
        return np.empty(0)
    with torch.no_grad():
        return torch.stack(values).cpu().numpy().astype(np.float64)


def _joined(gradients: Sequence[torch.Tensor] | None) -> Floats | None:
    if gradients is None:
        return None
    return torch.cat([g.reshape(-1) for g in gradients]).cpu().numpy().astype(np.float64)
