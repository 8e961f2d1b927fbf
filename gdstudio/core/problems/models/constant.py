"""The same prediction for every row: h(x) = c."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from typing_extensions import override

from gdstudio.core.by_hand import HandModel
from gdstudio.core.listing import ModelText, Part, code
from gdstudio.core.problems.models.model import Model

if TYPE_CHECKING:
    import torch
    from torch import nn

    from gdstudio.core.listing import TextStyle
    from gdstudio.core.problems.problem import Forward
    from gdstudio.core.typing import Floats

_CLASS = (
    "class Constant(nn.Module):",
    '    """h(x) = c."""',
    "",
    "    def __init__(self, c):",
    "        super().__init__()",
    "        self.c = nn.Parameter(torch.tensor([c]))",
    "",
    "    def forward(self, X):",
    "        return self.c.expand(len(X), 1)",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class ConstantModel(Model):
    """One parameter, which starts at 0 where no first weight is given."""

    is_linear = True
    weight_is_prediction = True

    @property
    @override
    def weight_names(self) -> tuple[str, ...]:
        return ("c",)

    @property
    @override
    def bias_count(self) -> int:
        return 1

    @override
    def module(self) -> nn.Module:
        import torch
        from torch import nn

        class Constant(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.c = nn.Parameter(torch.zeros(1))

            def forward(self, X: torch.Tensor) -> torch.Tensor:
                return self.c.expand(len(X), 1)

        return Constant()

    @override
    def forward(self) -> Forward:
        return lambda weights, X: weights[0].expand(len(X), 1)

    @override
    def design(self, X: Floats) -> Floats:
        return np.ones((len(X), 1))

    @override
    def text(self, style: TextStyle) -> ModelText:
        start = (style.initial_weights or (0.0,))[0]
        return ModelText(
            f"Constant({start!r})",
            definitions=code(*_CLASS, part=Part.SCRIPT),
            note="One number, the same prediction for every row.",
        )

    @override
    def by_hand(self, style: TextStyle) -> HandModel:
        start = (style.initial_weights or (0.0,))[0]
        return HandModel(("c",), (None,), code(f"c = {start!r}"))
