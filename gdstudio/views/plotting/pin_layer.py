"""The pinned runs on a plot: each a line and a few marks, set only when pins or axes change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QColor

from gdstudio.views.plotting.marked_line import MarkedLine, dashed_pen
from gdstudio.worker.pins import MOST_PINS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPen

    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel
    from gdstudio.views.widgets.theme import Theme
    from gdstudio.worker.pins import PinnedRun

SYMBOLS = ("t1", "d", "p", "star", "h", "t")
_DASHES = (
    (6.0, 3.0),
    (2.0, 2.0),
    (8.0, 3.0, 2.0, 3.0),
    (4.0, 4.0),
    (10.0, 3.0),
    (6.0, 2.0, 2.0, 2.0, 2.0, 2.0),
)
PIN_COLUMNS = 1024
"""A pinned curve is thinned to so many columns of pixels, whatever the plot's size."""


def pin_colour(theme: Theme, slot: int) -> QColor:
    """Return the colour of a pin."""
    return QColor(theme.pins[slot])


def pin_pen(theme: Theme, slot: int, width: float) -> QPen:
    """Return the pen of a pin, with its own dash."""
    return dashed_pen(pin_colour(theme, slot), width, _DASHES[slot])


class PinLayer(QObject):
    """Draws the pinned runs on a panel's plot: those that are shown and that the panel can draw.

    ``changed`` is emitted when other pins are to be drawn. The panel then sets the ranges of its axes and
    calls `draw` with a function that turns a pin into the points of its line.
    """

    changed = Signal()

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._lines: dict[int, MarkedLine] = {}
        self._shown: tuple[PinnedRun, ...] = ()
        self._points: Callable[[PinnedRun], tuple[Floats, Floats]] | None = None
        panel.session.pins.changed.connect(self._on_changed)
        panel.session.comparison.replay.changed.connect(self._on_replayed)

    @property
    def shown(self) -> tuple[PinnedRun, ...]:
        """The pins to be drawn."""
        return self._shown

    def begin(self) -> None:
        """Choose the pins for the panel's scene; none while a question hides what they may show."""
        scene, session = self._panel.scene, self._panel.session
        asked = bool(session.concealed.quantities)
        shown = [pin for pin in session.pins.all if pin.is_shown and scene is not None and not asked]
        self._shown = tuple(pin for pin in shown if self._panel.can_draw_pin(pin))

    def draw(self, points: Callable[[PinnedRun], tuple[Floats, Floats]]) -> None:
        """Set every line to its points, x and y of shape (k,), and clear those of other slots.

        Of runs that are in a replay only the part so far is drawn.
        """
        self._points, replay = points, self._panel.session.comparison.replay
        drawn = {pin.slot: points(replace(pin, snapshot=replay.part_of(pin))) for pin in self._shown}
        for slot in range(MOST_PINS):
            if slot in drawn:
                self._set(slot, *drawn[slot])
            elif slot in self._lines:
                self._lines[slot].clear()

    def line(self, slot: int) -> tuple[Floats, Floats]:
        """Return the points that a slot's line is drawn through."""
        return self._lines[slot].points if slot in self._lines else (np.empty(0), np.empty(0))

    def restyle(self) -> None:
        """Apply the theme's colours."""
        for slot in self._lines:
            self._style(slot)

    @Slot()
    def _on_changed(self) -> None:
        before = self._shown
        self.begin()
        if self._shown != before:
            self.changed.emit()

    @Slot()
    def _on_replayed(self) -> None:
        if self._points is not None and self._shown and self._panel.isVisible():
            self.draw(self._points)

    def _set(self, slot: int, x: Floats, y: Floats) -> None:
        if slot not in self._lines:
            self._lines[slot] = MarkedLine(self._panel, SYMBOLS[slot], _DASHES[slot], -0.6)
        self._lines[slot].set(x, y)
        self._style(slot)

    def _style(self, slot: int) -> None:
        self._lines[slot].restyle(pin_colour(self._panel.appearance.theme, slot))
