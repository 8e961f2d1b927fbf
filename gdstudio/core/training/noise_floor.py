"""The cost above the minimum at which plain SGD settles on least squares, by its second moments.

Let d be the distance to the minimum, H the Hessian, h_b a batch's own, and g_b a batch's gradient at the
minimum. A step makes d <- (1 - alpha h_b) d - alpha g_b, and the mean cost above the minimum is half the
trace of H V with V = E[d d^T].

*Rows drawn anew*, B of them at each step, with replacement:
V <- E[(1 - alpha h_b) V (1 - alpha h_b)] + alpha^2 S / B holds exactly, where S is the covariance of single
rows' gradients at the minimum. Its fixed point is the floor, to first order tr(S) / 4 * alpha / B. It is
stable below the mean-square limit 1 / rho(L^-1 M), where L V = H V + V H and M V = E[h_b V h_b].

*Shuffled epochs* use each row once: two batches of an epoch have the covariance -S / (n - 1), the noise of an
epoch adds up to 0, and the floor is lower. It is known to leading order in alpha: noise that H contracts, and
the shift of the mean that comes from E[h_b g_c] of two batches. (Why it is lower: Mishchenko, Khaled and
Richtarik, Random reshuffling, NeurIPS 2020.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import format_count

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats

MOST_WEIGHTS = 12
"""Of more weights there are too many second moments."""
MOST_ROWS = 20_000
"""Of more rows an epoch takes too long."""
LEADING = 0.2
"""Up to this part of the mean-square limit the leading order in alpha is near enough to be drawn."""
_EXACT = 1e-10
"""Residuals at the minimum below so many times the labels are rounding."""


def why_no_floor(experiment: Experiment, problem: Problem) -> str:
    """Return why a problem and a run have no noise floor that can be shown; empty where they have one."""
    run, squares, curvatures = experiment.run, problem.squares, problem.curvatures()
    if squares is None or curvatures is None or not len(problem.rows):
        return "the cost is not that of linear least squares"
    if not problem.next_step_is_known:
        return f"the mistake {run.mistake} makes steps of its own"
    if squares.reduction != "mean":
        return "the cost is a sum over the rows, so that a larger batch makes larger steps"
    if len(problem.minima) != 1:
        return "the cost has no single minimum"
    if not run.optimizer.is_plain:
        return "its steps are not those of plain SGD"
    if not run.schedule.is_constant:
        return "its learning rate follows a schedule, and a floor belongs to one rate"
    if experiment.is_full_batch:
        return "every step sees all rows, and there is no noise"
    if not run.shuffle:
        return "the rows come in the same order in each epoch, and nothing is left to chance"
    if len(curvatures) > MOST_WEIGHTS or len(problem.rows) > MOST_ROWS:
        most = f"{MOST_WEIGHTS} weights and {format_count(MOST_ROWS)} rows"
        return f"it takes too long with more than {most}"
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """What of the rows' noise matters: S, M and the mixed third moments D, in the eigenvectors of H."""

    gradients: Floats  # (P,): the diagonal of S
    covariance: Floats  # (P * P,): S
    hessians: Floats  # (P * P, P * P): of two factors h of one row
    mixed: Floats  # (P, P): D[i] = E[h e_i e_i^T g]


class RowNoise:
    """The noise of single rows around the least-squares minimum of a problem that `why_no_floor` passes.

    Attributes
    ----------
    minimum
        The weights (P,) of least cost.
    curvatures, vectors
        The eigenvalues (P,) of the Hessian, ascending, and its eigenvectors (P, P), one a column.
    design, residuals
        What the prediction is linear by, (n, P), and h - y (n,) at the minimum.
    factor
        What the mean of the squared residuals is multiplied by.
    """

    def __init__(self, problem: Problem) -> None:
        squares, X = problem.squares, problem.rows.X
        assert squares is not None
        self.minimum = problem.minima[0]
        self.curvatures, self.vectors = np.linalg.eigh(problem.hessian_at(self.minimum))
        units = np.eye(len(self.minimum))
        at_zero = problem.predict(np.zeros(len(self.minimum)), X)
        self.design = np.column_stack([problem.predict(unit, X) - at_zero for unit in units])
        self.residuals = problem.predict(self.minimum, X) - problem.rows.y
        self.factor = squares.times
        self._limits: dict[int, float] = {}
        size = float(np.abs(problem.rows.y).max(initial=0.0))
        self.is_exact_fit = bool(np.abs(self.residuals).max() <= _EXACT * size)
        """Whether all rows agree at the minimum, so that runs settle there and no floor stands."""

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.design)

    @property
    def slope(self) -> float:
        """The floor over alpha / B for small alpha where rows are drawn anew: tr(S) / 4."""
        return float(self._moments.gradients.sum()) / 4

    @property
    def step_limit(self) -> float:
        """The rate 2 / lambda_max beyond which the mean of the weights moves away."""
        return 2.0 / float(self.curvatures[-1])

    def above_minimum(self, weights: Floats) -> Floats:
        """Return the costs (k,) above the minimum at weights (k, P), to all of their digits."""
        along = (weights - self.minimum) @ self.vectors
        return np.asarray(0.5 * (along * along) @ self.curvatures)

    def mean_square_limit(self, batch_size: int) -> float:
        """Return the rate beyond which the mean square grows without end where rows are drawn anew."""
        if batch_size not in self._limits:
            growth = self._second_moments(batch_size) / self._sums[:, None]
            self._limits[batch_size] = 1.0 / float(np.abs(np.linalg.eigvals(growth)).max())
        return self._limits[batch_size]

    def floor_anew(self, rates: Floats, batch_size: int) -> Floats:
        """Return the exact floors (K,) where rows are drawn anew; infinite from the mean-square limit on."""
        moments, second = self._moments, self._second_moments(batch_size)
        limit, count = self.mean_square_limit(batch_size), len(self.curvatures)
        floors = np.full(len(rates), np.inf)
        for j, rate in enumerate(rates.tolist()):
            if rate < limit:
                system = np.diag(self._sums) - rate * second
                settled = np.linalg.solve(system, rate / batch_size * moments.covariance)
                floors[j] = 0.5 * float(self.curvatures @ settled.reshape(count, count).diagonal())
        return floors

    def floor_shuffled(self, rates: Floats, batch_size: int) -> Floats:
        """Return the floors (K,) of shuffled epochs to leading order, each a mean over the steps of an epoch.

        They are infinite from 2 / lambda_max on. A last batch that is smaller is taken as it is.
        """
        floors, inside = np.full(len(rates), np.inf), rates < self.step_limit
        sizes = np.full(-(-self.rows // batch_size), batch_size)
        sizes[-1] = self.rows - batch_size * (len(sizes) - 1)
        squares = self._squares_in_epoch(rates[inside], sizes)
        floors[inside] = 0.5 * squares @ self.curvatures
        return floors

    def _squares_in_epoch(self, rates: Floats, sizes: np.ndarray) -> Floats:
        """Return E[d_i^2] along each eigenvector (K, P), a mean over a shuffled epoch of batches (m,)."""
        stays, square = 1 - rates[:, None] * self.curvatures, (rates**2 / (self.rows - 1))[:, None]
        spread, pull, mean, spreads, means, crossed, keeps = (np.zeros_like(stays) for _ in range(7))
        kept = np.ones_like(stays)
        for size in sizes.tolist():
            mean = stays * mean - square * (pull @ self._moments.mixed)
            kept, pull = stays * kept, stays * pull + 1
            spread = stays**2 * spread + self.rows / size
            spreads += spread - pull**2  # two batches of an epoch have the covariance -S / (n - 1)
            means, crossed, keeps = means + mean**2, crossed + kept * mean, keeps + kept**2
        noise = square * self._moments.gradients
        before, shift = noise * (spread - pull**2) / (1 - kept**2), mean / (1 - kept)
        total = noise * spreads + (before + shift**2) * keeps + 2 * shift * crossed + means
        return np.asarray(total / len(sizes))

    @cached_property
    def _sums(self) -> Floats:
        """The sums (P * P,) of any two curvatures: L in the eigenvectors of H, where it is diagonal."""
        return np.asarray(np.add.outer(self.curvatures, self.curvatures).ravel())

    def _second_moments(self, batch_size: int) -> Floats:
        """Return M of batches (P * P, P * P): of their mean, and a B-th of the rows' spread around it."""
        of_mean = np.diag(np.outer(self.curvatures, self.curvatures).ravel())
        return np.asarray(of_mean + (self._moments.hessians - of_mean) / batch_size)

    @cached_property
    def _moments(self) -> _Moments:
        along, twice = self.design @ self.vectors, 2 * self.factor
        gradients = twice * along * self.residuals[:, None]
        covariance = gradients.T @ gradients / self.rows
        pairs = (along[:, :, None] * along[:, None, :]).reshape(self.rows, -1)
        hessians = twice**2 * (pairs.T @ pairs) / self.rows
        mixed = twice * (along**2).T @ gradients / self.rows
        return _Moments(covariance.diagonal(), covariance.ravel(), hessians, mixed)
