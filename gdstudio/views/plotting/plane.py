"""The plane of the first two weights, with the others at the view's centre, and the curvature of J."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol
from gdstudio.core.training.stopping import has_limit, step_limit

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.worker.concealed import Concealed


_FEW_WEIGHTS = 3
"""Of so many weights the curvature is computed in every frame."""
NOT_A_NUMBER = "J is not a number in a part of the picture"


def finite_or_nan(costs: Floats) -> Floats:
    """Return costs with NaN in place of every one that is not finite; 0 everywhere where none is.

    So least, greatest and levels are taken of the finite ones alone.
    """
    is_finite = np.isfinite(costs)
    return np.where(is_finite, costs, np.nan) if is_finite.any() else np.zeros_like(costs)


def plane(centre: Floats, first: Floats, second: Floats) -> Floats:
    """Return the weights (len(second), len(first), P) of a grid, all but two of them as in ``centre``."""
    weights = np.tile(centre, (len(second), len(first), 1))
    weights[..., 0], weights[..., 1] = first[None, :], second[:, None]
    return weights


def grid(view: View, cell: float, most: int | None = None) -> tuple[Floats, Floats]:
    """Return places across and up that cover a view, at most ``cell`` apart, with ``most`` cells a side."""
    left, right, low, high = view
    counts = (int(np.ceil((right - left) / cell)), int(np.ceil((high - low) / cell)))
    across, up = counts if most is None else (min(count, most) for count in counts)
    return np.linspace(left, right, across + 1), np.linspace(low, high, up + 1)


def has_plane(problem: Problem) -> bool:
    """Whether the problem has two or more weights and a viewpoint that gives the values of the others."""
    return len(problem.weight_names) >= 2 and problem.viewpoint is not None


def others_at(problem: Problem, where: str) -> str:
    """Return at which values the weights beyond the first two are held; empty where there are none."""
    view = problem.viewpoint
    if view is None or len(view.centre) <= 2:
        return ""
    named = zip(problem.weight_names[2:], view.centre[2:].tolist(), strict=True)
    return f"{where} at " + ", ".join(f"{symbol(name)} = {format_number(value, 4)}" for name, value in named)


def local_words(experiment: Experiment, problem: Problem, weights: Floats, concealed: Concealed) -> str:
    """Return the limit of the rate where a run is, weights (P,), if the curvature is another elsewhere.

    Empty where it is the same everywhere, or none of this place bounds the steps.
    """
    is_told = experiment.is_full_batch and problem.next_step_is_known and problem.curvatures() is None
    is_told = is_told and has_limit(experiment)
    if not (is_told and len(weights) <= _FEW_WEIGHTS and np.isfinite(weights).all()):
        return ""
    hessian = problem.hessian_at(weights)
    largest = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0
    limit = experiment.run.optimizer.step_limit(largest) if largest > 0 else None
    if limit is None:
        return ""
    symbolic = experiment.run.optimizer.limit_symbol("λmax").replace("max", "<sub>max</sub>")
    return f"here {symbolic} = {concealed.shown('limit', format_number(limit, 4))}"


def curvature_words(experiment: Experiment, problem: Problem, concealed: Concealed) -> str:
    """Return the condition number and the optimizer's own limit of the rate, where they are known."""
    curvatures = problem.curvatures()
    if curvatures is None or len(curvatures) < 2 or curvatures[-1] <= 0:
        return ""
    parts = []
    if curvatures[0] > 0:
        condition = format_number(float(f"{curvatures[-1] / curvatures[0]:.5g}"), 5)
        parts.append(f"condition number {concealed.shown('condition', condition)}")
    if limit := step_limit(experiment, problem):
        symbolic = limit.symbol.replace("max", "<sub>max</sub>")
        parts.append(f"{symbolic} = {concealed.shown('limit', format_number(limit.value, 4))}")
    return " · ".join(parts)
