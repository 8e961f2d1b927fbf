"""Where a function has no value: which part of it has none at given weights, and why, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_number
from gdstudio.core.problems.functions.tree import Call, Node, Pair

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXACT = 2**53
"""Beyond this no whole number is exact in 64 bits."""


class Hole(ArithmeticError):
    """A part of a function has no value; its words say which part, and why."""


class TooLarge(Hole):
    """A part of a function is too large a number."""


def value_at(node: Node, weights: Mapping[str, float]) -> float:
    """Return the value of a function where the weights are these numbers, by their names.

    Raises
    ------
    Hole
        Where a part of it has no finite value; the innermost one is named.
    """
    if not node.parts:
        found: float = node.of(weights)
    else:
        parts = [value_at(part, weights) for part in node.parts]
        _refuse(node, parts)
        try:
            found = node.made_of(*parts)
        except OverflowError:
            raise TooLarge(f"{node.text()} is too large a number") from None
    if not math.isfinite(found):
        raise TooLarge(f"{node.text()} is too large a number")
    if isinstance(found, int) and abs(found) > _EXACT:
        raise Hole(f"{node.text()} is a whole number beyond 2**53; write it with a point, such as 1e30")
    return found


def why_no_value(node: Node, weights: Mapping[str, float]) -> str:
    """Return which part of a function has no value at some weights, and why.

    Empty where all have one, and where one is only too large.
    """
    try:
        value_at(node, weights)
    except TooLarge:
        return ""
    except Hole as hole:
        return str(hole)
    return ""


def _refuse(node: Node, values: list[float]) -> None:
    """Raise where a node has no value of parts with these values."""
    text = node.text()
    if isinstance(node, Call) and node.name == "log" and values[0] <= 0:
        raise Hole(f"{text} has no value, as log needs a number above 0, not {_number(values[0])}")
    if isinstance(node, Call) and node.name == "sqrt" and values[0] < 0:
        raise Hole(f"{text} has no value, as sqrt needs a number of 0 or more, not {_number(values[0])}")
    if isinstance(node, Pair) and node.sign == "/" and values[1] == 0:
        raise Hole(f"{text} divides by 0")
    if isinstance(node, Pair) and node.sign == "**":
        _refuse_power(text, *values)


def _refuse_power(text: str, base: float, power: float) -> None:
    if base == 0 and power < 0:
        raise Hole(f"{text} divides by 0")
    if base < 0 and power != int(power):
        raise Hole(f"{text} has no value, as {_number(base)} is below 0 and has no power {_number(power)}")
    is_whole = isinstance(base, int) and isinstance(power, int)
    if is_whole and power > 0 and power * math.log2(max(abs(base), 1)) > 54:
        raise Hole(f"{text} is a whole number beyond 2**53; write it with a point, such as 1e30")


def _number(value: float) -> str:
    return format_number(value, 4)
