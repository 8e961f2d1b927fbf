"""How the names of weights are written for people: theta as θ, w1 as w₁."""

_GREEK = {"theta": "θ"}
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def symbol(name: str) -> str:
    """Return the symbol of a weight's name."""
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    return _GREEK.get(letters, letters) + digits.translate(_SUBSCRIPT)


def subscript(number: int) -> str:
    """Return a whole number as an index."""
    return str(number).translate(_SUBSCRIPT)
