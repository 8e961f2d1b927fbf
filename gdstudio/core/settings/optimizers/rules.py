"""What update rules are written with: v is the velocity, m and s are means of the gradient and its square."""

from __future__ import annotations

from gdstudio.core.notation import ALPHA, GETS, LESS, Group, Piece, maths, operator, words

PLUS = operator("+")
VELOCITY = maths("v", "v", "gradient_text")
BETA = maths("β", r"\beta")
SQUARED = maths("²", r"{}^2", "gradient_text")
DIVIDED = maths(" / (√s + ε)", r"/(\sqrt{s} + \epsilon)")


def moves(weights: Piece) -> Group:
    """Return ``w <- w - alpha`` with room for what the rate is multiplied by."""
    return (weights, GETS, weights, LESS, ALPHA, words(" "))


def mean(letter: str) -> Piece:
    """Return the symbol of a running mean."""
    return maths(letter, letter, "gradient_text")


def running(letter: str, decay: str, tex: str, gradient: Piece) -> Group:
    """Return ``m <- beta m + (1 - beta) g``."""
    rest = maths(f"(1 − {decay})", f"(1 - {tex})")
    return (mean(letter), GETS, maths(decay, tex), mean(letter), PLUS, rest, words(" "), gradient)


def named(title: str) -> Piece:
    """Return the name of a rule, before it."""
    return words(f"{title}: ", "muted")
