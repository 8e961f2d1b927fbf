"""What a question keeps to itself until its answer is given: quantities by name, and "?" for numbers."""

from __future__ import annotations

import re
from typing import Final, Literal

Quantity = Literal[
    "weights", "cost", "gradient", "move", "direction", "limit", "condition", "updates", "mistake"
]
"""What can be hidden.

weights, cost, gradient: their numbers, and with the gradient the tangent. move: where the next step lands, as
a number and as an arrow. direction: which way is down, in words and as an arrow. limit: the learning rates
1/L and 2/L. condition: the condition number. updates: how many there are in an epoch and in the run. mistake:
the sentence that explains a classic mistake.
"""
QUANTITY_OF_COLOUR: Final[dict[str, Quantity]] = {
    "weights": "weights",
    "cost": "cost",
    "cost_text": "cost",
    "test_cost": "cost",
    "gradient": "gradient",
    "gradient_text": "gradient",
}
"""Which quantity the numbers of a colour are."""
UNKNOWN = "?"
_TAG_OR_NUMBER = re.compile(
    r"(?P<kept><[^>]*>|&\w+;|[^\W\d_]\w*|\d++×(?!10))"
    r"|[−-]?(?:∞|\d++(?:,\d{3})*+(?:\.\d++)?+)(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]++)?+"
)


def without_numbers(text: str) -> str:
    """Return rich or plain text with "?" in the place of each number; names such as w1 and "10×" stay.

    >>> without_numbers("∇J = (−9.33333, 1.2×10⁻⁷), 10× as long")
    '∇J = (?, ?), 10× as long'
    """
    return _TAG_OR_NUMBER.sub(lambda found: found["kept"] or UNKNOWN, text)
