"""AdamW: Adam with weight decay of its own (Loshchilov and Hutter, 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.notation import words
from gdstudio.core.settings.optimizers.adam_rule import AdamRule
from gdstudio.core.settings.optimizers.optimizer import decoupled_decay
from gdstudio.core.settings.optimizers.rules import DECAY, PLUS

if TYPE_CHECKING:
    from gdstudio.core.notation import Group, Piece
    from gdstudio.core.settings.optimizers.optimizer import Memory
    from gdstudio.core.typing import Floats


class AdamW(AdamRule):
    """Adam whose weights shrink besides, by a share of themselves that no mean square divides.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
    """

    title, place, torch_name = "AdamW", 5, "AdamW"

    kind: Literal["adamw"] = "adamw"
    weight_decay: float = decoupled_decay(0.01)

    @property
    @override
    def _name(self) -> str:
        return "AdamW, AMSGrad" if self.amsgrad else self.title

    @override
    def _along(self, weights: Piece) -> Group:
        return (words("("), *super()._along(weights), PLUS, DECAY, words(" "), weights, words(")"))

    @override
    def direction(self, gradient: Floats, memory: Memory, weights: Floats) -> Floats:
        return np.asarray(super().direction(gradient, memory, weights) + self.weight_decay * weights)
