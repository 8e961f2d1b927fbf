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

    The run on screen lies on top. Marks stay where they are while a line grows.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self._lines: dict[int, MarkedLine] = {}
        self._ends: dict[int, pg.ScatterPlotItem] = {}
        self._marked: dict[int, bytes] = {}
        self._styled: dict[int, tuple[object, ...]] = {}

    def draw(self, view: RaceView, points: Points, marks: Points) -> None:
        """Draw each standing: a line through points (k,), x and y, at whose end it is, and marks (m,)."""
        hidden = self._panel.session.racing.hidden
        for place in self._lines:
            if place >= len(view.standings) or place in hidden:
                self._clear(place)
        for standing in view.standings:
            place = standing.contestant.place
            if place not in hidden:
                self._draw(place, points(standing), marks(standing))

    def line(self, place: int) -> tuple[Floats, Floats]:
        """Return the points that a contestant's line is drawn through."""
        return self._lines[place].points if place in self._lines else (np.empty(0), np.empty(0))

    def end(self, place: int) -> tuple[float, float] | None:
        """Return where a contestant is on the plot; None where it has left it."""
        item = self._ends[place]
        return (item.pos().x(), item.pos().y()) if item.isVisible() else None

    def restyle(self) -> None:
        """Apply the theme's colours."""
        for place in self._lines:
            self._style(place)

    def _draw(self, place: int, points: tuple[Floats, Floats], marks: tuple[Floats, Floats]) -> None:
        if place not in self._lines:
            self._add(place)
        (x, y), where = points, np.column_stack(marks).tobytes()
        self._lines[place].set_line(x, y)
        if where != self._marked.get(place):
            self._marked[place] = where
            self._lines[place].set_marks(*marks)
        is_there = len(x) > 0 and bool(np.isfinite([x[-1], y[-1]]).all())
        self._ends[place].setVisible(is_there)
        if is_there:
            self._ends[place].setPos(float(x[-1]), float(y[-1]))  # its data stay: they take far longer
        self._style(place)

    def _clear(self, place: int) -> None:
        self._lines[place].clear()
        self._ends[place].hide()
        self._marked.pop(place, None)

    def _add(self, place: int) -> None:
        z = 2.0 - 0.02 * place
        self._lines[place] = MarkedLine(self._panel, SYMBOLS[place], DASHES[place], z)
        end = pg.ScatterPlotItem([0.0], [0.0], pxMode=True, symbol=SYMBOLS[place], antialias=True)
        end.setZValue(z + 1)
        self._panel.plot.addItem(end, ignoreBounds=True)
        self._ends[place] = end

    def _style(self, place: int) -> None:
        theme, scale = self._panel.appearance.theme, self._panel.appearance.scale
        pointed = self._panel.session.racing.pointed
        colour = race_colour(theme, place)
        colour.setAlphaF(1.0 if pointed in {None, place} else _FADED)
        self._lines[place].restyle(colour)
        styled = (colour.rgba(), theme.name, scale, pointed == place)
        if styled == self._styled.get(place):
            return
        self._styled[place] = styled
        end = self._ends[place]
        end.setPen(pg.mkPen(theme.card, width=1.5))
        end.setBrush(pg.mkBrush(colour))
        end.setSize((18 if pointed == place else 15) * scale)
