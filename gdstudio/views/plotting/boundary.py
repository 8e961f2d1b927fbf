"""The boundary between yes and no on a plot of one feature, and how many labels are on their side of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gdstudio.core.numbers import format_count, format_fixed, format_number
from gdstudio.core.problems.traits import Trait
from gdstudio.core.problems.verdicts import EVEN, are_right

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.plot_panel import PlotPanel

_FIXED = 1e4
"""Up to this size a place is written with two decimals, so that its width rests while it moves."""


class Boundary:
    """A line at p = 1/2, and one where the curve p(x) crosses it.

    ``words`` say where that is, and how many rows are right. Nothing is drawn of a problem whose labels are
    no classes.
    """

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self._even = panel.curve("truth", 1.5, still=True, style=Qt.PenStyle.DotLine, z=-1)
        self.line = panel.curve("prediction", 2.0, smooth=True, style=Qt.PenStyle.DashLine, z=0)
        self.words: tuple[str, ...] = ()

    def show(self, problem: Problem, weights: Floats, view: View) -> None:
        """Draw it at weights (P,)."""
        if Trait.CLASSES not in problem.traits:
            self.clear()
            return
        left, right, low, high = view
        ends = [left, right]
        if self._even.xData is None or self._even.xData.tolist() != ends:
            self._even.setData(ends, [EVEN, EVEN])
        place = problem.tells(weights).get("boundary", math.nan)
        if left <= place <= right:
            self.line.setData([place, place], [low, high])
        else:
            self.line.clear()
        verdicts = are_right(problem.rows.y, problem.predict(weights, problem.rows.X))
        self.words = (right_words(self._panel, verdicts), self._place_words(place))

    def clear(self) -> None:
        """Draw none."""
        self._even.clear()
        self.line.clear()
        self.words = ()

    def _place_words(self, place: float) -> str:
        if not math.isfinite(place):
            return ""
        written = format_fixed(place, 2) if abs(place) < _FIXED else format_number(place, 3)
        return self._panel.colour("weights", f"╎ p = ½ at x = {written}")


def right_words(panel: PlotPanel, right: NDArray[np.bool_]) -> str:
    """Return how many rows are predicted right, by whether each is: ``8 of 10 right``."""
    count = panel.session.concealed.shown("weights", format_count(int(right.sum())))
    return f"{count} of {format_count(len(right))} right"
