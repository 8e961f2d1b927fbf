"""Problems over a few given points (x_i, y_i): the settings that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.base import ProblemSpec

if TYPE_CHECKING:
    from gdstudio.core.problems.datasets import Dataset

MAX_POINTS = 100_000


class PointsSpec(ProblemSpec):
    """``x`` and ``y`` of equal length; the notebook's three points unless given."""

    x: tuple[float, ...] = hyperparameter(
        (1.0, 2.0, 3.0),
        title="Features",
        symbol="x",
        help="The x of every point",
        min_length=1,
        max_length=MAX_POINTS,
        strict=False,
    )
    y: tuple[float, ...] = hyperparameter(
        (1.0, 2.0, 3.0),
        title="Labels",
        symbol="y",
        help="The y of every point, as many as x",
        min_length=1,
        max_length=MAX_POINTS,
        strict=False,
    )

    @model_validator(mode="after")
    def _equal_lengths(self) -> Self:
        if len(self.x) != len(self.y):
            raise ValueError(f"x has {len(self.x)} entries and y has {len(self.y)}; give as many of each")
        return self

    @property
    def row_count(self) -> int:
        """The number of points."""
        return len(self.x)

    def dataset(self) -> Dataset:
        """Return the points as a data set."""
        from gdstudio.core.problems.datasets import points

        return points(self.x, self.y)
