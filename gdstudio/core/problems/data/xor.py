"""Four quarters of a square, of which those across from each other are of one class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.data.placed import PlacedRows

if TYPE_CHECKING:
    import torch

    from gdstudio.core.listing import TextStyle

_GAP = 0.05
"""How far the quarters are from each axis."""


class XorRows(PlacedRows):
    """Places all over a square, off its axes; label 1 where the coordinates differ in sign."""

    words = "Draw places in a square: 1 where their signs differ, with the labels 0 and 1 in turn."

    @override
    def places(self, y: torch.Tensor, stream: torch.Generator) -> torch.Tensor:
        import torch

        X = 2 * torch.rand(len(y), 2, generator=stream, dtype=torch.float64) - 1
        X[:, 1] = X[:, 1].abs() * X[:, 0].sign() * (1 - 2 * y)
        return X + _GAP * X.sign()

    @override
    def place_lines(self, style: TextStyle) -> tuple[str, ...]:
        return (
            f"X = 2 * torch.rand(count, 2, generator=data_stream{style.draws}) - 1",
            "X[:, 1] = X[:, 1].abs() * X[:, 0].sign() * (1 - 2 * y)",
            f"X = X + {_GAP!r} * X.sign()  # a gap on both sides of each axis",
        )
