"""How many from one feature: Poisson regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.problems.data.points import PointsSpec
from gdstudio.core.problems.fit import Fit
from gdstudio.core.problems.losses.loss import Loss
from gdstudio.core.problems.models.linear import LinearModel

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.problems.dataset import Dataset
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.typing import Floats


class Unlikeliness(Loss):
    """The mean of e^z - y z, for z = w x + b and labels y that are counts."""

    title = "Poisson"
    broadcasts = False

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import poisson_nll_loss

        return poisson_nll_loss

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.PoissonNLLLoss()",)


class PoissonSpec(PointsSpec):
    """``kind = "poisson"``: labels that count on given points."""

    title = "Poisson regression, h(x) = exp(w x + b)"
    family = ""
    kind: Literal["poisson"] = "poisson"
    cost: Literal["poisson"] = "poisson"

    @override
    def model(self) -> Model:
        return LinearModel(("w",), "b")

    @override
    def loss(self) -> Loss:
        return Unlikeliness()

    @override
    def fit(self, rows: Dataset, held_out: Dataset | None = None) -> Fit:
        return Poisson(self, self.parts(), rows, held_out)


class Poisson(Fit):
    """What is predicted is the mean of the counts."""

    @override
    def predicted(self, outputs: Floats) -> Floats:
        return np.asarray(np.exp(outputs))
