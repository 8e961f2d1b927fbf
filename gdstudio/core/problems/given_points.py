"""Points (x_i, y_i) that are given as numbers, and what becomes of them where somebody moves or adds some."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import MINUS, format_count, format_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]
    Changes = dict[str, Any]

MAX_POINTS = 100_000
LARGEST = 1e9
"""The largest size of a coordinate given by hand: pictures of squares of such numbers can be drawn."""


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """The points of a problem; each method returns the changes of an experiment that edit them.

    Attributes
    ----------
    x, y
        The coordinates (n,) as they are given, not scaled.
    is_scaled
        Whether pictures show another feature than x, as its z-score.
    least
        How many points its hypothesis needs.
    reason
        Why it needs as many, as a sentence.
    labels
        The only y that a point may have, such as 0 and 1; a point that is moved or added by hand takes the
        nearest. Empty where any will do.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    is_scaled: bool
    least: int
    reason: str
    labels: tuple[float, ...] = ()

    def __len__(self) -> int:
        return len(self.x)

    def moved(self, index: int, to: Point) -> Changes:
        """Return what puts a point elsewhere.

        Raises
        ------
        InputError
            Where it would be too far away.
        """
        _check([to])
        points = self._points()
        points[index] = self._labelled(to)
        return self.changes(points)

    def added(self, point: Point) -> Changes:
        """Return what adds a point at the end.

        Raises
        ------
        InputError
            Where it is too far away, or there are as many as a file may hold.
        """
        _check([point])
        if len(self) >= MAX_POINTS:
            raise InputError(
                f"There are {format_count(len(self))} points already, the most that an experiment may have; "
                "take one away first."
            )
        return self.changes([*self._points(), self._labelled(point)])

    def without(self, index: int) -> Changes:
        """Return what takes a point away.

        Raises
        ------
        InputError
            Where the rest would be fewer than are needed.
        """
        if len(self) <= self.least:
            raise InputError(f"{self.reason} Add another point before this one is taken away.")
        points = self._points()
        del points[index]
        return self.changes(points)

    def replaced(self, points: Sequence[Point]) -> Changes:
        """Return what puts other points in the place of all.

        Raises
        ------
        InputError
            Where they are fewer than are needed, more than a file may hold, or too far away.
        """
        if len(points) < self.least:
            raise InputError(f"{self.reason} Nothing was changed.")
        if len(points) > MAX_POINTS:
            raise InputError(
                f"These are {format_count(len(points))} points, and an experiment may have "
                f"{format_count(MAX_POINTS)} at most; nothing was changed. Give fewer."
            )
        _check(points)
        return self.changes(points)

    def all(self) -> Changes:
        """Return what puts these very points in the place of others."""
        return self.changes(self._points())

    def _labelled(self, point: Point) -> Point:
        x, y = point
        return x, min(self.labels, key=lambda label: abs(label - y)) if self.labels else y

    def changes(self, points: Sequence[Point]) -> Changes:
        """Return points as changes of an experiment, by the paths of its file."""
        return {"problem.x": tuple(x for x, _ in points), "problem.y": tuple(y for _, y in points)}

    def _points(self) -> list[Point]:
        return list(zip(self.x, self.y, strict=True))


def _check(points: Sequence[Point]) -> None:
    for point in points:
        for value in point:
            if not math.isfinite(value):
                raise InputError(f"{format_number(value)} is not a finite number; give a finite coordinate.")
            if abs(value) > LARGEST:
                most = format_count(round(LARGEST))
                raise InputError(
                    f"{format_number(value)} is too large for a coordinate; give {MINUS}{most} to {most}, or "
                    "choose another unit."
                )
