"""Numbers as people type them."""

from __future__ import annotations

import math
import re

from gdstudio.core.numbers import MINUS

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+$")
_PADDING = re.compile(r"e\+?(-?)0*(?=\d)")
_POWER = re.compile("[×*]10([⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def read_number(text: str, *, integer: bool) -> float | int:
    """Read a number as it is typed, or as it stands on screen.

    ``0.1``, ``1e-3``, a true minus sign, a fraction such as ``3/14``; a comma parts thousands in
    ``1,000`` and decimals in ``0,001``, and of two separators in one number the last parts the decimals.

    Raises
    ------
    ValueError
        Where it is none, with a sentence that says what would be one.
    """
    plain = "".join(text.split()).replace(MINUS, "-")
    plain = _POWER.sub(_without_power, plain)
    above, slash, below = map(_with_point, plain.partition("/"))
    example = "a whole number such as 10" if integer else "a number such as 0.1 or 3/14"
    try:
        value = float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"“{text.strip()}” is not a number; give {example}") from None
    if math.isnan(value):
        raise ValueError(f"“{text.strip()}” is not a number; give {example}")
    if integer:
        if math.isinf(value) or value != int(value):
            raise ValueError(f"“{text.strip()}” is not a whole number; give {example}")
        return int(value)
    return value


def write_number(value: float) -> str:
    """Write a value exactly enough to be read back, short where it can be."""
    text = f"{value:.10g}" if float(f"{value:.10g}") == value else repr(value)
    return _PADDING.sub(r"e\1", text).replace("-", MINUS)


def _with_point(number: str) -> str:
    """Return a number with a point before its decimals and without separators of thousands."""
    if "," in number and "." in number:
        point = max(",.", key=number.rfind)
        whole, _, decimals = number.rpartition(point)
        whole = whole.replace("." if point == "," else ",", ",")
        return f"{whole.replace(',', '')}.{decimals}" if _THOUSANDS.match(whole) else number
    return number.replace(",", "" if _THOUSANDS.match(number) else ".")


def _without_power(match: re.Match[str]) -> str:
    return "e" + match.group(1).translate(_RAISED)
