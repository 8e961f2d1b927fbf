"""A small network that predicts a number of two features: regression."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.curved import CurvedRows
from gdstudio.core.problems.data.drawn import label_noise
from gdstudio.core.problems.data.plane import PlaneRows
from gdstudio.core.problems.network_spec import NetworkSpec

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource


class SmallNetworkNumbersSpec(NetworkSpec):
    """``kind = "small_network_numbers"``: labels that are numbers, one output, which is the prediction."""

    title: ClassVar[str] = "small network, numbers"
    kind: Literal["small_network_numbers"] = "small_network_numbers"
    data_set: Literal["waves", "plane"] = hyperparameter(
        "waves",
        title="Data",
        help="What the labels are of the two features",
        choices={"waves": "waves, sin 2x₁ cos x₂", "plane": "a plane, (x₁ + x₂)/2"},
    )
    noise: float = label_noise(0.05)

    @property
    @override
    def output_count(self) -> int:
        return 1

    @override
    def data(self) -> DataSource:
        source = CurvedRows if self.data_set == "waves" else PlaneRows
        return source(self.noise, self.n, self.n_test)
