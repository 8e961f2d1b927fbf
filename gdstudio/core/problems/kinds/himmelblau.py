"""Himmelblau's function (1972): four minima of the same height."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Himmelblau(SurfaceSpec):
    """``kind = "himmelblau"``: two weights, no data."""

    title = "Himmelblau's function"
    formula = "(w1**2 + w2 - 11)**2 + (w1 + w2**2 - 7)**2"
    half_width = 5.0
    known_minima = (
        (3.0, 2.0),
        (-2.805118086952745, 3.131312518250573),
        (-3.779310253377747, -3.283185991286170),
        (3.584428340330492, -1.848126526964404),
    )
    first_weights = (0.0, 0.0)
    first_rate = 0.01
    kind: Literal["himmelblau"] = "himmelblau"
