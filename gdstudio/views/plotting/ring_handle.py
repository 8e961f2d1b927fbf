"""A ring that can be dragged about a plot, and put back by Esc; what it stands for is set meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot
from typing_extensions import override

from gdstudio.views.plotting.escape_watch import EscapeWatch

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from gdstudio.views.plotting.plot_panel import PlotPanel

_SIZE = 16


class RingHandle(QObject):
    """Emits ``moved`` with the plot's coordinates while it is dragged.

    A press without a move changes nothing. Esc during a drag puts it back where the drag began; the rest of
    that drag is ignored. All that a drag sets is one edit.
    """

    moved = Signal(float, float)

    def __init__(self, panel: PlotPanel, tip: str) -> None:
        super().__init__(panel)
        self._panel = panel
        self._is_dragged = False
        self._before: dict[str, Any] = {}
        self._keys = EscapeWatch(self)
        self._keys.escaped.connect(self.put_back)
        self._item = _Ring(self)
        self._item.setZValue(5)
        self._item.setToolTip(tip)
        self._item.sigPositionChanged.connect(self._on_moved)
        panel.plot.addItem(self._item)

    def settings(self) -> dict[str, Any]:
        """Return what it sets, by the paths of the experiment, as it is now."""
        raise NotImplementedError

    @property
    def place(self) -> tuple[float, float]:
        """The position of the ring in the plot's coordinates."""
        return self._item.pos().x(), self._item.pos().y()

    @property
    def is_dragged(self) -> bool:
        """Whether it is held and has not been put back."""
        return self._is_dragged

    @property
    def rests(self) -> bool:
        """Whether it cannot be dragged now."""
        return False

    def is_at(self, scene: QPointF) -> bool:
        """Whether a place in the scene is on the ring: a click there is a press without a move."""
        centre = self._panel.plot.getViewBox().mapViewToScene(self._item.pos())
        away: float = (scene - centre).manhattanLength()
        return away <= _SIZE

    def put(self, x: float, y: float) -> None:
        """Move the ring without emitting ``moved``."""
        if (x, y) == self.place:
            return
        self._item.blockSignals(True)
        self._item.setPos(x, y)
        self._item.blockSignals(False)

    def drag(self, x: float, y: float) -> None:
        """Move the ring as if the user had dragged it there."""
        self._item.setPos(x, y)

    def take(self) -> None:
        """Begin a drag; only during one does it see the keys of the application."""
        self._is_dragged = True
        self._before = self.settings()
        self._panel.session.undo.open()
        self._keys.begin()

    def let_go(self) -> None:
        """End a drag."""
        self._is_dragged = False
        self._panel.session.undo.close()
        self._keys.end()

    @Slot()
    def put_back(self) -> None:
        """Undo the drag that is going on: all is as before, to the last digit."""
        if self._is_dragged:
            self._is_dragged = False
            self.set(self._before)

    def set(self, settings: dict[str, Any]) -> None:
        """Edit those of the settings that are others now; a run need not begin again for the rest."""
        now = self.settings()
        changes = {path: value for path, value in settings.items() if value != now[path]}
        if changes:
            self._panel.session.edit(changes)

    def restyle(self) -> None:
        """Apply the theme's colours."""
        self._item.setPen(self._panel.pen("weights", 2.0))
        self._item.setHoverPen(self._panel.pen("gradient", 2.0))
        self._item.setBrush(self._panel.brush("card", 0.5))
        self._item.setHoverBrush(self._panel.brush("card", 0.8))

    def _on_moved(self, _: object) -> None:
        self.moved.emit(*self.place)


class _Ring(pg.TargetItem):  # type: ignore[misc]  # pyqtgraph has no types
    """Tells its handle when a drag begins and ends."""

    def __init__(self, handle: RingHandle) -> None:
        super().__init__(size=_SIZE, symbol="o", movable=True)
        self._handle = handle

    @override
    def mouseDragEvent(self, event: Any) -> None:
        if self._handle.rests:
            event.ignore()
            return
        left = event.button() == Qt.MouseButton.LeftButton
        if left and event.isStart():
            self._handle.take()
        if left and not self._handle.is_dragged:
            event.accept()  # it has been put back
        else:
            super().mouseDragEvent(event)
        if left and event.isFinish():
            self._handle.let_go()
            self.moving = False
