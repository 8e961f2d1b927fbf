"""The data and what the model makes of them: points, h(x) and residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_count
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.panel import PlotPanel, Scene
from gdstudio.views.plotting.pin_layer import PinLayer

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_MOST_DRAWN = 2000
_MOST_RESIDUALS = 60
_WIDEST = 10.0  # how many times as wide as the data the picture may become for the squares


class DataPlot(PlotPanel):
    """One feature: the line h(x) on axes of equal aspect. More: y and h(x) against a chosen feature."""

    kind: ClassVar[str] = "data_plot"
    title: ClassVar[str] = "Data and prediction"
    short_title: ClassVar[str] = "Data"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._residuals = self.curve("residuals", 1.5, connect="pairs")
        self._squares = self.curve("residuals", 1.0, connect="finite", alpha=0.8, z=-1)
        self._line = self.curve("prediction", 3.0, smooth=True, z=1)
        self._points = self.dots("data", 12, z=2)
        self._many = self.dots("data", 4, z=2)
        self._predicted = self.dots("prediction", 9, alpha=0.55, z=1)
        self._batch = self.dots("data", 18, hollow=True, z=1.5)
        self._batch_residuals = self.curve("residuals", 3.0, connect="pairs", z=1.6)
        self._marked = ""
        self._zero = self.curve("truth", 1.0, style=Qt.PenStyle.DotLine, z=-1)
        self._X: Floats = np.empty((0, 1))
        self._y: Floats = np.empty(0)
        self._column = 0
        self._edges: Floats = np.empty((0, 1))
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return len(problem.rows) > 0

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        train = scene.problem.rows
        features = train.X.shape[1]
        self._column = min(scene.experiment.view.feature, features) - 1
        self._X, self._y = train.X[:_MOST_DRAWN], train.y[:_MOST_DRAWN]
        x = self._X[:, self._column]
        single = features == 1
        self._points.setData(x, self._y) if len(x) <= _MOST_RESIDUALS else self._points.clear()
        self._many.setData(x, self._y) if len(x) > _MOST_RESIDUALS else self._many.clear()
        self.plot.setAspectLocked(single and len(x) <= _MOST_RESIDUALS)
        self._set_range(x, single=single)
        if not single:
            self._line.clear()
        name = "x" if single else symbol(f"x{self._column + 1}")
        self.set_labels(f"feature {name}", "label y")
        self._describe(len(train), name)
        self._on_pins_changed()

    @override
    def can_draw_pin(self, pin: PinnedRun) -> bool:
        return super().can_draw_pin(pin) and self._X.shape[1] == 1

    @Slot()
    def _on_pins_changed(self) -> None:
        self.pins.begin()
        self.pins.draw(self._points_of)

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        """Return a pin's line h(x): points within the data for its marks, and ends far outside the view."""
        low, high = float(self._X.min()), float(self._X.max())
        beyond = 6 * (high - low + 1)
        x = np.concatenate([[low - beyond], np.linspace(low, high, 5), [high + beyond]])
        return x, self._finite(pin.problem.predict(pin.snapshot.latest, x[:, None]))

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        weights = snapshot.latest
        if self._X.shape[1] == 1:
            y = self._h(weights, self._edges)
            self._line.setData(self._edges[:, 0], np.clip(y, -1e12, 1e12))
            self._predicted.clear()
        else:
            self._predicted.setData(self._X[:, self._column], self._finite(self._h(weights, self._X)))
        if len(self._y) <= _MOST_RESIDUALS:
            x = np.repeat(self._X[:, self._column], 2)
            h = self._finite(self._h(weights, self._X))
            self._residuals.setData(x, np.column_stack([self._y, h]).ravel())
            self._draw_squares(h)
        else:
            self._residuals.clear()
            self._squares.clear()

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Draw a ring around each row of the batch and, once the loss is made, their residuals."""
        if fact is None:
            if self._marked:
                self._batch.clear()
                self._batch_residuals.clear()
                self._mark("")
            return
        x, h = fact.X[:, self._column], fact.predictions
        self._batch.setData(x, fact.y)
        if h is None or not fact.has_made("loss"):
            self._batch_residuals.clear()
        else:
            ends = np.column_stack([fact.y, self._finite(h)])
            self._batch_residuals.setData(np.repeat(x, 2), ends.ravel())
        kept = "" if len(x) == fact.rows else f", first {len(x)} ringed"
        self._mark(f"◯ batch of {format_count(fact.rows)}{kept}")

    def _mark(self, words: str) -> None:
        if words != self._marked:
            self._marked = words
            self._describe_again()

    def _draw_squares(self, h: Floats) -> None:
        """Draw each residual as a square to the left of its point, on axes of equal aspect."""
        single = self._X.shape[1] == 1
        if not (single and self.session.experiment.view.residual_squares):
            self._squares.clear()
            return
        x, y = self._X[:, 0], self._y
        side = x - np.abs(h - y)
        gap = np.full(len(x), np.nan)
        self._squares.setData(
            np.column_stack([x, side, side, x, gap]).ravel(), np.column_stack([y, y, h, h, gap]).ravel()
        )

    @staticmethod
    def _finite(values: Floats) -> Floats:
        """Clip values to what Qt can draw; a clipped one is still outside the view, on the same side."""
        return np.clip(values, -1e9, 1e9)

    def _set_range(self, x: Floats, *, single: bool) -> None:
        x_low, x_high = float(x.min()), float(x.max())
        y_low, y_high = float(self._y.min()), float(self._y.max())
        if single and len(x) <= _MOST_RESIDUALS:
            x_low, y_low = min(0.0, x_low), min(0.0, y_low)
        if single and self.session.experiment.view.residual_squares:
            (x_low, x_high), (y_low, y_high) = self._with_squares((x_low, x_high), (y_low, y_high))
        x_pad, y_pad = (0.12 * max(high - low, 1.0) for low, high in ((x_low, x_high), (y_low, y_high)))
        self.plot.setRange(
            xRange=(x_low - x_pad, x_high + x_pad), yRange=(y_low - y_pad, y_high + y_pad), padding=0
        )
        middle, half = (x_low + x_high) / 2, (x_high - x_low) / 2 + 1
        self._edges = np.array([[middle - 20 * half], [middle + 20 * half]])
        self._zero.setData([middle - 20 * half, middle + 20 * half], [0.0, 0.0])

    def _h(self, weights: Floats, X: Floats) -> Floats:
        """Return the predictions that the run compares with the labels, its mistake included."""
        assert self.scene is not None
        return self.scene.problem.predict(weights, X)

    def _with_squares(
        self, x_range: tuple[float, float], y_range: tuple[float, float]
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return ranges wide enough for the squares at the run's start, unless those are huge."""
        snapshot = self.session.run.snapshot()
        if self.scene is None or snapshot is None:
            return x_range, y_range
        h = self._h(snapshot.weights[0], self._X)
        left = float((self._X[:, 0] - np.abs(h - self._y)).min())
        if x_range[0] - left > _WIDEST * (x_range[1] - x_range[0]):
            return x_range, y_range
        low, high = min(y_range[0], float(h.min())), max(y_range[1], float(h.max()))
        return (min(x_range[0], left), x_range[1]), (low, high)

    def _describe(self, rows: int, name: str) -> None:
        shown = (
            ""
            if rows <= _MOST_DRAWN
            else f" (first {format_count(_MOST_DRAWN)} of {format_count(rows)} rows)"
        )
        parts = [self.colour("data", f"● data{shown}"), self.colour("prediction", f"● h({name})")]
        if self._X.shape[1] == 1:
            parts[1] = self.colour("prediction", f"━ h({name})")
        if len(self._y) <= _MOST_RESIDUALS:
            parts.append(self.colour("residuals", "│ residuals"))
        if self._marked:
            parts.append(self.colour("data", self._marked))
        self.note.setText(" &nbsp; ".join(parts))

    @override
    def restyle(self) -> None:
        super().restyle()
        self.pins.restyle()
        self._describe_again()

    def _describe_again(self) -> None:
        if self.scene is not None:
            name = "x" if self._X.shape[1] == 1 else symbol(f"x{self._column + 1}")
            self._describe(len(self.scene.problem.rows), name)
