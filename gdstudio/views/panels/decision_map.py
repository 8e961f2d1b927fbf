"""Classes over two features: the points, what is predicted behind them, and the boundary between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.core.numbers import format_count
from gdstudio.core.problems.traits import OF_CLASSES, Trait
from gdstudio.core.problems.verdicts import are_right
from gdstudio.views.plotting.boundary import right_words
from gdstudio.views.plotting.class_dots import ClassDots
from gdstudio.views.plotting.class_map import ClassMap
from gdstudio.views.plotting.data_names import feature_name
from gdstudio.views.plotting.pin_layer import PinLayer
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.probability_map import ProbabilityMap
from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_MOST_DRAWN = 400
_PAD = 0.08
_LEAST = 1e-300
_UNLIKE = 1.6
"""Columns whose spreads differ by more, as a logarithm, are drawn each at a scale of its own."""


class DecisionMap(PlotPanel):
    """What is predicted for every place of the plane of the features, as a colour behind the rows.

    Each class has a mark of its own; what is predicted wrong has a ring. Of two classes the colour is the
    probability of a 1, of several it is that of the likeliest. The aspect is equal where it can be, so that
    the weights (w1, w2) are perpendicular to a straight boundary.
    """

    kind: ClassVar[str] = "decision_map"
    title: ClassVar[str] = "Decision map"
    short_title: ClassVar[str] = "Map"
    x_label: ClassVar[str] = "feature x₁"
    y_label: ClassVar[str] = "feature x₂"
    wide_from: ClassVar[int] = 880

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._even, self._likeliest = ProbabilityMap(self), ClassMap(self)
        self._map: ProbabilityMap | ClassMap = self._even
        self._wrong = self.dots("residuals", 17, hollow=True, z=1.5)
        self._batch = self.dots("data", 22, hollow=True, z=1.4)
        self._dots = ClassDots(self)
        self.plot.setAspectLocked(True)
        self.framing.settled.connect(self._on_settled)
        self._X, self._y, self._kept = np.zeros((1, 2)), np.zeros(1), np.zeros(1, dtype=np.int64)
        self._right = self._ringed = ""
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return not OF_CLASSES.isdisjoint(problem.traits) and problem.rows.X.shape[1] == 2

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        rows = scene.problem.rows
        self._kept = evenly(np.arange(float(len(rows))), _MOST_DRAWN).astype(np.int64)
        self._X, self._y = rows.X[self._kept], rows.y[self._kept]
        self._dots.show(scene.problem, self._X, self._y)
        other = self._likeliest if self._are_two else self._even
        other.clear()
        self._map = self._even if self._are_two else self._likeliest
        if scene.problem.spec.feature_names:
            self.plot.setAspectLocked(bool(np.ptp(np.log(np.ptp(self._X, axis=0) + _LEAST)) < _UNLIKE))
            self.set_labels(feature_name(scene, 0), feature_name(scene, 1))
        self._set_range()
        self._on_pins_changed()
        self._describe()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        problem, weights = self.scene.problem, snapshot.latest
        self._map.show(problem, weights, self.seen)
        right = are_right(problem.rows.y, problem.predict(weights, problem.rows.X))
        self._wrong.setData(*self._X[~right[self._kept]].T)
        self._right = right_words(self, right)
        self._describe()

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Draw a ring around each row of the batch."""
        if fact is None:
            self._batch.clear()
            self._ringed = ""
        else:
            self._batch.setData(*fact.X.T)
            kept = "" if len(fact.y) == fact.rows else f", first {len(fact.y)} ringed"
            self._ringed = self.colour("data", f"◯ batch of {format_count(fact.rows)}{kept}")
        self._describe()

    @override
    def fit(self) -> None:
        """Show all rows again."""
        self.framing.let_go()
        self._set_range()
        super().fit()

    @override
    def can_draw_pin(self, pin: PinnedRun) -> bool:
        return super().can_draw_pin(pin) and self.offered(pin.problem)

    @override
    def restyle(self) -> None:
        super().restyle()
        self._even.restyle()
        self._likeliest.restyle()
        self._dots.restyle()
        self.pins.restyle()
        self._wrong.setBrush(None)
        self._batch.setBrush(None)

    @property
    def _are_two(self) -> bool:
        return self.scene is not None and Trait.CLASSES in self.scene.problem.traits

    def _set_range(self) -> None:
        if self.framing.is_resting:
            return
        low, high = self._X.min(axis=0), self._X.max(axis=0)
        pad = _PAD * np.maximum(high - low, 1.0)
        ranges = np.stack([low - pad, high + pad], axis=1).tolist()
        self.framing.fit(*(tuple(ends) for ends in ranges))

    @Slot()
    def _on_settled(self) -> None:
        if self.scene is not None:
            self._set_range()

    @Slot()
    def _on_pins_changed(self) -> None:
        self.pins.begin()
        self.pins.draw(self._points_of)

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        path = self._map.boundary(pin.problem, pin.snapshot.latest, self.seen)
        return path[:, 0], path[:, 1]

    def _describe(self) -> None:
        if self.scene is None:
            return
        rows = len(self.scene.problem.rows)
        every = "" if rows <= _MOST_DRAWN else f" ({len(self._y)} of {format_count(rows)} rows)"
        points = self._dots.words + self.colour("data", every)
        line = self.colour("prediction", "━ p = ½") if self._are_two else self.colour("text", "━ even")
        wrong = self.colour("residuals", "◯ wrong")
        lines = (points, line), (self._right, wrong, self._ringed)
        text = "<br>".join(" &nbsp; ".join(filter(None, parts)) for parts in lines)
        if text != self.note.text():
            self.note.setText(text)
