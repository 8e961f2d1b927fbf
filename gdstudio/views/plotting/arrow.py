"""An arrow in the plot's coordinates: a shaft as long as what it shows, a head of constant size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg

from gdstudio.views.plotting.clipping import clip_segment

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel

_HEAD = 14.0


class Arrow:
    """A shaft and a head in a quantity's colour."""

    def __init__(
        self, panel: PlotPanel, quantity: str, width: float, style: Qt.PenStyle | None = None
    ) -> None:
        self._panel, self._quantity = panel, quantity
        how = {} if style is None else {"style": style}
        self.shaft = panel.curve(quantity, width, smooth=True, z=4, **how)
        self._head = pg.ArrowItem(headLen=_HEAD, tipAngle=40, pen=None)
        self._head.setZValue(4)
        panel.plot.addItem(self._head)

    def show(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Go from (x0, y0) to (x1, y1); an arrow shorter than a pixel or two has no head.

        One that leaves the picture has its head at the border. A question may hide it.
        """
        cut = clip_segment(np.array([x[0], y[0]]), np.array([x[1], y[1]]), self._view())
        if cut is None or self._panel.session.concealed.hides_moves:
            self.hide()
            return
        begin, tip, _ = cut
        self.shaft.setData([begin[0], tip[0]], [begin[1], tip[1]])
        width, height = self._panel.plot.getViewBox().viewPixelSize()
        if not width or not height:  # the plot has no size yet
            self._head.hide()
            return
        across, up = float(tip[0] - begin[0]) / width, float(tip[1] - begin[1]) / height
        long_enough = math.hypot(across, up) > _HEAD / 2
        self._head.setVisible(long_enough)
        if long_enough:
            self._head.setPos(float(tip[0]), float(tip[1]))
            self._head.setStyle(angle=180 - math.degrees(math.atan2(up, across)))

    def _view(self) -> View:
        """Return what is seen of the plot: an arrow that leaves it has its head at the border."""
        (left, right), (low, high) = self._panel.plot.getViewBox().viewRange()
        return left, right, low, high

    def hide(self) -> None:
        """Show nothing."""
        self.shaft.clear()
        self._head.hide()

    def restyle(self) -> None:
        """Apply the theme's colour."""
        scale = self._panel.appearance.scale
        self._head.setStyle(brush=self._panel.brush(self._quantity), headLen=_HEAD * scale)
