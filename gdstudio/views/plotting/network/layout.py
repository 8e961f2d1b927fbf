"""Where the parts of a drawn network stand, so that nothing overlaps at any size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QSizeF
    from PySide6.QtGui import QFont

    FontOf = Callable[[int], QFont]

MOST_INPUTS = 6
LEAST_PIXELS = 8
WIDEST_NUMBER = "−0.0000×10⁻³⁰⁸"
"""No live number is written wider than this."""
_CHANGE = "−0.0000 → −0.0000"
"""Where there is room, a number is written with the one before it."""
_MOST_COVERED = 0.6
"""A number with the one before it covers no more of its edge than this share, so that its dashes are seen."""
_ALONG = 0.38
"""How far along its edge a number stands: near enough to the inputs that the edges are apart."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written: inputs, weights, the bias (empty for none), and formulas, the longest first."""

    inputs: tuple[str, ...]
    weights: tuple[str, ...]
    bias: str
    formulas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """From a node to the sum: which weight it is, where it begins, and where its number is written."""

    weight: int
    begin: QPointF
    number: QRectF
    title: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Centres and boxes in the drawing's pixels; ``gap`` is the place of the dots for inputs left out."""

    font: QFont
    radius: float
    nodes: tuple[tuple[str, QPointF], ...]
    edges: tuple[Edge, ...]
    sum: QPointF
    output: QPointF
    gap: QRectF | None
    left_out: int
    formula: tuple[str, QRectF] | None


def visible(inputs: int, rows: int) -> tuple[list[int], bool]:
    """Return which inputs have a row of their own, and whether one row stands for all others.

    The first ones and the last are kept; ``rows`` counts the row of the others too.
    """
    rows = min(rows, MOST_INPUTS)
    if inputs <= rows:
        return list(range(inputs)), False
    if rows <= 2:
        return [0], True
    return [*range(rows - 2), inputs - 1], True


def lay_out(size: QSizeF, labels: Labels, font_of: FontOf, pixels: Sequence[int]) -> Layout:
    """Return the layout with the first text size, and the longest formula, with which everything fits.

    Parameters
    ----------
    pixels
        The sizes to try, the most readable first.
    """
    attempt = None
    for size_of_type in pixels:
        for words in ("changing", "named", "bare"):
            attempt = _Attempt(size, labels, font_of(size_of_type), words)
            if attempt.fits:
                return attempt.made()
    assert attempt is not None
    return attempt.made()


class _Attempt:
    """A layout with one text size, and whether it fits."""

    def __init__(self, size: QSizeF, labels: Labels, font: QFont, words: str) -> None:
        self._labels, self._font = labels, font
        self._named, self._changing = words != "bare", words == "changing"
        self._metrics = QFontMetricsF(font)
        self._width, self._height = size.width(), size.height()
        line = self._metrics.height()
        names = (*labels.inputs[:1], *labels.inputs[-1:], "Σ")
        self._radius = max(
            0.7 * line, *(0.5 * self._metrics.horizontalAdvance(n) + 0.3 * line for n in names)
        )
        self._line = line
        self._formula = self._longest_formula()
        below = 1.4 * line if self._formula else 0.0
        self._room = self._height - below - 2
        self._pitch_least = max((line + 2) / (1 - self._along), 2 * self._radius + 3)
        bias = bool(labels.bias)
        rows = int(self._room // self._pitch_least) - bias
        self._shown, self._has_gap = visible(len(labels.inputs), max(rows, 1))
        self._rows = len(self._shown) + self._has_gap + bias

    @property
    def fits(self) -> bool:
        across = self._number_width <= 0.94 * self._span - self._radius
        if self._changing:
            across = across and self._width_with(_CHANGE) <= _MOST_COVERED * self._span
        return across and self._rows * self._pitch_least <= self._room

    def made(self) -> Layout:
        pitch = self._room / self._rows
        pitch = min(pitch, 3.2 * self._pitch_least)
        top = (self._room - pitch * self._rows) / 2 + pitch / 2
        middle = self._room / 2
        radius = self._radius
        first, sum_ = QPointF(radius + 2, 0), QPointF(self._sum_x, middle)
        nodes: list[tuple[str, QPointF]] = []
        edges: list[Edge] = []
        gap: QRectF | None = None
        row = 0
        for i, index in enumerate(self._shown):
            if self._has_gap and i == max(len(self._shown) - 1, 1):
                gap, row = self._gap_at(top + pitch * row), row + 1
            at = QPointF(first.x(), top + pitch * row)
            nodes.append((self._labels.inputs[index], at))
            edges.append(self._edge(index, at, sum_, self._labels.weights[index]))
            row += 1
        if self._has_gap and gap is None:
            gap, row = self._gap_at(top + pitch * row), row + 1
        if self._labels.bias:
            at = QPointF(first.x(), top + pitch * row)
            nodes.append(("1", at))
            edges.append(self._edge(len(self._labels.inputs), at, sum_, self._labels.bias))
        box = QRectF(0, self._height - 1.3 * self._line, self._width, 1.3 * self._line)
        return Layout(
            self._font,
            radius,
            tuple(nodes),
            tuple(edges),
            sum_,
            QPointF(self._width - radius - 2, middle),
            gap,
            len(self._labels.inputs) - len(self._shown),
            (self._formula, box) if self._formula else None,
        )

    @property
    def _sum_x(self) -> float:
        return max(self._width - self._radius - 2 - max(3.6 * self._radius, 0.24 * self._width), 0.0)

    @property
    def _span(self) -> float:
        """The distance between the edge of the input nodes and the edge of the sum node."""
        return self._sum_x - 3 * self._radius - 2

    @property
    def _number_width(self) -> float:
        return max(map(self._width_with, (WIDEST_NUMBER, _CHANGE) if self._changing else (WIDEST_NUMBER,)))

    def _width_with(self, number: str) -> float:
        """Return the width of a number with the longest title that it may have."""
        titles = (*self._labels.weights[:1], *self._labels.weights[-1:], self._labels.bias)
        longest = max((f"{t} = " for t in titles), key=len) if self._named else ""
        return self._metrics.horizontalAdvance(longest + number) + 6

    @property
    def _number_left(self) -> float:
        """Where the numbers begin, all at the same place: at best so far along, else as far as fits."""
        left = 2 * self._radius + 4
        free = self._sum_x - self._radius - left - self._number_width
        best = 2 + self._radius + _ALONG * (self._sum_x - self._radius - 2) - self._number_width / 2
        return left + max(0.0, min(free, best - left))

    @property
    def _along(self) -> float:
        """How far along the edges the numbers stand, from 0 to 1."""
        middle = self._number_left + self._number_width / 2 - self._radius - 2
        return min(max(middle / max(self._sum_x - self._radius - 2, 1.0), 0.0), 0.9)

    def _edge(self, weight: int, begin: QPointF, end: QPointF, name: str) -> Edge:
        y = begin.y() + self._along * (end.y() - begin.y())
        box = QRectF(self._number_left, y - self._line / 2, self._number_width, self._line)
        return Edge(weight, begin, box, f"{name} = " if self._named else "")

    def _gap_at(self, y: float) -> QRectF:
        return QRectF(0, y - self._line / 2, self._number_left - 1, self._line)

    def _longest_formula(self) -> str:
        if self._height < 7 * self._line:
            return ""
        fitting = (f for f in self._labels.formulas if self._metrics.horizontalAdvance(f) <= self._width - 4)
        return next(fitting, "")
