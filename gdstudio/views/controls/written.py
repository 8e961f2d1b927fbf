"""How a number stands in its entry: exactly, and where there is no room, shortened but never changed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from gdstudio.core.numbers import MINUS
from gdstudio.views.controls.entry import write_number

if TYPE_CHECKING:
    from collections.abc import Callable

_LARGEST_DENOMINATOR = 1000
_LONG = 12
"""From this many characters on, a number that is a simple fraction is written as one."""
_CUT = "…"


def full(value: float) -> str:
    """Write a value so that it reads back exactly: ``0.1``, ``3/14``, ``1000000000``."""
    decimal = write_number(value)
    return (_fraction(value) or decimal) if len(decimal) >= _LONG else decimal


def typed(value: float, fits: Callable[[str], bool]) -> str:
    """Return the first exact form that fits, else the number in full."""
    whole = full(value)
    return next((text for text in (whole, write_number(value), _power(value)) if fits(text)), whole)


def fitting(value: float, fits: Callable[[str], bool]) -> str:
    """Return an exact form that fits, else one whose digits are cut off, with ``…`` in their place.

    Digits are left out, not rounded, and never those before the decimal point: ``0.21428…``, ``1.2345…e9``.
    """
    exact = typed(value, fits)
    return exact if fits(exact) else _cut(value, fits)


def _fraction(value: float) -> str:
    near = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    return str(near).replace("-", MINUS) if near.denominator > 1 and float(near) == value else ""


def _power(value: float) -> str:
    """Write a value as digits and a power of ten: ``1.5e−7``."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    power = int(exponent) + len(written) - 1
    rest = f".{written[1:]}" if len(written) > 1 else ""
    return f"{'-' if sign else ''}{written[0]}{rest}e{power}".replace("-", MINUS)


def _cut(value: float, fits: Callable[[str], bool]) -> str:
    decimal, power = write_number(value), _power(value)
    least = decimal.find(".") + 2
    forms = []
    if "e" not in decimal and least > 1:
        forms += [decimal[:n] + _CUT for n in range(len(decimal) - 1, least - 1, -1)]
    digits, _, tens = power.partition("e")
    shortest = 2 if digits.startswith(MINUS) else 1
    forms += [f"{digits[:n]}{_CUT}e{tens}" for n in range(len(digits) - 1, shortest - 1, -1)]
    return next((text for text in forms if fits(text)), forms[-1] if forms else power)
