"""Are batch gradients right on average? The cloud of an epoch's batches around the gradient of all rows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import counted, format_count, format_number
from gdstudio.core.symbols import symbol
from gdstudio.core.training.batch_cloud import BatchCloud, batch_cloud
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import ceiling
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_MARGIN = 1.4
"""How much wider than the cloud the picture is, so that it seldom has to move."""
_SHRINKS_AT = 2.5
"""The picture becomes narrower where it is so many times as wide as it would be made now."""


class BatchGradients(PlotPanel):
    """The gradient of each batch of the epoch under way, all at the latest weights, over two of the weights.

    The cross is the gradient of all rows, the diamond the mean of the cloud. It is computed beside the run.
    """

    kind: ClassVar[str] = "batch_gradients"
    title: ClassVar[str] = "Gradients of the batches"
    short_title: ClassVar[str] = "Batches"
    wide_from: ClassVar[int] = 1100

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._zero = [self.curve("truth", 1.0, style=Qt.PenStyle.DotLine, z=-1) for _ in range(2)]
        self._cloud = self.dots("gradient", 7, alpha=0.55)
        self._mean = self.dots("weights", 17, symbol="d", hollow=True, z=1)
        self._full = self.dots("text", 13, symbol="x", z=2)
        self.plot.setAspectLocked(True)
        self._aside = Aside(self)
        self._aside.done.connect(self._on_made)
        self._aside.failed.connect(self.broke)
        self._asked: tuple[object, ...] | None = None
        self._made: BatchCloud | None = None
        self._shown: tuple[object, ...] | None = None
        self._middle, self._half = np.zeros(2), 0.0
        session.player.torch_ready.connect(self.redraw)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return len(problem.weight_names) >= 2 and len(problem.rows) >= 2

    @override
    def begin(self, scene: Scene) -> None:
        if self.scene is None or self.scene.problem is not scene.problem:
            self._aside.forget()
            self._asked = self._made = None
            self._half = 0.0
        super().begin(scene)
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        per_row = " per row" if scene.experiment.problem.cost_adds_up else ""
        self.set_labels(f"∂J/∂{first}{per_row}", f"∂J/∂{second}{per_row}")
        self._show()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        asked = (self.session.run.number, snapshot.step, snapshot.latest.tobytes())
        if asked != self._asked and self.session.player.has_torch:
            self._asked = asked
            self._aside.ask(partial(batch_cloud, self.scene.experiment, self.scene.problem, snapshot))
        self._show()

    @override
    def fit(self) -> None:
        """Show the whole cloud, no more."""
        self._half, self._shown = 0.0, None
        super().fit()

    @Slot(object)
    def _on_made(self, cloud: BatchCloud) -> None:
        self._made = cloud
        self.attempt(self._show)

    def _show(self) -> None:
        """Show the latest cloud, unless it is on screen already."""
        cloud, concealed, looks = self._made, self.session.concealed.quantities, self.appearance.theme.name
        wanted = (self.scene, cloud, concealed, looks, self.session.player.has_torch, self.seen)
        if wanted == self._shown:
            return
        self._shown = wanted
        self.note.setText(self._words(cloud))
        if cloud is None or self.session.concealed.hides("gradient", "direction"):
            for item in (self._cloud, self._mean, self._full, *self._zero):
                item.clear()
            self._zero[0].setData([0, 0], [-1, 1])
            return
        self._follow(cloud)
        self._cloud.setData(cloud.gradients[:, 0], cloud.gradients[:, 1])
        self._mean.setData(*cloud.mean[:2, None])
        self._full.setData(*cloud.full[:2, None])
        left, right, low, high = self.seen
        self._zero[0].setData([0, 0], [low, high])
        self._zero[1].setData([left, right], [0, 0])

    def _follow(self, cloud: BatchCloud) -> None:
        """Keep the cloud in sight with as few moves of the picture as may be."""
        full = cloud.full[:2]
        points = np.vstack([cloud.gradients[:, :2], cloud.mean[:2], full])
        if not np.isfinite(points).all():
            return
        reach = float(np.abs(points - full).max())
        half = _MARGIN * reach or ceiling(float(np.abs(full).max()))
        is_seen = bool((np.abs(points - self._middle) <= self._half).all())
        if is_seen and self._half <= _SHRINKS_AT * half:
            return
        self._middle, self._half = full, half
        (x, y) = full
        self.framing.fit((x - half, x + half), (y - half, y + half))

    def _words(self, cloud: BatchCloud | None) -> str:
        if not self.session.player.has_torch:
            return "The cloud comes as soon as torch is loaded."
        if cloud is None or self.scene is None:
            return ""
        if cloud.batches == 1:
            return "Every step sees all rows: there is one batch, and no cloud."
        some = f"the first {format_count(len(cloud.sizes))} of " if len(cloud.sizes) < cloud.batches else ""
        dots = f"● {some}{counted(cloud.batches, 'batch')} of epoch {format_count(cloud.epoch)}"
        shade = self.appearance.theme.gradient_text
        legend = f'<span style="color:{shade}">{dots}</span>'
        return f"{legend} &nbsp; ◇ their mean &nbsp; ✕ all rows<br>{self._spread(cloud)}"

    def _spread(self, cloud: BatchCloud) -> str:
        """Say what is true of the mean, and how far a batch is off."""
        size = float(np.linalg.norm(cloud.full))
        share = f", {format_number(100 * cloud.spread / size, 3)} % of |∇J|" if size else ""
        said = f"{_about_mean(cloud)} A batch is off by {format_number(cloud.spread, 3)} (rms){share}."
        assert self.scene is not None
        if not self.scene.problem.steps_along_gradient:
            said += " The mistake is left out here."
        return self.session.concealed.in_colour("gradient", said)


def _about_mean(cloud: BatchCloud) -> str:
    if cloud.is_full(cloud.mean):
        return "The mean is the full gradient."
    off = format_number(float(np.linalg.norm(cloud.mean - cloud.full)), 3)
    if cloud.is_full(cloud.mean_by_rows):
        last = counted(int(cloud.sizes[-1]), "row")
        return (
            f"The mean is {off} off, as the last batch has {last}; weighted by rows it is the full gradient."
        )
    return f"The mean is {off} off the full gradient."
