"""The colours of costs with their numbers, on the right of a plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from gdstudio.views.plotting.axes import NumberAxis
from gdstudio.views.widgets.theme import SMALL

if TYPE_CHECKING:
    from gdstudio.views.plotting.cost_axis import CostAxis
    from gdstudio.views.plotting.plot_panel import PlotPanel

_WIDTH, _GAP, _NUMBERS = 16, 12, 4.4
"""How wide the colours are and how far from the plot, in pixels at 100 %, and the numbers in ems."""
_COLOURS = 256


class ColourBar:
    """Shows a ramp from the low to the high end of a cost axis; hidden it leaves its room free."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._image = pg.ImageItem(np.arange(_COLOURS, dtype=float)[:, None], axisOrder="row-major")
        self._box.addItem(self._image, ignoreBounds=True)
        self.numbers = NumberAxis("right")
        self.numbers.linkToView(self._box)
        panel.plot.layout.addItem(self._box, 2, 3)
        panel.plot.layout.addItem(self.numbers, 2, 4)
        self.hide()

    def show(self, axis: CostAxis) -> None:
        """Show the colours of an axis, from its low to its high end."""
        self.numbers.show_scale(log=axis.log, zero_at=axis.zero_at)
        self._image.setRect(QRectF(0.0, axis.low, 1.0, axis.high - axis.low))
        self._box.setRange(xRange=(0.0, 1.0), yRange=(axis.low, axis.high), padding=0)
        self._set_visible(seen=True)

    def hide(self) -> None:
        """Show no colours and no numbers."""
        self._set_visible(seen=False)

    def restyle(self, colours: pg.ColorMap) -> None:
        """Apply a ramp, the theme's colours and the scale's sizes."""
        appearance = self._panel.appearance
        theme, font = appearance.theme, appearance.font(SMALL)
        self._image.setColorMap(colours)
        self._image.setLevels((0.0, _COLOURS - 1.0))
        self._box.setBorder(pg.mkPen(theme.border))
        self._panel.plot.layout.setColumnSpacing(2, appearance.pixels(_GAP))
        self._box.setFixedWidth(appearance.pixels(_WIDTH))
        self.numbers.setPen(pg.mkPen(theme.border))
        self.numbers.setTextPen(pg.mkPen(theme.muted))
        self.numbers.setTickFont(font)
        self.numbers.setStyle(tickLength=-4, tickTextOffset=4)
        self.numbers.setWidth(round(_NUMBERS * font.pixelSize()))
        self.numbers.setLabel(
            "cost J", **{"color": theme.muted, "font-size": f"{appearance.type_pixels(SMALL)}px"}
        )

    def _set_visible(self, *, seen: bool) -> None:
        self._box.setOpacity(float(seen))
        self.numbers.setOpacity(float(seen))
