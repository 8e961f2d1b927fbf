"""The notebook's synthetic rows y = X w + b + noise (L265-276)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.listing import listed
from gdstudio.core.problems.data.drawn import DrawnRows
from gdstudio.core.problems.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.typing import Floats


@dataclass(frozen=True, slots=True)
class SecondFeature:
    """How the second feature is made of two drawn ones: x2 = scale (rho x1 + sqrt(1 - rho^2) z2).

    It then has the standard deviation ``scale`` and with x1 the correlation ``rho``.
    """

    scale: float = 1.0
    correlation: float = 0.0

    @property
    def parts(self) -> tuple[float, float]:
        """What x1 and z2 are multiplied by."""
        return self.scale * self.correlation, self.scale * math.sqrt(1 - self.correlation**2)

    @property
    def is_drawn(self) -> bool:
        """Whether it is z2 itself."""
        return self.parts == (0.0, 1.0)


class LinearRows(DrawnRows):
    """X ~ N(0, 1) with shape (n, d), then the second feature, then y = X w + b + noise * N(0, 1).

    ``noise`` is a standard deviation (the notebook's "variance", L309, is one). The numbers are drawn
    in float64 whatever the run computes in, so that the data do not depend on the precision.
    """

    truth = "[*true_w.tolist(), true_b]"

    def __init__(
        self,
        weights: Sequence[float],
        bias: float,
        noise: float,
        rows: int,
        test_rows: int = 0,
        second: SecondFeature | None = None,
    ) -> None:
        super().__init__(rows, test_rows)
        self._weights, self._bias, self._noise = weights, bias, noise
        self._second = second or SecondFeature()

    @property
    @override
    def feature_count(self) -> int:
        return len(self._weights)

    @property
    @override
    def true_weights(self) -> Floats | None:
        return np.array([*self._weights, self._bias])

    @property
    @override
    def largest_number(self) -> float:
        return max(map(abs, (*self._weights, self._bias)))

    @override
    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        import torch

        X = torch.randn(count, len(self._weights), generator=stream, dtype=torch.float64)
        if not self._second.is_drawn:
            of_first, of_own = self._second.parts
            X[:, 1] = of_first * X[:, 0] + of_own * X[:, 1]
        y = X @ torch.tensor(self._weights, dtype=torch.float64) + self._bias
        y = y + self._noise * torch.randn(count, generator=stream, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())

    @override
    def constant_lines(self, style: TextStyle) -> tuple[str, ...]:
        true_w = listed("true_w = torch.tensor([", map(repr, self._weights), f"]{style.draws})")
        return (*true_w, f"true_b = {self._bias!r}")

    @override
    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        return "Draw X, then y = X w + b + noise.", (
            f"X = torch.randn(count, {len(self._weights)}, generator=data_stream{style.draws})",
            *self._second_feature(),
            "y = X @ true_w + true_b",
            f"y = y + {self._noise!r} * torch.randn(count, generator=data_stream{style.draws})",
        )

    def _second_feature(self) -> list[str]:
        second = self._second
        if second.is_drawn:
            return []
        of_first, of_own = second.parts
        how = f"scale {second.scale!r}, correlation {second.correlation!r}"
        return [f"X[:, 1] = {of_first!r} * X[:, 0] + {of_own!r} * X[:, 1]  # {how}"]
