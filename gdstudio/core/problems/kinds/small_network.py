"""A small network that tells two classes apart, where no straight boundary can."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.circles import CircleRows
from gdstudio.core.problems.data.moons import MoonRows
from gdstudio.core.problems.data.placed import PlacedRows, place_noise
from gdstudio.core.problems.data.ring_of_clouds import RingOfClouds
from gdstudio.core.problems.data.spirals import SpiralRows
from gdstudio.core.problems.data.xor import XorRows
from gdstudio.core.problems.losses import ClassLossName, class_titles
from gdstudio.core.problems.network_spec import NetworkSpec

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource

DataSet = Literal["circles", "xor", "moons", "spirals", "clouds"]
_SOURCES: dict[DataSet, type[PlacedRows]] = {
    "circles": CircleRows,
    "xor": XorRows,
    "moons": MoonRows,
    "spirals": SpiralRows,
}
_TITLES: dict[str, str] = {
    "circles": "circles",
    "xor": "XOR, four quarters",
    "moons": "moons",
    "spirals": "spirals",
    "clouds": "two clouds",
}


class SmallNetworkSpec(NetworkSpec):
    """``kind = "small_network"``: labels 0 and 1 at places of the plane, one output z, p = sigmoid(z)."""

    title: ClassVar[str] = "small network, two classes"
    kind: Literal["small_network"] = "small_network"
    data_set: DataSet = hyperparameter(
        "circles", title="Data", help="How the two classes lie in the plane", choices=_TITLES
    )
    noise: float = place_noise(0.1)
    cost: ClassLossName = hyperparameter(
        "cross_entropy",
        title="Cost",
        symbol="J",
        help="How the probabilities and the labels, 0 and 1, become one number",
        choices=class_titles,
    )

    @property
    @override
    def output_count(self) -> int:
        return 1

    @override
    def data(self) -> DataSource:
        if self.data_set == "clouds":
            return RingOfClouds(self.noise, self.n, self.n_test, 2)
        return _SOURCES[self.data_set](self.noise, self.n, self.n_test)
