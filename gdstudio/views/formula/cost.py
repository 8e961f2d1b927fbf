"""The cost and its slope written out term by term, for one weight and few points (the notebook's L13-23)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.core.concealment import QUANTITY_OF_COLOUR
from gdstudio.core.notation import (
    ABOUT,
    EQUALS,
    Group,
    Piece,
    as_written,
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
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """The run's own cost, None where it has computed none; and what is seen, for a step made by phases."""

    cost: float | None = None
    has_cost: bool = True
    has_slope: bool = True


def can_be_written_out(problem: Problem) -> bool:
    """Whether the cost is a sum of few terms, each of which finds its place."""
    if len(problem.weight_names) > 1 or not 0 < len(problem.rows) <= MOST_POINTS:
        return False
    return problem.cost_terms(np.zeros(1)) is not None


def cost_and_slope(weights: Floats, known: Known, problem: Problem) -> tuple[Group, ...]:
    """Return J(0) = 1/3 (1 + 4 + 9) = 4.666667 and J'(0) = 2/3 (−1 − 4 − 9) = −9.333333 < 0, so right.

    The terms are computed in the precision of the weights (1,), which is that of the run.
    """
    terms = problem.cost_terms(weights)
    assert terms is not None  # as `can_be_written_out` says
    own = terms.cost if known.cost is None else known.cost
    above, below = terms.above, terms.below
    cost = _sum(above, below, terms.squares, own, ("cost_text", "square", "cost"))
    slope = _sum(2 * above, below, terms.products, terms.slope, ("gradient_text", "product", "slope"))
    slope = (*slope, *_direction(terms.slope))
    return (
        (*_at(maths("J", "J", "cost_text"), weights), EQUALS, *_seen(cost, known.has_cost)),
        (*_at(maths("J′", r"J^{\prime}", "gradient_text"), weights), EQUALS, *_seen(slope, known.has_slope)),
    )


def _seen(group: Group, is_known: bool) -> Group:
    return group if is_known else hidden(group)


def _at(function: Piece, weights: Floats) -> Group:
    at = number(format_number(float(weights[0])), "weights", "at")
    return (function, words("("), at, words(")"))


def _times(above: int, below: int) -> Group:
    shared = int(np.gcd(above, below))
    above, below = above // shared, below // shared
    if below == 1:
        return () if above == 1 else (words(f"{above} "),)
    return (maths(f"{above}/{below} ", rf"\frac{{{above}}}{{{below}}}"),)


def _sum(above: int, below: int, terms: Floats, total: float, named: tuple[str, str, str]) -> Group:
    """Return above/below (1 + 4 + 9) = 4.666667, or ≈ where the terms as written do not give the total."""
    quantity, term_field, field = named
    inside = telling(QUANTITY_OF_COLOUR[quantity], *_terms(terms, quantity, term_field))  # the signs too
    shown = sum(as_written(term, _DECIMALS) for term in terms.tolist())
    holds = written(above / below * shown, _DECIMALS) == written(total, _DECIMALS)
    end = value(total, quantity, field, _DECIMALS, plain=bool((terms == np.round(terms)).all()))
    fenced = (words("(", quantity), *inside, words(")", quantity))
    return (*_times(above, below), *fenced, EQUALS if holds else ABOUT, end)


def _terms(terms: Floats, quantity: str, field: str) -> Group:
    """Return the terms with their signs; exact ones without the zeros behind them.

    A tiny one is no exact 0: the sum of such terms is none.
    """
    is_tiny = (terms != 0) & (np.abs(terms) < 10.0**-_DECIMALS)
    is_exact = bool(np.allclose(terms, np.round(terms, _DECIMALS), rtol=0, atol=1e-12)) and not is_tiny.any()
    pieces: list[Piece] = []
    for i, term in enumerate(terms.tolist()):
        if i:
            pieces.append(operator(MINUS, "-") if term < 0 else operator("+"))
        elif term < 0:
            pieces.append(words(MINUS, quantity))
        text = format_number(round(abs(term), _DECIMALS), 12) if is_exact else written(abs(term), _DECIMALS)
        pieces.append(number(text, quantity, f"{field}{i}", f"0.{'0' * _DECIMALS}"))
    return tuple(pieces)


def _direction(slope: float) -> Group:
    if slope == 0:
        return telling("direction", words(", so stop"))
    side = ("<", "right") if slope < 0 else (">", "left")
    return telling("direction", operator(side[0]), words("0, so "), words(side[1], "gradient_text"))
