"""Huber's loss (1964): squares near 0, straight lines far from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.problems.losses.loss import Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch


class Huber(Loss):
    """``nn.HuberLoss()``: half the square up to a residual of 1."""

    name, title = "huber", "Huber"

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import huber_loss

        return huber_loss

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.HuberLoss()",)
