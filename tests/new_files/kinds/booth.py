"""Booth's function: a bowl whose axes lie across those of the weights."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Booth(SurfaceSpec):
    """``kind = "booth"``: two weights, no data."""

    title = "Booth's function"
    formula = "(w1 + 2 * w2 - 7)**2 + (2 * w1 + w2 - 5)**2"
    half_width = 5.0
    known_minima = ((1.0, 3.0),)
    kind: Literal["booth"] = "booth"
