"""A small network that tells several classes apart, by a score for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from gdstudio.core.hyperparameter import hyperparameter
from gdstudio.core.problems.data.placed import place_noise
from gdstudio.core.problems.data.ring_of_clouds import RingOfClouds
from gdstudio.core.problems.data.spirals import SpiralRows
from gdstudio.core.problems.losses import SeveralLossName, several_titles
from gdstudio.core.problems.network_spec import NetworkSpec

if TYPE_CHECKING:
    from gdstudio.core.problems.data.source import DataSource

MOST_CLASSES = 6


class SmallNetworkClassesSpec(NetworkSpec):
    """``kind = "small_network_classes"``: labels 0, 1, 2, ..., an output z for each, p = softmax(z)."""

    title: ClassVar[str] = "small network, several classes"
    kind: Literal["small_network_classes"] = "small_network_classes"
    data_set: Literal["spirals", "clouds"] = hyperparameter(
        "spirals",
        title="Data",
        help="How the classes lie in the plane",
        choices={"spirals": "spiral arms", "clouds": "clouds on a circle"},
    )
    classes: int = hyperparameter(
        3, title="Classes", symbol="k", help="How many classes there are", ge=2, le=MOST_CLASSES
    )
    noise: float = place_noise(0.05)
    cost: SeveralLossName = hyperparameter(
        "cross_entropy_of_classes",
        title="Cost",
        symbol="J",
        help="How the probabilities of the classes and the labels become one number",
        choices=several_titles,
    )

    @property
    @override
    def output_count(self) -> int:
        return self.classes

    @override
    def data(self) -> DataSource:
        source = SpiralRows if self.data_set == "spirals" else RingOfClouds
        return source(self.noise, self.n, self.n_test, self.classes)
