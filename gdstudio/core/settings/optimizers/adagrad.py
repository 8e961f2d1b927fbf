"""Adagrad (Duchi, Hazan and Singer, 2011)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.notation import ALPHA, GETS, LESS, maths, words
from gdstudio.core.settings.optimizers.optimizer import Optimizer, coupled_decay, guard
from gdstudio.core.settings.optimizers.rules import DIVIDED, PLUS, SQUARED, mean, named

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.typing import Floats

_HUNDREDTHS = SliderRange(0.0, 1.0, 0.01)


class Adagrad(Optimizer):
    """Adagrad: each weight's rate falls with the sum of its squared gradients."""

    title, place, torch_name = "Adagrad", 2, "Adagrad"
    state_symbols: ClassVar = {"sum": mean("s")}

    kind: Literal["adagrad"] = "adagrad"
    lr_decay: float = hyperparameter(
        0.0, title="Rate decay", help="How fast the rate itself decays", slider=_HUNDREDTHS, ge=0
    )
    initial_accumulator: float = hyperparameter(
        0.0, title="First sum", help="What the sum of squares starts from", slider=_HUNDREDTHS, ge=0
    )
    eps: float = guard(1e-10)
    weight_decay: float = coupled_decay()

    @property
    @override
    def decay(self) -> float:
        return self.weight_decay

    @override
    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        torch_names = {"initial_accumulator": "initial_accumulator_value"}
        return {torch_names.get(name, name): value for name, value in given.items()}

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        total = (named(self.title), mean("s"), GETS, mean("s"), PLUS, gradient, SQUARED)
        rate = maths("αₖ", r"\alpha_k") if self.lr_decay else ALPHA
        return total, (weights, GETS, weights, LESS, rate, words(" "), gradient, DIVIDED)

    @override
    def remembered(self, gradient: Floats, before: Memory | None) -> Memory:
        before = before or {"step": np.zeros(()), "sum": np.full_like(gradient, self.initial_accumulator)}
        return {"step": before["step"] + 1, "sum": before["sum"] + gradient**2}

    @override
    def direction(self, gradient: Floats, memory: Memory, weights: Floats) -> Floats:
        return np.asarray(gradient / (np.sqrt(memory["sum"]) + self.eps))

    @override
    def rate_of_step(self, learning_rate: float, memory: Memory) -> float:
        return learning_rate / (1 + (float(memory["step"]) - 1) * self.lr_decay)
