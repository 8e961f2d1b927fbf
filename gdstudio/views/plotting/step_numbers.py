"""The numbers of the first steps, beside their dots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF
from typing_extensions import override

from gdstudio.views.plotting.plot_words import PlotWords

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

MOST_NUMBERED = 12
"""So many steps are numbered; of more, none is."""
_NEAREST = 1.6
"""How far apart two numbers are at least, in heights of the type."""


class StepNumbers(PlotWords):
    """Writes 0, 1, 2, ... beside points; one that would stand on an earlier one is left out."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._places: Floats = np.empty((0, 2))

    @property
    def places(self) -> Floats:
        """The points (k, 2) that are numbered."""
        return self._places

    def show_at(self, places: Floats) -> None:
        """Write a number beside each of these points (k, 2), or none where they are too many."""
        self._places = places if len(places) <= MOST_NUMBERED + 1 else places[:0]
        self.prepareGeometryChange()
        self.update()

    @override
    def paint(self, painter: QPainter, *_: Any) -> None:
        if not len(self._places):
            return
        to_screen = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        height = float(self._font.pixelSize())
        taken: list[QPointF] = []
        for step, (x, y) in enumerate(self._places.tolist()):
            if not (np.isfinite(x) and np.isfinite(y)):
                continue
            at = to_screen.map(QPointF(x, y)) + QPointF(0.55 * height, -0.55 * height)
            if all(abs(at.x() - o.x()) + abs(at.y() - o.y()) > _NEAREST * height for o in taken):
                taken.append(at)
                self.write(painter, at, str(step), "weights")
        painter.restore()
