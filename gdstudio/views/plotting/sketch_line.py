"""The line that the user draws over the steps, and that stays beside the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel


class SketchLine(QObject):
    """Draws the session's sketch on a panel's plot, and takes the drags that draw it.

    Parameters
    ----------
    place_of
        Returns where steps and their costs, each of shape (k,), are on the plot.
    meant_by
        Returns the step and the cost of a place on the plot.
    """

    def __init__(
        self,
        panel: PlotPanel,
        place_of: Callable[[Floats, Floats], tuple[Floats, Floats]],
        meant_by: Callable[[float, float], tuple[float, float]],
    ) -> None:
        super().__init__(panel)
        self._panel, self._place_of, self._meant_by = panel, place_of, meant_by
        self._line = panel.curve("guess", 3.0, smooth=True, style=Qt.PenStyle.DashLine, z=3)
        panel.framing.dragged.connect(self._on_dragged)

    @property
    def points(self) -> tuple[Floats, Floats]:
        """The points that the line is drawn through."""
        return self._line.getData() if self._line.xData is not None else (np.empty(0), np.empty(0))

    def draw(self) -> None:
        """Draw the line in the units of the axes now."""
        points = np.array(self._panel.session.sketch.points).reshape(-1, 2)
        self._line.setData(*self._place_of(points[:, 0], points[:, 1])) if len(points) else self._line.clear()

    @Slot(object)
    def _on_dragged(self, event: Any) -> None:
        sketch, box = self._panel.session.sketch, self._panel.plot.getViewBox()
        if not sketch.is_wanted or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        if event.isStart():
            down = box.mapToView(event.buttonDownPos())
            sketch.start(*self._meant_by(down.x(), down.y()))
        here = box.mapToView(event.pos())
        sketch.draw(*self._meant_by(here.x(), here.y()))
