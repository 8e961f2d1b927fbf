"""The upright line that marks the learning rate on a log axis of rates, and can be dragged to another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Slot
from typing_extensions import override

from gdstudio.views.plotting.escape_watch import EscapeWatch

if TYPE_CHECKING:
    from gdstudio.views.plotting.plot_panel import PlotPanel

_DIGITS = 3
"""A dragged rate is rounded to so many significant digits."""


class RateHandle(QObject):
    """Sets ``run.learning_rate`` while it is dragged; Esc during a drag puts the old rate back."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._before: float | None = None
        self._keys = EscapeWatch(self)
        self._keys.escaped.connect(self.put_back)
        self._line = _Line(self)
        self._line.setZValue(3)
        self._line.setToolTip("Drag to set the learning rate")
        self._line.sigDragged.connect(self._on_dragged)
        panel.plot.addItem(self._line)

    @property
    def rate(self) -> float:
        """The learning rate where the line stands."""
        return float(10.0 ** self._line.value())

    def put(self, rate: float) -> None:
        """Move the line to a rate."""
        if not self._line.moving:
            self._line.setValue(math.log10(rate))

    def drag(self, rate: float) -> None:
        """Move the line as if the user had dragged it to a rate."""
        self._line.setValue(math.log10(rate))
        self._on_dragged()

    def take(self) -> None:
        """Begin a drag; only during one does it see the keys of the application."""
        self._before = self._panel.session.experiment.run.learning_rate
        self._panel.session.undo.open()
        self._keys.begin()

    def let_go(self) -> None:
        """End a drag."""
        self._before = None
        self._panel.session.undo.close()
        self._keys.end()

    @property
    def is_dragged(self) -> bool:
        """Whether it is held and has not been put back."""
        return self._before is not None

    @Slot()
    def put_back(self) -> None:
        """Undo the drag that is going on."""
        if self._before is not None:
            before, self._before = self._before, None
            self._line.setValue(math.log10(before))
            self._panel.session.edit({"run.learning_rate": before})

    def restyle(self) -> None:
        """Apply the theme's colours."""
        self._line.setPen(self._panel.pen("weights", 2.5))
        self._line.setHoverPen(self._panel.pen("gradient", 3.5))

    def _on_dragged(self, _: object = None) -> None:
        self._panel.session.edit({"run.learning_rate": rounded_rate(self._line.value())})


def rounded_rate(exponent: float) -> float:
    """Return ten to the power of a number, rounded as a dragged rate is."""
    return float(f"{10.0**exponent:.{_DIGITS}g}")


class _Line(pg.InfiniteLine):  # type: ignore[misc]  # pyqtgraph has no types
    """Tells its handle when a drag begins and ends."""

    def __init__(self, handle: RateHandle) -> None:
        super().__init__(angle=90, movable=True)
        self._handle = handle

    @override
    def mouseDragEvent(self, event: Any) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if left and event.isStart():
            self._handle.take()
        if left and not self._handle.is_dragged:
            event.accept()  # it has been put back
            self.moving = False
        else:
            super().mouseDragEvent(event)
        if left and event.isFinish():
            self._handle.let_go()
            self.moving = False
