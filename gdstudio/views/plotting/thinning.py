"""Curves cut down to what a screen can show, without losing a peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.core.typing import Floats


def thin_to_columns(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
    """Keep the least and the greatest y of each pixel column, in the order in which they come.

    ``x`` ascends; both have shape (k,). A curve drawn through the result covers the same pixels.
    """
    if len(x) <= 2 * columns or columns < 1:
        return x, y
    span = x[-1] - x[0]
    column = np.minimum(((x - x[0]) / span * columns).astype(int), columns - 1)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    low, high = (_first_in_each(extreme, y, starts) for extreme in (np.minimum, np.maximum))
    kept = np.unique(np.concatenate([[0], low, high, [len(x) - 1]]))
    return x[kept], y[kept]


def _first_in_each(extreme: np.ufunc, y: Floats, starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where each part of y (k,), from one start to the next, is first at its extreme.

    Where one of its values is not a number, it is that one.
    """
    lengths = np.diff(starts, append=len(y))
    most = np.repeat(extreme.reduceat(y, starts), lengths)
    found = np.flatnonzero((y == most) | (np.isnan(y) & np.isnan(most)))
    part = np.repeat(np.arange(len(starts)), lengths)[found]
    return found[np.unique(part, return_index=True)[1]]


def evenly(rows: Floats, most: int) -> Floats:
    """Keep at most ``most`` rows of shape (k, ...), evenly spread, the first and the last among them."""
    if len(rows) <= most:
        return rows
    kept = np.unique(np.linspace(0, len(rows) - 1, most).round().astype(int))
    return np.asarray(rows[kept])


def length_in(x: Floats, y: Floats) -> float:
    """Return the length of a line through points (k,), without the gaps where one is not a number."""
    parts = np.hypot(np.diff(x), np.diff(y))
    return float(np.sum(parts[np.isfinite(parts)]))
