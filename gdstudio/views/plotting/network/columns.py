"""Where the units of a network of several layers stand: a column for each layer, inputs on the left."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_PITCH, _OF_COLUMN = 0.84, 0.5
"""How much of the room for one unit its square takes, up and across."""
_RANKS, _APART = (1, 2, 3), 1.2
"""Units of a layer stand in one rank or, where they are many, in a few, so many sides apart."""
_LARGE = 22
"""Squares of so many pixels say enough: they stay in one rank."""


@dataclass(frozen=True, slots=True)
class Link:
    """From unit ``inner`` of layer ``layer`` to unit ``outer`` of the next, by one of the flat weights."""

    layer: int
    inner: int
    outer: int
    weight: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The squares of the units, layer by layer; ``side`` is that of each."""

    side: float
    squares: tuple[tuple[QRectF, ...], ...]

    @classmethod
    def of(cls, room: QRectF, sizes: Sequence[int], largest: float) -> Columns:
        """Return the columns of layers of these sizes in a room, with squares of at most so many pixels."""
        across, most = room.width() / len(sizes), max(sizes)
        fitting = [_side(across, room.height(), most, ranks, largest) for ranks in _RANKS]
        side = fitting[0] if fitting[0] >= _LARGE else max(fitting)
        ranks = _RANKS[fitting.index(side)]
        pitch = min(room.height() / -(-most // ranks), 1.5 * side) if most > 1 else room.height()
        squares = []
        for layer, count in enumerate(sizes):
            used = ranks if count > most // ranks else 1
            left = room.left() + (layer + 0.5) * across - side * (_APART * (used - 1) + 1) / 2
            top = room.center().y() - pitch * (-(-count // used) - 1) / 2 - side / 2
            squares.append(
                tuple(
                    QRectF(left + _APART * side * (i % used), top + pitch * (i // used), side, side)
                    for i in range(count)
                )
            )
        return cls(side, tuple(squares))

    def ends(self, link: Link) -> tuple[QPointF, QPointF]:
        """Return where a link begins and ends: at the edges of two squares."""
        begin, end = self.squares[link.layer][link.inner], self.squares[link.layer + 1][link.outer]
        return QPointF(begin.right(), begin.center().y()), QPointF(end.left(), end.center().y())

    def unit_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return layer and unit at a place, None where there is none."""
        for layer, squares in enumerate(self.squares):
            for unit, square in enumerate(squares):
                if square.adjusted(-3, -3, 3, 3).contains(place):
                    return layer, unit
        return None


def _side(across: float, height: float, most: int, ranks: int, largest: float) -> float:
    """Return how large squares can be where ``most`` units of a layer stand in so many ranks."""
    wide = _OF_COLUMN * across / (_APART * (ranks - 1) + 1) * (1.0 if ranks == 1 else 1.3)
    return max(4.0, min(largest, wide, _OF_PITCH * height / -(-most // ranks)))


def links(sizes: Sequence[int]) -> tuple[Link, ...]:
    """Return all links of layers with biases; flat weights hold each matrix (out, in), then its biases."""
    found: list[Link] = []
    begin = 0
    for layer, (inner, outer) in enumerate(pairwise(sizes)):
        found += [Link(layer, i, o, begin + o * inner + i) for o in range(outer) for i in range(inner)]
        begin += inner * outer + outer
    return tuple(found)


def weights_of(sizes: Sequence[int], layer: int, unit: int) -> tuple[int, ...]:
    """Return the places, among the flat weights, of those that lead into a unit, its bias last.

    ``layer`` counts from 1: the inputs have no weights.
    """
    begin = sum(inner * outer + outer for inner, outer in pairwise(sizes[:layer]))
    inner, outer = sizes[layer - 1], sizes[layer]
    return (*range(begin + unit * inner, begin + (unit + 1) * inner), begin + inner * outer + unit)
