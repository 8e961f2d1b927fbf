"""Several clouds on a circle, one a class, like the petals of a flower."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.placed import PlacedRows

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle


class RingOfClouds(PlacedRows):
    """Label k around the k-th of some places, evenly on the circle of radius 1."""

    words = "Draw clouds on a circle, one a label, with the labels in turn."

    def __init__(self, noise: float, rows: int, test_rows: int = 0, clouds: int = 3) -> None:
        super().__init__(noise, rows, test_rows)
        self._clouds = clouds

    @property
    @override
    def class_count(self) -> int:
        return self._clouds

    @override
    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        import torch

        turn = 2 * math.pi * y / self._clouds
        return torch.stack([turn.cos(), turn.sin()], 1)

    @override
    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        return (
            f"turn = 2 * math.pi * y / {self._clouds}",
            "X = torch.stack([turn.cos(), turn.sin()], 1)",
        )
