"""Training and test loss after every epoch, the batch loss faint behind them; sums are divided by rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.per_row import Losses, pinned_losses
from gdstudio.views.plotting.pin_layer import PIN_COLUMNS, PinLayer
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import length_ahead
from gdstudio.views.plotting.thinning import thin_to_columns

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_WHOLE_EPOCHS = 100
"""Runs of up to so many epochs are seen whole from their start."""


class EpochLoss(PlotPanel):
    """The full training loss and the test loss, measured without gradient when an epoch ends.

    A cost that is a sum is shown per row: training rows, test rows and the rows of a batch are not as many.
    """

    kind: ClassVar[str] = "epoch_loss"
    title: ClassVar[str] = "Loss per epoch"
    short_title: ClassVar[str] = "Loss"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._batch = self.curve("cost", 2.0)
        self._train = self.curve("cost", 3.0, edge=1.5, z=1)
        self._train_dots = self.dots("cost", 10, z=2)
        self._test = self.curve("test_cost", 3.0, style=Qt.PenStyle.DashLine, z=3)
        self._test_dots = self.dots("test_cost", 8, symbol="s", z=4)
        self._axis: CostAxis | None = None
        self._epochs = 0.0
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._axis, self._epochs = None, 0.0
        self.set_labels("epoch", "loss per row" if scene.experiment.problem.cost_adds_up else "loss")
        self.pins.begin()

    @override
    def restyle(self) -> None:
        super().restyle()
        self.pins.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        losses = Losses.of(snapshot, self.scene.experiment)
        table, tested = losses.table, losses.tested
        every = np.concatenate([losses.batch, table[:, 2], tested[:, 3]])
        self._follow(every, table[-1, 0], snapshot)
        assert self._axis is not None
        passed = losses.steps / self.scene.experiment.steps_per_epoch
        self.draw_course(self._batch, passed, self._axis.place(losses.batch))
        self._show(self._train, self._train_dots, table[:, 0], table[:, 2])
        self._show(self._test, self._test_dots, tested[:, 0], tested[:, 3])
        self._describe(losses)

    def _show(self, curve: object, dots: object, epochs: Floats, costs: Floats) -> None:
        assert self._axis is not None
        x, y = self.draw_course(curve, epochs, self._axis.place(costs))
        few = len(x) <= 60
        dots.setData(x, y) if few else dots.clear()  # type: ignore[attr-defined]  # the same

    def _describe(self, losses: Losses) -> None:
        assert self._axis is not None
        assert self.scene is not None
        table, tested, batch = losses.table, losses.tested, losses.batch
        parts = [self._axis.note, "per row:" if self.scene.experiment.problem.cost_adds_up else ""]
        parts.append(self.colour("cost", f"● training {format_number(table[-1, 2], 4)}"))
        if len(tested):
            parts.append(self.colour("test_cost", f"■ test {format_number(tested[-1, 3], 4)}"))
        if len(batch):
            parts.append(self.colour("cost", f"─ batch {format_number(batch[-1], 4)}"))
        self.note.setText(" &nbsp; ".join(filter(None, parts)))

    def _follow(self, costs: Floats, epoch: float, snapshot: Snapshot) -> None:
        assert self.scene is not None
        axis = CostAxis.around(costs, log=True)
        if self._axis is not None:
            axis = self._axis.joined(axis)
        else:
            for table in map(_table, self.pins.shown):
                axis = axis.joined(CostAxis.around(table[:, 2], log=True))
                self._epochs = max(self._epochs, float(table[-1, 0]))
        total = self.scene.experiment.total_steps / self.scene.experiment.steps_per_epoch
        reached = max(epoch, snapshot.step / self.scene.experiment.steps_per_epoch)
        epochs = max(self._epochs, length_ahead(total, reached, whole_up_to=_WHOLE_EPOCHS))
        if axis == self._axis and epochs == self._epochs:
            return
        self._axis, self._epochs = axis, epochs
        self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
        self.framing.fit((-0.02 * epochs, 1.02 * epochs), axis.room)
        self.pins.draw(self._points_of)

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        assert self._axis is not None
        epochs, losses = pinned_losses(pin.snapshot, pin.experiment, pin.problem)
        return thin_to_columns(epochs, self._axis.place(losses), PIN_COLUMNS)

    @override
    def fit(self) -> None:
        """Show the whole run again, no more."""
        self._axis, self._epochs = None, 0.0
        super().fit()

    @Slot()
    def _on_pins_changed(self) -> None:
        self._axis, self._epochs = None, 0.0
        self.redraw()


def _table(pin: PinnedRun) -> Floats:
    return Losses.of(pin.snapshot, pin.experiment).table
