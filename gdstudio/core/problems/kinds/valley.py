"""A long valley: a quadratic that is twenty times as curved across as along."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Valley(SurfaceSpec):
    """``kind = "valley"``: two weights, no data; condition number 20."""

    title = "a long valley"
    formula = "0.1 * w1**2 + 2 * w2**2"
    half_width = 6.5
    known_minima = ((0.0, 0.0),)
    known_curvatures = (0.2, 4.0)
    first_weights = (-5.0, -2.0)
    first_rate = 0.4
    kind: Literal["valley"] = "valley"
