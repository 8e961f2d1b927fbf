"""The cost of one experiment's runs with many seeds, epoch by epoch; their median, and quantiles of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import TextStyle
from gdstudio.core.settings.rates import shortened
from gdstudio.core.training.devices import find_device
from gdstudio.core.training.events import FinishReason
from gdstudio.core.training.loop import train
from gdstudio.core.training.run_control import RunControl
from gdstudio.core.training.threads import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.rows import Rows
    from gdstudio.core.typing import Floats

SEEDS = range(20)
"""The seeds that are tried, those of ``gdstudio sweep LESSON seed 0 19``."""
LOW, HIGH = 0.1, 0.9
"""Between which quantiles the band lies."""
MOST_STEPS = 10_000
"""So many steps of a run are made at most."""
_MOST_ROWS = 5_000_000
"""Its steps see so many rows at most, one that is seen again counted again."""
_MOST_KEPT = 512
"""So many epochs of a run are kept at most, besides its start and its end."""


def chances(experiment: Experiment) -> tuple[str, ...]:
    """Return in words what another seed makes other; empty where nothing is left to chance."""
    run, spec = experiment.run, experiment.problem
    given = TextStyle(initial_weights=(0.0,) * len(spec.weight_names))
    found = {
        "other data": spec.text(given).draws,
        "other first weights": run.initial_weights is None and run.initial_std > 0,
        "another order of the rows": run.shuffle and not experiment.is_full_batch,
    }
    return tuple(words for words, holds in found.items() if holds)


def followed_steps(experiment: Experiment) -> int:
    """Return how many steps of each run are made: all of them, unless that takes too long."""
    affordable = min(MOST_STEPS, _MOST_ROWS // max(1, experiment.batch_size))
    return min(experiment.total_steps, max(1, affordable))


@dataclass(frozen=True, slots=True, eq=False)
class SeedCurve:
    """The full training costs (k,) of the run with a seed, after each of the ``steps`` (k,).

    They are those before the first step, after each epoch (or every so many), and at the end, which is the
    last finite state of a run that diverged. ``reason`` says why it ended.
    """

    seed: int
    steps: Floats
    costs: Floats
    reason: FinishReason

    @property
    def has_diverged(self) -> bool:
        """Whether the run came to a number that is not finite."""
        return self.reason is FinishReason.DIVERGED

    def after(self, steps: Floats) -> Floats:
        """Return the costs (m,) after so many steps (m,) each: after its end its last, or an infinite one."""
        costs: Floats = self.costs[np.searchsorted(self.steps, steps, side="right") - 1]
        return np.where(steps > self.steps[-1], np.inf, costs) if self.has_diverged else costs


def curve_of_seed(
    experiment: Experiment, seed: int, goes_on: Callable[[], bool] = lambda: True
) -> SeedCurve | None:
    """Train an experiment with another seed; return None where ``goes_on``, asked now and then, says no.

    It computes with one thread, beside whatever else trains. Costs are to the last bit those of the same run
    made by itself, as long as that, too, computes with one: where a step sees fewer than 50,000 rows.

    Raises
    ------
    InputError
        Where the device cannot be used.
    """
    from gdstudio.core.training.trainer import Trainer  # which imports torch

    use_one_thread()
    alone = experiment.edited({"run.seed": seed})
    if followed_steps(experiment) < experiment.total_steps:
        alone = shortened(alone, followed_steps(experiment))
    device = find_device(alone.run.device, alone.run.dtype)
    epochs = _Epochs(_stride(experiment))
    trainer = Trainer(alone, alone.build_problem(), device)
    epochs.keep(0, trainer.full_cost())
    result = train(trainer, _WhileWanted(goes_on), epochs)
    if result.reason is FinishReason.STOPPED:
        return None
    epochs.keep(result.step, result.cost)
    return SeedCurve(seed, np.array(epochs.steps, dtype=np.float64), np.array(epochs.costs), result.reason)


@dataclass(frozen=True, slots=True, eq=False)
class SeedSpread:
    """The ``median`` (k,) of the costs of many runs after each of the ``steps`` (k,), and quantiles of them.

    ``low`` (k,) and ``high`` (k,) are the quantiles `LOW` and `HIGH`. A run that a stop rule has ended keeps
    its cost, and that of one which has diverged counts as infinite from then on.
    """

    steps: Floats
    low: Floats
    median: Floats
    high: Floats

    @classmethod
    def of(cls, experiment: Experiment, curves: Sequence[SeedCurve]) -> SeedSpread:
        """Return that of one run or more, by `curve_of_seed` of the experiment."""
        end = followed_steps(experiment)
        every = _stride(experiment) * experiment.steps_per_epoch
        steps = np.unique(np.append(np.arange(0, end, every), end)).astype(np.float64)
        costs = np.sort([curve.after(steps) for curve in curves], axis=0)
        low, median, high = (_quantile(costs, q) for q in (LOW, 0.5, HIGH))
        return cls(steps, low, median, high)


def _stride(experiment: Experiment) -> int:
    """Return the number of epochs from one that is kept to the next."""
    return max(1, -(-followed_steps(experiment) // experiment.steps_per_epoch // _MOST_KEPT))


def _quantile(ordered: Floats, q: float) -> Floats:
    """Return a quantile (k,) of ascending values (R, k), as numpy does where all of them are finite.

    Between a finite and an infinite value lies an infinite one.
    """
    place = q * (len(ordered) - 1)
    first = int(place)
    low: Floats = ordered[first]
    high: Floats = ordered[min(first + 1, len(ordered) - 1)]
    if place == first:
        return low
    with np.errstate(invalid="ignore"):  # infinite less infinite
        between = low + (place - first) * (high - low)
    return np.where(np.isfinite(high), between, np.inf)


class _Epochs:
    """Keeps the full training cost after every ``stride``-th epoch of a run."""

    def __init__(self, stride: int) -> None:
        self.steps: list[int] = []
        self.costs: list[float] = []
        self._stride = stride

    def append(self, rows: Rows) -> None:
        for row in rows.epoch_rows:
            if row.epoch % self._stride == 0:
                self.keep(row.step, row.train_cost)

    def keep(self, step: int, cost: float) -> None:
        """Keep the cost after a step, unless it is there already."""
        if not self.steps or self.steps[-1] < step:
            self.steps.append(step)
            self.costs.append(cost)


class _WhileWanted(RunControl):
    """Lets a run step as long as somebody wants to know how it goes."""

    def __init__(self, goes_on: Callable[[], bool]) -> None:
        super().__init__()
        self._goes_on = goes_on

    @override
    def take_turn(self, most: int) -> int:
        if not self._goes_on():
            self.stop()
        return super().take_turn(most)
