"""A sweep: one experiment, run for many values of one setting, as a batch of runs where that is possible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.sweep.batch import train_batch, why_no_batch
from gdstudio.core.sweep.ends import Ends
from gdstudio.core.training.devices import find_device
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.sweep.values import Value


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """What a sweep has found: the ``values`` of the setting at ``path``, and the run of each.

    ``why_singly`` says why the runs were made one by one; it is empty where they were made as a batch.
    """

    path: str
    values: tuple[Value, ...]
    ends: Ends
    weight_names: tuple[str, ...]
    why_singly: str

    @property
    def is_batch(self) -> bool:
        """Whether the runs were trained as one batch."""
        return not self.why_singly

    @property
    def exactness(self) -> str:
        """How near the numbers are to those of the same runs made by themselves."""
        if self.is_batch:
            return "Made as one batch of runs: each step agrees with that of a single run to 1e-12."
        return f"Made one by one, each as a single run to the last bit: {self.why_singly}."


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs of a sweep, before any is made: an experiment for each value of the setting at ``path``."""

    experiment: Experiment
    path: str
    values: tuple[Value, ...]
    experiments: tuple[Experiment, ...]

    @classmethod
    def of(cls, experiment: Experiment, path: str, values: Sequence[Value]) -> Plan:
        """Plan a run for each value.

        Raises
        ------
        InputError
            Where a value does not fit.
        """
        return cls(
            experiment, path, tuple(values), tuple(experiment.edited({path: value}) for value in values)
        )


def run_sweep(plan: Plan) -> Sweep:
    """Make all runs of a plan to their ends."""
    experiment, path = plan.experiment, plan.path
    problem = experiment.build_problem()
    why = why_no_batch(experiment, problem, path)
    if why:
        device = find_device(experiment.run.device, experiment.run.dtype)
        ends = Ends.joined([_alone(each, device) for each in plan.experiments])
    else:
        made = train_batch(experiment, problem, {path: np.array(plan.values, dtype=np.float64)})
        assert made is not None  # nothing stops it
        ends = made
    return Sweep(path, plan.values, ends, problem.weight_names, why)


def _alone(experiment: Experiment, device: torch.device) -> Ends:
    trainer = Trainer(experiment, experiment.build_problem(), device)
    start = trainer.full_cost()
    result = train(trainer, RunControl())
    return Ends(
        np.array([result.cost]),
        np.array([result.step]),
        (result.reason,),
        result.weights[None],
        np.array([start]),
    )
