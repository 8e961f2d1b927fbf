"""A cost written out as the sum that it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class CostTerms:
    """J = (above / below) times the sum of ``squares``, and J' = 2 (above / below) that of ``products``.

    ``squares`` (n,) are the squared residuals, ``products`` (n,) each residual times the factor of the one
    weight; ``cost`` and ``slope`` are J and J' themselves.
    """

    above: int
    below: int
    squares: Floats
    products: Floats
    cost: float
    slope: float
