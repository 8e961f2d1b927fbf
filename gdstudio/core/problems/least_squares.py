"""Fits whose prediction is linear in the weights, h = A p, by squared residuals: all in closed form.

J(p) = f * |A p - y|^2 with f of `gdstudio.core.problems.losses.loss.Squares`; its gradient is
2 f A^T (A p - y) and its Hessian the constant 2 f A^T A.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.problems.fit import Fit
from gdstudio.core.problems.terms import CostTerms

if TYPE_CHECKING:
    from gdstudio.core.problems.losses.loss import Squares
    from gdstudio.core.problems.problem import Batched
    from gdstudio.core.typing import Floats

_FEW_ROWS = 64
"""Up to so many rows a batch of runs forms its residuals one by one; beyond, J comes from A^T A."""
_DIRECT = 4_000_000
"""Up to so many products the residuals are formed one by one; beyond, J comes from A^T A."""


class LeastSquares(Fit):
    """A `Fit` of a linear model by squared residuals."""

    @override
    def outputs(self, weights: Floats, X: Floats) -> Floats:
        return self._model.design(X) @ weights

    @override
    def cost_at(self, weights: Floats) -> Floats:
        weights = np.asarray(weights, dtype=np.float64)
        flat = weights.reshape(-1, weights.shape[-1])
        if len(flat) * len(self.rows) <= _DIRECT:
            residuals = flat @ self._A.T - self.rows.y
            cost = np.einsum("ij,ij->i", residuals, residuals)
        else:
            centre, least, slope = self._centre
            off = flat - centre
            cost = np.einsum("ij,jk,ik->i", off, self._moments[0], off) + off @ slope + least
        return np.asarray(self._factor * cost).reshape(weights.shape[:-1])

    @override
    def gradient_at(self, weights: Floats) -> Floats:
        return np.asarray(2 * self._factor * (self._A.T @ (self._A @ weights - self.rows.y)))

    @override
    def batched(self) -> Batched:
        """Return costs and gradients at weights (R, P) as one batched product each, in torch.

        Many rows are taken together in A^T A, around the minimum, so that no large terms cancel.
        """
        import torch

        f = self._factor
        if len(self.rows) <= _FEW_ROWS:
            A, y = torch.from_numpy(self._A), torch.from_numpy(self.rows.y)
            across, along = A.T.contiguous(), (2 * f) * A

            def by_rows(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
                residuals = torch.addmm(y, weights, across, beta=-1)
                return (residuals * residuals).sum(1) * f, torch.mm(residuals, along)

            return by_rows
        at, least, slope = self._centre
        centre, gram, b = torch.from_numpy(at), torch.from_numpy(self._moments[0]), torch.from_numpy(slope)

        def by_moments(weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            off = weights - centre
            along = off @ gram
            squares = torch.linalg.vecdot(off, along) + off @ b + least
            return f * squares, f * (2 * along + b)

        return by_moments

    @override
    def hessian_at(self, weights: Floats) -> Floats:
        """Return the constant Hessian 2 f A^T A, shape (P, P)."""
        return self._hessian

    @override
    def curvatures(self) -> Floats | None:
        return np.asarray(np.linalg.eigvalsh(self._hessian))

    @property
    @override
    def minima(self) -> Floats:
        """The least-squares solution; none where A does not have full rank."""
        return self._least

    @override
    def cost_terms(self, weights: Floats) -> CostTerms | None:
        if len(weights) != 1:
            return None
        above, below = self._squares.fraction(len(self.rows))
        x, y = self._A[:, 0].astype(weights.dtype), self.rows.y.astype(weights.dtype)
        residuals = x * weights[0] - y
        squares, products = residuals**2, residuals * x
        cost, slope = self._factor * float(squares.sum()), 2 * self._factor * float(products.sum())
        return CostTerms(above, below, squares, products, cost, slope)

    @cached_property
    def _least(self) -> Floats:
        gram = self._moments[0]
        if np.linalg.matrix_rank(gram) < len(gram):
            return np.empty((0, len(gram)))
        return np.asarray(np.linalg.lstsq(self._A, self.rows.y, rcond=None)[0])[None, :]

    @cached_property
    def _hessian(self) -> Floats:
        return np.asarray(2 * self._factor * self._moments[0])

    @cached_property
    def _A(self) -> Floats:
        return self._model.design(self.rows.X)

    @property
    def _squares(self) -> Squares:
        squares = self._loss.squares
        assert squares is not None  # or the problem would be a plain `Fit`
        return squares

    @cached_property
    def _factor(self) -> float:
        return self._squares.factor(len(self.rows))

    @cached_property
    def _moments(self) -> tuple[Floats, Floats]:
        return self._A.T @ self._A, self._A.T @ self.rows.y

    @cached_property
    def _centre(self) -> tuple[Floats, float, Floats]:
        """A least-squares solution, with the sum of squares there and its slope, which is rounding.

        Taken around it, the sum of squares has no large terms that cancel.
        """
        centre = np.asarray(np.linalg.lstsq(*self._moments, rcond=None)[0])
        residuals = self._A @ centre - self.rows.y
        return centre, float(residuals @ residuals), np.asarray(2 * self._A.T @ residuals)
