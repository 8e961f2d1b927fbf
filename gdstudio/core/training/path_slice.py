"""A slice of the cost surface along the path of a run: the plane in which its weights have moved the most.

The directions are the principal components of the weights seen, and the plane goes through the latest of
them (Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets", 2018, section 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats

LEAST_PLACES = 3
"""So few places of a path do not lie in one plane alone."""


@dataclass(frozen=True, slots=True, eq=False)
class PathSlice:
    """A plane through the weights of step ``step``.

    ``centre`` (P,) are these weights, ``directions`` (2, P) are at right angles and of length 1, and
    ``shares`` say which part of the variance of the weights seen each of them holds.
    """

    step: int
    centre: Floats
    directions: Floats
    shares: tuple[float, float]

    @classmethod
    def through(cls, path: Floats, step: int, before: PathSlice | None = None) -> PathSlice | None:
        """Return the slice of a path (k, P), whose last weights are those of a step; None of a short path.

        Each direction points where that of a slice ``before`` does, so that the picture is not turned over.
        """
        path = path[np.isfinite(path).all(axis=1)]
        if len(path) < LEAST_PLACES:
            return None
        _, sizes, directions = np.linalg.svd(path - path.mean(axis=0), full_matrices=False)
        directions = directions[:2]
        if before is not None and before.directions.shape == directions.shape:
            along = (directions * before.directions).sum(axis=1)
            directions = directions * np.where(along < 0, -1.0, 1.0)[:, None]
        total = float((sizes**2).sum()) or 1.0
        first, second = (float(size**2) / total for size in sizes[:2])
        return cls(step, path[-1], directions, (first, second))

    def place(self, weights: Floats) -> Floats:
        """Return where weights (..., P) are above the plane, as (..., 2): the centre is (0, 0)."""
        return np.asarray((weights - self.centre) @ self.directions.T)

    def costs(self, problem: Problem, xs: Floats, ys: Floats) -> Floats:
        """Return the costs (len(ys), len(xs)) of the weights at these places of the plane."""
        across, up = np.meshgrid(xs, ys)
        places = np.stack([across, up], axis=-1)
        with np.errstate(over="ignore", invalid="ignore"):
            return problem.cost_at(self.centre + places @ self.directions)
