"""Lines cut at the border of the picture, by geometry: what is left of them lies where it did.

Qt draws a line to a very far point in a wrong direction, and values that are clipped instead of lines turn
them. So every line that can leave a picture comes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from gdstudio.core.typing import Floats

    View = tuple[float, float, float, float]

FARTHEST = 1e12
"""How far from the middle of a picture of the weights a run is followed; all pictures stop there."""
MARGIN = 0.1
"""How far beyond a picture, in parts of it, a line is cut."""


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


def widened(x_range: tuple[float, float], y_range: tuple[float, float], margin: float = MARGIN) -> View:
    """Return left, right, low and high of a picture with a margin, so that a cut end is out of sight."""
    sides = []
    for low, high in (x_range, y_range):
        sides += [low - margin * (high - low), high + margin * (high - low)]
    return sides[0], sides[1], sides[2], sides[3]


def within_height(values: Floats, view: View) -> npt.NDArray[np.bool_]:
    """Return which values (k,) lie between the low and the high side of a picture."""
    return (values >= view[2]) & (values <= view[3])


def clip_path(points: Floats, view: View, *, farthest: float = np.inf) -> Floats:
    """Return the parts of a path (k, 2) that are in the view, with a row of NaN between them.

    A line between two points that are both farther from the middle than ``farthest`` is left out: so far
    away, where it crosses the view is not known any more.
    """
    low, high = np.array(view[::2]), np.array(view[1::2])
    inside = ((points >= low) & (points <= high)).all(axis=1)
    if inside.all() or len(points) < 2:
        return points if inside.all() else np.full((1, 2), np.nan)
    cut = _Cut.of(points[:-1], points[1:], low, high)
    seen = cut.seen
    if np.isfinite(farthest):
        with np.errstate(invalid="ignore", over="ignore"):
            far = ~(np.abs(points - (low + high) / 2).max(axis=1) <= farthest)
        seen = seen & ~(far[:-1] & far[1:])
    return _joined(cut, np.flatnonzero(seen))


def clip_segment(start: Floats, end: Floats, view: View) -> tuple[Floats, Floats, bool] | None:
    """Return the part of a line in the view, and whether it ends there where the line itself does.

    None where no part of it is in the view.
    """
    low, high = np.array(view[::2]), np.array(view[1::2])
    cut = _Cut.of(start[None], end[None], low, high)
    return (cut.first[0], cut.last[0], bool(cut.is_whole_last[0])) if cut.seen[0] else None


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Lines cut by a rectangle: which are seen, their ends in it (k, 2), and which of these are their own."""

    seen: npt.NDArray[np.bool_]
    first: Floats
    last: Floats
    is_whole_first: npt.NDArray[np.bool_]
    is_whole_last: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, begin: Floats, end: Floats, low: Floats, high: Floats) -> _Cut:
        """Cut lines (k, 2), measured from their nearer ends, where numbers are fine enough."""
        with np.errstate(invalid="ignore"):
            turned = np.abs(begin).max(axis=1) > np.abs(end).max(axis=1)
        near, far = np.where(turned[:, None], end, begin), np.where(turned[:, None], begin, end)
        enters, leaves = _parts_inside(near, far, low, high)
        enter, leave = np.maximum(enters.max(axis=1), 0.0), np.minimum(leaves.min(axis=1), 1.0)
        rising = far > near
        at_near = _between(near, far, enter, low, high)
        at_far = _between(near, far, leave, low, high)
        _put_on_border(at_near, enter > 0, enters.argmax(axis=1), np.where(rising, low, high))
        _put_on_border(at_far, leave < 1, leaves.argmin(axis=1), np.where(rising, high, low))
        whole_near, whole_far = enter == 0, leave == 1
        return cls(
            enter <= leave,
            np.where(turned[:, None], at_far, at_near),
            np.where(turned[:, None], at_near, at_far),
            np.where(turned, whole_far, whole_near),
            np.where(turned, whole_near, whole_far),
        )


def _parts_inside(begin: Floats, end: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return from which to which part lines (k, 2) are between each two sides (Liang and Barsky 1984)."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        way = end / 2 - begin / 2  # halved, so that it does not overflow
        first, second = (low / 2 - begin / 2) / way, (high / 2 - begin / 2) / way
    still = way == 0
    within = still & (begin >= low) & (begin <= high)
    enter: Floats = np.where(still, np.where(within, -np.inf, np.inf), np.minimum(first, second))
    leave: Floats = np.where(still, np.inf, np.maximum(first, second))
    return enter, leave


def _put_on_border(
    places: Floats, cut: npt.NDArray[np.bool_], axis: npt.NDArray[np.intp], sides: Floats
) -> None:
    """Put ends that were cut exactly on the side that cuts them: a steep line loses its digits there."""
    rows = np.flatnonzero(cut)
    places[rows, axis[rows]] = sides[rows, axis[rows]]


def _between(begin: Floats, end: Floats, part: Floats, low: Floats, high: Floats) -> Floats:
    share = part[:, None]
    with np.errstate(invalid="ignore", over="ignore"):
        place = np.where(share == 0, begin, np.where(share == 1, end, (1 - share) * begin + share * end))
    return np.clip(place, low, high)


def _joined(cut: _Cut, which: npt.NDArray[np.intp]) -> Floats:
    """Return the chosen ones of cut lines as one path, in which neighbours share a point."""
    pieces = np.full((len(which), 3, 2), np.nan)
    pieces[:, 0], pieces[:, 1] = cut.first[which], cut.last[which]
    goes_on = np.zeros(len(which), dtype=bool)
    shared = cut.is_whole_last[which[:-1]] & cut.is_whole_first[which[1:]]
    goes_on[:-1] = shared & (np.diff(which) == 1)
    kept = np.ones((len(which), 3), dtype=bool)
    kept[goes_on, 1:] = False
    kept[-1:, 2] = False  # nothing follows the last one
    path: Floats = pieces.reshape(-1, 2)[kept.ravel()]
    return path if len(path) else np.full((1, 2), np.nan)
