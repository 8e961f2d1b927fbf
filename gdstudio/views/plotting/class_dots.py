"""Rows of classes as dots on a plot of two features: a mark of its own for each class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg

from gdstudio.core.problems.traits import Trait
from gdstudio.core.problems.verdicts import EVEN
from gdstudio.views.plotting.class_map import class_colours

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel

_MARKS = {"o": "●", "s": "■", "t1": "▲", "d": "◆", "t": "▼", "p": "⬟"}
"""The symbols of the classes in pyqtgraph, and as characters."""
_SIZE = 9


class ClassDots:
    """Of two classes, 1 is a filled dot and 0 a ring; of several, each has a colour and a shape."""

    def __init__(self, panel: PlotPanel) -> None:
        self._panel = panel
        self.no = panel.dots("data", _SIZE, hollow=True, z=2)
        self.yes = panel.dots("data", _SIZE, z=2)
        self.several: list[Any] = [panel.dots("data", _SIZE, symbol=mark, z=2) for mark in _MARKS]
        self._are_two, self._labels = True, 2

    def show(self, problem: Problem, X: Floats, y: Floats) -> None:
        """Draw rows X (n, 2) with their labels (n,)."""
        self._are_two = Trait.CLASSES in problem.traits
        self._labels = 1 + int(problem.rows.y.max(initial=1))
        none = X[:0]
        for dots, which in ((self.yes, y > EVEN), (self.no, y <= EVEN)):
            dots.setData(*(X[which] if self._are_two else none).T)
        for label, dots in enumerate(self.several):
            dots.setData(*(none if self._are_two else X[y == label]).T)

    @property
    def words(self) -> str:
        """What is what, as rich text."""
        if self._are_two:
            return self._panel.colour("data", "● y = 1 ○ y = 0")
        shades = class_colours(self._panel.appearance.theme)
        marked = zip(_MARKS.values(), shades[: self._labels], strict=False)
        parts = [f'<span style="color:{c}">{m} {k}</span>' for k, (m, c) in enumerate(marked)]
        return f"{self._panel.colour('data', 'y =')} {' '.join(parts)}"

    def restyle(self) -> None:
        """Give each class its colour, with an edge that stands out from what is under it."""
        theme = self._panel.appearance.theme
        for dots, shade in zip(self.several, class_colours(theme), strict=False):
            dots.setBrush(pg.mkBrush(shade))
            dots.setPen(pg.mkPen(theme.card, width=self._panel.appearance.scale))
