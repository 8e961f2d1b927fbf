"""Lines cut at the border of the picture, by geometry: what is left of them lies where it did.

Qt draws a line to a very far point in a wrong direction, and values that are clipped instead of lines turn
them. So every line that can leave a picture comes through here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from gdstudio.core.typing import Floats

    View = tuple[float, float, float, float]

FARTHEST = 1e12
"""How far from the middle of a picture of the weights a run is followed; all pictures stop there."""
_MARGIN = 0.1


def beyond_words(weights: Floats, steps: Floats, centre: Floats) -> str:
    """Return since which step a run, weights (k, P) at steps (k,), is too far away for every picture.

    Empty where its latest weights are near enough. The middle of the picture is ``centre``, of as many
    weights as the picture is about.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        far = ~(np.abs(weights[:, : len(centre)] - centre).max(axis=1) <= FARTHEST)
    if not far[-1]:
        return ""
    near = np.flatnonzero(~far)
    first = int(near[-1]) + 1 if len(near) else 0
    return f"beyond every picture since step {int(steps[first]):,}"


def widened(x_range: tuple[float, float], y_range: tuple[float, float]) -> View:
    """Return left, right, low and high of a picture with a margin, so that a cut end is out of sight."""
    sides = []
    for low, high in (x_range, y_range):
        sides += [low - _MARGIN * (high - low), high + _MARGIN * (high - low)]
    return sides[0], sides[1], sides[2], sides[3]


def clip_path(points: Floats, view: View, *, farthest: float = np.inf) -> Floats:
    """Return the parts of a path (k, 2) that are in the view, with a row of NaN between them.

    A line between two points that are both farther from the middle than ``farthest`` is left out: so far
    away, where it crosses the view is not known any more.
    """
    low, high = np.array(view[::2]), np.array(view[1::2])
    inside = ((points >= low) & (points <= high)).all(axis=1)
    if inside.all() or len(points) < 2:
        return points if inside.all() else np.full((1, 2), np.nan)
    begin, end = points[:-1], points[1:]
    enter, leave = _part_inside(begin, end, low, high)
    seen = enter <= leave
    if np.isfinite(farthest):
        with np.errstate(invalid="ignore", over="ignore"):
            far = ~(np.abs(points - (low + high) / 2).max(axis=1) <= farthest)
        seen &= ~(far[:-1] & far[1:])
    return _joined(begin[seen], end[seen], enter[seen], leave[seen], np.flatnonzero(seen), (low, high))


def clip_segment(start: Floats, end: Floats, view: View) -> tuple[Floats, Floats, bool] | None:
    """Return the part of a line in the view, and whether it ends there where the line itself does.

    None where no part of it is in the view.
    """
    low, high = np.array(view[::2]), np.array(view[1::2])
    enter, leave = (float(part[0]) for part in _part_inside(start[None], end[None], low, high))
    if not enter <= leave:
        return None
    begin, tip = (_between(start, end, part, low, high) for part in (enter, leave))
    return begin, tip, leave == 1.0


def _part_inside(begin: Floats, end: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return from which to which part, 0 to 1, lines (k, 2) are in a rectangle (Liang and Barsky 1984)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        way = end / 2 - begin / 2  # halved, so that it does not overflow
        first, second = (low / 2 - begin / 2) / way, (high / 2 - begin / 2) / way
    still = way == 0
    within = still & (begin >= low) & (begin <= high)
    enter = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(first, second))
    leave = np.where(still, np.inf, np.maximum(first, second))
    return np.maximum(enter.max(axis=1), 0.0), np.minimum(leave.min(axis=1), 1.0)


def _between(begin: Floats, end: Floats, part: float | Floats, low: Floats, high: Floats) -> Floats:
    share = np.asarray(part)[..., None]
    with np.errstate(invalid="ignore", over="ignore"):
        place = np.where(share == 0, begin, np.where(share == 1, end, (1 - share) * begin + share * end))
    return np.clip(place, low, high)


def _joined(
    begin: Floats,
    end: Floats,
    enter: Floats,
    leave: Floats,
    which: npt.NDArray[np.intp],
    bounds: tuple[Floats, Floats],
) -> Floats:
    """Return lines as one path, in which those that follow one another share a point."""
    pieces = np.full((len(begin), 3, 2), np.nan)
    pieces[:, 0], pieces[:, 1] = _between(begin, end, enter, *bounds), _between(begin, end, leave, *bounds)
    goes_on = np.zeros(len(begin), dtype=bool)
    goes_on[:-1] = (leave[:-1] == 1) & (enter[1:] == 0) & (np.diff(which) == 1)
    kept = np.ones((len(begin), 3), dtype=bool)
    kept[goes_on, 1:] = False
    path: Floats = pieces.reshape(-1, 2)[kept.ravel()]
    return path if len(path) else np.full((1, 2), np.nan)
