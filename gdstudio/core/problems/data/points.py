"""A few given points (x_i, y_i), and the settings that problems on them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.listing import listed
from gdstudio.core.numbers import counted
from gdstudio.core.problems.data.source import COLUMN, DataSource, labels, script
from gdstudio.core.problems.dataset import Dataset
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.given_points import MAX_POINTS, GivenPoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdstudio.core.listing import Lines, TextStyle
    from gdstudio.core.typing import Floats

Scaling = Literal["raw", "centred", "z_score"]


@dataclass(frozen=True, slots=True)
class Points(DataSource):
    """n points with one feature; ``scaling`` says what becomes of it."""

    x: Sequence[float]
    y: Sequence[float]
    scaling: Scaling = "raw"

    note = "The points, as rows of features X and labels y."

    @property
    @override
    def row_count(self) -> int:
        return len(self.x)

    @property
    @override
    def feature_count(self) -> int:
        return 1

    @property
    @override
    def largest_number(self) -> float:
        return max(map(abs, (*self.x, *self.y)))

    @override
    def draw(self, seed: int) -> tuple[Dataset, None]:
        return Dataset(self._scaled(self._column()), np.asarray(self.y, dtype=np.float64)), None

    def _column(self) -> Floats:
        return np.asarray(self.x, dtype=np.float64)[:, None]

    def _scaled(self, X: Floats) -> Floats:
        """Return x as ``scaling`` asks; the standard deviation is the population's (divided by n)."""
        if self.scaling == "raw":
            return X
        centred = X - X.mean()
        return centred if self.scaling == "centred" else np.asarray(centred / X.std())

    def _scaling_lines(self) -> list[str]:
        """Return the same as text, with the numbers that numpy finds: torch adds up in another order."""
        X = self._column()
        mean, std = float(X.mean()), float(X.std())
        if self.scaling == "centred":
            return [f"x = x - {mean!r}  # centred: less the mean"]
        return [f"x = (x - {mean!r}) / {std!r}  # the z-score: less the mean, by the standard deviation"]

    @override
    def lines(self, style: TextStyle) -> Lines:
        end = f"]){COLUMN}{style.moves}"
        y = labels(*_listed("y = torch.tensor([", self.y, end))
        if self.scaling == "raw":
            return script(*_listed("X = torch.tensor([", self.x, end)) + y
        x = _listed("x = torch.tensor([", self.x, f"]{style.draws})")
        return script(*x, *self._scaling_lines(), f"X = x{COLUMN}{style.casts}{style.moves}") + y


def _listed(before: str, values: Sequence[float], after: str) -> list[str]:
    return listed(before, map(repr, values), after)


def given_features(default: tuple[float, ...]) -> Any:
    """Declare the x of every point."""
    return _numbers(default, "Features", "x", "The x of every point")


def given_labels(default: tuple[float, ...], about: str = "as many as x") -> Any:
    """Declare the y of every point."""
    return _numbers(default, "Labels", "y", f"The y of every point, {about}")


def _numbers(default: tuple[float, ...], title: str, symbol: str, about: str) -> Any:
    bounds: dict[str, Any] = {"min_length": 1, "max_length": MAX_POINTS, "strict": False}
    return hyperparameter(default, title=title, symbol=symbol, help=about, **bounds)


class PointsSpec(FitSpec):
    """``x`` and ``y`` of equal length; the notebook's three points unless given."""

    family: ClassVar[str] = "points"
    least_points: ClassVar[int] = 1
    """How many points whoever takes some away has to leave."""
    least_reason: ClassVar[str] = "A hypothesis is fitted to one point at least."

    x: tuple[float, ...] = given_features((1.0, 2.0, 3.0))
    y: tuple[float, ...] = given_labels((1.0, 2.0, 3.0))

    @model_validator(mode="after")
    def _equal_lengths(self) -> Self:
        if len(self.x) != len(self.y):
            raise ValueError(
                f"x has {counted(len(self.x), 'entry')} and y has {len(self.y)}; give as many of each"
            )
        return self

    @property
    def is_scaled(self) -> bool:
        """Whether the model is fitted to another feature than x as it is given."""
        return False

    @property
    @override
    def given_points(self) -> GivenPoints:
        return GivenPoints(self.x, self.y, self.is_scaled, self.least_points, self.least_reason)

    @override
    def data(self) -> DataSource:
        return Points(self.x, self.y)
