"""The notebook's network ``nn.Linear(d, 1)`` on synthetic data y = X w + b + noise (L219-342)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.base import ProblemSpec
from gdstudio.core.problems.drawn import label_noise, test_rows, training_rows
from gdstudio.core.problems.least_squares import LeastSquaresProblem
from gdstudio.core.problems.stack import Layers

if TYPE_CHECKING:
    from torch import nn

    from gdstudio.core.problems.base import Forward
    from gdstudio.core.typing import Floats

MAX_ROWS = 10_000_000
MAX_FEATURES = 100


class LinearNetworkSpec(ProblemSpec):
    """``kind = "linear_network"``; the notebook's numbers unless given."""

    title: ClassVar[str] = "linear network, h(x) = w · x + b"
    needs_torch: ClassVar[bool] = True
    kind: Literal["linear_network"] = "linear_network"
    n: int = training_rows(MAX_ROWS)
    n_test: int = test_rows(MAX_ROWS)
    noise: float = label_noise(0.01)
    true_w: tuple[float, ...] = hyperparameter(
        (2.0, -3.4),
        title="True weights",
        symbol="w*",
        help="The weights that the data are made with, one a feature",
        min_length=1,
        max_length=MAX_FEATURES,
        strict=False,
    )
    true_b: float = hyperparameter(
        4.2, title="True bias", symbol="b*", help="The bias that the data are made with"
    )
    feature_scale: float = hyperparameter(
        1.0,
        title="Scale of x₂",
        symbol="s",
        help="How many times as large the second feature is as the first; beyond 1 the valley is narrow",
        scale="log",
        gt=0,
        le=1e6,
    )
    correlation: float = hyperparameter(
        0.0,
        title="Correlation",
        symbol="ρ",
        help="How far the second feature x₂ follows the first, x₁: 0 not at all, near 1 or −1 almost wholly",
        gt=-1,
        lt=1,
    )

    @model_validator(mode="after")
    def _has_two_features(self) -> Self:
        for name in ("feature_scale", "correlation"):
            default = type(self).model_fields[name].default
            if len(self.true_w) < 2 and getattr(self, name) != default:
                raise ValueError(f"{name}: needs two features; give {default}, or true_w two entries")
        return self

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The names w1, w2, ... and b."""
        return (*(f"w{i + 1}" for i in range(len(self.true_w))), "b")

    @property
    def row_count(self) -> int:
        """The number of training rows."""
        return self.n

    def build(self, seed: int) -> LinearNetwork:
        """Return the problem: training rows first, then test rows, from the seed's data stream."""
        from gdstudio.core.problems.datasets import SecondFeature, synthetic_linear
        from gdstudio.core.seeds import generator

        stream = generator(seed, "data")
        second = SecondFeature(self.feature_scale, self.correlation)
        train = synthetic_linear(self.true_w, self.true_b, self.noise, self.n, stream, second)
        test = synthetic_linear(self.true_w, self.true_b, self.noise, self.n_test, stream, second)
        return LinearNetwork(self, train, test if self.n_test else None)


class LinearNetwork(LeastSquaresProblem):
    """``nn.Linear(d, 1)`` on rows whose true weights are known."""

    spec: LinearNetworkSpec

    @property
    def bias_count(self) -> int:
        """One bias, b."""
        return 1

    @property
    def true_weights(self) -> Floats | None:
        """The weights and the bias that the data were made with."""
        return np.array([*self.spec.true_w, self.spec.true_b])

    @property
    def layers(self) -> Layers | None:
        """One layer."""
        return Layers((len(self.spec.true_w), 1))

    def module(self) -> nn.Module:
        """Return ``nn.Linear(d, 1)``."""
        from torch import nn

        return nn.Linear(len(self.spec.true_w), 1)

    def forward(self) -> Forward:
        """Return h(X) = X w + b."""
        from torch.nn.functional import linear

        return lambda weights, X: linear(X, weights[0], weights[1])

    def design(self, X: Floats) -> Floats:
        """Return the features and a column of ones."""
        return np.column_stack([X, np.ones(len(X))])
