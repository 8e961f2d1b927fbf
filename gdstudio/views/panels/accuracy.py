"""Which share of the training and of the test rows is predicted right, over the epochs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from typing_extensions import override

from gdstudio.core.numbers import format_fixed
from gdstudio.core.problems.traits import OF_CLASSES
from gdstudio.core.training.right_shares import RightShares
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import length_ahead

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_WHOLE_EPOCHS = 100
"""Runs of up to so many epochs are seen whole from their start."""
_EVEN = 0.5


class Accuracy(PlotPanel):
    """Computed from the weights themselves, at up to 128 steps of a run and at its latest one."""

    kind: ClassVar[str] = "accuracy"
    title: ClassVar[str] = "Accuracy per epoch"
    short_title: ClassVar[str] = "Accuracy"
    x_label: ClassVar[str] = "epoch"
    y_label: ClassVar[str] = "share that is right"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._train = self.curve("prediction", 3.0, edge=1.5, z=1)
        self._train_dot = self.dots("prediction", 10, z=2)
        self._test = self.curve("test_cost", 3.0, style=Qt.PenStyle.DashLine, z=3)
        self._test_dot = self.dots("test_cost", 8, symbol="s", z=4)
        self._shares: RightShares | None = None
        self._low = _EVEN

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return not OF_CLASSES.isdisjoint(problem.traits)

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._shares, self._low = RightShares(scene.problem), _EVEN

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or self._shares is None:
            return
        steps, shares = self._shares.of(snapshot)
        epochs = steps / self.scene.experiment.steps_per_epoch
        self._follow(shares, float(epochs[-1]))
        self._show(self._train, self._train_dot, epochs, shares[:, 0])
        tested = slice(0 if self.scene.problem.held_out is None else None)
        self._show(self._test, self._test_dot, epochs[tested], shares[tested, 1])
        self._describe(shares[-1])

    def _show(self, curve: object, dot: object, epochs: Floats, shares: Floats) -> None:
        self.draw_course(curve, epochs, shares)
        dot.setData(epochs[-1:], shares[-1:])  # type: ignore[attr-defined]  # pyqtgraph has no types

    def _follow(self, shares: Floats, reached: float) -> None:
        assert self.scene is not None
        self._low = min(self._low, np.floor(10 * float(np.nanmin(shares))) / 10)
        total = self.scene.experiment.total_steps / self.scene.experiment.steps_per_epoch
        epochs = length_ahead(total, reached, whole_up_to=_WHOLE_EPOCHS)
        pad = 0.04 * (1 - self._low)
        self.framing.fit((-0.02 * epochs, 1.02 * epochs), (self._low - pad, 1 + pad))

    def _describe(self, now: Floats) -> None:
        assert self.scene is not None
        shown, problem = self.session.concealed.shown, self.scene.problem
        parts = [("prediction", "● training", now[0])]
        if problem.held_out is not None:
            parts.append(("test_cost", "■ test", now[1]))
        words = []
        for quantity, name, share in parts:
            words.append(self.colour(quantity, f"{name} {shown('weights', format_fixed(share, 3))}"))
        self.note.setText(" &nbsp; ".join(words))
