"""The plane of the first two weights, with the others at the minimum, and the curvature of J there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats


def plane(least: Floats, first: Floats, second: Floats) -> Floats:
    """Return the weights (len(second), len(first), P) of a grid, all but two of them as in ``least``."""
    weights = np.tile(least, (len(second), len(first), 1))
    weights[..., 0], weights[..., 1] = first[None, :], second[:, None]
    return weights


def has_plane(problem: Problem) -> bool:
    """Whether the problem has two or more weights and a known minimum that gives the values of the others."""
    return len(problem.weight_names) >= 2 and problem.minimum is not None


def others_at(problem: Problem, where: str) -> str:
    """Return at which values the weights beyond the first two are held; empty where there are none."""
    least = problem.minimum
    if least is None or len(least) <= 2:
        return ""
    named = zip(problem.weight_names[2:], least[2:].tolist(), strict=True)
    return f"{where} at " + ", ".join(f"{symbol(name)} = {format_number(value, 4)}" for name, value in named)


def curvature_words(problem: Problem) -> str:
    """Return the condition number and the stable limit of the learning rate, where they are known."""
    curvatures = problem.curvatures()
    if curvatures is None or len(curvatures) < 2 or curvatures[-1] <= 0:
        return ""
    limit = f"2/λ<sub>max</sub> = {format_number(2 / float(curvatures[-1]), 4)}"
    if curvatures[0] <= 0:
        return limit
    condition = float(f"{curvatures[-1] / curvatures[0]:.5g}")
    return f"condition number {format_number(condition, 5)} · {limit}"
