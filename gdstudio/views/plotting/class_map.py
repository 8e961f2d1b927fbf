"""The map under a plot of two features and several classes: the likeliest as a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from gdstudio.core.problems.losses.loss import softmax
from gdstudio.views.plotting.colour_ramp import cells, rgb
from gdstudio.views.plotting.probability_map import DEPTH, outputs_over, places, where_zero

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.widgets.theme import Theme


def class_colours(theme: Theme) -> tuple[str, ...]:
    """Return the colour of each class in a theme; there are as many as a problem has at most."""
    return theme.pins


class ClassMap:
    """Draws which class a problem finds likeliest at every place, and the boundaries between them.

    The colour is that of the class, as strong as its probability is above that of a guess.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setZValue(-3)
        panel.plot.addItem(self.image)
        self.line = panel.curve("text", 2.0, connect="finite", edge=1.0, z=1)
        self._shades = np.zeros((1, 3))
        self._card = np.zeros(3)

    def show(self, problem: Problem, weights: Floats, view: View) -> None:
        """Draw it at weights (P,)."""
        xs, ys = places(view, problem)
        scores = outputs_over(problem, weights, xs, ys)
        p = softmax(scores)
        count, likeliest = p.shape[-1], p.argmax(axis=-1)
        sure = (np.take_along_axis(p, likeliest[..., None], -1) - 1 / count) / (1 - 1 / count)
        shades = self._card + DEPTH * sure * (self._shades[likeliest] - self._card)
        self.image.setImage(shades.astype(np.ubyte), levels=None)
        self.image.setRect(cells(xs, ys))
        line = _boundaries(xs, ys, scores)
        self.line.setData(line[:, 0], line[:, 1])

    def boundary(self, problem: Problem, weights: Floats, view: View) -> Floats:
        """Return the boundaries at weights (P,) as a path (k, 2), with rows of NaN between its parts."""
        xs, ys = places(view, problem)
        return _boundaries(xs, ys, outputs_over(problem, weights, xs, ys))

    def clear(self) -> None:
        """Draw nothing."""
        self.image.clear()
        self.line.clear()

    def restyle(self) -> None:
        """Apply the theme's colours."""
        theme = self._panel.appearance.theme
        self._card = rgb(theme.card)
        self._shades = np.stack([rgb(name) for name in class_colours(theme)])


def _boundaries(xs: Floats, ys: Floats, scores: Floats) -> Floats:
    """Return where each class's score passes the best of the others, as one path; of two classes one line."""
    count, first = scores.shape[-1], scores.max(axis=-1, keepdims=True)
    second = np.partition(scores, count - 2, axis=-1)[..., count - 2 : count - 1]
    margins = np.where(scores == first, scores - second, scores - first)
    parts = [where_zero(xs, ys, margins[..., k]) for k in range(count if count > 2 else 1)]
    gap = np.full((1, 2), np.nan)
    return np.concatenate([part for line in parts for part in (line, gap)])
