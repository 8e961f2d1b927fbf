"""A rate that rises over the first ticks and is then constant (Goyal and others, 2017)."""

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


class WarmUpSchedule(TorchSchedule):
    """``kind = "warm_up"``: alpha_t = alpha (s + (1 - s) min(t, n) / n), from a start s over n ticks.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
    """

    title, place, torch_name = "warm-up", 6, "LinearLR"

    kind: Literal["warm_up"] = "warm_up"
    length: int = hyperparameter(
        10,
        title="Length",
        symbol="n",
        help="The steps or epochs until the rate is the learning rate",
        slider=SliderRange(1, 200, 1),
        ge=1,
        le=10**12,
    )
    start: float = hyperparameter(
        0.1,
        title="First part",
        symbol="s",
        help="Which part of the learning rate the first step has",
        slider=SliderRange(0.01, 1.0, 0.01),
        gt=0,
        le=1,
    )

    @override
    def objection(self, total: int) -> str:
        if self.length <= total:
            return ""
        return f"length: {self.length} is more than the {total} {self.every}s of the run; give 1 to {total}"

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {"start_factor": self.start, "end_factor": 1.0, "total_iters": self.length}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray(self.start + (1 - self.start) * np.minimum(ticks, self.length) / self.length)

    @override
    def rule(self, total: int) -> Group:
        s, rest, n = format_number(self.start), format_number(1 - self.start), self.length
        text = f" · ({s} + {rest} min(t, {n})/{n})"
        return ALPHA, maths(text, rf"\cdot ({s} + {rest}\min(t, {n})/{n})")

    @override
    def by_hand(self, tick: str, total: int) -> str:
        s = self.start
        return f"({s!r} + {1 - s!r} * min({tick}, {self.length}) / {self.length})"
