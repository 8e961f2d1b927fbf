"""h(x) = c: what the notebook really plots when it draws the cost against the predicted value (L51-62)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.problems.data.points import PointsSpec
from gdstudio.core.problems.models.constant import ConstantModel

if TYPE_CHECKING:
    from gdstudio.core.problems.models.model import Model


class ConstantSpec(PointsSpec):
    """``kind = "constant"``: one weight, the same prediction for every point."""

    title: ClassVar[str] = "constant, h(x) = c"
    hypothesis: ClassVar[str] = "h(x) = c"
    kind: Literal["constant"] = "constant"

    @override
    def model(self) -> Model:
        return ConstantModel()
