"""How large everything on the page is drawn, for the size of the window."""

from __future__ import annotations

_PAGE = (1920, 1080)
_STEPS = ((0.0, 0.7), (0.62, 0.8), (0.74, 0.9), (0.88, 1.0), (1.2, 1.3), (1.5, 1.6), (1.8, 2.0), (2.6, 3.0))
"""From which share of `_PAGE` on everything is drawn how large: in steps, so that a window that is being
resized is rarely styled anew, and smaller windows shrink their text less than their pictures."""


def page_scale(width: int, height: int) -> float:
    """Return the scale for a window's size in pixels, 1 for 1920 x 1080, before the user's zoom."""
    share = min(width / _PAGE[0], height / _PAGE[1])
    return max(scale for least, scale in _STEPS if share >= least)
