"""The pinned runs on a plot: each a line and a few marks, set only when pins or axes change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPen

from gdstudio.worker.pins import MOST_PINS

if TYPE_CHECKING:
    from collections.abc import Callable

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
_MARKS = 7
PIN_COLUMNS = 1024
"""A pinned curve is thinned to so many columns of pixels, whatever the plot's size."""
_MOST_DASHED = 200
"""A line of more points is drawn solid: on a noisy one dashes are lost, and cost far more to paint."""
_MOST_DASHED_WIDTHS = 50.0
"""A line that extends over more widths (or heights) of the view is drawn solid, for the same price."""


def pin_colour(theme: Theme, slot: int) -> QColor:
    """Return the colour of a pin."""
    return QColor(theme.pins[slot])


def pin_pen(theme: Theme, slot: int, width: float, *, dashed: bool = True) -> QPen:
    """Return the pen of a pin, with its own dash."""
    pen: QPen = pg.mkPen(pin_colour(theme, slot), width=width)
    if dashed:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(list(_DASHES[slot]))
    return pen


class PinLayer(QObject):
    """Draws the pinned runs on a panel's plot: those that are shown and that the panel can draw.

    ``changed`` is emitted when other pins are to be drawn. The panel then sets the ranges of its axes and
    calls `draw` with a function that turns a pin into the points of its line.
    """

    changed = Signal()

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._lines: dict[int, pg.PlotCurveItem] = {}
        self._marks: dict[int, pg.ScatterPlotItem] = {}
        self._shown: tuple[PinnedRun, ...] = ()
        self._points: Callable[[PinnedRun], tuple[Floats, Floats]] | None = None
        panel.session.pins.changed.connect(self._on_changed)
        panel.session.comparison.race.changed.connect(self._on_raced)

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

        Of runs that are in a race only the part so far is drawn.
        """
        self._points, race = points, self._panel.session.comparison.race
        drawn = {pin.slot: points(replace(pin, snapshot=race.part_of(pin))) for pin in self._shown}
        for slot in range(MOST_PINS):
            if slot in drawn:
                self._set(slot, *drawn[slot])
            elif slot in self._lines:
                self._lines[slot].clear()
                self._marks[slot].clear()

    def line(self, slot: int) -> tuple[Floats, Floats]:
        """Return the points that a slot's line is drawn through."""
        if slot not in self._lines or self._lines[slot].xData is None:
            return np.empty(0), np.empty(0)
        return self._lines[slot].xData, self._lines[slot].yData

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
    def _on_raced(self) -> None:
        if self._points is not None and self._shown and self._panel.isVisible():
            self.draw(self._points)

    def _set(self, slot: int, x: Floats, y: Floats) -> None:
        if slot not in self._lines:
            self._add(slot)
        self._lines[slot].setData(x, y)
        drawn = np.isfinite(x) & np.isfinite(y)
        x, y = x[drawn], y[drawn]
        kept = self._spread(x, y)
        self._marks[slot].setData(x[kept], y[kept])
        self._style(slot)

    def _add(self, slot: int) -> None:
        line = pg.PlotCurveItem(antialias=False, connect="finite")
        marks = pg.ScatterPlotItem(pxMode=True, symbol=SYMBOLS[slot], antialias=True, useCache=True)
        line.setZValue(-0.6)
        marks.setZValue(-0.5)
        for item in (line, marks):
            self._panel.plot.addItem(item)
        self._lines[slot], self._marks[slot] = line, marks

    def _style(self, slot: int) -> None:
        theme, scale = self._panel.appearance.theme, self._panel.appearance.scale
        few = self._can_be_dashed(*self.line(slot))
        line = self._lines[slot]
        line.opts["antialias"] = few
        line.setPen(pin_pen(theme, slot, (2.5 if few else 1.5) * scale, dashed=few))
        self._marks[slot].setPen(pg.mkPen(theme.card))
        self._marks[slot].setBrush(pg.mkBrush(pin_colour(theme, slot)))
        self._marks[slot].setSize(11 * scale)

    def _spread(self, x: Floats, y: Floats) -> np.ndarray:
        """Return which points get a mark: a few, evenly far apart along the line as it is seen."""
        if len(x) <= _MARKS:
            return np.arange(len(x))
        (left, right), (low, high) = self._panel.plot.viewRange()
        moves = np.hypot(np.diff(x) / (right - left), np.diff(y) / (high - low))
        along = np.append(0.0, np.cumsum(moves))
        return np.unique(np.searchsorted(along, np.linspace(0, along[-1], _MARKS)).clip(0, len(x) - 1))

    def _can_be_dashed(self, x: Floats, y: Floats) -> bool:
        """Whether the line has few points and extends not too far beyond the view, so dashes cost little."""
        if not 0 < len(x) <= _MOST_DASHED:
            return False
        sides = self._panel.plot.viewRange()
        return all(
            np.ptp(v) <= _MOST_DASHED_WIDTHS * (high - low)
            for v, (low, high) in zip((x, y), sides, strict=True)
        )
