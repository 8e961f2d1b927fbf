"""The noise floors of one batch size on a plot of log J over log alpha / B: line, means, and medians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.clipping import clip_path

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from gdstudio.core.sweep.floor_runs import Floor
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_LOOKS: tuple[tuple[str, str, int | None], ...] = (("o", "●", None), ("s", "■", 0), ("t1", "▲", 5))
"""The marks of the run's batch size and of others, on the plot and in words, and which pin's colour."""
SETS = len(_LOOKS)
_APART = 1.5
"""A median is drawn where the mean is so many times as high."""
_BEYOND = 1e300
"""In the place of an infinite cost, so that the line to it can be cut at the border."""


def places(rates: Floats, costs: Floats, batch_size: int) -> Floats:
    """Return where costs (k,) above the minimum stand, (k, 2): their logarithms over that of alpha / B."""
    return np.column_stack([np.log10(rates / batch_size), np.log10(costs.clip(1 / _BEYOND, _BEYOND))])


class FloorMarks:
    """What is drawn of one batch size, in the colour of costs where it is that of the run."""

    def __init__(self, panel: PlotPanel, slot: int) -> None:
        self._panel = panel
        symbol, self.sign, self._pin = _LOOKS[slot]
        self.line = panel.curve("cost", 2.5)
        self.means = panel.dots("cost", 10, symbol=symbol, z=2)
        self.medians = panel.dots("cost", 10, symbol=symbol, hollow=True, z=1)

    def restyle(self) -> None:
        """Take the colour of the batch size, after the panel has given sizes."""
        scale = self._panel.appearance.scale
        self.line.setPen(pg.mkPen(self.colour, width=2.5 * scale))
        self.means.setBrush(pg.mkBrush(self.colour))
        self.medians.setPen(pg.mkPen(self.colour, width=2.0 * scale))

    @property
    def colour(self) -> QColor:
        """The colour of the batch size."""
        theme = self._panel.appearance.theme
        return self._panel.brush("cost") if self._pin is None else pg.mkColor(theme.pins[self._pin])

    def in_words(self, text: str) -> str:
        """Return rich text with the sign of the batch size before it, in its colour."""
        theme = self._panel.appearance.theme
        shade = theme.cost_text if self._pin is None else theme.pins[self._pin]
        return f'<span style="color:{shade}">{self.sign} {text}</span>'

    def draw(self, floor: Floor | None, top: float) -> Floats:
        """Draw the floors; return the places (k, 2) of means above ``top``, at which none is drawn."""
        if floor is None:
            for item in (self.line, self.means, self.medians):
                item.clear()
            return np.empty((0, 2))
        runs = floor.runs
        path = clip_path(places(floor.line_rates, floor.line, runs.batch_size), self._panel.seen)
        self._panel.draw_line(self.line, *path.T)
        means = places(runs.rates, runs.means, runs.batch_size)
        is_seen = means[:, 1] <= top
        self.means.setData(*means[is_seen].T)
        medians = places(runs.rates, runs.medians, runs.batch_size)
        is_apart = means[:, 1] - medians[:, 1] > np.log10(_APART)
        self.medians.setData(*medians[is_apart & (medians[:, 1] <= top)].T)
        return means[~is_seen]
