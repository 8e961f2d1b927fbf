"""Problems whose prediction is linear in the weights: h = A p, with everything known in closed form.

J(p) = f * |A p - y|^2 with f of `gdstudio.core.problems.costs.factor`; its gradient is 2 f A^T (A p - y)
and its Hessian the constant 2 f A^T A.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.problems.base import Problem
from gdstudio.core.problems.costs import factor

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

_DIRECT = 4_000_000
"""Up to so many products the residuals are formed one by one; beyond, J comes from A^T A."""


class LeastSquaresProblem(Problem):
    """A `Problem` with h = A p; a subclass says what A is for rows X, and how torch computes h."""

    @abstractmethod
    def design(self, X: Floats) -> Floats:
        """Return A with shape (n, P) for rows X with shape (n, d)."""

    def predict(self, weights: Floats, X: Floats) -> Floats:
        """Return A p."""
        return self.design(X) @ weights

    def cost_at(self, weights: Floats) -> Floats:
        """Return J at each of the weights, shape (..., P) -> (...)."""
        weights = np.asarray(weights, dtype=np.float64)
        flat = weights.reshape(-1, weights.shape[-1])
        if len(flat) * len(self.train) <= _DIRECT:
            residuals = flat @ self._A.T - self.train.y
            cost = np.einsum("ij,ij->i", residuals, residuals)
        else:
            centre, least, slope = self._centre
            off = flat - centre
            cost = np.einsum("ij,jk,ik->i", off, self._moments[0], off) + off @ slope + least
        return np.asarray(self._factor * cost).reshape(weights.shape[:-1])

    def gradient_at(self, weights: Floats) -> Floats:
        """Return 2 f A^T (A p - y)."""
        return np.asarray(2 * self._factor * (self._A.T @ (self._A @ weights - self.train.y)))

    @cached_property
    def hessian(self) -> Floats:
        """The constant Hessian 2 f A^T A, shape (P, P)."""
        return np.asarray(2 * self._factor * self._moments[0])

    def curvatures(self) -> Floats | None:
        """Return the eigenvalues of the Hessian, ascending."""
        return np.asarray(np.linalg.eigvalsh(self.hessian))

    @cached_property
    def _least(self) -> Floats | None:
        gram = self._moments[0]
        if np.linalg.matrix_rank(gram) < len(gram):
            return None
        return np.asarray(np.linalg.lstsq(self._A, self.train.y, rcond=None)[0])

    @property
    def minimum(self) -> Floats | None:
        """The least-squares solution; None where A does not have full rank."""
        return self._least

    @cached_property
    def _A(self) -> Floats:
        return self.design(self.train.X)

    @property
    def _factor(self) -> float:
        return factor(self.spec.cost, len(self.train))

    @cached_property
    def _moments(self) -> tuple[Floats, Floats]:
        return self._A.T @ self._A, self._A.T @ self.train.y

    @cached_property
    def _centre(self) -> tuple[Floats, float, Floats]:
        """A least-squares solution, with the sum of squares there and its slope, which is rounding.

        Taken around it, the sum of squares has no large terms that cancel.
        """
        centre = np.asarray(np.linalg.lstsq(*self._moments, rcond=None)[0])
        residuals = self._A @ centre - self.train.y
        return centre, float(residuals @ residuals), np.asarray(2 * self._A.T @ residuals)
