"""What update rules are written with: v is the velocity, m and s are means of the gradient and its square.

The weight decay is δ, for λ is a curvature here.
"""

from __future__ import annotations

from gdstudio.core.notation import ALPHA, GETS, LESS, Group, Piece, maths, operator, words

PLUS = operator("+")
VELOCITY = maths("v", "v", "gradient_text")
BETA = maths("β", r"\beta")
DECAY = maths("δ", r"\delta")
SQUARED = maths("²", r"{}^2", "gradient_text")
DIVIDED = maths(" / (√s + ε)", r"/(\sqrt{s} + \epsilon)")


def moves(weights: Piece) -> Group:
    """Return ``w <- w - alpha`` with room for what the rate is multiplied by."""
    return (weights, GETS, weights, LESS, ALPHA, words(" "))


def mean(letter: str) -> Piece:
    """Return the symbol of a running mean."""
    return maths(letter, letter, "gradient_text")


def running(letter: str, decay: str, tex: str, gradient: Piece) -> Group:
    """Return the formula by which a running mean takes in a gradient: ``m <- beta m + (1 - beta) g``.

    ``letter`` is the symbol of the mean, ``decay`` that of how much of it is kept from step to step, and
    ``tex`` the decay in TeX.
    """
    rest = maths(f"(1 − {decay})", f"(1 - {tex})")
    return (mean(letter), GETS, maths(decay, tex), mean(letter), PLUS, rest, words(" "), gradient)


def named(title: str) -> Piece:
    """Return the name of a rule, before it."""
    return words(f"{title}: ", "muted")
