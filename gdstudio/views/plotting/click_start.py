"""A click into a picture of the weights starts the run there; a double click, which fits, takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.plotting.start_marker import StartMarker


class ClickStart(QObject):
    """Emits ``clicked`` with the plot's coordinates, unless a click has another meaning there.

    A click on the marker of the start is none, and while a question asks for a place it marks that.
    """

    clicked = Signal(float, float)

    def __init__(self, panel: PlotPanel, marker: StartMarker) -> None:
        super().__init__(panel)
        self._panel, self._marker = panel, marker
        self._has_clicked = False
        self._before: tuple[float, ...] | None = None
        panel.plot.scene().sigMouseClicked.connect(self._on_clicked)

    @Slot(object)
    def _on_clicked(self, event: MouseClickEvent) -> None:
        """Start where the user has clicked; the second click of two takes the first one back."""
        box, session, at = self._panel.plot.getViewBox(), self._panel.session, event.scenePos()
        if event.button() != Qt.MouseButton.LeftButton or not box.sceneBoundingRect().contains(at):
            return
        if session.guess.is_wanted:  # the click marks where the run is expected to end
            self._has_clicked = False
            return
        if event.double():
            self._take_back()
            return
        self._has_clicked = not self._marker.is_at(at)
        if self._has_clicked:
            self._before = session.experiment.run.initial_weights
            place = box.mapSceneToView(at)
            self.clicked.emit(place.x(), place.y())

    def _take_back(self) -> None:
        if self._has_clicked:
            self._has_clicked = False
            self._panel.session.edit({"run.initial_weights": self._before})
