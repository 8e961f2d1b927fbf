"""Numbers as people type them."""

from __future__ import annotations

import math
import re

from gdstudio.core.numbers import MINUS

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+$")
_POWER = re.compile("[×*]10([⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")
_RAISED = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")


def read_number(text: str, *, integer: bool) -> float | int:
    """Read a number as it is typed, or as it stands on screen.

    ``0.1``, ``1e-3``, a true minus sign, a fraction such as ``3/14``; a comma parts thousands in
    ``1,000`` and decimals in ``0,001``.

    Raises
    ------
    ValueError
        Where it is none, with a sentence that says what would be one.
    """
    plain = text.strip().replace(MINUS, "-").replace(" ", "").replace(" ", "")
    plain = _POWER.sub(_without_power, plain)
    plain = plain.replace(",", "" if _THOUSANDS.match(plain) else ".")
    above, slash, below = plain.partition("/")
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
    return text.replace("-", MINUS) if "e" not in text else text


def _without_power(match: re.Match[str]) -> str:
    return "e" + match.group(1).translate(_RAISED)
