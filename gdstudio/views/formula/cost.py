"""The cost and its slope written out term by term, for one weight and few points (the notebook's L13-23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.concealment import QUANTITY_OF_COLOUR
from gdstudio.core.notation import (
    EQUALS,
    Group,
    Piece,
    hidden,
    maths,
    number,
    operator,
    telling,
    value,
    words,
    written,
)
from gdstudio.core.numbers import MINUS, format_number

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.typing import Floats

MOST_POINTS = 4
_TERM_DECIMALS, _SUM_DECIMALS = 4, 6


def can_be_written_out(problem: Problem) -> bool:
    """Whether the cost is a sum of few terms, each of which finds its place."""
    if len(problem.weight_names) > 1 or not 0 < len(problem.rows) <= MOST_POINTS:
        return False
    return problem.cost_terms(np.zeros(1)) is not None


def cost_and_slope(problem: Problem, weights: Floats, *, moving: bool) -> tuple[Group, ...]:
    """Return J(0) = 1/3 (1 + 4 + 9) = 4.666667 and J' = 2/3 (−1 − 4 − 9) = −9.333333 < 0, so right."""
    terms = problem.cost_terms(weights)
    assert terms is not None  # as `can_be_written_out` says
    cost = (
        maths("J", "J", "cost_text"),
        words("("),
        number(format_number(float(weights[0])), "weights", "at"),
        words(")"),
        EQUALS,
        *_times(terms.above, terms.below),
        *_sum(terms.squares, "cost_text", "square", moving=moving),
        EQUALS,
        value(terms.cost, "cost_text", "cost", _SUM_DECIMALS, plain=not moving),
    )
    derivative = (
        maths("J′", r"J^{\prime}", "gradient_text"),
        EQUALS,
        *_times(2 * terms.above, terms.below),
        *_sum(terms.products, "gradient_text", "product", moving=moving),
        EQUALS,
        value(terms.slope, "gradient_text", "slope", _SUM_DECIMALS, plain=not moving),
        *_direction(terms.slope),
    )
    return cost, derivative


def _times(above: int, below: int) -> Group:
    shared = int(np.gcd(above, below))
    above, below = above // shared, below // shared
    if below == 1:
        return () if above == 1 else (words(f"{above} "),)
    return (maths(f"{above}/{below} ", rf"\frac{{{above}}}{{{below}}}"),)


def _sum(terms: Floats, quantity: str, field: str, *, moving: bool) -> Group:
    """Return the terms in parentheses, each sign apart from its number."""
    whole = not moving and bool((terms == np.round(terms)).all())
    pieces: list[Piece] = []
    for i, term in enumerate(terms.tolist()):
        pieces += [
            *_sign(term, quantity, first=i == 0, moving=moving),
            _size(term, quantity, f"{field}{i}", whole=whole),
        ]
    inside = telling(QUANTITY_OF_COLOUR[quantity], *pieces)  # the signs too
    return (words("(", quantity), *inside, words(")", quantity))


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
        return telling("direction", words(", so stop"))
    side = ("<", "right") if slope < 0 else (">", "left")
    return telling("direction", operator(side[0]), words("0, so "), words(side[1], "gradient_text"))
