"""The map under a contour: J as a colour, and its level lines, drawn once for what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import contourpy
import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.colour_ramp import cells, cost_ramp
from gdstudio.views.plotting.plane import finite_or_nan, grid, plane

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.viewpoint import Viewpoint
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel

LEVELS = 9
"""Lines between the least cost and the highest one that is seen."""
_CELLS = 60
"""Cells of the grid along the shorter side of what is seen."""
_MOST_CELLS = 20 * _CELLS
"""Cells along a side that is very much longer than the other, where both are no lengths of one kind."""
_MORE = 0.12
"""How much farther than it is seen, in parts of it, the map goes at each side: a window may be resized."""
_COARSEST = 2.0
"""The map is made anew where so many times as much was drawn as is seen."""
_DEPTH = 0.25
"""How much of the cost's colour the highest cost has, so that path and lines stand out."""


class CostMap:
    """Draws J over two weights behind a panel's plot; the other weights are those of the viewpoint.

    Where J is not a finite number the map is transparent and without lines, and ``has_gap`` is true.
    """

    has_gap = False

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setZValue(-3)
        panel.plot.addItem(self.image)
        self.lines = panel.curve("cost_text", 1.5, smooth=True, still=True, connect="finite", z=-2)
        self.lines.setSegmentedLineMode("on")  # as one path they take ten times as long to paint
        self._drawn: View | None = None
        self._shown: tuple[Floats, ...] = ()

    def cover(self, problem: Problem, view: Viewpoint, *, afresh: bool) -> bool:
        """Draw the map for what is seen, unless that has been done; return whether it was drawn."""
        seen = self._seen()
        if not afresh and self._drawn is not None and covers(self._drawn, seen):
            return False
        self._drawn = grown(seen)
        xs, ys = grid(self._drawn, min(seen[1] - seen[0], seen[3] - seen[2]) / _CELLS, _MOST_CELLS)
        self.show(xs, ys, problem.cost_at(plane(view.centre, xs, ys)), view.least, seen)
        return True

    def show(self, xs: Floats, ys: Floats, found: Floats, least: float | None, seen: View) -> None:
        """Draw costs (len(ys), len(xs)); lines are as dense as what is seen needs, above the least cost."""
        cost, self.has_gap = finite_or_nan(found), not np.isfinite(found).all()
        root = np.sqrt(np.maximum(cost - (np.nanmin(cost) if least is None else least), 0.0))
        self._draw(xs, ys, root, _greatest(xs, ys, root, seen))

    def clear(self) -> None:
        """Draw nothing."""
        self.image.clear()
        self.lines.clear()
        self._drawn, self._shown = None, ()

    def restyle(self) -> None:
        """Apply the theme's colours."""
        self.image.setColorMap(cost_ramp(self._panel.appearance.theme, _DEPTH))

    def _seen(self) -> View:
        (left, right), (low, high) = self._panel.plot.getViewBox().viewRange()
        return left, right, low, high

    def _draw(self, xs: Floats, ys: Floats, root: Floats, top: float) -> None:
        wanted = (xs, ys, root)
        if len(self._shown) and all(map(np.array_equal, wanted, self._shown)):
            return  # another run of the same problem
        self._shown = wanted
        self.image.setImage(root, levels=(0.0, top))
        self.image.setRect(cells(xs, ys))
        made = contourpy.contour_generator(xs, ys, root, line_type=contourpy.LineType.ChunkCombinedNan)
        levels: list[float] = (top / (LEVELS + 1) * np.arange(1, LEVELS + 1)).tolist() if top > 0 else []
        pieces = [made.lines(level)[0][0] for level in levels]
        gap = np.full((1, 2), np.nan)
        kept = [part for piece in pieces if piece is not None for part in (piece, gap)]
        lines = np.concatenate(kept) if kept else gap
        self.lines.setData(lines[:, 0], lines[:, 1])


def grown(seen: View) -> View:
    """Return what is seen with some more at each side, to be drawn ahead."""
    left, right, low, high = seen
    across, up = _MORE * (right - left), _MORE * (high - low)
    return left - across, right + across, low - up, high + up


def covers(drawn: View, seen: View) -> bool:
    """Whether what is drawn covers what is seen, and not so much more that it is coarse."""
    around = drawn[0] <= seen[0] and seen[1] <= drawn[1] and drawn[2] <= seen[2] and seen[3] <= drawn[3]
    return around and drawn[1] - drawn[0] <= _COARSEST * (seen[1] - seen[0])


def _greatest(xs: Floats, ys: Floats, root: Floats, view: View) -> float:
    """Return the greatest value of a grid within a part of it."""
    left, right, low, high = view
    part = root[(ys >= low) & (ys <= high)][:, (xs >= left) & (xs <= right)]
    return float(np.nanmax(part, initial=0.0))
