"""Runs that measure the noise floor: many rates and twenty orders of the rows at once.

They begin at the minimum, so that nothing of a start is left in them, and rise to the floor. Each run makes
the steps of plain SGD on batches of rows: in shuffled epochs those of the run with its seed, to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.core.seeds import generator
from gdstudio.core.training.noise_floor import LEADING
from gdstudio.core.training.threads import use_one_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

    from gdstudio.core.training.noise_floor import RowNoise
    from gdstudio.core.typing import Floats

    Sampling = Literal["shuffled", "anew"]

RUNS = 20
"""So many runs are made of each rate: those with the orders of seeds 0 to 19."""
_STEPS, _FEWEST_STEPS, _ROWS = 12_000, 600, 600_000
"""How many steps are made at most, and at least; their batches have so many rows together."""
SMALLEST = 1e-3
"""The least rate, as a part of the mean-square limit; what takes too long is left out."""
_BELOW, _AROUND = 14, (0.97, 1.05, 1.12, 1.2, 1.3, 1.5, 2.0)
"""So many rates are tried up to 0.9 of the mean-square limit, evenly on a log axis, then these parts."""
_BEYOND = 1.3
"""The largest rate, in parts of 2 / lambda_max."""
_SETTLED = 3.0
"""A rate is tried where (1 - alpha lambda_min)^2 falls by half as many powers of e before costs are taken."""
_SIZES = 3
"""The runs have so many batch sizes."""


@dataclass(frozen=True, slots=True, eq=False)
class FloorRuns:
    """The costs above the minimum (R, K) of R runs with each of the ``rates`` (K,), by batches of a size.

    Each is the mean over all steps of the last ``epochs`` epochs, the second half of the run; it is infinite
    where one of them is no number. Rows drawn anew have epochs of as many steps.
    """

    batch_size: int
    sampling: Sampling
    rates: Floats
    costs: Floats
    epochs: int

    @property
    def means(self) -> Floats:
        """The mean over the runs (K,): the floor as measured."""
        return np.asarray(self.costs.mean(axis=0))

    @property
    def medians(self) -> Floats:
        """The median over the runs (K,), which a few that ran away leave as it is."""
        return np.asarray(np.median(self.costs, axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """The floors of a batch size: measured by ``runs``, and as the theory has them.

    ``line_rates`` and ``line`` (m,) are those of `theory_line`, ``limit`` is the mean-square limit of rows
    drawn anew.
    """

    runs: FloorRuns
    line_rates: Floats
    line: Floats
    limit: float


@dataclass(frozen=True, slots=True, eq=False)
class Decay:
    """What a rate that falls as 1/t makes of a floor: mean costs above the minimum while it halves.

    The runs settle with the first rate alpha, which then is alpha / (1 + alpha lambda_min t). ``rates`` (k,)
    are the geometric means of the stretches in which it halves, ``costs`` (k,) the means over their steps and
    over the runs; ``first_rate`` and ``first_cost`` are those before it falls, ``last_rate`` that of the last
    step.
    """

    first_rate: float
    first_cost: float
    rates: Floats
    costs: Floats
    last_rate: float


def batch_sizes(rows: int, own: int) -> tuple[int, ...]:
    """Return the batch sizes to measure, ascending: a run's own, and others about ten times apart."""
    factor = 10 if rows >= 200 else 3
    others = {max(1, round(own * float(factor) ** k)): abs(k) for k in (-2, -1, 1, 2)}
    within = [size for size in others if size != own and size <= rows // 2]
    nearest = sorted(within, key=lambda size: (others[size], size))[: _SIZES - 1]
    return tuple(sorted([own, *nearest]))


def rates_to_try(noise: RowNoise, batch_size: int) -> Floats:
    """Return the rates (K,): those that settle in time, below the limits and beyond."""
    limit = noise.mean_square_limit(batch_size)
    below = np.geomspace(SMALLEST * limit, 0.9 * limit, _BELOW)
    rates = np.append(below, limit * np.array(_AROUND))
    least = least_settled_rate(noise, batch_size)
    return rates[(rates >= least) & (rates <= _BEYOND * noise.step_limit)]


def least_settled_rate(noise: RowNoise, batch_size: int) -> float:
    """Return the least rate whose runs have settled before costs are taken."""
    epochs, steps = _length(noise, batch_size)
    return _SETTLED / float(noise.curvatures[0] * epochs * steps)


def find_floor(
    noise: RowNoise, batch_size: int, sampling: Sampling, goes_on: Callable[[], bool] = lambda: True
) -> Floor | None:
    """Measure and compute the floors of a batch size; return None where ``goes_on`` says no."""
    runs = measure(noise, batch_size, sampling, goes_on)
    if runs is None:
        return None
    return Floor(runs, *theory_line(noise, batch_size, sampling), noise.mean_square_limit(batch_size))


def theory_line(noise: RowNoise, batch_size: int, sampling: Sampling) -> tuple[Floats, Floats]:
    """Return rates (m,) and the floors (m,) that the theory has for them: `RowNoise` says which."""
    limit = noise.mean_square_limit(batch_size)
    if sampling == "shuffled":
        rates = limit * np.geomspace(SMALLEST, LEADING, 40)
        return rates, noise.floor_shuffled(rates, batch_size)
    below = np.geomspace(SMALLEST, 0.9, 40)
    rates = limit * np.concatenate([below, 1 - np.geomspace(0.09, 1e-9, 30)])
    return rates, noise.floor_anew(rates, batch_size)


def measure(
    noise: RowNoise, batch_size: int, sampling: Sampling, goes_on: Callable[[], bool] = lambda: True
) -> FloorRuns | None:
    """Measure the floors of a batch size; return None where ``goes_on``, asked now and then, says no."""
    import torch

    rates = rates_to_try(noise, batch_size)
    epochs, _ = _length(noise, batch_size)
    half = epochs // 2
    if not len(rates):
        return FloorRuns(batch_size, sampling, rates, np.empty((RUNS, 0)), half)
    runs = _Runs(noise, batch_size, sampling, len(rates))
    columns = torch.from_numpy(rates)[:, None]
    total, count = torch.zeros(RUNS, len(rates), dtype=torch.float64), 0
    for epoch in range(epochs):
        for rows in runs.epoch():
            if not goes_on():
                return None
            runs.step(rows, columns)
            if epoch >= epochs - half:
                total += runs.costs()
                count += 1
    costs = np.nan_to_num(total.numpy() / count, nan=np.inf, posinf=np.inf)
    return FloorRuns(batch_size, sampling, rates, costs, half)


def why_no_decay(noise: RowNoise, batch_size: int, rate: float) -> str:
    """Return why runs do not settle with a rate from which it could fall; empty where they do."""
    if rate >= noise.mean_square_limit(batch_size):
        some = ", where one run may settle and another not" if rate < noise.step_limit else ""
        return f"α is beyond the mean-square limit{some}"
    if rate < least_settled_rate(noise, batch_size):
        return "with this α it takes too long to settle"
    return ""


def decay(
    noise: RowNoise,
    batch_size: int,
    sampling: Sampling,
    rate: float,
    goes_on: Callable[[], bool] = lambda: True,
) -> Decay | None:
    """Let runs settle, then let their rate fall; return None where ``goes_on`` says no."""
    epochs, per_epoch = _length(noise, batch_size)
    runs = _Runs(noise, batch_size, sampling, 1)
    settling = epochs // 2 * per_epoch
    slowest = rate * float(noise.curvatures[0])
    used, costs = np.full(2 * settling + epochs * per_epoch, rate), []
    used[2 * settling :] /= 1 + slowest * np.arange(1, epochs * per_epoch + 1)
    steps = (rows for _ in range(2 * (epochs // 2) + epochs) for rows in runs.epoch())
    for rows, now in zip(steps, used.tolist(), strict=True):
        if not goes_on():
            return None
        runs.step(rows, now)
        costs.append(float(runs.costs().mean()))
    found = np.nan_to_num(np.array(costs), nan=np.inf, posinf=np.inf)
    falling, after = used[2 * settling :], found[2 * settling :]
    halvings = np.floor(np.log2(rate / falling)).astype(int)
    parts = [halvings == k for k in np.unique(halvings)]
    return Decay(
        rate,
        float(found[settling : 2 * settling].mean()),
        np.array([np.exp(np.log(falling[part]).mean()) for part in parts]),
        np.array([after[part].mean() for part in parts]),
        float(falling[-1]),
    )


def _length(noise: RowNoise, batch_size: int) -> tuple[int, int]:
    """Return how many epochs are made, an even number, and the steps of one."""
    per_epoch = -(-noise.rows // batch_size)
    steps = min(_STEPS, max(_FEWEST_STEPS, _ROWS // batch_size))
    return 2 * max(1, round(steps / per_epoch / 2)), per_epoch


class _Runs:
    """R x K runs in training, each an offset from the minimum in the eigenvectors of the Hessian."""

    def __init__(self, noise: RowNoise, batch_size: int, sampling: Sampling, rates: int) -> None:
        import torch

        use_one_thread()
        self._design = torch.from_numpy(noise.design @ noise.vectors)
        self._residuals = torch.from_numpy(noise.residuals)
        self._curvatures = torch.from_numpy(0.5 * noise.curvatures)
        self._twice, self._size, self._sampling = 2 * noise.factor, batch_size, sampling
        self._streams = [generator(seed, "order") for seed in range(RUNS)]
        self.offsets = torch.zeros(RUNS, rates, len(noise.curvatures), dtype=torch.float64)

    def epoch(self) -> Iterator[torch.Tensor]:
        """Return the rows (R, b) of each step of the next epoch, in a shuffled one as `Batches` cuts them."""
        import torch

        count = len(self._design)
        if self._sampling == "shuffled":
            order = torch.stack([torch.randperm(count, generator=stream) for stream in self._streams])
            yield from torch.split(order, self._size, dim=1)
        else:
            for _ in range(-(-count // self._size)):
                yield torch.randint(count, (RUNS, self._size), generator=self._streams[0])

    def step(self, rows: torch.Tensor, rates: torch.Tensor | float) -> None:
        """Make one step with all runs."""
        import torch

        design = self._design[rows]
        residuals = torch.baddbmm(self._residuals[rows][:, None], self.offsets, design.transpose(1, 2))
        self.offsets = self.offsets - (rates * self._twice / rows.shape[1]) * torch.bmm(residuals, design)

    def costs(self) -> torch.Tensor:
        """Return the costs above the minimum (R, K)."""
        return (self.offsets * self.offsets) @ self._curvatures
