"""The star where the user expects the run to end: a click places it, while a question asks for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

    from gdstudio.views.plotting.plot_panel import PlotPanel

_SIZE = 20


class GuessMarker(QObject):
    """Draws the session's guess on a panel's plot, and takes the clicks that place it.

    Parameters
    ----------
    place_of
        Returns where weights are on the plot.
    weights_of
        Returns the weights of a place on the plot, rounded to what a pixel of ``(width, height)`` resolves.
    """

    def __init__(
        self,
        panel: PlotPanel,
        place_of: Callable[[tuple[float, ...]], tuple[float, float]],
        weights_of: Callable[[float, float, tuple[float, float]], tuple[float, ...]],
    ) -> None:
        super().__init__(panel)
        self._panel, self._place_of, self._weights_of = panel, place_of, weights_of
        self._drawn: tuple[float, float] | None = None
        self._star = panel.dots("guess", _SIZE, symbol="star", z=7)
        panel.session.guess.changed.connect(self.draw)
        panel.plot.scene().sigMouseClicked.connect(self._on_clicked)

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the star is on the plot; None where there is none."""
        return self._drawn

    @Slot()
    def draw(self) -> None:
        """Put the star where the guess is in the units of the axes now."""
        weights, scene = self._panel.session.guess.weights, self._panel.scene
        fits = weights is not None and scene is not None and len(weights) == len(scene.problem.weight_names)
        place = self._place_of(weights) if weights is not None and fits else None
        if place != self._drawn:
            self._drawn = place
            self._star.clear() if place is None else self._star.setData([place[0]], [place[1]])

    @Slot(object)
    def _on_clicked(self, event: MouseClickEvent) -> None:
        box, guess = self._panel.plot.getViewBox(), self._panel.session.guess
        at = event.scenePos()
        is_click = event.button() == Qt.MouseButton.LeftButton and not event.double()
        if guess.is_wanted and is_click and box.sceneBoundingRect().contains(at):
            place = box.mapSceneToView(at)
            across, up = box.viewPixelSize()
            guess.mark(self._weights_of(place.x(), place.y(), (float(across), float(up))))


def resolved(value: float, pixel: float) -> float:
    """Round a value to the decimals that a pixel of this size can tell apart.

    >>> resolved(1.23456, 0.013), resolved(123456.0, 130.0)
    (1.23, 123500.0)
    """
    return round(value, -math.floor(math.log10(pixel))) if pixel > 0 else value
