"""Two clouds of two features, one a class, where a straight boundary is the best there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.problems.data.drawn import DrawnRows
from gdstudio.core.problems.dataset import Dataset

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.typing import Floats

FEATURES = 2
_ACROSS, _UP = 0.8, 0.6
"""From the middle of the one cloud to that of the other, as a vector of length 1."""


class CloudRows(DrawnRows):
    """Labels 0, 1, 0, 1, ... and X ~ N(0, 1) around a middle for each, ``distance`` apart, in float64.

    Since both clouds have the same spread, the log-odds of a 1 are linear in x: distance * (0.8 x1 + 0.6 x2)
    (Fisher's discriminant, 1936).
    """

    truth = "[*true_w.tolist(), 0.0]"

    def __init__(self, distance: float, rows: int, test_rows: int = 0) -> None:
        super().__init__(rows, test_rows)
        self._distance = distance

    @property
    @override
    def feature_count(self) -> int:
        return FEATURES

    @property
    @override
    def true_weights(self) -> Floats:
        return np.array([*self._weights, 0.0])

    @property
    def _weights(self) -> tuple[float, float]:
        return self._distance * _ACROSS, self._distance * _UP

    @override
    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        import torch

        y = torch.arange(count, dtype=torch.float64) % 2
        X = torch.randn(count, FEATURES, generator=stream, dtype=torch.float64)
        X = X + (y - 0.5)[:, None] * torch.tensor(self._weights, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())

    @override
    def constant_lines(self, style: TextStyle) -> tuple[str, ...]:
        across, up = self._weights
        return (f"true_w = torch.tensor([{across!r}, {up!r}]{style.draws})",)

    @override
    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        return "Draw two clouds, with the labels 0 and 1 in turn.", (
            f"y = torch.arange(count{style.draws or ', dtype=torch.float64'}) % 2",
            f"X = torch.randn(count, {FEATURES}, generator=data_stream{style.draws})",
            "X = X + (y - 0.5)[:, None] * true_w  # from the middle of one to that of the other",
        )
