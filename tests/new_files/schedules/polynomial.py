"""A rate that falls to 0 along a power of what is left of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.notation import ALPHA, maths
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from gdstudio.core.notation import Group
    from gdstudio.core.typing import Floats


class PolynomialSchedule(TorchSchedule):
    """``kind = "polynomial"``: alpha_t = alpha (1 - t / T)^p, where T is the length of the run.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html
    """

    title, torch_name = "polynomial", "PolynomialLR"

    kind: Literal["polynomial"] = "polynomial"
    power: float = hyperparameter(2.0, title="Power", symbol="p", help="How fast the rate falls", gt=0)

    @override
    def arguments(self, learning_rate: float, total: int) -> dict[str, Any]:
        return {"total_iters": total, "power": self.power}

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.asarray((1 - np.minimum(ticks, total) / total) ** self.power)

    @override
    def rule(self, total: int) -> Group:
        return ALPHA, maths(f" · (1 − t/{total})^{self.power}", rf"\cdot (1 - t/{total})^{{{self.power}}}")
