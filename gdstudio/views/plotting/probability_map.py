"""The map under a plot of two features: the probability of a 1 as a colour, and the boundary p = 1/2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import contourpy
import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.colour_ramp import cells, rgb
from gdstudio.views.plotting.plane import grid

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel

_CELLS = 100
"""Cells of the grid along the shorter side of what is seen."""
_UNIT_VALUES = 130_000
"""Of a network of several units, so many values of units are computed for a square of it at most."""
DEPTH = 0.45
"""How much of their colours a sure yes and a sure no have, so that points stand out."""


class ProbabilityMap:
    """Draws what a problem predicts for every place of a plot of two features.

    A 1 has the colour of the prediction, a 0 that of what is negative, as its log-odds are; between them, at
    p = 1/2, is the colour of the card.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setZValue(-3)
        panel.plot.addItem(self.image)
        self.line = panel.curve("prediction", 3.0, smooth=True, connect="finite", edge=1.0, z=1)

    def show(self, problem: Problem, weights: Floats, view: View) -> None:
        """Draw it at weights (P,)."""
        xs, ys = places(view, problem)
        z = outputs_over(problem, weights, xs, ys)
        self.image.setImage(problem.predicted(z), levels=(0.0, 1.0))
        self.image.setRect(cells(xs, ys))
        line = where_zero(xs, ys, z)
        self.line.setData(line[:, 0], line[:, 1])

    def boundary(self, problem: Problem, weights: Floats, view: View) -> Floats:
        """Return the boundary at weights (P,) as a path (k, 2), with rows of NaN between its parts."""
        xs, ys = places(view, problem)
        return where_zero(xs, ys, outputs_over(problem, weights, xs, ys))

    def clear(self) -> None:
        """Draw nothing."""
        self.image.clear()
        self.line.clear()

    def restyle(self) -> None:
        """Apply the theme's colours."""
        theme = self._panel.appearance.theme
        shades = np.stack([rgb(name) for name in (theme.negative, theme.card, theme.prediction)])
        shades[[0, 2]] = (1 - DEPTH) * shades[1] + DEPTH * shades[[0, 2]]
        self.image.setColorMap(pg.ColorMap([0.0, 0.5, 1.0], shades.round().astype(np.ubyte)))


def places(view: View, problem: Problem) -> tuple[Floats, Floats]:
    """Return the grid, across and up, at which a problem is asked for a map of what is seen."""
    left, right, low, high = view
    return grid(view, min(right - left, high - low) / _cells(problem))


def outputs_over(problem: Problem, weights: Floats, xs: Floats, ys: Floats) -> Floats:
    """Return the outputs over a grid, (len(ys), len(xs)) or one more for each class; finite numbers all."""
    across, up = np.meshgrid(xs, ys)
    with np.errstate(over="ignore", invalid="ignore"):
        z = problem.outputs(weights, np.column_stack([across.ravel(), up.ravel()]))
    return np.nan_to_num(z).reshape(*across.shape, *z.shape[1:])


def _cells(problem: Problem) -> float:
    """Return how many cells the shorter side has: fewer of a network of many units, lest frames be late."""
    units = sum(problem.layers.sizes[1:]) if problem.layers is not None else 1
    return min(float(_CELLS), float(np.sqrt(_UNIT_VALUES / units)))


def where_zero(xs: Floats, ys: Floats, z: Floats) -> Floats:
    """Return where z crosses 0, as a path; of a plane that is exact. None where it is 0 all over."""
    nowhere = np.full((1, 2), np.nan)
    if not z.any():
        return nowhere
    size = np.abs(z).max()  # so that contourpy's own rounding does not matter
    made = contourpy.contour_generator(xs, ys, z / size, line_type=contourpy.LineType.ChunkCombinedNan)
    found = made.lines(0.0)[0][0]
    return nowhere if found is None else np.asarray(found)
