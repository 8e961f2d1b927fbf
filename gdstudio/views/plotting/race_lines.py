"""The lines of a race on a plot: one a contestant, with a larger mark where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.marked_line import MarkedLine
from gdstudio.views.plotting.race_looks import DASHES, SYMBOLS, race_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

    Points = Callable[[Standing], tuple[Floats, Floats]]

_FADED = 0.25
"""How strong the other lines are while one is pointed at."""


class RaceLines:
    """Draws what is not hidden; while one is pointed at, the others fade.

    The run on screen lies on top.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self._lines: dict[int, MarkedLine] = {}
        self._ends: dict[int, pg.ScatterPlotItem] = {}

    def draw(self, view: RaceView, points: Points) -> None:
        """Draw a line through the points (k,), x and y, of each standing; its end is the last of them."""
        hidden = self._panel.session.racing.hidden
        for place in list(self._lines):
            if place >= len(view.standings) or place in hidden:
                self._lines[place].clear()
                self._ends[place].clear()
        for standing in view.standings:
            place = standing.contestant.place
            if place not in hidden:
                self._draw(place, *points(standing))

    def line(self, place: int) -> tuple[Floats, Floats]:
        """Return the points that a contestant's line is drawn through."""
        return self._lines[place].points if place in self._lines else (np.empty(0), np.empty(0))

    def restyle(self) -> None:
        """Apply the theme's colours."""
        for place in self._lines:
            self._style(place)

    def _draw(self, place: int, x: Floats, y: Floats) -> None:
        if place not in self._lines:
            self._add(place)
        self._lines[place].set(x, y)
        self._ends[place].setData(x[-1:], y[-1:]) if np.isfinite(y[-1:]).all() else self._ends[place].clear()
        self._style(place)

    def _add(self, place: int) -> None:
        z = 2.0 - 0.02 * place
        self._lines[place] = MarkedLine(self._panel, SYMBOLS[place], DASHES[place], z)
        end = pg.ScatterPlotItem(pxMode=True, symbol=SYMBOLS[place], antialias=True, useCache=True)
        end.setZValue(z + 1)
        self._panel.plot.addItem(end)
        self._ends[place] = end

    def _style(self, place: int) -> None:
        theme, pointed = self._panel.appearance.theme, self._panel.session.racing.pointed
        colour = race_colour(theme, place)
        colour.setAlphaF(1.0 if pointed in {None, place} else _FADED)
        self._lines[place].restyle(colour)
        end = self._ends[place]
        end.setPen(pg.mkPen(theme.card, width=1.5))
        end.setBrush(pg.mkBrush(colour))
        end.setSize((18 if pointed == place else 15) * self._panel.appearance.scale)
