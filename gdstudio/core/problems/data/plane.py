"""Labels on a plane over two features: numbers that a network without hidden units can predict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.curved import CurvedRows

if TYPE_CHECKING:
    import torch


class PlaneRows(CurvedRows):
    """X ~ N(0, 1) with shape (n, 2), then y = (x1 + x2) / 2 + noise * N(0, 1), in float64."""

    words = "(x1 + x2) / 2"
    surface_text = "(X[:, 0] + X[:, 1]) / 2"

    @override
    def surface(self, X: torch.Tensor) -> torch.Tensor:
        return (X[:, 0] + X[:, 1]) / 2
