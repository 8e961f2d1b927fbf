"""The surface of J over the first two weights as numbers: its grid, its box, and what lies on it.

Nothing here draws. The box is what is drawn: both weights from -1 to 1, J from 0 to `BOX_HEIGHT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.plane import finite_or_nan, plane

if TYPE_CHECKING:
    import numpy.typing as npt

    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.viewpoint import Viewpoint
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View

CELLS = 72
BOX_HEIGHT = 1.2
_LEVELS = 10
_RAY = 48
_FEW, _MANY, _AT_ONCE = 100, 10_000, 32_000
_LIGHT = np.array([-0.45, -0.35, 0.82])


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """J on a square grid around the centre of the problem's viewpoint.

    ``first`` and ``second`` (G,) are the weights, ``costs`` (G, G) is J with the first weight along the
    rows, NaN where J is not a finite number, as ``has_gap`` tells. ``bottom`` is 0, or the least J where
    that is below 0.
    """

    problem: Problem
    view: Viewpoint
    half: float
    first: Floats
    second: Floats
    costs: Floats
    has_gap: bool = False

    @property
    def centre(self) -> Floats:
        """The first two weights (2,) in the middle."""
        middle: Floats = self.view.centre[:2]
        return middle

    @property
    def square(self) -> View:
        """Left, right, low and high of the first two weights that the box shows."""
        (x, y), half = self.centre.tolist(), self.half
        return x - half, x + half, y - half, y + half

    @property
    def minima(self) -> Floats:
        """The first two weights (k, 2) of the minima that are known."""
        known: Floats = self.problem.minima[:, :2]
        return known

    @property
    def bottom(self) -> float:
        """The J of the floor of the box."""
        return min(0.0, float(np.nanmin(self.costs)))

    @property
    def top(self) -> float:
        """The J of the lid of the box: the greatest one on the grid."""
        return float(np.nanmax(self.costs))

    def costs_at(self, points: Floats) -> Floats:
        """Return J (k,) at the first two weights (k, 2), any others at the centre of the view."""
        weights = np.tile(self.view.centre, (len(points), 1))
        weights[:, :2] = points
        rows = len(self.problem.rows)
        if not _FEW < rows < _MANY:
            return self.problem.cost_at(weights)
        step = _AT_ONCE // rows  # residuals that stay in the processor's cache take a tenth of the time
        parts = [self.problem.cost_at(weights[i : i + step]) for i in range(0, len(weights), step)]
        return np.concatenate(parts)

    def inside(self, places: Floats) -> npt.NDArray[np.bool_]:
        """Return which places (k, 3) have a J and lie within the box, seen from above."""
        return np.asarray((np.abs(places[:, :2]) <= 1 + 1e-9).all(axis=1) & np.isfinite(places[:, 2]))

    def part_inside(self, start: Floats, move: Floats) -> float:
        """Return how much of a move (2,) from a start (2,) within the box stays within it, from 0 to 1."""
        room = self.half * np.sign(move) + self.centre - start
        parts = [r / m for r, m in zip(room.tolist(), move.tolist(), strict=True) if m]
        return float(np.clip(min(parts, default=1.0), 0.0, 1.0))

    def to_box(self, points: Floats, costs: Floats) -> Floats:
        """Return where in the box (k, 3) weights (k, 2) of costs (k,) are."""
        across = (points - self.centre) / self.half
        return np.column_stack([across, self._up(costs)])

    def on_surface(self, points: Floats) -> Floats:
        """Return where on the surface (k, 3) weights (k, 2) lie."""
        return self.to_box(points, self.costs_at(points))

    def path_on_surface(self, path: Floats, most: int) -> Floats:
        """Return a path (k, 2) laid on the surface (m, 3), with up to ``most`` points between its own."""
        pieces = max(1, min(16, most // len(path)))
        if len(path) == 1 or pieces == 1:
            return self.on_surface(path)
        part = np.arange(pieces)[None, :, None] / pieces
        between = path[:-1, None] + part * np.diff(path, axis=0)[:, None]
        return self.on_surface(np.concatenate([between.reshape(-1, 2), path[-1:]]))

    def grid(self) -> Floats:
        """Return the surface in the box, shape (G, G, 3)."""
        made = np.empty((*self.costs.shape, 3))
        made[..., 0] = ((self.first - self.centre[0]) / self.half)[:, None]
        made[..., 1] = ((self.second - self.centre[1]) / self.half)[None, :]
        made[..., 2] = self._up(self.costs)
        return made

    def colour_positions(self) -> Floats:
        """Return where costs lie on the colour scale: the root of J above its least, from 0 to 1."""
        least = self._least
        return np.sqrt(np.clip((self.costs - least) / (self.top - least or 1.0), 0.0, 1.0))

    def levels(self) -> Floats:
        """Return the costs of the level lines: equal steps of the root of J, as the contour's."""
        least = self._least
        steps = np.arange(1, _LEVELS) / _LEVELS
        return least + steps**2 * (self.top - least)

    def shade(self) -> Floats:
        """Return how brightly each point of the grid is lit by a lamp, from 0 to 1."""
        step = 2.0 / (len(self.first) - 1)
        along, across = np.gradient(self._up(self.costs), step)
        normal = np.stack([-along, -across, np.ones_like(along)], axis=-1)
        normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
        return np.asarray(np.clip(normal @ _LIGHT / np.linalg.norm(_LIGHT), 0.0, 1.0))

    def hidden(self, places: Floats, eye: Floats) -> npt.NDArray[np.bool_]:
        """Return which places (k, 3) on the surface lie behind a part of it, seen from an eye (3,)."""
        places = np.nan_to_num(places)  # gaps of a path, which are not drawn anyway
        toward = eye - places
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        way = np.linspace(0.05, 3.0, _RAY)
        ray = places[:, None] + way[None, :, None] * toward[:, None]
        inside = (np.abs(ray[..., :2]) <= 1).all(axis=-1)
        last = len(self.first) - 1
        cell = np.clip(np.rint((np.clip(ray[..., :2], -1, 1) + 1) / 2 * last), 0, last).astype(int)
        above = self._up(self.costs)[cell[..., 0], cell[..., 1]]
        return np.asarray((inside & (above > ray[..., 2] + 0.03)).any(axis=1))

    @property
    def _least(self) -> float:
        """The J that colours and level lines begin at."""
        return float(np.nanmin(self.costs)) if self.view.least is None else self.view.least

    def _up(self, costs: Floats) -> Floats:
        return BOX_HEIGHT * ((costs - self.bottom) / (self.top - self.bottom or 1.0))


def heights(problem: Problem, half: float) -> Heights:
    """Return J over the first two weights, ``half`` to each side of the centre of its viewpoint."""
    view = problem.viewpoint
    assert view is not None  # or the surface would not be offered
    first, second = (np.linspace(at - half, at + half, CELLS + 1) for at in view.centre[:2])
    costs = problem.cost_at(plane(view.centre, first, second)).T
    return Heights(problem, view, half, first, second, finite_or_nan(costs), not np.isfinite(costs).all())
