"""The quantities of a run that a question can name, such as ``{cost}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.problem import ProblemSpec
    from gdstudio.core.typing import Floats

_COUNTS = {"step", "epoch", "right", "test_right"}
_ALWAYS = ("step", "epoch", "cost", "gradient", "error", "test_cost", "condition", "limit")


_WORDS = {
    "step": "steps",
    "epoch": "epochs",
    "cost": "J",
    "error": "largest error",
    "test_cost": "test cost",
    "condition": "condition number",
    "limit": "2/λ",
    "right": "predicted right",
    "boundary": "boundary",
}


def quantity_words(name: str) -> str:
    """Return what stands before a number: ``J``, ``steps``, or the symbol of a weight."""
    return _WORDS.get(name, name if name in _ALWAYS else symbol(name))


def is_count(name: str) -> bool:
    """Whether a quantity is a whole number."""
    return name in _COUNTS


def known_quantities(problem: ProblemSpec) -> set[str]:
    """Return the names that a question about a run of this problem can use."""
    known = {*_ALWAYS, *problem.weight_names, *problem.own_quantities}
    if not problem.test_row_count:
        known.discard("test_cost")
    return known


def quantities(
    problem: Problem,
    weights: Floats,
    step: int,
    epoch: int,
    cost: float,
    epoch_table: Floats,
) -> dict[str, float]:
    """Return the quantities that a reveal can name, for a run whose weights, shape (P,), are these.

    ``gradient`` is J' for one weight, and the length of the gradient for more than one; ``error`` is the
    largest error of a weight, NaN if the true weights are not known; ``test_cost`` is that of the last row of
    ``epoch_table``, shape (epochs, 4), NaN if it has no rows; ``condition`` is the condition number of a
    constant Hessian and ``limit`` is 2 / lambda_max, both NaN if the Hessian is not constant. What the
    problem itself `tells` comes with them.
    """
    gradient = problem.gradient_at(weights)
    truth = problem.true_weights
    curvatures = problem.curvatures()
    low, high = (float("nan"),) * 2 if curvatures is None else (float(curvatures[0]), float(curvatures[-1]))
    return {
        "step": float(step),
        "epoch": float(epoch),
        "cost": cost,
        "gradient": float(gradient[0]) if len(gradient) == 1 else float(np.linalg.norm(gradient)),
        "error": float("nan") if truth is None else float(np.abs(truth - weights).max()),
        "test_cost": float(epoch_table[-1, 3]) if len(epoch_table) else float("nan"),
        "condition": high / low if low else float("inf"),
        "limit": 2 / high if high else float("inf"),
        **dict(zip(problem.weight_names, weights.tolist(), strict=True)),
        **problem.tells(weights),
    }
