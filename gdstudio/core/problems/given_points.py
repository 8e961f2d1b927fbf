"""Points (x_i, y_i) that are given as numbers, and what becomes of them where somebody moves or adds some."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.errors import InputError
from gdstudio.core.numbers import format_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    Point = tuple[float, float]
    Changes = dict[str, tuple[float, ...]]

MAX_POINTS = 100_000


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
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    is_scaled: bool
    least: int
    reason: str

    def __len__(self) -> int:
        return len(self.x)

    def moved(self, index: int, to: Point) -> Changes:
        """Return what puts a point elsewhere."""
        points = self._points()
        points[index] = to
        return changes(points)

    def added(self, point: Point) -> Changes:
        """Return what adds a point at the end.

        Raises
        ------
        InputError
            Where there are as many as a file may hold.
        """
        if len(self) >= MAX_POINTS:
            raise InputError(
                f"There are {format_count(len(self))} points already, the most that an experiment may have; "
                "take one away first."
            )
        return changes([*self._points(), point])

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
        return changes(points)

    def replaced(self, points: Sequence[Point]) -> Changes:
        """Return what puts other points in the place of all.

        Raises
        ------
        InputError
            Where they are fewer than are needed, or more than a file may hold.
        """
        if len(points) < self.least:
            raise InputError(f"{self.reason} Nothing was changed.")
        if len(points) > MAX_POINTS:
            raise InputError(
                f"These are {format_count(len(points))} points, and an experiment may have "
                f"{format_count(MAX_POINTS)} at most; nothing was changed. Give fewer."
            )
        return changes(points)

    def all(self) -> Changes:
        """Return what puts these very points in the place of others."""
        return changes(self._points())

    def _points(self) -> list[Point]:
        return list(zip(self.x, self.y, strict=True))


def changes(points: Sequence[Point]) -> Changes:
    """Return points as changes of an experiment, by the paths of its file."""
    return {"problem.x": tuple(x for x, _ in points), "problem.y": tuple(y for _, y in points)}
