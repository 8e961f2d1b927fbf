"""The ring that marks where a run starts and can be dragged elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from gdstudio.views.plotting.panel import PlotPanel


class StartMarker(QObject):
    """Emits ``moved`` with the plot's coordinates while it is dragged."""

    moved = Signal(float, float)

    def __init__(self, panel: PlotPanel, tip: str) -> None:
        super().__init__(panel)
        self._panel = panel
        self._item = pg.TargetItem(size=16, symbol="o", movable=True)
        self._item.setZValue(5)
        self._item.setToolTip(tip)
        self._item.sigPositionChanged.connect(self._on_moved)
        panel.plot.addItem(self._item)

    @property
    def place(self) -> tuple[float, float]:
        """The position of the marker in the plot's coordinates."""
        return self._item.pos().x(), self._item.pos().y()

    def put(self, x: float, y: float) -> None:
        """Move the marker without emitting ``moved``."""
        self._item.blockSignals(True)
        self._item.setPos(x, y)
        self._item.blockSignals(False)

    def drag(self, x: float, y: float) -> None:
        """Move the marker as if the user had dragged it there."""
        self._item.setPos(x, y)

    def restyle(self) -> None:
        """Apply the theme's colours."""
        self._item.setPen(self._panel.pen("weights", 2.0))
        self._item.setHoverPen(self._panel.pen("gradient", 2.0))
        self._item.setBrush(self._panel.brush("card", 0.5))
        self._item.setHoverBrush(self._panel.brush("card", 0.8))

    def _on_moved(self, _: object) -> None:
        self.moved.emit(*self.place)
