"""Two circles, one inside the other: no straight line parts them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.placed import PlacedRows

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

_SMALLER = 0.5
"""By so much the radius of the inner circle is smaller."""


class CircleRows(PlacedRows):
    """Label 0 on the circle of radius 1 around 0, label 1 on that of radius 1/2."""

    words = "Draw two circles, with the labels 0 and 1 in turn."

    @override
    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        import torch

        turn = 2 * math.pi * torch.rand(len(y), generator=stream, dtype=torch.float64)
        return (1 - _SMALLER * y)[:, None] * torch.stack([turn.cos(), turn.sin()], 1)

    @override
    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        return (
            f"turn = 2 * math.pi * torch.rand(count, generator=data_stream{style.draws})",
            f"X = (1 - {_SMALLER!r} * y)[:, None] * torch.stack([turn.cos(), turn.sin()], 1)",
        )
