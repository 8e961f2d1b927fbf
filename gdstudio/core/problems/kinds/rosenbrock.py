"""Rosenbrock's function (1960): a curved valley, easy to find and slow to follow to its end."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Rosenbrock(SurfaceSpec):
    """``kind = "rosenbrock"``: two weights, no data; a = 1 and b = 100."""

    title = "Rosenbrock's valley"
    formula = "(1 - w1)**2 + 100 * (w2 - w1**2)**2"
    centre = (0.0, 1.0)
    half_width = 2.0
    known_minima = ((1.0, 1.0),)
    first_weights = (-1.5, 2.0)
    first_rate = 0.001
    kind: Literal["rosenbrock"] = "rosenbrock"
