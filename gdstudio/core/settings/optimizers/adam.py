"""Adam (Kingma and Ba, 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import maths
from gdstudio.core.settings.optimizers.optimizer import (
    BELOW_ONE,
    HUNDREDTHS,
    THOUSANDTHS,
    Optimizer,
    guard,
)
from gdstudio.core.settings.optimizers.rules import SQUARED, moves, named, running

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece


class Adam(Optimizer):
    """Adam: momentum and mean square together, both corrected for their start at zero."""

    title, place, torch_name = "Adam", 4, "Adam"
    state_symbols: ClassVar = {"exp_avg": "m", "exp_avg_sq": "s", "max_exp_avg_sq": "max s"}

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

    @override
    def arguments(self) -> dict[str, Any]:
        given = self.model_dump(exclude_defaults=True, exclude={"kind", "beta1", "beta2"})
        is_default = (self.beta1, self.beta2) == (0.9, 0.999)
        return given if is_default else {"betas": (self.beta1, self.beta2), **given}

    @override
    def rule(self, weights: Piece, gradient: Piece) -> tuple[Group, ...]:
        first = (named(self.title), *running("m", "β₁", r"\beta_1", gradient))
        square = (*running("s", "β₂", r"\beta_2", gradient), SQUARED)
        root = (
            maths(" / (√max ŝ + ε)", r"/(\sqrt{\max \hat{s}} + \epsilon)")
            if self.amsgrad
            else maths(" / (√ŝ + ε)", r"/(\sqrt{\hat{s}} + \epsilon)")
        )
        return first, square, (*moves(weights), maths("m̂", r"\hat{m}", "gradient_text"), root)
