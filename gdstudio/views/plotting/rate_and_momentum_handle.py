"""The ring that marks learning rate and momentum over their axes, and can be dragged to others."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.core.sweep.batch import RATE
from gdstudio.core.sweep.by_rate_and_momentum import LARGEST, MOMENTUM, least_momentum, momentum_of
from gdstudio.views.plotting.rate_handle import rounded_rate
from gdstudio.views.plotting.ring_handle import RingHandle

if TYPE_CHECKING:
    from gdstudio.views.plotting.plot_panel import PlotPanel

_SAME = 1e-6
"""Across, a move by less keeps the rate: what is left of one straight up is rounding."""
_LEAST, _MOST = -12.0, 6.0
"""Between these powers of ten lie the rates that it can be dragged to."""


class RateAndMomentumHandle(RingHandle):
    """Sets rate and momentum; x is the power of ten of the rate, y the momentum in hundredths."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel, "Drag to set learning rate and momentum. Esc puts them back.")
        self.moved.connect(self._on_moved_to)

    @override
    def settings(self) -> dict[str, Any]:
        run = self._panel.session.experiment.run
        return {RATE: run.learning_rate, MOMENTUM: momentum_of(run.optimizer)}

    def put_at(self, rate: float, momentum: float) -> None:
        """Move the ring to a rate and a momentum."""
        self.put(math.log10(rate), momentum)

    @Slot(float, float)
    def _on_moved_to(self, x: float, y: float) -> None:
        rate, momentum = self.settings().values()
        if abs(x - math.log10(rate)) > _SAME:
            rate = rounded_rate(min(max(x, _LEAST), _MOST))
        if abs(y - momentum) > 0.005:
            least = least_momentum(self._panel.session.experiment.run.optimizer)
            momentum = round(min(max(y, least), LARGEST), 2)
        self.set({RATE: rate, MOMENTUM: momentum})
