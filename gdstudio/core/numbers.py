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
    return _minus(f"{mantissa}×{power_of_ten(int(power))}")


def format_fixed(value: float, decimals: int = 6) -> str:
    """Write a number that changes while it is looked at: always the same number of decimals."""
    if not math.isfinite(value) or (value != 0 and not 10.0**-decimals <= abs(value) < 1e6):
        return format_number(value)
    return _minus(f"{value:.{decimals}f}")


def format_count(value: int) -> str:
    """Write a count with thin groups of three: 10,000."""
    return _minus(f"{value:,}")


def counted(value: int, noun: str) -> str:
    """Write a count with its noun, which is plural unless it is one: 1 step, 2 steps, 10,000 steps."""
    return f"{format_count(value)} {plural(value, noun)}"


def plural(value: float, noun: str) -> str:
    """Return a noun as it stands behind a number: 1 step, 0.5 steps, 2 entries, 3 batches, 4 epochs."""
    if value == 1:
        return noun
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith("tch") else f"{noun}s"


def ordinal(value: int) -> str:
    """Write a place in a row: 1st, 2nd, 3rd, 4th, 11th, 22nd, 1,024th."""
    ending = "th" if value // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return format_count(value) + ending


def power_of_ten(exponent: int) -> str:
    """Write a power of ten with its exponent raised: 10⁹."""
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if "e" in text:  # rounding carried over into the next power of ten
        text = f"{float(text):.0f}"
    if float(text) == int(float(text)):  # nearly whole is not whole: 1.00000, not 1
        text = f"{value:.{max(0, digits - len(str(abs(int(float(text))))))}f}"
    return text


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
