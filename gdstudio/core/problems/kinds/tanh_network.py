"""A small network of tanh layers on a curved surface of two features: where one line is not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.curved import FEATURES, CurvedRows
from gdstudio.core.problems.data.drawn import label_noise, test_rows, training_rows
from gdstudio.core.problems.fit_spec import FitSpec
from gdstudio.core.problems.models.stack import Stack

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource
    from gdstudio.core.problems.models.model import Model

MAX_ROWS = 1_000_000


class TanhNetworkSpec(FitSpec):
    """``kind = "tanh_network"``: 2 features, hidden layers of tanh, 1 output."""

    title: ClassVar[str] = "small network, tanh layers"
    kind: Literal["tanh_network"] = "tanh_network"
    hidden: tuple[Annotated[int, Field(ge=1, le=64)], ...] = hyperparameter(
        (8, 8),
        title="Hidden units",
        help="The units of each hidden layer",
        min_length=1,
        max_length=4,
        strict=False,
    )
    n: int = training_rows(MAX_ROWS)
    n_test: int = test_rows(MAX_ROWS)
    noise: float = label_noise(0.05)

    @override
    def data(self) -> DataSource:
        return CurvedRows(self.noise, self.n, self.n_test)

    @override
    def model(self) -> Model:
        return Stack((FEATURES, *self.hidden, 1))
