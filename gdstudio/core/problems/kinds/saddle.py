"""x^2 + y^4/4 - y^2/2: a saddle between two minima, with costs below 0."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Saddle(SurfaceSpec):
    """``kind = "saddle"``: two weights, no data; its least cost is -1/4."""

    title = "saddle"
    formula = "w1**2 + w2**4 / 4 - w2**2 / 2"
    known_minima = ((0.0, 1.0), (0.0, -1.0))
    first_weights = (1.0, 0.1)
    first_rate = 0.1
    kind: Literal["saddle"] = "saddle"
