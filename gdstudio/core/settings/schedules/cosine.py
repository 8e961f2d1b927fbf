"""A rate that falls to 0 along half a wave of the cosine (Loshchilov and Hutter, SGDR, 2017)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import ALPHA, maths
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from gdstudio.core.notation import Group
    from gdstudio.core.typing import Floats


class CosineSchedule(TorchSchedule):
    """``kind = "cosine"``: alpha_t = alpha (1 + cos(pi t / T)) / 2, where T is the length of the run.

    Where T is given and less than the run, the rate rises again after T, as torch's does.
    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
    """

    title, place, torch_name = "cosine", 4, "CosineAnnealingLR"

    kind: Literal["cosine"] = "cosine"
    half_wave: int | None = hyperparameter(
        None,
        title="Half a wave",
        symbol="T",
        help="The steps or epochs until the rate is 0; none given means the whole run",
        is_rarely_changed=True,
        ge=1,
        le=10**12,
    )

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {"T_max": self.half_wave or total}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray((1 + np.cos(np.pi * ticks / (self.half_wave or total))) / 2)

    @override
    def over(self, total: int) -> Self:
        return self if self.half_wave else self.model_copy(update={"half_wave": total})

    @override
    def rule(self, total: int) -> Group:
        T = self.half_wave or total
        return ALPHA, maths(f" · (1 + cos(πt/{T}))/2", rf"\cdot (1 + \cos(\pi t/{T}))/2")

    @override
    def by_hand(self, tick: str, total: int) -> str:
        return f"(1 + np.cos(np.pi * ({tick}) / {self.half_wave or total})) / 2"
