"""Numbers as people type them."""

from __future__ import annotations

from gdstudio.core.numbers import MINUS


def read_number(text: str, *, integer: bool) -> float | int:
    """Read a number: ``0.1``, ``1e-3``, ``1,000``, a true minus sign, a fraction such as ``3/14``.

    Raises
    ------
    ValueError
        Where it is none, with a sentence that says what would be one.
    """
    plain = text.strip().replace(MINUS, "-").replace(" ", "").replace(" ", "")
    if "," in plain and "." not in plain and len(plain.rsplit(",", 1)[1]) != 3:
        plain = plain.replace(",", ".")
    plain = plain.replace(",", "")
    above, slash, below = plain.partition("/")
    example = "a whole number such as 10" if integer else "a number such as 0.1 or 3/14"
    try:
        value = float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"“{text.strip()}” is not a number; give {example}") from None
    if integer:
        if value != value or value in (float("inf"), float("-inf")) or value != int(value):
            raise ValueError(f"“{text.strip()}” is not a whole number; give {example}")
        return int(value)
    return value


def write_number(value: float) -> str:
    """Write a value exactly enough to be read back, short where it can be."""
    text = f"{value:.10g}" if float(f"{value:.10g}") == value else repr(value)
    return text.replace("-", MINUS) if "e" not in text else text
