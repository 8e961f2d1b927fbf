"""Which pieces of a line of very many points are drawn, where the line is dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.core.typing import Floats

_DASH, _GAP = 4.0, 2.0
"""In widths of the pen, as Qt's own dashes have them."""


def dashed(x: Floats, y: Floats, width: float) -> NDArray[np.int32]:
    """Return 1 for each point (k,) of a line, in pixels, from which a piece is drawn to the next, and else 0.

    Gaps stand at fixed places of x, so that they stay where they are while a line grows; a piece that is
    longer than a dash and a gap is drawn, lest a steep fall be lost in a gap.
    """
    period = (_DASH + _GAP) * width
    across, up = np.diff(x), np.diff(y)
    in_dash = (x[:-1] + across / 2) % period < _DASH * width
    is_long = np.hypot(across, up) > period
    return np.append(in_dash | is_long, 0).astype(np.int32)
