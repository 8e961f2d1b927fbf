"""What part of a plot is seen: ranges that rest under the hand, zoom by the wheel, and fit again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton
from typing_extensions import override

from gdstudio.views.widgets.pointer_hold import PointerHold

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

    Range = tuple[float, float]

_NOTCH = 1.25
"""How many times as much is seen for one notch of the wheel."""


class WheelBox(pg.ViewBox):  # type: ignore[misc]  # pyqtgraph has no types
    """A view box that tells of the wheel: where it was turned, and how many times as much is to be seen."""

    wheeled = Signal(QPointF, float)
    dragged = Signal(object)  # the event; who has no use for it ignores it

    @override
    def wheelEvent(self, ev: Any, axis: int | None = None) -> None:
        if axis is None:
            self.wheeled.emit(self.mapToView(ev.pos()), _NOTCH ** (-ev.delta() / 120))
        ev.accept()

    @override
    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        ev.ignore()
        self.dragged.emit(ev)


class Framing(QObject):
    """Holds the ranges that a panel wants for its plot, and applies them unless the user has zoomed.

    ``changed`` is emitted when the wheel has changed what is seen, ``fit_asked`` when the button "Fit" or a
    double click asks for everything, ``settled`` when the pointer is released after ranges had to rest.
    """

    changed = Signal()
    fit_asked = Signal()
    settled = Signal()

    def __init__(self, box: WheelBox, parent: QObject) -> None:
        super().__init__(parent)
        self._box = box
        self.by_hand = False
        self.fits_by_double_click = True
        self.button = QToolButton()
        self.button.setText("Fit")
        self.button.setObjectName("fit")
        self.button.setAccessibleName("Fit the picture to the run")
        self.button.setToolTip("Show the whole run again (double click). The wheel zooms.")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setProperty("pin", True)
        room = self.button.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # or the picture would move under the wheel
        self.button.setSizePolicy(room)
        self.button.hide()
        self.button.clicked.connect(self.fit_asked)
        self._hold = PointerHold(self)
        self._hold.released.connect(self.settled)
        self.dragged = box.dragged
        box.wheeled.connect(self._on_wheeled)

    @property
    def is_resting(self) -> bool:
        """Whether ranges must stay as they are, since something is held with the pointer.

        Whoever asks is told by ``settled`` when it has been released.
        """
        return self._hold.is_held()

    def fit(self, x: Range, y: Range) -> None:
        """Show these ranges, unless the user has chosen others."""
        if not self.by_hand:
            self._box.setRange(xRange=x, yRange=y, padding=0)

    @Slot()
    def let_go(self) -> None:
        """Forget what the user has chosen."""
        self.by_hand = False
        self.button.hide()

    def offer(self) -> None:
        """Offer to fit, since the picture shows another part than it would by itself."""
        self.button.show()

    @Slot(object)
    def on_clicked(self, event: MouseClickEvent) -> None:
        """Fit after a double click within the plot, unless clicks have another meaning there."""
        wanted = event.double() and self.fits_by_double_click
        if wanted and self._box.sceneBoundingRect().contains(event.scenePos()):
            self.fit_asked.emit()

    @Slot(QPointF, float)
    def _on_wheeled(self, at: QPointF, times: float) -> None:
        self.by_hand = True
        self._box.scaleBy((times, times), center=pg.Point(at))
        self.button.show()
        self.changed.emit()
