"""The cost at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox
from typing_extensions import override

from gdstudio.core.numbers import format_number, ordinal
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.pin_layer import PIN_COLUMNS, PinLayer
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import WHOLE_STEPS, length_ahead
from gdstudio.views.plotting.sketch_line import SketchLine
from gdstudio.views.plotting.thinning import thin_to_columns

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session


class CostHistory(PlotPanel):
    """Full cost in a full-batch run, the batch's own elsewhere; its axis logarithmic or linear."""

    kind: ClassVar[str] = "cost_history"
    title: ClassVar[str] = "Cost at each step"
    short_title: ClassVar[str] = "Cost"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._zero = self.curve("truth", 1.5, style=Qt.PenStyle.DotLine, z=-1)
        self._smooth = self.curve("cost", 3.0)
        self._noisy = self.curve("cost", 2.0)
        self._few = self.dots("cost", 8, z=1)
        self._latest = self.dots("cost", 13, z=2)
        self._steps = 0.0
        self._axis: CostAxis | None = None
        self._sketch = SketchLine(self, self._place_of, self._meant_by)
        self._paper: tuple[float, float] | None = None
        session.sketch.changed.connect(self._on_sketched)
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)
        self.scale_chooser = QComboBox()
        self.scale_chooser.setObjectName("cost_scale_chooser")
        self.scale_chooser.setAccessibleName("Cost axis")
        self.scale_chooser.setToolTip("How the cost axis is divided")
        self.scale_chooser.addItems(["log", "linear"])
        self.scale_chooser.activated.connect(self._on_scale_chosen)
        self.tools.addWidget(self.scale_chooser)
        self._scale = ""
        session.experiment_changed.connect(self._on_experiment_changed)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._steps, self._axis = 0.0, None
        self.pins.begin()
        self._name_axes()
        self._show_scale(scene.experiment.view.cost_scale)
        self.bottom.setStyle(showValues=not self.session.concealed.hides("updates"))
        full = scene.experiment.is_full_batch
        self.heading.setText("Cost at each step" if full else "Batch cost at each step")

    @override
    def can_draw_pin(self, pin: PinnedRun) -> bool:
        return self.scene is not None  # a cost at a step can always be compared

    @override
    def restyle(self) -> None:
        super().restyle()
        self.pins.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow(snapshot)
        assert self._axis is not None
        smooth = self.scene.experiment.is_full_batch
        drawn, other = (self._smooth, self._noisy) if smooth else (self._noisy, self._smooth)
        seen = snapshot.steps * self._rows_a_step(self.scene.experiment)
        x, y = self.draw_course(drawn, seen, self._axis.place(snapshot.costs))
        other.clear()
        few = smooth and len(x) <= 60
        self._few.setData(x, y) if few else self._few.clear()
        self._latest.setData(x[-1:], y[-1:])
        self._describe(snapshot)

    def _describe(self, snapshot: Snapshot) -> None:
        assert self._axis is not None
        assert self.scene is not None
        every = f"every {ordinal(snapshot.stride)} step" if snapshot.stride > 1 else ""
        name = "J" if self.scene.experiment.is_full_batch else "batch J"
        cost = self.colour("cost", f"{name} = {format_number(snapshot.cost)}")
        self.note.setText(" &nbsp; ".join(filter(None, (self._axis.note, every, cost))))

    def _follow(self, snapshot: Snapshot) -> None:
        assert self.scene is not None
        log = self.session.experiment.view.cost_scale == "log"
        axis = CostAxis.around(snapshot.costs, log=log)
        if self.session.sketch.paper is not None:
            axis = axis.joined(CostAxis.around(np.array(self.session.sketch.paper), log=log))
        if self._axis is not None and self._axis.log_wanted == log:
            axis = self._axis.joined(axis)
        else:
            reached = (self._rows_a_step(pin.experiment) * pin.snapshot.step for pin in self.pins.shown)
            self._steps = max([self._steps, *map(float, reached)])
            for pin in self.pins.shown:
                axis = axis.joined(CostAxis.around(pin.snapshot.costs, log=log))
        total = self.scene.experiment.total_steps
        wanted = length_ahead(total, snapshot.step, whole_up_to=WHOLE_STEPS)
        steps = max(self._steps, wanted * self._rows_a_step(self.scene.experiment))
        if axis == self._axis and steps == self._steps:
            return
        self._axis, self._steps = axis, steps
        self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
        self.framing.fit((-0.02 * steps, 1.02 * steps), axis.room)
        self._zero.setData(
            [0, steps], [axis.low, axis.low]
        ) if axis.zero_at is not None else self._zero.clear()
        self.pins.draw(self._points_of)
        self._sketch.draw()

    def _place_of(self, steps: Floats, costs: Floats) -> tuple[Floats, Floats]:
        assert self.scene is not None
        assert self._axis is not None
        return steps * self._rows_a_step(self.scene.experiment), self._axis.place(costs)

    def _meant_by(self, x: float, y: float) -> tuple[float, float]:
        """Return the step and the cost of a place on the plot, within the run and what the axis shows."""
        assert self.scene is not None
        assert self._axis is not None
        y = min(max(y, self._axis.low), self._axis.high)
        step = x / self._rows_a_step(self.scene.experiment)
        cost = 10.0**y if self._axis.log else y
        return min(max(step, 0.0), float(self.scene.experiment.total_steps)), cost

    @Slot()
    def _on_sketched(self) -> None:
        """Make room for a line, or draw it."""
        if self.session.sketch.paper != self._paper:
            self._paper = self.session.sketch.paper
            self._steps, self._axis = 0.0, None
            self.redraw()
        elif self._axis is not None:
            self._sketch.draw()

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        assert self._axis is not None
        seen = pin.snapshot.steps * self._rows_a_step(pin.experiment)
        return thin_to_columns(seen, self._axis.place(pin.snapshot.costs), PIN_COLUMNS)

    @override
    def fit(self) -> None:
        """Show the whole run again, no more."""
        self._steps, self._axis = 0.0, None
        super().fit()

    @Slot()
    def _on_pins_changed(self) -> None:
        self._steps, self._axis = 0.0, None
        self._name_axes()
        self.redraw()

    @property
    def _by_rows(self) -> bool:
        """Whether runs are compared by the rows that they have seen, since their steps are not as large."""
        own = self.session.experiment.batch_size
        return any(pin.experiment.batch_size != own for pin in self.pins.shown)

    def _rows_a_step(self, experiment: Experiment) -> int:
        return experiment.batch_size if self._by_rows else 1

    def _name_axes(self) -> None:
        full = self.session.experiment.is_full_batch
        self.set_labels("rows seen" if self._by_rows else "step", "cost J" if full else "batch J")

    def _show_scale(self, scale: str) -> None:
        self._scale = scale
        self.scale_chooser.blockSignals(True)
        self.scale_chooser.setCurrentText(scale)
        self.scale_chooser.blockSignals(False)

    def _on_scale_chosen(self, index: int) -> None:
        self.session.edit({"view.cost_scale": self.scale_chooser.itemText(index)})

    def _on_experiment_changed(self) -> None:
        scale = self.session.experiment.view.cost_scale
        if scale != self._scale:
            self._show_scale(scale)
            self.redraw()
