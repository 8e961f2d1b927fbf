"""The network as a drawing: each weight is an edge, its size a width, its sign a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.network.drawing import NetworkDrawing
from gdstudio.views.plotting.network.flow import Flow
from gdstudio.views.plotting.network.layout import Labels
from gdstudio.views.plotting.network.stack_drawing import StackDrawing
from gdstudio.views.plotting.network.unit_weights import WIDEST, layer_heads, unit_lines, unit_names
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.plotting.ranges import ceiling

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


class Network(Panel):
    """One linear layer with one output, ``nn.Linear(d, 1)`` (L292-313), or several layers.

    Of several layers the weights that lead into one unit are written out, before and after the last update;
    a click picks the unit.
    """

    kind: ClassVar[str] = "network"
    title: ClassVar[str] = "Network"
    short_title: ClassVar[str] = "Network"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.drawing = NetworkDrawing(appearance)
        self.body(self.drawing)
        self.stack = StackDrawing(appearance, "The network, with the weights of one unit")
        self.stack.picked.connect(self._on_picked)
        self.stack.hide()
        self.body(self.stack)
        self._unit, self._flow, self._weights = (0, 0), Flow(), np.zeros(0)
        self._reference = 0.0

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return problem.layers is not None

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._reference = 0.0
        layers = scene.problem.layers
        assert layers is not None  # or it would not be offered
        is_one = layers.sizes[1:] == (1,) and not layers.inputs
        self.drawing.setVisible(is_one)
        self.stack.setVisible(not is_one)
        if is_one:
            self.drawing.show_labels(labels(scene.problem))
            return
        self.stack.show_network(layers.sizes, unit_names(layers), layer_heads(layers), WIDEST)
        last = len(layers.sizes) - 1
        if self._unit[0] > last or self._unit[1] >= layers.sizes[self._unit[0]] or self._unit == (0, 0):
            self._unit = (1 if last > 1 else last, 0)

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow(float(np.abs(snapshot.latest).max()))
        hidden = self.session.concealed.hides("weights")
        self._weights = snapshot.latest
        if not self.stack.isHidden():
            self.stack.show_weights(snapshot.latest, self._reference)
        else:
            self.drawing.show_weights(snapshot.latest, self._reference, concealed=hidden)
        came_from = snapshot.came_from
        shown = () if came_from is None or hidden else tuple(came_from.tolist())
        self._show_flow(Flow(shown))

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Light up what the phases have reached: the row, its prediction, the gradients, the update."""
        if fact is not None and not self.session.concealed.hides("weights", "gradient", "direction"):
            problem = None if self.scene is None else self.scene.problem
            self._show_flow(Flow.of(fact, problem))

    def _show_flow(self, flow: Flow) -> None:
        self._flow = flow
        if self.stack.isHidden():
            self.drawing.show_flow(flow)
        else:
            self._write_unit()

    @Slot(int, int)
    def _on_picked(self, layer: int, unit: int) -> None:
        self._unit = (layer, unit)
        self._write_unit()

    def _write_unit(self) -> None:
        """Write out the weights of the unit that is picked."""
        if self.scene is None or self.scene.problem.layers is None or not len(self._weights):
            return
        hidden, problem = self.session.concealed.hides("weights"), self.scene.problem
        lines = unit_lines(
            self.scene.problem.layers,
            problem.weight_names,
            self._unit,
            self._weights,
            self._flow,
            concealed=hidden,
        )
        self.stack.show_text(lines, self._unit)

    @override
    def restyle(self) -> None:
        if self.scene is not None:
            self._write_note()
        self.drawing.arrange()
        self.stack.arrange()

    def _follow(self, largest: float) -> None:
        """Scale the widest edge to the largest true or reached weight; it never shrinks within a run."""
        assert self.scene is not None
        truth = self.scene.problem.true_weights
        reach = max(largest, 0.0 if truth is None else float(np.abs(truth).max()))
        if reach > self._reference:
            self._reference = ceiling(reach)
            self._write_note()
        elif self._reference == 0:
            self._reference = 1.0
            self._write_note()

    def _write_note(self) -> None:
        widest = self.session.concealed.shown("weights", format_number(self._reference))
        self.note.setText(
            f"width = |w|, widest at {widest} &nbsp; "
            f"{self.colour('weights', '+ solid')} &nbsp; {self.colour('negative', '− dashed')}"
        )


def labels(problem: Problem) -> Labels:
    """Return what is written into the drawing of a problem with one linear layer."""
    inputs = len(problem.weight_names) - problem.bias_count
    names = [symbol(name) for name in problem.weight_names]
    bias = names[inputs] if problem.bias_count else ""
    x = [symbol(f"x{i + 1}") for i in range(inputs)] if inputs > 1 else ["x"]
    terms = [f"{w} {feature}" for w, feature in zip(names, x, strict=False)]
    end = [bias] if bias else []
    whole = " + ".join([*terms, *end])
    is_log_odds = problem.output_name == "z"
    # Where no hypothesis is given, the output may be made of the sum.
    is_sum = is_log_odds or bool(problem.spec.hypothesis)
    formulas = [whole] if inputs <= 6 and is_sum else []
    if inputs > 2 and is_sum:
        formulas.append(" + ".join([terms[0], "…", terms[-1], *end]))
    head = "ŷ = σ({})" if is_log_odds else "ŷ = h(x) = {}"
    return Labels(tuple(x), tuple(names[:inputs]), bias, tuple(map(head.format, formulas)))
