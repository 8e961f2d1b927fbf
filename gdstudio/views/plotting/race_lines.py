"""The lines of a race on a plot: one a contestant, with a larger mark where it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.marked_line import DashedLine
from gdstudio.views.plotting.race_looks import DASHES, SYMBOLS, race_colour

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

    Points = Callable[[Standing], tuple[Floats, Floats]]
    Spots = list[tuple[int, float, float]]

_MARK, _END = 11.0, 16.0
_FADED = 0.25
"""How strong the other lines are while one is pointed at."""


class RaceLines:
    """Draws what is not hidden; while one is pointed at, the others fade.

    The run on screen lies on top. All marks are one item, and all ends another: each item costs as much to
    paint as what is in it.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self._lines: dict[int, DashedLine] = {}
        self._places: dict[int, tuple[Floats, Floats]] = {}
        self._marked: tuple[object, ...] = ()
        self._marks, self._ends = (pg.ScatterPlotItem(pxMode=True, antialias=True) for _ in range(2))
        for item, z in ((self._marks, 2.5), (self._ends, 3.0)):
            item.setZValue(z)
            panel.plot.addItem(item, ignoreBounds=True)

    def draw(self, view: RaceView, points: Points, marks: Points) -> None:
        """Draw each standing: a line through points (k,), x and y, at whose end it is, and marks (m,)."""
        hidden = self._panel.session.racing.hidden
        shown = {one.contestant.place: one for one in view.standings if one.contestant.place not in hidden}
        for place, line in self._lines.items():
            if place not in shown:
                line.clear()
        for place, standing in shown.items():
            self._line(place).set(*points(standing))
        self._places = {place: marks(standing) for place, standing in shown.items()}
        self.restyle()

    def line(self, place: int) -> tuple[Floats, Floats]:
        """Return the points that a contestant's line is drawn through."""
        return self._lines[place].points if place in self._lines else (np.empty(0), np.empty(0))

    def end(self, place: int) -> tuple[float, float] | None:
        """Return where a contestant is on the plot; None where it has left it."""
        x, y = self.line(place)
        return (float(x[-1]), float(y[-1])) if len(x) and np.isfinite([x[-1], y[-1]]).all() else None

    def colour(self, place: int) -> QColor:
        """Return the colour of a contestant as it is drawn now."""
        pointed = self._panel.session.racing.pointed
        colour = race_colour(self._panel.appearance.theme, place)
        colour.setAlphaF(1.0 if pointed in {None, place} else _FADED)
        return colour

    def restyle(self) -> None:
        """Apply the theme's colours, to where all are and were."""
        colours = {place: self.colour(place) for place in self._lines}
        for place, line in self._lines.items():
            line.restyle(colours[place])
        # The run on screen comes last, and so lies on top.
        ends = {place: end for place in sorted(self._places, reverse=True) if (end := self.end(place))}
        self._put(self._ends, [(place, *end) for place, end in ends.items()], colours, _END)
        marked = [
            (place, x, y)
            for place in sorted(self._places, reverse=True)
            for x, y in zip(*(values.tolist() for values in self._places[place]), strict=True)
        ]
        appearance = self._panel.appearance
        looks = (*(colour.rgba() for colour in colours.values()), appearance.theme.name, appearance.scale)
        if (tuple(marked), looks) != self._marked:
            self._marked = (tuple(marked), looks)
            self._put(self._marks, marked, colours, _MARK)

    def _put(self, item: Any, spots: Spots, colours: dict[int, QColor], size: float) -> None:
        item.setData(
            x=[x for _, x, _ in spots],
            y=[y for _, _, y in spots],
            symbol=[SYMBOLS[place] for place, _, _ in spots],
            brush=[pg.mkBrush(colours[place]) for place, _, _ in spots],
            pen=pg.mkPen(self._panel.appearance.theme.card, width=1.5),
            size=size * self._panel.appearance.scale,
        )

    def _line(self, place: int) -> DashedLine:
        if place not in self._lines:
            self._lines[place] = DashedLine(self._panel, DASHES[place], 2.0 - 0.02 * place)
        return self._lines[place]
