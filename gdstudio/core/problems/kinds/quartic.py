"""theta^4 - 3 theta^2 + theta: two valleys of one weight, a deep one and a shallow one."""

from typing import Literal

from gdstudio.core.problems.surface import SurfaceSpec


class Quartic(SurfaceSpec):
    """``kind = "quartic"``: one weight, no data; the hill between its minima is at 0.1699384433."""

    title = "two valleys"
    formula = "theta**4 - 3 * theta**2 + theta"
    names = ("theta",)
    half_width = 2.0
    known_minima = ((-1.300839565941577,), (1.1309011226299859,))
    first_weights = (0.2,)
    first_rate = 0.05
    kind: Literal["quartic"] = "quartic"
