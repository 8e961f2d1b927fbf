"""How numbers are written for people: six significant digits, a true minus, tiny ones as powers of ten."""

import math

MINUS = "−"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float, digits: int = 6) -> str:
    """Write a number with up to ``digits`` significant digits; whole numbers plain.

    >>> format_number(-9.3333333333), format_number(1.403400413e-23), format_number(100.0)
    ('−9.33333', '1.4034×10⁻²³', '100')
    """
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == int(value) and abs(value) < 10**digits:
        return _minus(str(int(value)))
    exponent = math.floor(math.log10(abs(value)))
    if -4 <= exponent < digits:
        return _minus(_plain(value, digits))
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".")
    return _minus(f"{mantissa}×10") + str(int(power)).translate(_SUPERSCRIPT)


def format_fixed(value: float, decimals: int = 6) -> str:
    """Write a number that changes while it is looked at: always the same number of decimals."""
    if not math.isfinite(value) or (value != 0 and not 10.0**-decimals <= abs(value) < 1e6):
        return format_number(value)
    return _minus(f"{value:.{decimals}f}")


def format_count(value: int) -> str:
    """Write a count with thin groups of three: 10,000."""
    return _minus(f"{value:,}")


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if "e" in text:  # rounding carried over into the next power of ten
        text = f"{float(text):.0f}"
    if float(text) == int(float(text)):  # nearly whole is not whole: 1.00000, not 1
        text = f"{value:.{max(0, digits - len(str(abs(int(float(text))))))}f}"
    return text


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
