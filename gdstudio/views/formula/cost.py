"""The cost and its slope written out term by term, for one weight and few points (the notebook's L13-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.numbers import MINUS, format_number
from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.views.formula.pieces import (
    EQUALS,
    Group,
    Piece,
    hidden,
    maths,
    number,
    operator,
    value,
    words,
    written,
)

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.typing import Floats

MOST_POINTS = 4
_TERM_DECIMALS, _SUM_DECIMALS = 4, 6


def can_be_written_out(experiment: Experiment, problem: Problem) -> bool:
    """Whether every term of J and J' finds its place, and J is the cost that the run descends."""
    return (
        isinstance(problem, LeastSquaresProblem)
        and len(problem.weight_names) == 1
        and len(problem.train) <= MOST_POINTS
        and experiment.run.mistake not in {"no_reshape", "integer_truncation"}
    )


def cost_and_slope(problem: LeastSquaresProblem, weights: Floats, *, moving: bool) -> tuple[Group, ...]:
    """Return J(0) = 1/3 (1 + 4 + 9) = 4.666667 and J' = 2/3 (−1 − 4 − 9) = −9.333333 < 0, so right."""
    design = problem.design(problem.train.X)
    residuals = design @ weights - problem.train.y
    slope = float(problem.gradient_at(weights)[0])
    above, below = _fraction(problem)
    cost = (
        maths("J", "J", "cost_text"),
        words("("),
        number(format_number(float(weights[0])), "weights", "at"),
        words(")"),
        EQUALS,
        *_times(above, below),
        *_sum(residuals**2, "cost_text", "square", moving=moving),
        EQUALS,
        value(float(problem.cost_at(weights)), "cost_text", "cost", _SUM_DECIMALS, plain=not moving),
    )
    derivative = (
        maths("J′", r"J^{\prime}", "gradient_text"),
        EQUALS,
        *_times(2 * above, below),
        *_sum(residuals * design[:, 0], "gradient_text", "product", moving=moving),
        EQUALS,
        value(slope, "gradient_text", "slope", _SUM_DECIMALS, plain=not moving),
        *_direction(slope),
    )
    return cost, derivative


def _fraction(problem: LeastSquaresProblem) -> tuple[int, int]:
    rows = len(problem.train)
    return {"mean": (1, rows), "half_sum": (1, 2), "sum": (1, 1), "half_mean": (1, 2 * rows)}[
        problem.spec.cost
    ]


def _times(above: int, below: int) -> Group:
    shared = int(np.gcd(above, below))
    above, below = above // shared, below // shared
    if below == 1:
        return () if above == 1 else (words(f"{above} "),)
    return (maths(f"{above}/{below} ", rf"\frac{{{above}}}{{{below}}}"),)


def _sum(terms: Floats, quantity: str, field: str, *, moving: bool) -> Group:
    """Return the terms in parentheses, each sign apart from its number."""
    whole = not moving and bool((terms == np.round(terms)).all())
    pieces = [words("(", quantity)]
    for i, term in enumerate(terms.tolist()):
        pieces += [
            *_sign(term, quantity, first=i == 0, moving=moving),
            _size(term, quantity, f"{field}{i}", whole=whole),
        ]
    return (*pieces, words(")", quantity))


def _sign(term: float, quantity: str, *, first: bool, moving: bool) -> Group:
    if not first:
        return (operator(MINUS, "-") if term < 0 else operator("+"),)
    minus = (words(MINUS, quantity),)
    if term < 0:
        return minus
    return hidden(minus) if moving and quantity != "cost_text" else ()


def _size(term: float, quantity: str, field: str, *, whole: bool) -> Piece:
    text = written(abs(term), _TERM_DECIMALS, plain=whole)
    return number(text, quantity, field, f"0.{'0' * _TERM_DECIMALS}")


def _direction(slope: float) -> Group:
    if slope == 0:
        return (words(", so stop"),)
    side = ("<", "right") if slope < 0 else (">", "left")
    return (operator(side[0]), words("0, so "), words(side[1], "gradient_text"))
