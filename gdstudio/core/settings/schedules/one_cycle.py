"""One cycle: the rate rises to its largest and falls far below its first (Smith and Topin, 2018)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.notation import ALPHA, maths, words
from gdstudio.core.numbers import format_number
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from gdstudio.core.notation import Group
    from gdstudio.core.typing import Floats


class OneCycleSchedule(TorchSchedule):
    """``kind = "one_cycle"``: from alpha / a up to alpha and down to alpha / (a b), by arcs of the cosine.

    With T ticks and a rise r the rate is alpha at r T - 1 and least at T - 1. Torch would turn the momentum
    against the rate, too; here it stays as it is set (``cycle_momentum=False``).
    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
    """

    title, place, torch_name = "one cycle", 7, "OneCycleLR"

    kind: Literal["one_cycle"] = "one_cycle"
    rise: float = hyperparameter(
        0.3,
        title="Rise",
        symbol="r",
        help="Which part of the run the rate rises for",
        slider=SliderRange(0.05, 0.95, 0.05),
        gt=0,
        le=0.99,
    )
    first_divisor: float = hyperparameter(
        25.0,
        title="First divisor",
        symbol="a",
        help="The first rate is the learning rate divided by this",
        scale="log",
        slider=SliderRange(1.0, 1000.0),
        ge=1,
        le=1e9,
    )
    last_divisor: float = hyperparameter(
        1e4,
        title="Last divisor",
        symbol="b",
        help="The last rate is the first one divided by this",
        scale="log",
        slider=SliderRange(1.0, 1e6),
        is_rarely_changed=True,
        ge=1,
        le=1e12,
    )
    length: int | None = hyperparameter(
        None,
        title="Length",
        symbol="T",
        help="The steps or epochs of the cycle; none given means the whole run",
        is_rarely_changed=True,
        ge=1,
        le=10**12,
    )

    @override
    def objection(self, total: int) -> str:
        length = self.length or total
        if length < total:
            return f"length: {length} is less than the {total} {self.every}s of the run; give {total} or more"
        if self.rise * length <= 1:
            least = format_number(1 / length, 3)
            return (
                f"rise: {self.rise!r} of {length} {self.every}s is no more than one of them; "
                f"give more than {least}, or more {self.every}s"
                if length > 1
                else f"rise: a run of one {self.every} has no cycle; give more {self.every}s"
            )
        return ""

    @override
    def over(self, total: int) -> Self:
        return self if self.length else self.model_copy(update={"length": total})

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {
            "max_lr": learning_rate,
            "total_steps": self.length or total,
            "pct_start": self.rise,
            "cycle_momentum": False,
            "div_factor": self.first_divisor,
            "final_div_factor": self.last_divisor,
        }

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        T = self.length or total
        first, last, top = (
            1 / self.first_divisor,
            1 / (self.first_divisor * self.last_divisor),
            self.rise * T - 1,
        )
        up = _arc(first, 1.0, ticks / top)
        down = _arc(1.0, last, (ticks - top) / (T - 1 - top))
        return np.where(ticks <= top, up, down)

    @override
    def rule(self, total: int) -> Group:
        first = format_number(self.first_divisor)
        return (
            words("from "),
            ALPHA,
            maths(f"/{first}", f"/{first}"),
            words(" up to "),
            ALPHA,
            words(f" at t = {format_number(self.rise * (self.length or total) - 1)} and down"),
        )


def _arc(begin: float, end: float, part: Floats) -> Floats:
    """Return a value on half a wave of the cosine between two others."""
    return np.asarray(end + (begin - end) / 2 * (1 + np.cos(np.pi * part)))
