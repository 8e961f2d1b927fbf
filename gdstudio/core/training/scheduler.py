"""The learning rates of a run's steps by a scheduler of torch, one after another.

The scheduler has an optimizer of its own that trains nothing: so every way of making steps is given the very
rates that torch computes, whether it uses an optimizer of torch or not.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.settings.experiment import Experiment

_RATES = ("lr", "initial_lr", "max_lr", "min_lr")
"""What an optimizer of torch calls the rates that a scheduler works with."""


def scheduler_of(experiment: Experiment) -> Scheduler | None:
    """Return what makes the rates of a run; None where each step has the run's own."""
    schedule = experiment.run.schedule
    return Scheduler(experiment, schedule) if isinstance(schedule, TorchSchedule) else None


class Scheduler:
    """Gives the rates of the steps of one run, in their order."""

    def __init__(self, experiment: Experiment, schedule: TorchSchedule) -> None:
        self._schedule, self._total = schedule, experiment.schedule_ticks
        self._per_tick, self._made = experiment.steps_per_tick, 0
        self._begin(experiment.run.learning_rate)

    def _begin(self, learning_rate: float) -> None:
        import torch

        self._base = learning_rate
        self._optimizer = torch.optim.SGD([torch.zeros(1)], lr=learning_rate)
        self._scheduler = self._schedule.build(self._optimizer, learning_rate, self._total)
        self._optimizer.step()  # or the scheduler warns that it is asked too early

    def take(self, count: int, learning_rate: float) -> list[float]:
        """Return the rates of so many steps to come, at a learning rate of the run.

        Where that is another one than before, all rates of the schedule change in proportion, and it goes on
        from where it is. The exported program does the same (`gdstudio.core.program.schedule`).
        """
        if learning_rate != self._base and not self._made:
            self._begin(learning_rate)
        elif learning_rate != self._base:
            self._rescale(learning_rate / self._base)
            self._base = learning_rate
        group, rates = self._optimizer.param_groups[0], []
        for _ in range(count):
            rates.append(group["lr"])
            self._made += 1
            if self._made % self._per_tick == 0:
                self._scheduler.step()
        return rates

    def _rescale(self, scale: float) -> None:
        group = self._optimizer.param_groups[0]
        group.update({name: group[name] * scale for name in _RATES if name in group})
        self._scheduler.base_lrs = [rate * scale for rate in self._scheduler.base_lrs]

    def state(self) -> dict[str, Any]:
        """Return a copy of where it is."""
        group = {name: self._optimizer.param_groups[0][name] for name in self._names}
        kept = {"group": group, "scheduler": self._scheduler.state_dict()}
        return copy.deepcopy({**kept, "base": self._base, "made": self._made})

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was returned."""
        state = copy.deepcopy(state)
        self._optimizer.param_groups[0].update(state["group"])
        self._scheduler.load_state_dict(state["scheduler"])
        self._base, self._made = state["base"], state["made"]

    @property
    def _names(self) -> Sequence[str]:
        return [name for name in _RATES if name in self._optimizer.param_groups[0]]
