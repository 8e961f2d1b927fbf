"""Axes with true minus signs, without a hidden common factor, with whole decades on a log axis."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFont, QFontMetricsF
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.views.plotting.ranges import ceiling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QRectF


_MOST_TICKS = 10
_LINES = 1.7
"""How far apart numbers above one another are, in lines."""
_GAP = 1.6
"""How far apart numbers beside one another are, in lines."""


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose values are drawn as they are, or, with ``log``, whose values are powers of ten.

    ``zero_at`` is the exponent at which a cost of exactly 0 is drawn; the tick there reads 0.
    ``whole`` axes, of steps and epochs, have ticks at whole numbers only. Numbers are written in units of ten
    to the power of ``exponent``, which the axis's name says.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)
        self.log = False
        self.zero_at: float | None = None
        self.whole = False
        self.exponent = 0
        self._metrics = QFontMetricsF(QFont())

    def show_scale(self, *, log: bool, zero_at: float | None) -> None:
        """Write the numbers of a linear or a logarithmic scale; 0 stands at ``zero_at`` on the latter."""
        self.log, self.zero_at = log, zero_at
        self.picture = None  # the axis keeps a picture of its ticks, which may have changed their kind
        self.update()

    @override
    def setTickFont(self, font: QFont) -> None:
        super().setTickFont(font)
        self._metrics = QFontMetricsF(font)

    @override
    def boundingRect(self) -> QRectF:
        """Return the axis with room for a number at each of its ends, half of which is beyond it."""
        rect: QRectF = super().boundingRect()
        half = self.end_room
        return (
            rect.adjusted(-half, 0, half, 0)
            if self.orientation == "bottom"
            else rect.adjusted(0, -half, 0, half)
        )

    @property
    def end_room(self) -> float:
        """How far beyond its ends the axis may write, in pixels."""
        return float((1.2 if self.orientation == "bottom" else 0.6) * self._metrics.height())

    @override
    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        span = max(maxVal - minVal, 1e-300)
        if self.log:
            return [(1.0, self._decade_ticks(minVal, maxVal, size))]
        least = float(self.whole)
        even = next(e for e in self._even(span, least) if self._fits(minVal, maxVal, e, size))
        return [(even, _multiples(minVal, maxVal, even))]

    @override
    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        if not self.log:
            return [format_number(float(f"{v / 10.0**self.exponent:.10g}")) for v in values]
        return [self._decade(v) for v in values]

    def _even(self, span: float, least: float) -> Iterator[float]:
        """Return ever larger steps from tick to tick, up to one that leaves no room for two."""
        step = max(ceiling(span / _MOST_TICKS), least)
        while step < 2 * span:
            yield step
            step = ceiling(1.01 * step)
        yield step

    def _fits(self, low: float, high: float, step: float, size: float) -> bool:
        """Whether the numbers at multiples of a step stand clear of one another; two of them always do."""
        ticks = _multiples(low, high, step)
        return len(_multiples(low, high, ceiling(1.01 * step))) < 2 or self._are_clear(
            ticks, size / max(high - low, 1e-300)
        )

    def _are_clear(self, ticks: Any, pixels: float) -> bool:
        if len(ticks) < 2:
            return True
        if self.orientation != "bottom":
            needed = _LINES * self._metrics.height()
        else:
            words = self.tickStrings(ticks, 1.0, 1.0)
            needed = max(map(self._metrics.horizontalAdvance, words)) + _GAP * self._metrics.height()
        return float(np.diff(ticks).min()) * pixels >= needed

    def _decade_ticks(self, low: float, high: float, size: float) -> Any:
        """Return the exponents that are labelled: two at least, the place of 0 always among them."""
        pixels = size / max(high - low, 1e-300)
        best = None
        for spacing in (1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200):
            ticks = self._with_zero(_multiples(low, high, spacing), low, high, pixels)
            if best is None or len(ticks) >= 2:
                best = ticks
            if self._are_clear(ticks, pixels):
                break
        assert best is not None
        return best if len(best) >= 2 else self._parts_of_decades(low, high)

    def _with_zero(self, ticks: Any, low: float, high: float, pixels: float) -> Any:
        if self.zero_at is None or not low <= self.zero_at <= high:
            return ticks
        clear = _LINES * self._metrics.height() / pixels
        return np.append(self.zero_at, ticks[ticks - self.zero_at >= clear])

    def _parts_of_decades(self, low: float, high: float) -> Any:
        """Return places within one decade, for an axis that has been zoomed so far."""
        step = ceiling((10.0**high - 10.0**low) / 3)
        values = _multiples(10.0**low, 10.0**high, step)
        return np.log10(values[values > 0])

    def _decade(self, value: float) -> str:
        if value == self.zero_at:
            return "0"
        if value != round(value):
            return format_number(float(f"{10.0**value:.3g}"))
        if value in (0, 1, 2):
            return str(10 ** int(value))
        return power_of_ten(round(value))


def _multiples(low: float, high: float, step: float) -> Any:
    """Return the multiples of a step from low to high."""
    return np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * float(step)
