"""Synthetic rows on a curved surface of two features, where one line is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.drawn import DrawnRows
from gdstudio.core.problems.dataset import Dataset

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

FEATURES = 2


class CurvedRows(DrawnRows):
    """X ~ N(0, 1) with shape (n, 2), then y = sin(2 x1) cos(x2) + noise * N(0, 1), in float64."""

    def __init__(self, noise: float, rows: int, test_rows: int = 0) -> None:
        super().__init__(rows, test_rows)
        self._noise = noise

    @property
    @override
    def feature_count(self) -> int:
        return FEATURES

    @override
    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        import torch

        X = torch.randn(count, FEATURES, generator=stream, dtype=torch.float64)
        y = torch.sin(2 * X[:, 0]) * torch.cos(X[:, 1])
        y = y + self._noise * torch.randn(count, generator=stream, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())

    @override
    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        return "Draw X, then y = sin(2 x1) cos(x2) + noise.", (
            f"X = torch.randn(count, {FEATURES}, generator=data_stream{style.draws})",
            "y = torch.sin(2 * X[:, 0]) * torch.cos(X[:, 1])",
            f"y = y + {self._noise!r} * torch.randn(count, generator=data_stream{style.draws})",
        )
