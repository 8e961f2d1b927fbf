"""Linear models of the log-odds z = A w of a 1: logistic regression (the notebook's L155).

With the cross-entropy J(w) = mean(log(1 + e^z) - y z) the gradient is A^T (p - y) / n, the same form as that
of a line, and the Hessian A^T diag(p (1 - p)) A / n, which depends on where one is. J is convex; a minimum it
has only where no boundary parts the classes.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.problems.fit import Fit
from gdstudio.core.problems.losses.loss import probabilities
from gdstudio.core.problems.viewpoint import MORE_WEIGHTS, Viewpoint

if TYPE_CHECKING:
    import torch

    from gdstudio.core.problems.problem import Batched
    from gdstudio.core.typing import Floats

_MOST_STEPS = 60
_SMALL = 1e-9
"""A step of Newton's this small, beside the weights, is the last but one: the next would be rounding."""
_DIRECT = 4_000_000
"""Up to so many log-odds are formed at once."""
_MOST_MAPPED = 10_000
"""Of more rows the cost over a map of weights, thousands of sums, would keep the window waiting."""


class LogOdds(Fit):
    """A `Fit` of a linear model to labels 0 and 1.

    Whatever its cost, it is looked at from the minimum of its cross-entropy, so that costs can be compared.
    """

    @override
    def outputs(self, weights: Floats, X: Floats) -> Floats:
        return np.asarray(self._model.design(X) @ weights)

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        if len(self.rows) > _MOST_MAPPED:
            return None
        if len(self.least):
            return Viewpoint(self.least, MORE_WEIGHTS)
        return Viewpoint(np.zeros(len(self.weight_names)), MORE_WEIGHTS)

    @override
    def tells(self, weights: Floats) -> dict[str, float]:
        """Return with one feature also the boundary, where p = 1/2: -b/w."""
        told = super().tells(weights)
        if self.rows.X.shape[1] == 1 and self.bias_count:
            w, b = weights.tolist()
            told["boundary"] = -b / w if w else float("nan")
        return told

    @cached_property
    def least(self) -> Floats:
        """The weights (P,) of the least cross-entropy, by Newton's method; empty where none is the least."""
        weights, cost = np.zeros(len(self.weight_names)), self._entropy(np.zeros(len(self.weight_names)))
        for _ in range(_MOST_STEPS):
            slope, curvature = self._entropy_slopes(weights)
            try:
                step = np.linalg.solve(curvature, slope)
            except np.linalg.LinAlgError:
                break
            size = float(np.linalg.norm(step))
            if size <= _SMALL * max(1.0, float(np.linalg.norm(weights))):
                return np.asarray(weights - step)
            while self._entropy(weights - step) > cost and np.linalg.norm(step) > _SMALL * size:
                step = step / 2
            weights = weights - step
            cost = self._entropy(weights)
        return np.empty(0)

    @cached_property
    def _A(self) -> Floats:
        return self._model.design(self.rows.X)

    def _entropy(self, weights: Floats) -> float:
        z = self._A @ weights
        return float(np.mean(np.logaddexp(0, z) - self.rows.y * z))

    def _entropy_slopes(self, weights: Floats) -> tuple[Floats, Floats]:
        """Return gradient (P,) and Hessian (P, P) of the cross-entropy."""
        p, n = probabilities(self._A @ weights), len(self.rows)
        return self._A.T @ (p - self.rows.y) / n, (self._A.T * (p * (1 - p))) @ self._A / n


class Logistic(LogOdds):
    """The same by the cross-entropy itself."""

    @property
    @override
    def minima(self) -> Floats:
        """The minimum; none where a boundary parts the classes, so that J falls for ever."""
        return self.least.reshape(-1, len(self.weight_names))

    @property
    @override
    def viewpoint(self) -> Viewpoint | None:
        view = super().viewpoint
        if view is None:
            return None
        least = float(self.cost_at(view.centre)) if len(self.least) else 0.0
        return Viewpoint(view.centre, view.half_width, least)

    @override
    def cost_at(self, weights: Floats) -> Floats:
        weights = np.asarray(weights, dtype=np.float64)
        flat = weights.reshape(-1, weights.shape[-1])
        chunk = max(1, _DIRECT // max(1, len(self.rows)))
        costs = [self._costs(flat[i : i + chunk]) for i in range(0, len(flat), chunk)]
        return np.concatenate([np.empty(0), *costs]).reshape(weights.shape[:-1])

    def _costs(self, weights: Floats) -> Floats:
        z = weights @ self._A.T
        return np.asarray((np.logaddexp(0, z) - self.rows.y * z).mean(axis=1))

    @override
    def gradient_at(self, weights: Floats) -> Floats:
        return self._entropy_slopes(weights)[0]

    @override
    def hessian_at(self, weights: Floats) -> Floats:
        return self._entropy_slopes(weights)[1]

    @override
    def batched(self) -> Batched:
        """Return costs and gradients at weights (R, P) as two products, in torch."""
        import torch

        A, y, n = torch.from_numpy(self._A), torch.from_numpy(self.rows.y), len(self.rows)
        across, none = A.T.contiguous(), torch.zeros((), dtype=torch.float64)

        def costs_and_gradients(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            z = weights @ across
            costs = (torch.logaddexp(none, z) - y * z).mean(1)  # softplus is rounded off beyond z = 20
            return costs, (z.sigmoid() - y) @ A / n

        return costs_and_gradients
