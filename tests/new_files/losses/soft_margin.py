"""The soft margin of labels 0 and 1: cross-entropy by another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.losses.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch


class SoftMargin(Loss):
    """``nn.SoftMarginLoss()``: the mean of log(1 + e^(-s z)), for signs s of -1 and 1."""

    name, title = "soft_margin", "soft margin"
    of_classes = True

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import soft_margin_loss

        return lambda z, y: soft_margin_loss(z, 2 * y - 1)

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.SoftMarginLoss()",)

    @override
    def expression(self, h: str, y: str) -> str:
        return f"loss({h}, 2 * {y} - 1)"
