"""Synthetic rows on a curved surface of two features, where one line is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from gdstudio.core.problems.data.drawn import DrawnRows
from gdstudio.core.problems.dataset import Dataset

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

FEATURES = 2


class CurvedRows(DrawnRows):
    """X ~ N(0, 1) with shape (n, 2), then y = sin(2 x1) cos(x2) + noise * N(0, 1), in float64."""

    words: ClassVar[str] = "sin(2 x1) cos(x2)"
    surface_text: ClassVar[str] = "torch.sin(2 * X[:, 0]) * torch.cos(X[:, 1])"

    def __init__(self, noise: float, rows: int, test_rows: int = 0) -> None:
        super().__init__(rows, test_rows)
        self._noise = noise

    @property
    @override
    def feature_count(self) -> int:
        return FEATURES

    def surface(self, X: torch.Tensor) -> torch.Tensor:
        """Return what the labels (n,) of rows (n, 2) are without noise."""
        return (2 * X[:, 0]).sin() * X[:, 1].cos()

    @override
    def draw_rows(self, count: int, stream: torch.Generator) -> Dataset:
        import torch

        X = torch.randn(count, FEATURES, generator=stream, dtype=torch.float64)
        y = self.surface(X) + self._noise * torch.randn(count, generator=stream, dtype=torch.float64)
        return Dataset(X.numpy(), y.numpy())

    @override
    def row_lines(self, style: TextStyle) -> tuple[str, tuple[str, ...]]:
        return f"Draw X, then y = {self.words} + noise.", (
            f"X = torch.randn(count, {FEATURES}, generator=data_stream{style.draws})",
            f"y = {self.surface_text}",
            f"y = y + {self._noise!r} * torch.randn(count, generator=data_stream{style.draws})",
        )
