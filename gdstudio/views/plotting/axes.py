"""Axes with true minus signs, without a hidden common factor, with whole decades on a log axis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.views.plotting.ranges import ceiling


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose values are drawn as they are, or, with ``log``, whose values are powers of ten.

    ``zero_at`` is the exponent at which a cost of exactly 0 is drawn; the tick there reads 0.
    ``whole`` axes, of steps and epochs, have ticks at whole numbers only.
    """

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)
        self.log = False
        self.zero_at: float | None = None
        self.whole = False
        self._room = 44.0

    def set_room(self, pixels: float) -> None:
        """Say how much room a tick's number needs."""
        self._room = pixels

    @override
    def tickValues(self, minVal: float, maxVal: float, size: float) -> Any:
        span = max(maxVal - minVal, 1e-300)
        share = 1.8 if self.orientation == "bottom" else 0.7 if self.log else 1.0
        most = max(2, int(size / (self._room * share)))
        if not self.log:
            even = max(ceiling(span / most), float(self.whole))
            first, last = math.ceil(minVal / even), math.floor(maxVal / even)
            return [(even, np.arange(first, last + 1) * even)]
        spacing = next((s for s in (1, 2, 5, 10, 20, 50, 100) if span / s <= most), 200)
        ticks = np.arange(math.ceil(minVal / spacing), math.floor(maxVal / spacing) + 1) * spacing
        if self.zero_at is not None:
            ticks = np.append(ticks[np.abs(ticks - self.zero_at) > spacing / 2], self.zero_at)
        return [(spacing, ticks.astype(float))]

    @override
    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        if not self.log:
            return [format_number(float(f"{v:.10g}")) for v in values]
        return [self._decade(v) for v in values]

    def _decade(self, value: float) -> str:
        if value == self.zero_at:
            return "0"
        if value in (0, 1, 2):
            return str(10 ** int(value))
        return power_of_ten(round(value))
