"""The update rules in symbols, each as ``torch.optim`` computes it (https://docs.pytorch.org/docs/stable/optim.html).

v is the velocity, m and s the running means of the gradient and of its square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.settings.optimizers import OPTIMIZER_TITLES, SGD, Adagrad, Adam, RMSprop
from gdstudio.views.formula.pieces import ALPHA, GETS, LESS, Group, Piece, maths, operator, words

if TYPE_CHECKING:
    from gdstudio.core.settings.optimizers import OptimizerSettings

_PLUS = operator("+")
_V = maths("v", "v", "gradient_text")
_DIVIDED = maths(" / (√s + ε)", r"/(\sqrt{s} + \epsilon)")


def rule(optimizer: OptimizerSettings, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
    """Return the rule of an optimizer, with the given pieces for the weights and the gradient."""
    if isinstance(optimizer, SGD):
        return _sgd(optimizer, weights, gradient)
    name = words(f"{OPTIMIZER_TITLES[optimizer.kind]}: ", "muted")
    if isinstance(optimizer, Adam):
        return _adam(optimizer, name, weights, gradient)
    if isinstance(optimizer, RMSprop):
        return _rmsprop(optimizer, name, weights, gradient)
    return _adagrad(optimizer, name, weights, gradient)


def _sgd(optimizer: SGD, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
    if not optimizer.momentum:
        return ((*_moves(weights), gradient),)
    velocity = (_V, GETS, maths("β", r"\beta"), _V, _PLUS, gradient)
    if not optimizer.nesterov:
        return velocity, (*_moves(weights), _V)
    ahead = (words("("), gradient, _PLUS, maths("β", r"\beta"), _V, words(")"))
    return velocity, (*_moves(weights), *ahead)


def _adagrad(optimizer: Adagrad, name: Piece, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
    total = (name, _square("s"), GETS, _square("s"), _PLUS, gradient, _SQUARED)
    rate = maths("αₖ", r"\alpha_k") if optimizer.lr_decay else ALPHA
    return total, (weights, GETS, weights, LESS, rate, words(" "), gradient, _DIVIDED)


def _rmsprop(optimizer: RMSprop, name: Piece, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
    mean = (name, *_running("s", "ρ", r"\rho", gradient), _SQUARED)
    divided = _DIVIDED
    extra: tuple[Group, ...] = ()
    if optimizer.centered:
        extra = (_running("m", "ρ", r"\rho", gradient),)
        divided = maths(" / (√(s − m²) + ε)", r"/(\sqrt{s - m^2} + \epsilon)")
    if not optimizer.momentum:
        return mean, *extra, (*_moves(weights), gradient, divided)
    velocity = (_V, GETS, maths("β", r"\beta"), _V, _PLUS, gradient, divided)
    return mean, *extra, velocity, (*_moves(weights), _V)


def _adam(optimizer: Adam, name: Piece, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
    mean = (name, *_running("m", "β₁", r"\beta_1", gradient))
    square = (*_running("s", "β₂", r"\beta_2", gradient), _SQUARED)
    root = (
        maths(" / (√max ŝ + ε)", r"/(\sqrt{\max \hat{s}} + \epsilon)")
        if optimizer.amsgrad
        else maths(" / (√ŝ + ε)", r"/(\sqrt{\hat{s}} + \epsilon)")
    )
    return mean, square, (*_moves(weights), maths("m̂", r"\hat{m}", "gradient_text"), root)


def _moves(weights: Piece) -> Group:
    return (weights, GETS, weights, LESS, ALPHA, words(" "))


def _square(letter: str) -> Piece:
    return maths(letter, letter, "gradient_text")


_SQUARED = maths("²", r"{}^2", "gradient_text")


def _running(letter: str, decay: str, tex: str, gradient: Piece) -> Group:
    """Return ``m <- beta m + (1 - beta) g``."""
    mean = _square(letter)
    rest = maths(f"(1 − {decay})", f"(1 - {tex})")
    return (mean, GETS, maths(decay, tex), mean, _PLUS, rest, words(" "), gradient)
