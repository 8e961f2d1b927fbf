"""Spiral arms that wind around each other, two or more."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.placed import PlacedRows

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

TURNS = 1.0
"""How often an arm goes around."""


class SpiralRows(PlacedRows):
    """Label k on the k-th of some arms: from 0 out to radius 1, while it turns."""

    words = "Draw spiral arms, one a label, with the labels in turn."

    def __init__(self, noise: float, rows: int, test_rows: int = 0, arms: int = 2) -> None:
        super().__init__(noise, rows, test_rows)
        self._arms = arms

    @property
    @override
    def class_count(self) -> int:
        return self._arms

    @override
    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        import torch

        out = torch.rand(len(y), generator=stream, dtype=torch.float64)
        turn = 2 * math.pi * (TURNS * out + y / self._arms)
        return out[:, None] * torch.stack([turn.cos(), turn.sin()], 1)

    @override
    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        return (
            f"out = torch.rand(count, generator=data_stream{style.draws})",
            f"turn = 2 * math.pi * ({TURNS!r} * out + y / {self._arms})",
            "X = out[:, None] * torch.stack([turn.cos(), turn.sin()], 1)",
        )
