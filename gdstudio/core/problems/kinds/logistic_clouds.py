"""Yes or no from two features: two clouds of points, and a straight boundary between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.hyperparameter import SliderRange, hyperparameter
from gdstudio.core.problems.classes_spec import ClassesSpec
from gdstudio.core.problems.data.clouds import FEATURES, CloudRows
from gdstudio.core.problems.data.drawn import test_rows, training_rows
from gdstudio.core.problems.models.linear import LinearModel

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.models.model import Model

MAX_ROWS = 1_000_000


class LogisticCloudsSpec(ClassesSpec):
    """``kind = "logistic_clouds"``: weights w1, w2 and b on two clouds drawn from the seed."""

    title: ClassVar[str] = "logistic, two clouds"
    kind: Literal["logistic_clouds"] = "logistic_clouds"
    n: int = training_rows(MAX_ROWS, default=200)
    n_test: int = test_rows(MAX_ROWS, default=0)
    distance: float = hyperparameter(
        3.0,
        title="Distance",
        symbol="d",
        help="How far the middles of the clouds are apart, in standard deviations of one",
        slider=SliderRange(0.0, 8.0, 0.1),
        ge=0,
        le=1e6,
    )

    @override
    def data(self) -> DataSource:
        return CloudRows(self.distance, self.n, self.n_test)

    @override
    def model(self) -> Model:
        return LinearModel(tuple(f"w{i + 1}" for i in range(FEATURES)), "b")
