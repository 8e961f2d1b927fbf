"""Points of a plot that can be taken with the pointer: moved, added and taken away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal, Slot
from typing_extensions import override

from gdstudio.views.plotting.escape_watch import EscapeWatch

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_TARGET = 18
"""How near to a point, in pixels at 100 %, the pointer takes it."""
_HINT = "Drag to move the point; with Shift only up and down. Esc puts it back."
_HINT_SCALED = "Drag to move the point up and down; x is scaled here, and typed under “Edit points”."


class PointGrip(QObject):
    """Tells what the pointer does with the points of a plot; whoever listens moves them.

    A point may be ``taken``, then ``moved`` to a place until it is ``let_go``; Esc in between tells
    ``put_back``, and the rest of that drag is ignored. While `is_editing`, a click on free ground tells
    ``added``, and a right click on a point ``removed``.
    """

    taken = Signal()
    moved = Signal(int, float, float)
    let_go = Signal()
    put_back = Signal()
    added = Signal(float, float)
    removed = Signal(int)

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self.points: Floats = np.empty((0, 2))
        """What can be taken, (k, 2); none where nothing can."""
        self.moves_across = True
        """Whether a point moves to the sides too."""
        self.is_editing = False
        """Whether clicks add points and take them away."""
        self.hovered = self.chosen = -1
        self._held = -1
        self._offset = QPointF()
        self._from = (0.0, 0.0)
        self._ring = panel.dots("data", 24, hollow=True, z=1.8)
        self._ground = _Ground(self)
        self._keys = EscapeWatch(self)
        self._keys.escaped.connect(self._on_escaped)
        panel.plot.addItem(self._ground, ignoreBounds=True)

    @property
    def is_held(self) -> bool:
        """Whether a point is being moved and has not been put back."""
        return self._held >= 0

    @property
    def marked(self) -> int:
        """The point that the pointer is on, or else the last one moved or clicked; -1 for none."""
        return self.hovered if self.hovered >= 0 else self.chosen

    def show(self, points: Floats) -> None:
        """Take other points, (k, 2) in the coordinates of the plot."""
        if len(points) != len(self.points):
            self.hovered = self.chosen = -1
        self.points = points
        if self._held >= len(points):
            self._held = -1
        self._mark()

    def edit(self, *, on: bool) -> None:
        """Let clicks add points and take them away, or not."""
        self.is_editing, self.chosen = on, -1
        self._panel.framing.fits_by_double_click = not on
        self.hover(-1)

    def choose(self, index: int) -> None:
        """Mark a point; -1 for none."""
        self.chosen = index
        self._mark()

    def nearest(self, scene: QPointF) -> int:
        """Return which point a place in the scene is on, -1 for none."""
        if not len(self.points):
            return -1
        box = self._panel.plot.getViewBox()
        places = [box.mapViewToScene(QPointF(x, y)) for x, y in self.points.tolist()]
        away = [math.hypot(place.x() - scene.x(), place.y() - scene.y()) for place in places]
        index = int(np.argmin(away))
        return index if away[index] <= self._panel.appearance.pixels(_TARGET) else -1

    def hover(self, index: int) -> None:
        """Mark the point under the pointer, and show by its form what a press would do."""
        self.hovered = index
        self._mark()
        shapes = Qt.CursorShape
        if index >= 0:
            self._ground.setCursor(shapes.SizeAllCursor if self.moves_across else shapes.SizeVerCursor)
            self._ground.setToolTip(_HINT if self.moves_across else _HINT_SCALED)
            return
        self._ground.setToolTip("")
        if self.is_editing and len(self.points):
            self._ground.setCursor(shapes.CrossCursor)
        else:
            self._ground.unsetCursor()

    def take(self, index: int, scene: QPointF) -> None:
        """Begin to move a point by a press at a place in the scene."""
        x, y = self.points[index].tolist()
        self._held, self.chosen, self._from = index, index, (x, y)
        self._offset = self._panel.plot.getViewBox().mapViewToScene(QPointF(x, y)) - scene
        self._keys.begin()
        self.taken.emit()

    def move(self, scene: QPointF, *, only_up: bool) -> None:
        """Move the point that is held as the pointer is moved, also out of the picture, which rests."""
        if not self.is_held:
            return
        box = self._panel.plot.getViewBox()
        place, (across, up) = box.mapSceneToView(scene + self._offset), box.viewRange()
        shift = scene + self._offset - box.mapViewToScene(QPointF(*self._from))
        (x, y), still = self._from, only_up or not self.moves_across
        x = x if still or not shift.x() else rounded(place.x(), across, box.width())
        y = y if not shift.y() else rounded(place.y(), up, box.height())
        self.moved.emit(self._held, x, y)

    def release(self) -> None:
        """End a move."""
        self._held = -1
        if not self.is_editing:
            self.choose(-1)
        self._keys.end()
        self.let_go.emit()

    @Slot()
    def forget(self) -> None:
        """Let go of what is held without a word, since other points are on screen; the drag is ignored."""
        self._held = self.chosen = self.hovered = -1
        self._mark()

    def click(self, event: Any) -> bool:
        """Add, take away or choose a point; return whether the click is taken, as all are while editing."""
        if not self.is_editing or not len(self.points):
            return False
        index = self.nearest(event.scenePos())
        if event.button() == Qt.MouseButton.RightButton and index >= 0:
            self.removed.emit(index)
        elif event.button() == Qt.MouseButton.LeftButton and not event.double():
            if index < 0:
                self._add(event.scenePos())
            self.choose(index)
        return True

    def _add(self, scene: QPointF) -> None:
        box = self._panel.plot.getViewBox()
        place, (across, up) = box.mapSceneToView(scene), box.viewRange()
        self.added.emit(rounded(place.x(), across, box.width()), rounded(place.y(), up, box.height()))

    @Slot()
    def _on_escaped(self) -> None:
        if self.is_held:
            self._held = -1
            self.put_back.emit()

    def _mark(self) -> None:
        places = self.points[sorted({self.hovered, self.chosen} - {-1})]
        self._ring.setData(places[:, 0], places[:, 1])


def rounded(value: float, seen: tuple[float, float], pixels: float) -> float:
    """Return a value rounded to the finest power of ten that two pixels of what is seen tell apart.

    It is no farther away than what is seen is wide.
    """
    low, high = seen
    wide = high - low
    decimals = -math.floor(math.log10(2 * wide / max(pixels, 1.0)))
    return round(min(max(value, low - wide), high + wide), decimals) + 0.0  # no -0.0


class _Ground(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """All that is seen of the plot: hears of the pointer wherever it is."""

    def __init__(self, grip: PointGrip) -> None:
        super().__init__()
        self._grip = grip
        self.setZValue(10)

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        """Cover what is seen now; pyqtgraph calls it."""
        self.prepareGeometryChange()

    @override
    def paint(self, *_: Any) -> None:
        """Draw nothing."""

    def hoverEvent(self, event: Any) -> None:
        """Claim the drags and clicks that are about points; pyqtgraph calls it."""
        if self._grip.is_held:
            return
        index = -1 if event.isExit() else self._grip.nearest(event.scenePos())
        if index >= 0:
            event.acceptDrags(Qt.MouseButton.LeftButton)
        self._grip.hover(index)

    def mouseDragEvent(self, event: Any) -> None:
        """Move the point that was under the pointer at the press; pyqtgraph calls it."""
        grip = self._grip
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if event.isStart():
            index = grip.nearest(event.buttonDownScenePos())
            if index < 0:
                event.ignore()
                return
            grip.take(index, event.buttonDownScenePos())
        event.accept()
        grip.move(event.scenePos(), only_up=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if event.isFinish():
            grip.release()

    def mouseClickEvent(self, event: Any) -> None:
        """Take a click; pyqtgraph calls it."""
        if self._grip.click(event):
            event.accept()
        else:
            event.ignore()
