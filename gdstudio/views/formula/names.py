"""How the formula line names weights, cost and gradient. No Qt here.

One name, one value: J and its gradient at the weights of step k are written with k, those of a batch as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.notation import Group, Piece, maths, number, weights, words
from gdstudio.core.symbols import subscript, symbol

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment

MOST_WEIGHTS = 3
"""More weights than this are one bold w, without numbers."""
_BATCH = ("_batch", r"_{\mathrm{batch}}")


def all_weights(problem: Problem) -> Piece:
    """Return the weights by their names."""
    return weights(problem.weight_names, MOST_WEIGHTS)


def index(step: int) -> Piece:
    """Return the number of a step as an index."""
    return number(subscript(step), "weights", "step")


def direction(experiment: Experiment, problem: Problem) -> Piece:
    """Return the direction of a step: the gradient, or the g that a mistake puts in its place."""
    if not problem.steps_along_gradient:
        return maths("g", "g", "gradient_text")
    return gradient(experiment, problem)


def gradient(experiment: Experiment, problem: Problem) -> Piece:
    """Return the gradient as the rule writes it: of J, or of a batch's J."""
    names = problem.weight_names
    text, tex = ("", "") if experiment.is_full_batch else _BATCH
    if len(names) > 1:
        return maths(f"∇J{text}", rf"\nabla J{tex}", "gradient_text")
    named = all_weights(problem)
    return maths(f"J′{text}({symbol(names[0])})", rf"J^{{\prime}}{tex}({named.tex})", "gradient_text")


def direction_of_step(experiment: Experiment, problem: Problem, step: int) -> Group:
    """Return what a step went along, named so that it cannot be taken for the gradient after it."""
    if not problem.steps_along_gradient or not experiment.is_full_batch:
        return (direction(experiment, problem),)
    if len(problem.weight_names) > 1:
        return (maths("∇J", r"\nabla J", "gradient_text"), _before(step, "gradient_text"))
    return _at_weight(maths("J′", r"J^{\prime}", "gradient_text"), problem, step)


def cost_of_step(experiment: Experiment, problem: Problem, step: int) -> Group:
    """Return the cost that a step computes, before its update."""
    if not experiment.is_full_batch:
        return (maths("J_batch", r"J_{\mathrm{batch}}", "cost_text"),)
    cost = maths("J", "J", "cost_text")
    if len(problem.weight_names) > 1:
        return (cost, _before(step, "cost_text"))
    return _at_weight(cost, problem, step)


def _before(step: int, quantity: str) -> Piece:
    return number(subscript(step - 1), quantity, "step_before")


def _at_weight(function: Piece, problem: Problem, step: int) -> Group:
    inside = (all_weights(problem), _before(step, "weights"))
    return (function, words("(", function.quantity), *inside, words(")", function.quantity))
