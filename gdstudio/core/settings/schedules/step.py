"""A rate that falls in steps: after every few ticks it is multiplied by the same factor."""

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


class StepSchedule(TorchSchedule):
    """``kind = "step"``: alpha_t = alpha gamma^floor(t / period).

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
    """

    title, place, torch_name = "in steps", 2, "StepLR"

    kind: Literal["step"] = "step"
    period: int = hyperparameter(
        10,
        title="Period",
        symbol="p",
        help="How many steps or epochs each rate lasts",
        slider=SliderRange(1, 200, 1),
        ge=1,
        le=10**12,
    )
    gamma: float = hyperparameter(
        0.5,
        title="Factor",
        symbol="γ",
        help="What the rate is multiplied by at the end of each period",
        slider=SliderRange(0.05, 1.0, 0.05),
        gt=0,
        le=1,
    )

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {"step_size": self.period, "gamma": self.gamma}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray(self.gamma ** (ticks // self.period))

    @override
    def rule(self, total: int) -> Group:
        gamma, period = format_number(self.gamma), self.period
        return ALPHA, maths(f" · {gamma}^⌊t/{period}⌋", rf"\cdot {gamma}^{{\lfloor t/{period} \rfloor}}")

    @override
    def by_hand(self, tick: str, total: int) -> str:
        return f"{self.gamma!r} ** (({tick}) // {self.period})"
