"""No schedule: every step is made with the learning rate itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from typing_extensions import override

from gdstudio.core.settings.schedules.schedule import Schedule

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats


class Constant(Schedule):
    """``kind = "constant"``: alpha_t = alpha."""

    title, place, is_constant = "constant", 1, True

    kind: Literal["constant"] = "constant"

    @override
    def factor(self, ticks: Floats, total: int) -> Floats:
        return np.ones(len(ticks))
