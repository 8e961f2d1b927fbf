"""A cost of constant curvature along the eigenvectors of its Hessian: there each distance shrinks by itself.

With w = m + sum c_i v_i around the minimum m, each step of plain descent with all rows makes
c_i <- (1 - alpha lambda_i) c_i (Goh, "Why momentum really works", Distill 2017, section 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class PrincipalAxes:
    """The only minimum (P,) of a quadratic cost, its curvatures (P,), and their eigenvectors (P, P).

    The steepest comes first; the vectors are the columns, of length 1, each with its largest entry positive.
    """

    minimum: Floats
    curvatures: Floats
    vectors: Floats

    def split(self, weights: Floats) -> Floats:
        """Return the signed distances of weights (..., P) along the eigenvectors, shape (..., P)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((weights - self.minimum) @ self.vectors)

    def factors(self, learning_rate: float) -> Floats:
        """Return 1 - alpha lambda for each curvature (P,)."""
        return np.asarray(1 - learning_rate * self.curvatures)


def principal_axes(problem: Problem) -> PrincipalAxes | None:
    """Return the axes of a problem's cost; None where its Hessian is not constant, or its minimum not one."""
    minima = problem.minima
    if len(minima) != 1 or problem.curvatures() is None:
        return None
    curvatures, vectors = np.linalg.eigh(problem.hessian_at(minima[0]))
    curvatures, vectors = curvatures[::-1], vectors[:, ::-1]
    largest = vectors[np.abs(vectors).argmax(axis=0), np.arange(len(curvatures))]
    return PrincipalAxes(minima[0], curvatures, vectors * np.sign(largest))


def steps_by_factors(experiment: Experiment, problem: Problem) -> bool:
    """Whether each step multiplies the distances by 1 - alpha lambda: it is plain, right, and of all rows."""
    return experiment.is_full_batch and problem.next_step_is_known and experiment.run.optimizer.is_plain
