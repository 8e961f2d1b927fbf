"""The cost that a run with a mistake descends, over weights, as pictures need it; in float64, without torch.

A mistake in the gradient leaves the cost right. Two are in the cost itself: ``integer_truncation`` cuts
every prediction to a whole number, ``no_reshape`` compares every prediction with every label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.problems.costs import factor
from gdstudio.core.problems.least_squares import LeastSquaresProblem

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.mistakes import MistakeName
    from gdstudio.core.typing import Floats


def cost_at(problem: Problem, mistake: MistakeName, weights: Floats) -> Floats:
    """Return the training cost, shape (...), that the run computes at weights of shape (..., P)."""
    if mistake == "integer_truncation":  # h(x) = c: the weight is the prediction
        return problem.cost_at(np.trunc(weights))
    if mistake != "no_reshape":
        return problem.cost_at(weights)
    weights = np.asarray(weights, dtype=np.float64)
    flat = weights.reshape(-1, weights.shape[-1])
    X, y = problem.train.X, problem.train.y
    scatter = float(((y - y.mean()) ** 2).sum())
    squares = [float(((problem.predict(w, X) - y.mean()) ** 2).sum()) for w in flat]
    pairs = len(y) * (np.array(squares) + scatter)  # the sum over all n x n pairs
    return np.asarray(factor(problem.spec.cost, len(y) ** 2) * pairs).reshape(weights.shape[:-1])


def predict(problem: Problem, mistake: MistakeName, weights: Floats, X: Floats) -> Floats:
    """Return what the run compares with the labels, shape (n,), for rows X of shape (n, d)."""
    h = problem.predict(weights, X)
    return np.trunc(h) if mistake == "integer_truncation" else h


def gradient_at(problem: Problem, mistake: MistakeName, weights: Floats) -> Floats:
    """Return the gradient of that cost, shape (P,): 0 on the steps of a staircase."""
    if mistake == "integer_truncation":
        return np.zeros_like(weights)
    if mistake != "no_reshape" or not isinstance(problem, LeastSquaresProblem):
        return problem.gradient_at(weights)
    X, y = problem.train.X, problem.train.y
    off = problem.predict(weights, X) - y.mean()
    many = factor(problem.spec.cost, len(y) ** 2) * len(y)
    return np.asarray(2 * many * (problem.design(X).T @ off))
