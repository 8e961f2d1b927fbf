"""The notebook's network ``nn.Linear(d, 1)`` on synthetic data y = X w + b + noise (L219-342)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.listing import code
from gdstudio.core.problems.data.drawn import label_noise, test_rows, training_rows
from gdstudio.core.problems.data.linear import LinearRows, SecondFeature
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.models.linear import LinearModel
from gdstudio.core.problems.printing import as_printed, tensor

if TYPE_CHECKING:
    from gdstudio.core.listing import ProblemText, TextStyle
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.models.model import Model
    from gdstudio.core.problems.problem import DType
    from gdstudio.core.typing import Floats

MAX_ROWS = 10_000_000
MAX_FEATURES = 100


class LinearNetworkSpec(FitSpec):
    """``kind = "linear_network"``: ``nn.Linear(d, 1)``; the notebook's numbers unless given."""

    title: ClassVar[str] = "linear network, h(x) = w · x + b"
    hypothesis: ClassVar[str] = "h(x) = w · x + b"
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

    @override
    def data(self) -> DataSource:
        second = SecondFeature(self.feature_scale, self.correlation)
        return LinearRows(self.true_w, self.true_b, self.noise, self.n, self.n_test, second)

    @override
    def model(self) -> Model:
        return LinearModel(tuple(f"w{i + 1}" for i in range(len(self.true_w))), "b", in_sequence=True)

    @override
    def text(self, style: TextStyle) -> ProblemText:
        """Return its part of the text, with the notebook's own lines of the errors of w and b (L338-342)."""
        here = ".cpu()" if style.device else ""
        weight, bias = f"net[0].weight.data{here}", f"net[0].bias.data{here}"
        errors = code(
            f'print("error in estimating w:", true_w - {weight}.reshape(true_w.shape))',
            f'print("error in estimating b:", true_b - {bias})',
        )
        return replace(super().text(style), errors=errors)

    @override
    def printed_at_end(self, weights: Floats, dtype: DType) -> tuple[str, ...]:
        import torch

        true_w = torch.tensor(self.true_w, dtype=torch.float64)  # drawn in float64 whatever the run's is
        found = tensor(weights, dtype)
        w, b = found[: len(true_w)], found[len(true_w) :]
        return (
            f"error in estimating w: {as_printed(true_w - w, dtype)}",
            f"error in estimating b: {as_printed(self.true_b - b, dtype)}",
        )
