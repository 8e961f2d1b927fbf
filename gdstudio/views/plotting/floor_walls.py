"""On the plot of noise floors: the line of first order, the two limits as walls, and the names of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.floor_words import FALLING, has_two_limits
from gdstudio.views.plotting.line_labels import LineLabels

if TYPE_CHECKING:
    from gdstudio.core.training.noise_floor import RowNoise
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_HEIGHTS = (0.17, 0.08)
"""Where the names of the walls stand, in parts of the height."""


class FloorWalls:
    """The limits of the batch size of the run, and the floor in proportion to alpha / B."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.first_order = panel.curve("truth", 2.0, style=Qt.PenStyle.DotLine, z=-1)
        self.mean_square = panel.curve("truth", 2.0, style=Qt.PenStyle.DashLine, z=-1)
        self.mean = panel.curve("truth", 2.0, style=Qt.PenStyle.DotLine, z=-1)
        self.names = LineLabels(panel)

    def restyle(self) -> None:
        """Take the font of the ticks."""
        self.names.restyle(self._panel.tick_font)

    def clear(self) -> None:
        """Draw nothing."""
        for item in (self.first_order, self.mean_square, self.mean):
            item.clear()
        self.names.show_at([])

    def draw(self, noise: RowNoise, batch_size: int, falls_to: Floats | None) -> None:
        """Draw them; where a rate falls, its name stands by the place (2,) that it falls to."""
        seen = self._panel.seen
        x = np.array(seen[:2])
        self.first_order.setData(*clip_path(np.column_stack([x, x + np.log10(noise.slope)]), seen).T)
        limits = np.array([noise.mean_square_limit(batch_size), noise.step_limit])
        at = np.log10(limits / batch_size).tolist()
        for wall, place in zip((self.mean_square, self.mean), at, strict=True):
            wall.setData([place, place], list(seen[2:]))
        self._name(at, has_two=has_two_limits(noise, batch_size), falls_to=falls_to)

    def _name(self, at: list[float], *, has_two: bool, falls_to: Floats | None) -> None:
        (left, right), (low, high) = self._panel.plot.viewRange()
        names = ("╎ mean square", "┊ mean") if has_two else ("┊ mean square and mean",)
        metrics = QFontMetricsF(self._panel.tick_font)
        room = metrics.horizontalAdvance(names[0]) + 2 * metrics.height()  # the first stands left of its wall
        beside = at[0] - room / max(1, self._panel.view.width()) * (right - left)
        heights = [low + part * (high - low) for part in _HEIGHTS]
        labels = list(zip((beside, at[1]), heights, names, strict=False))
        if falls_to is not None:
            labels.append((float(falls_to[0]), float(falls_to[1]), FALLING))
        self.names.show_at(labels)
