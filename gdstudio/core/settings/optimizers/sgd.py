"""Gradient descent, with heavy-ball or Nesterov momentum where asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from gdstudio.core.by_hand import HandUpdate
from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import GETS, words
from gdstudio.core.numbers import format_number
from gdstudio.core.settings.optimizers.optimizer import Optimizer, coupled_decay, is_any, kept_move
from gdstudio.core.settings.optimizers.rules import BETA, PLUS, VELOCITY, moves

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.typing import Floats

_MOMENTUM = 0.9
"""The momentum with which it takes part in a race that names none."""


class SGD(Optimizer):
    """``torch.optim.SGD``: p <- p - alpha g, with momentum where asked for."""

    title, place, torch_name = "SGD", 1, "SGD"
    state_symbols: ClassVar = {"momentum_buffer": VELOCITY}

    kind: Literal["sgd"] = "sgd"
    momentum: float = kept_move()
    nesterov: bool = hyperparameter(
        False, title="Nesterov", help="Take the gradient where the momentum leads; needs a momentum"
    )
    weight_decay: float = coupled_decay()

    @model_validator(mode="after")
    def _nesterov_has_momentum(self) -> Self:
        if self.nesterov and self.momentum == 0:
            raise ValueError("nesterov needs a momentum above 0; set one, or nesterov = false")
        return self

    @classmethod
    @override
    def contestants(cls) -> tuple[Self, ...]:
        """Return plain descent, and the two kinds of momentum."""
        return cls(), cls(momentum=_MOMENTUM), cls(momentum=_MOMENTUM, nesterov=True)

    @property
    @override
    def called(self) -> str:
        if not self.has_memory:
            return self.title
        return f"{'Nesterov' if self.nesterov else 'Momentum'} β = {format_number(self.momentum, 4)}"

    @property
    @override
    def decay(self) -> float:
        return self.weight_decay

    @property
    @override
    def has_memory(self) -> bool:
        return is_any(self.momentum)

    @override
    def by_hand(self, weight: str, gradient: str) -> HandUpdate:
        if self.decay:
            gradient = f"({gradient} + {self.decay!r} * {weight})"
        if not self.has_memory:
            return HandUpdate((f"{weight} -= alpha * {gradient}",))
        v, beta = f"v_{weight}", f"{self.momentum!r}"
        move = f"({gradient} + {beta} * {v})" if self.nesterov else v
        return HandUpdate(
            (f"{v} = {beta} * {v} + {gradient}", f"{weight} -= alpha * {move}"), (f"{v} = 0.0",)
        )

    @property
    @override
    def is_plain(self) -> bool:
        return not (self.has_memory or is_any(self.decay))

    @property
    @override
    def only_slows_at_zero_gradient(self) -> bool:
        return not is_any(self.decay)  # the velocity is multiplied by the momentum, which is below 1

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        if not self.momentum:
            return ((*moves(weights), gradient),)
        velocity = (VELOCITY, GETS, BETA, VELOCITY, PLUS, gradient)
        if not self.nesterov:
            return velocity, (*moves(weights), VELOCITY)
        ahead = (words("("), gradient, PLUS, BETA, VELOCITY, words(")"))
        return velocity, (*moves(weights), *ahead)

    @override
    def remembered(self, gradient: Floats, before: Memory | None) -> Memory:
        if not self.has_memory:
            return {}
        kept = self.momentum * before["momentum_buffer"] if before else 0.0  # the first v is the gradient
        return {"momentum_buffer": kept + gradient}

    @override
    def direction(self, gradient: Floats, memory: Memory, weights: Floats) -> Floats:
        velocity = memory.get("momentum_buffer", gradient)
        return gradient + self.momentum * velocity if self.nesterov else velocity

    @override
    def step_limit(self, curvature: float) -> float | None:
        """Return the learning rate from which a quadratic of this largest curvature diverges.

        2/L without momentum; heavy ball (2 + 2 beta)/L; Nesterov (2 + 2 beta)/((1 + 2 beta) L)
        (Goh, "Why momentum really works", Distill 2017; the characteristic roots reach -1 there). Weight
        decay adds to every curvature.
        """
        curvature = curvature + self.decay
        limit = (2 + 2 * self.momentum) / curvature
        return limit / (1 + 2 * self.momentum) if self.nesterov else limit

    @override
    def limit_symbol(self, curvature: str) -> str:
        curvature = f"({curvature} + δ)" if self.decay else curvature
        if self.nesterov:
            return f"(2 + 2β)/((1 + 2β) {curvature})"
        return f"(2 + 2β)/{curvature}" if self.momentum else f"2/{curvature}"
