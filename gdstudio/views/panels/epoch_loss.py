"""Training and test loss after every epoch, the batch loss faint behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.panel import PlotPanel, Scene
from gdstudio.views.plotting.pin_layer import PIN_COLUMNS, PinLayer
from gdstudio.views.plotting.ranges import ceiling
from gdstudio.views.plotting.thinning import thin_to_columns

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session


class EpochLoss(PlotPanel):
    """The full training loss and the test loss, measured without gradient when an epoch ends."""

    kind: ClassVar[str] = "epoch_loss"
    title: ClassVar[str] = "Loss per epoch"
    short_title: ClassVar[str] = "Loss"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.set_labels("epoch", "loss")
        self._batch = self.curve("cost", 1.0, alpha=0.3)
        self._train = self.curve("cost", 2.5, z=1)
        self._train_dots = self.dots("cost", 10, z=2)
        self._test = self.curve("test_cost", 2.5, style=Qt.PenStyle.DashLine, z=3)
        self._test_dots = self.dots("test_cost", 8, symbol="s", z=4)
        self._axis: CostAxis | None = None
        self._epochs = 0.0
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._axis, self._epochs = None, 0.0
        self.pins.begin()

    @override
    def restyle(self) -> None:
        super().restyle()
        self.pins.restyle()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        per_epoch = self.scene.experiment.steps_per_epoch
        table = _table(snapshot)
        tested = table[np.isfinite(table[:, 3])]
        self._follow(np.concatenate([snapshot.costs, table[:, 2], tested[:, 3]]), table[-1, 0], snapshot)
        assert self._axis is not None
        columns = max(64, int(self.view.width()))
        if per_epoch > 1:
            passed = snapshot.steps[1:] / per_epoch
            self._batch.setData(*thin_to_columns(passed, self._axis.place(snapshot.costs[1:]), columns))
        else:
            self._batch.clear()
        self._show(self._train, self._train_dots, table[:, 0], table[:, 2], columns)
        self._show(self._test, self._test_dots, tested[:, 0], tested[:, 3], columns)
        self._describe(table, tested)

    def _show(self, curve: object, dots: object, epochs: Floats, costs: Floats, columns: int) -> None:
        assert self._axis is not None
        x, y = thin_to_columns(epochs, self._axis.place(costs), columns)
        curve.setData(x, y)  # type: ignore[attr-defined]  # pyqtgraph has no types
        few = len(x) <= 60
        dots.setData(x, y) if few else dots.clear()  # type: ignore[attr-defined]  # the same

    def _describe(self, table: Floats, tested: Floats) -> None:
        train = self.colour("cost", f"● training {format_number(table[-1, 2], 4)}")
        test = self.colour("test_cost", f"■ test {format_number(tested[-1, 3], 4)}") if len(tested) else ""
        assert self._axis is not None
        why = f"{self._axis.note} &nbsp; " if self._axis.note else ""
        self.note.setText(f"{why}{train} &nbsp; {test}")

    def _follow(self, costs: Floats, epoch: float, snapshot: Snapshot) -> None:
        assert self.scene is not None
        axis = CostAxis.around(costs, log=True)
        if self._axis is not None:
            axis = self._axis.joined(axis)
        else:
            for table in (_table(pin.snapshot) for pin in self.pins.shown):
                axis = axis.joined(CostAxis.around(table[:, 2], log=True))
                self._epochs = max(self._epochs, float(table[-1, 0]))
        total = self.scene.experiment.total_steps / self.scene.experiment.steps_per_epoch
        reached = max(epoch, snapshot.step / self.scene.experiment.steps_per_epoch)
        epochs = float(max(self._epochs, total if total <= 100 else min(total, ceiling(max(reached, 10)))))
        if axis == self._axis and epochs == self._epochs:
            return
        self._axis, self._epochs = axis, epochs
        self.left.log, self.left.zero_at = axis.log, axis.zero_at
        pad = 0.04 * (axis.high - axis.low)
        self.plot.setRange(
            xRange=(-0.02 * epochs, 1.02 * epochs), yRange=(axis.low - pad, axis.high + pad), padding=0
        )
        self.pins.draw(self._points_of)
        self.left.picture = None  # the axis keeps a picture of its ticks, which may have changed their kind
        self.left.update()

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        assert self._axis is not None
        table = _table(pin.snapshot)
        return thin_to_columns(table[:, 0], self._axis.place(table[:, 2]), PIN_COLUMNS)

    @Slot()
    def _on_pins_changed(self) -> None:
        self._axis, self._epochs = None, 0.0
        self.redraw()


def _table(snapshot: Snapshot) -> Floats:
    """Return one row for the start and one for each epoch: epoch, step, training and test cost."""
    return np.concatenate([[[0.0, 0.0, snapshot.costs[0], np.nan]], snapshot.epoch_table])
