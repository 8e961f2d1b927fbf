"""Beale's function (1958): plains with steep corners, and one minimum."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Beale(SurfaceSpec):
    """``kind = "beale"``: two weights, no data."""

    title = "Beale's function"
    formula = "(1.5 - w1 + w1 * w2)**2 + (2.25 - w1 + w1 * w2**2)**2 + (2.625 - w1 + w1 * w2**3)**2"
    half_width = 4.5
    known_minima = ((3.0, 0.5),)
    first_weights = (1.0, 1.0)
    first_rate = 0.01
    kind: Literal["beale"] = "beale"
