"""Two half moons that reach into each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.placed import PlacedRows

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle


class MoonRows(PlacedRows):
    """Label 0 on an upper half circle of radius 1, label 1 on a lower one, shifted by (1, 1/2)."""

    words = "Draw two half moons, with the labels 0 and 1 in turn."

    @override
    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        import torch

        turn = math.pi * torch.rand(len(y), generator=stream, dtype=torch.float64)
        way = 1 - 2 * y
        return torch.stack([way * turn.cos() + y, way * turn.sin() + 0.5 * y], 1)

    @override
    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        return (
            f"turn = math.pi * torch.rand(count, generator=data_stream{style.draws})",
            "way = 1 - 2 * y",
            "X = torch.stack([way * turn.cos() + y, way * turn.sin() + 0.5 * y], 1)",
        )
