"""Adam (Kingma and Ba, 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import EQUALS, GETS, maths, words
from gdstudio.core.settings.optimizers.optimizer import (
    BELOW_ONE,
    HUNDREDTHS,
    THOUSANDTHS,
    Optimizer,
    guard,
    shrinking,
)
from gdstudio.core.settings.optimizers.rules import SQUARED, mean, moves, named, running

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.typing import Floats

_LARGEST = maths("s_max", r"s_{\max}", "gradient_text")
_M_HAT = maths("m̂", r"\hat{m}", "gradient_text")
_S_HAT = maths("ŝ", r"\hat{s}", "gradient_text")


class Adam(Optimizer):
    """Adam: momentum and mean square together, both corrected for their start at zero."""

    title, place, torch_name = "Adam", 4, "Adam"
    state_symbols: ClassVar = {"exp_avg": mean("m"), "exp_avg_sq": mean("s"), "max_exp_avg_sq": _LARGEST}

    kind: Literal["adam"] = "adam"
    beta1: float = hyperparameter(
        0.9,
        title="First decay",
        symbol="β₁",
        help="How slowly the mean gradient forgets",
        slider=HUNDREDTHS,
        **BELOW_ONE,
    )
    beta2: float = hyperparameter(
        0.999,
        title="Second decay",
        symbol="β₂",
        help="How slowly the mean square forgets",
        slider=THOUSANDTHS,
        **BELOW_ONE,
    )
    eps: float = guard(1e-8)
    amsgrad: bool = hyperparameter(False, title="AMSGrad", help="Divide by the largest mean square so far")
    weight_decay: float = shrinking()

    @property
    @override
    def decay(self) -> float:
        return self.weight_decay

    @override
    def arguments(self) -> dict[str, Any]:
        given = self.model_dump(exclude_defaults=True, exclude={"kind", "beta1", "beta2"})
        is_default = (self.beta1, self.beta2) == (0.9, 0.999)
        return given if is_default else {"betas": (self.beta1, self.beta2), **given}

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        """Return the rule of torch's page: AMSGrad divides by the largest s so far, corrected like s.

        https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
        """
        first = (named(self._name), *running("m", "β₁", r"\beta_1", gradient))
        square = (*running("s", "β₂", r"\beta_2", gradient), SQUARED)
        largest: tuple[Group, ...] = ()
        if self.amsgrad:
            largest = (
                (_LARGEST, GETS, maths("max(", r"\max("), _LARGEST, words(", "), mean("s"), words(")")),
            )
        divided = maths(" / (√ŝ + ε)", r"/(\sqrt{\hat{s}} + \epsilon)")
        corrected = (
            (_M_HAT, EQUALS, mean("m"), _over("β₁", r"\beta_1")),
            (
                _S_HAT,
                EQUALS,
                _LARGEST if self.amsgrad else mean("s"),
                _over("β₂", r"\beta_2"),
            ),
        )
        return first, square, *largest, *corrected, (*moves(weights), _M_HAT, divided)

    @property
    def _name(self) -> str:
        return "AMSGrad" if self.amsgrad else self.title

    @override
    def remembered(self, gradient: Floats, before: Memory | None) -> Memory:
        none = np.zeros_like(gradient)
        before = before or {"step": np.zeros(()), "exp_avg": none, "exp_avg_sq": none, "max_exp_avg_sq": none}
        mean_square = self.beta2 * before["exp_avg_sq"] + (1 - self.beta2) * gradient**2
        memory = {
            "step": before["step"] + 1,
            "exp_avg": self.beta1 * before["exp_avg"] + (1 - self.beta1) * gradient,
            "exp_avg_sq": mean_square,
        }
        if self.amsgrad:
            memory["max_exp_avg_sq"] = np.maximum(before["max_exp_avg_sq"], mean_square)
        return memory

    @override
    def direction(self, gradient: Floats, memory: Memory) -> Floats:
        first, square = self._corrected(memory)
        return np.asarray(first / (np.sqrt(square) + self.eps))

    @override
    def named_numbers(self, memory: Memory) -> tuple[tuple[Piece, Floats], ...]:
        (m, *squares), (m_hat, s_hat) = super().named_numbers(memory), self._corrected(memory)
        return m, (_M_HAT, m_hat), *squares, (_S_HAT, s_hat)

    def _corrected(self, memory: Memory) -> tuple[Floats, Floats]:
        step, square = memory["step"], memory["max_exp_avg_sq" if self.amsgrad else "exp_avg_sq"]
        return memory["exp_avg"] / (1 - self.beta1**step), square / (1 - self.beta2**step)


def _over(decay: str, tex: str) -> Piece:
    """Return the correction of a mean that began at zero k steps ago."""
    return maths(f" / (1 − {decay}ᵏ)", f"/(1 - {tex}^k)")
