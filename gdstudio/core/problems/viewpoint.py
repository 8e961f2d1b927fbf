"""From where a cost is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats

ONE_WEIGHT, MORE_WEIGHTS = 2.0, 1.5
"""The least half width of a picture of the cost, over one weight and over two."""


@dataclass(frozen=True, slots=True, eq=False)
class Viewpoint:
    """Where a picture of the cost over the weights begins to look.

    Parameters
    ----------
    centre
        The weights (P,) in its middle; in a picture of two, any others stay as they are here.
    half_width
        How far it goes to each side at least.
    least
        The cost that its colours and level lines begin at; None where it is the least one of the picture.
    """

    centre: Floats
    half_width: float
    least: float | None = None
