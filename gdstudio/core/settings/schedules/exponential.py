"""A rate that falls by the same factor at every tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.notation import ALPHA, maths
from gdstudio.core.numbers import format_number
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from gdstudio.core.notation import Group
    from gdstudio.core.typing import Floats


class ExponentialSchedule(TorchSchedule):
    """``kind = "exponential"``: alpha_t = alpha gamma^t.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
    """

    title, place, torch_name = "exponential", 3, "ExponentialLR"

    kind: Literal["exponential"] = "exponential"
    gamma: float = hyperparameter(
        0.95,
        title="Factor",
        symbol="γ",
        help="What the rate is multiplied by after every step or epoch",
        slider=SliderRange(0.5, 1.0, 0.005),
        gt=0,
        le=1,
    )

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {"gamma": self.gamma}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray(self.gamma**ticks)

    @override
    def rule(self, total: int) -> Group:
        gamma = format_number(self.gamma)
        return ALPHA, maths(f" · {gamma}ᵗ", rf"\cdot {gamma}^t")

    @override
    def by_hand(self, tick: str, total: int) -> str:
        return f"{self.gamma!r} ** ({tick})"
