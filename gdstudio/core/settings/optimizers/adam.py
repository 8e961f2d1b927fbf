"""Adam (Kingma and Ba, 2015)."""

from __future__ import annotations

from typing import Literal

from typing_extensions import override

from gdstudio.core.settings.optimizers.adam_rule import AdamRule
from gdstudio.core.settings.optimizers.optimizer import coupled_decay


class Adam(AdamRule):
    """Adam: momentum and mean square together, both corrected for their start at zero.

    https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
    """

    title, place, torch_name = "Adam", 4, "Adam"

    kind: Literal["adam"] = "adam"
    weight_decay: float = coupled_decay()

    @property
    @override
    def decay(self) -> float:
        return self.weight_decay
