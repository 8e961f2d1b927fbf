"""A rate that falls as 1/t, slowly enough to reach any place and fast enough to settle there.

The sum of 1/t is infinite, that of its squares is not (Robbins and Monro, 1951).
"""

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


class OneOverTSchedule(TorchSchedule):
    """``kind = "one_over_t"``: alpha_t = alpha / (1 + d t).

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
    """

    title, place, torch_name = "1/t", 5, "LambdaLR"

    kind: Literal["one_over_t"] = "one_over_t"
    decay: float = hyperparameter(
        0.1,
        title="Decay",
        symbol="d",
        help="How fast the rate falls: after 1/d steps or epochs it is half of what it was",
        scale="log",
        slider=SliderRange(1e-3, 10.0),
        gt=0,
        le=1e6,
    )

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        decay = self.decay
        return {"lr_lambda": lambda k: 1 / (1 + decay * k)}

    @override
    def texts(self, learning_rate: float, total: int) -> dict[str, str]:
        return {"lr_lambda": f"lambda k: 1 / (1 + {self.decay!r} * k)"}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray(1 / (1 + self.decay * ticks))

    @override
    def rule(self, total: int) -> Group:
        decay = format_number(self.decay)
        return ALPHA, maths(f"/(1 + {decay} t)", rf"/(1 + {decay}\,t)")

    @override
    def by_hand(self, tick: str, total: int) -> str:
        return f"1 / (1 + {self.decay!r} * ({tick}))"
