"""Yes or no from one feature: logistic regression (the notebook's L155)."""

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


class CrossEntropy(Loss):
    """The mean of log(1 + e^z) - y z, for z = w x + b and labels y of 0 and 1."""

    title = "cross-entropy"
    broadcasts = False

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import binary_cross_entropy_with_logits

        return binary_cross_entropy_with_logits

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.BCEWithLogitsLoss()",)


class LogisticSpec(PointsSpec):
    """``kind = "logistic"``: labels of 0 and 1 on given points."""

    title = "logistic regression, p(x) = sigmoid(w x + b)"
    family = ""
    kind: Literal["logistic"] = "logistic"
    cost: Literal["cross_entropy"] = "cross_entropy"

    @override
    def model(self) -> Model:
        return LinearModel(("w",), "b")

    @override
    def loss(self) -> Loss:
        return CrossEntropy()

    @override
    def fit(self, rows: Dataset, held_out: Dataset | None = None) -> Fit:
        return Logistic(self, self.parts(), rows, held_out)


class Logistic(Fit):
    """What is predicted is the probability of a yes."""

    @override
    def predict(self, weights: Floats, X: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-super().predict(weights, X))))
