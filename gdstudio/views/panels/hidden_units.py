"""What every unit of a small network makes of the plane: a small map for each, and the weights between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from typing_extensions import override

from gdstudio.views.plotting.network.stack_drawing import StackDrawing
from gdstudio.views.plotting.network.unit_maps import UnitMaps
from gdstudio.views.plotting.network.unit_weights import layer_heads, unit_names
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.plotting.ranges import ceiling

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.layers import Layers
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


class HiddenUnits(Panel):
    """Inputs at the left, a column for each hidden layer, the prediction at the right, weights between them.

    All maps are asked for at once, at a grid of their own, so that they come with every frame.
    """

    kind: ClassVar[str] = "hidden_units"
    title: ClassVar[str] = "What each unit sees"
    short_title: ClassVar[str] = "Units"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.drawing = StackDrawing(appearance, "The units of the network, each with its map of the plane")
        self.body(self.drawing)
        self.maps = UnitMaps()
        self._reference = 0.0

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        layers, rows = problem.layers, problem.rows
        return layers is not None and len(layers.sizes) > 2 and rows.X.shape[1] == 2

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._reference = 0.0
        self.maps.begin(scene.problem)
        layers = scene.problem.layers
        assert layers is not None
        self.drawing.show_network(layers.sizes, unit_names(layers), layer_heads(layers))
        self._describe(layers)

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        reach = float(np.abs(snapshot.latest).max())
        if reach > self._reference or not self._reference:
            self._reference = ceiling(reach) if reach else 1.0
        self.drawing.show_weights(snapshot.latest, self._reference)
        self.drawing.show_maps(self.maps.images(self.maps.values(self.scene.problem, snapshot.latest)))

    @override
    def restyle(self) -> None:
        self.maps.restyle(self.appearance.theme)
        self.drawing.arrange()
        if self.scene is not None and self.scene.problem.layers is not None:
            self._describe(self.scene.problem.layers)

    def _describe(self, layers: Layers) -> None:
        above, below = self.colour("prediction", "above"), self.colour("negative", "below")
        middle = "½" if layers.activation == "sigmoid" else "0"
        scaled = layers.activation in {"relu", "linear"}
        note = f"{above} or {below} {middle}{', by its largest' if scaled else ''}"
        weights = f"lines: {self.colour('weights', 'w &gt; 0')} {self.colour('negative', 'w &lt; 0')}"
        self.note.setText(f"{note} &nbsp; {weights}")
