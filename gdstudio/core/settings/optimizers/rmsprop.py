"""RMSprop (Tieleman and Hinton, 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import GETS, maths
from gdstudio.core.settings.optimizers.optimizer import (
    BELOW_ONE,
    THOUSANDTHS,
    Optimizer,
    coupled_decay,
    guard,
    is_any,
    kept_move,
)
from gdstudio.core.settings.optimizers.rules import (
    BETA,
    DIVIDED,
    PLUS,
    SQUARED,
    VELOCITY,
    mean,
    moves,
    named,
    running,
)

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.typing import Floats


class RMSprop(Optimizer):
    """RMSprop: the gradient divided by the root of its running mean square."""

    title, place, torch_name = "RMSprop", 3, "RMSprop"
    state_symbols: ClassVar = {"square_avg": mean("s"), "grad_avg": mean("m"), "momentum_buffer": VELOCITY}

    kind: Literal["rmsprop"] = "rmsprop"
    smoothing: float = hyperparameter(
        0.99,
        title="Smoothing",
        help="How slowly the mean square forgets (torch's alpha)",
        slider=THOUSANDTHS,
        **BELOW_ONE,
    )
    momentum: float = kept_move()
    centered: bool = hyperparameter(
        False, title="Centred", help="Divide by the running standard deviation instead"
    )
    eps: float = guard(1e-8)
    weight_decay: float = coupled_decay()

    @property
    @override
    def decay(self) -> float:
        return self.weight_decay

    @override
    def arguments(self) -> dict[str, Any]:
        return {"alpha" if n == "smoothing" else n: value for n, value in super().arguments().items()}

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        square = (named(self.title), *running("s", "ρ", r"\rho", gradient), SQUARED)
        divided = DIVIDED
        extra: tuple[Group, ...] = ()
        if self.centered:
            extra = (running("m", "ρ", r"\rho", gradient),)
            divided = maths(" / (√(s − m²) + ε)", r"/(\sqrt{s - m^2} + \epsilon)")
        if not self.momentum:
            return square, *extra, (*moves(weights), gradient, divided)
        velocity = (VELOCITY, GETS, BETA, VELOCITY, PLUS, gradient, divided)
        return square, *extra, velocity, (*moves(weights), VELOCITY)

    @override
    def remembered(self, gradient: Floats, before: Memory | None) -> Memory:
        before, kept = before or {}, self.smoothing
        none = np.zeros_like(gradient)
        memory = {"square_avg": kept * before.get("square_avg", none) + (1 - kept) * gradient**2}
        if self.centered:
            memory["grad_avg"] = kept * before.get("grad_avg", none) + (1 - kept) * gradient
        if is_any(self.momentum):
            last = self.momentum * before.get("momentum_buffer", none)
            memory["momentum_buffer"] = last + self._divided(gradient, memory)
        return memory

    @override
    def direction(self, gradient: Floats, memory: Memory, weights: Floats) -> Floats:
        return memory["momentum_buffer"] if is_any(self.momentum) else self._divided(gradient, memory)

    def _divided(self, gradient: Floats, memory: Memory) -> Floats:
        square = memory["square_avg"]
        spread = square - memory["grad_avg"] ** 2 if self.centered else square
        return np.asarray(gradient / (np.sqrt(spread) + self.eps))
