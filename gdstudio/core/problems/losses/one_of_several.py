"""What compares scores z for each of several classes with labels 0, 1, 2, ...: cross-entropy.

The probabilities are p = softmax(z), and the cost is the mean of -log of the one given to the true class; its
derivative by z is p - 1 there and p elsewhere, as that of a yes or no is p - y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from gdstudio.core.notation import maths
from gdstudio.core.problems.losses.loss import ATEN_REDUCTIONS, Loss

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from gdstudio.core.notation import Piece

_NONE_IGNORED = -100
"""How the operations of aten know that every label counts."""


class CrossEntropyOfClasses(Loss):
    """``nn.CrossEntropyLoss()``: it takes z, and labels as whole numbers of shape (n,)."""

    name, title, place = "cross_entropy_of_classes", "cross-entropy", 1
    of_several = True
    broadcasts = False

    @property
    @override
    def formula(self) -> Piece:
        return maths("log Σⱼ exp(zⱼ) − z of y", r"\log \sum_j e^{z_j} - z_y")

    @override
    def function(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        from torch.nn.functional import cross_entropy

        return lambda z, y: cross_entropy(z, y.squeeze(1).long())

    @override
    def function_of_many(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        return lambda z, y: z.log_softmax(1).gather(1, y.long()).mean().neg()

    @override
    def derivative(self) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        import torch

        aten = torch.ops.aten

        def slope(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
            labels, logs, rows = y.squeeze(1).long(), z.log_softmax(1), z.new_full((), len(z))
            of_rows = z.new_ones(()), logs, labels, None, ATEN_REDUCTIONS["mean"], _NONE_IGNORED, rows
            by_logs = aten.nll_loss_backward.default(*of_rows)
            made: torch.Tensor = aten._log_softmax_backward_data.default(by_logs, logs, 1, z.dtype)  # noqa: SLF001 - its name
            return made

        return slope

    @override
    def definition(self) -> tuple[str, ...]:
        return ("loss = nn.CrossEntropyLoss()",)

    @override
    def expression(self, h: str, y: str) -> str:
        return f"loss({h}, {y}.squeeze(1).long())"
