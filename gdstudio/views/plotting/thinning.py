"""Curves cut down to what a screen can show, without losing a peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
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
    ends = np.append(starts[1:], len(x))
    low = np.array([s + int(np.argmin(y[s:e])) for s, e in zip(starts, ends, strict=True)])
    high = np.array([s + int(np.argmax(y[s:e])) for s, e in zip(starts, ends, strict=True)])
    kept = np.unique(np.concatenate([[0], low, high, [len(x) - 1]]))
    return x[kept], y[kept]


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
