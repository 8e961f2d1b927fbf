"""The path of a run on a plot: a strong line with a dot for each step, the first ones numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.views.plotting.step_numbers import StepNumbers

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_MOST_DOTS, _MOST_EDGED = 60, 30
"""Steps up to which each has a dot, and the line an edge, which costs as much as the line."""
WIDTH, _EDGE = 3.0, 1.5


class Trail:
    """Draws steps on a panel's plot, in the colour of the weights on an edge of the card's."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.line = panel.curve("weights", WIDTH, connect="finite", edge=_EDGE, z=2)
        self._edge = panel.pen("card", WIDTH + 2 * _EDGE)
        self.dots = panel.dots("weights", 8, z=3)
        self.numbers = StepNumbers(panel)

    def show(self, path: Floats, places: Floats, *, count: int) -> None:
        """Draw a path (k, 2), which may have gaps, and dots at ``places`` (m, 2) of a run of ``count`` steps.

        The places are the steps from 0 on as long as these are few.
        """
        self._panel.draw_line(self.line, path[:, 0], path[:, 1])
        few = count <= _MOST_DOTS
        self.line.opts["shadowPen"] = self._edge if count <= _MOST_EDGED else None
        self.dots.setData(places[:, 0], places[:, 1]) if few else self.dots.clear()
        is_whole = len(places) == count + 1
        self.numbers.show_at(places if is_whole and count else np.empty((0, 2)))

    def restyle(self) -> None:
        """Apply the theme and the size of text."""
        self._edge = self._panel.pen("card", WIDTH + 2 * _EDGE)
        self.numbers.restyle(self._panel.tick_font)
