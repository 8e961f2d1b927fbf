"""h(x) = w x + b on given points: two weights, the multi-dimensional problem of the notebook (L203-213)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.points import Points, PointsSpec, Scaling
from gdstudio.core.problems.models.linear import LinearModel

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.models.model import Model


class LineSpec(PointsSpec):
    """``kind = "line"``: ``nn.Linear(1, 1)`` on given points."""

    title: ClassVar[str] = "line with intercept, h(x) = w x + b"
    hypothesis: ClassVar[str] = "h(x) = w x + b"
    least_points: ClassVar[int] = 2
    least_reason: ClassVar[str] = "Two points at least make a line: through a single one go many of them."
    kind: Literal["line"] = "line"
    scaling: Scaling = hyperparameter(
        "raw",
        title="Feature x",
        help="As it is, less its mean, or less its mean and divided by its standard deviation",
        choices={"raw": "raw", "centred": "centred, x − mean", "z_score": "z-score, (x − mean) / std"},
    )

    @model_validator(mode="after")
    def _can_be_scaled(self) -> Self:
        if self.scaling == "z_score" and len(set(self.x)) == 1:
            raise ValueError("scaling: z_score needs at least two different x; give them, or centred")
        return self

    @property
    @override
    def is_scaled(self) -> bool:
        return self.scaling != "raw"

    @override
    def data(self) -> DataSource:
        return Points(self.x, self.y, self.scaling)

    @override
    def model(self) -> Model:
        return LinearModel(("w",), "b")
