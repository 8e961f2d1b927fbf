"""h(x) = theta x: the notebook's first hypothesis (L11, L160-200), one weight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.problems.data.points import PointsSpec
from gdstudio.core.problems.models.linear import LinearModel

if TYPE_CHECKING:
    from gdstudio.core.problems.models.model import Model


class LineThroughOriginSpec(PointsSpec):
    """``kind = "line_through_origin"``: ``nn.Linear(1, 1, bias=False)`` on given points."""

    title: ClassVar[str] = "line through the origin, h(x) = θ x"
    hypothesis: ClassVar[str] = "h(x) = θ x"
    kind: Literal["line_through_origin"] = "line_through_origin"

    @override
    def model(self) -> Model:
        return LinearModel(("theta",), bias="")
