"""The data and what the model makes of them: points, h(x) and residuals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_count
from gdstudio.core.problems.traits import OF_CLASSES, Trait
from gdstudio.views.controls.points_table import PointsTable
from gdstudio.views.plotting.boundary import Boundary
from gdstudio.views.plotting.clipping import clip_path, within_height
from gdstudio.views.plotting.data_names import feature_name, label_name
from gdstudio.views.plotting.data_ranges import far_from, padded, with_predictions, with_squares
from gdstudio.views.plotting.pin_layer import PinLayer
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.point_editing import PointEditing
from gdstudio.views.plotting.residuals import Residuals
from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.data_ranges import Range, Ranges
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.point_edits import PointEdits
    from gdstudio.worker.session import Session

_MOST_DRAWN = 400
_MOST_RESIDUALS = 60
_NEAR_ZERO = 2.0
_CURVED = 199  # points of a curve


class DataPlot(PlotPanel):
    """One feature: the line h(x), or the probability of a 1 with its boundary.

    More features: h(x) against y, on whose diagonal every prediction is right.
    Of more, the view may choose one feature, against which labels and predictions are then drawn.

    The axes are of equal aspect where squares are drawn; elsewhere the data fill the card.
    """

    kind: ClassVar[str] = "data_plot"
    title: ClassVar[str] = "Data and prediction"
    short_title: ClassVar[str] = "Data"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._residuals = Residuals(self)
        self._line = self.curve("prediction", 3.0, smooth=True, z=1)
        self._boundary = Boundary(self)
        self._points = self.dots("data", 12, z=2)
        self._many = self.dots("data", 5, z=2)
        self._predicted = self.dots("prediction", 7, alpha=0.6, z=1)
        self._batch = self.dots("data", 18, hollow=True, z=1.5)
        self._marked = self._lost = ""
        self._zero = self.curve("truth", 1.5, still=True, style=Qt.PenStyle.DotLine, z=-1)
        self.editing = PointEditing(self, _table_in)
        self.tools.insertWidget(self.tools.count() - 1, self.editing.button)
        self._rows: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.framing.settled.connect(self._on_settled)
        self._X: Floats = np.zeros((1, 1))
        self._y: Floats = np.zeros(1)
        self._column = -1
        self._pinned = (0.0, 0.0, 0.0, 0.0)  # what was seen as the pins were drawn
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        # Classes over two features have a map of their own.
        has_map = not OF_CLASSES.isdisjoint(problem.traits) and problem.rows.X.shape[1] == 2
        return len(problem.rows) > 0 and not has_map

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        train = scene.problem.rows
        self._rows = evenly(np.arange(float(len(train))), _MOST_DRAWN).astype(np.int64)
        self._X, self._y = train.X[self._rows], train.y[self._rows]
        self.plot.setAspectLocked(self._has_squares)
        one = train.X.shape[1] == 1
        self._column = 0 if one else min(scene.experiment.view.feature, train.X.shape[1]) - 1
        few = self._is_line and len(self._y) <= _MOST_RESIDUALS
        self._points.setData(self._x, self._y) if few else self._points.clear()
        many = not few and (self._is_line or self._column >= 0)
        self._many.setData(self._x, self._y) if many else self._many.clear()
        for part in (self._predicted, self._residuals, self._line, self._zero, self._boundary):
            part.clear()
        self._name_axes()
        self._set_range()
        drawn = np.column_stack([self._X[:, 0], self._y]) if self._is_line else None
        self.editing.show(scene.problem, self._rows, drawn)
        self._describe()
        self._on_pins_changed()

    @Slot()
    def _on_settled(self) -> None:
        """Fit to data that have been moved, once they are let go."""
        if self.scene is not None and self.scene.problem is self.session.run.problem:
            self._set_range()
            self._describe()
            self.redraw()

    def _name_axes(self) -> None:
        assert self.scene is not None
        y, h = label_name(self.scene), "p" if self._has_classes else "h(x)"
        if self._is_line or self._column >= 0:
            both = f"{y}, probability p" if self._has_classes else y
            self.set_labels(feature_name(self.scene, self._column), both)
        else:
            self.set_labels(y, f"prediction {h}")

    @override
    def can_draw_pin(self, pin: PinnedRun) -> bool:
        # The scene of a plot that is not shown may be about rows of other features than the pin's.
        has_features = bool(pin.problem.rows.X.shape[1] == self._X.shape[1])
        return has_features and self._is_line and super().can_draw_pin(pin)

    @Slot()
    def _on_pins_changed(self) -> None:
        self.pins.begin()
        self.pins.draw(self._points_of)
        self._pinned = self.seen

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        """Return a pin's curve over what is seen; of a line points within the data, and ends out of sight."""
        if self._is_straight:
            low, high = float(self._X.min()), float(self._X.max())
            beyond = 6 * (high - low + 1)
            x = np.concatenate([[low - beyond], np.linspace(low, high, 5), [high + beyond]])
        else:
            x = np.linspace(*self.seen[:2], _CURVED)
        path = clip_path(
            np.column_stack([x, pin.problem.predict(pin.snapshot.latest, x[:, None])]), self.seen
        )
        return path[:, 0], path[:, 1]

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        if self.pins.shown and not self._is_straight and self._pinned != self.seen:
            self._on_pins_changed()
        h = self._h(snapshot.latest, self._X)
        if self._is_line or self._column >= 0:
            self._draw_zero()
        if self._is_line:
            self._draw_line(snapshot.latest)
            self._draw_boundary(snapshot.latest)
            if len(self._y) <= _MOST_RESIDUALS:
                squares = self._has_squares
                self._residuals.show(self._X[:, 0], self._y, h, self.seen, squares=squares)
            else:
                self._residuals.clear()
        else:
            self._draw_predicted(h, at_start=snapshot.step == 0)
        self._count_lost(h)

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Draw a ring around each row of the batch and, once the loss is made, their residuals alone."""
        if fact is None:
            if self._marked:
                self._batch.clear()
                self._mark("")
                if not self._is_line:
                    self._residuals.clear()
            return
        made = self._predictions(fact)
        if self._is_line:
            self._batch.setData(fact.X[:, 0], fact.y)
        else:
            self._ring_predictions(fact, made)
        self._draw_phase_residuals(fact, made)
        kept = "" if len(fact.y) == fact.rows else f", first {len(fact.y)} ringed"
        self._mark(f"◯ batch of {format_count(fact.rows)}{kept}")

    def _predictions(self, fact: PhaseFact) -> Floats | None:
        if self.scene is None or fact.predictions is None or not fact.has_made("forward"):
            return None
        return self.scene.problem.predicted(fact.predictions)

    def _draw_phase_residuals(self, fact: PhaseFact, made: Floats | None) -> None:
        """Draw what the loss is made of, until the update moves the line away from it."""
        if made is None or not fact.has_made("loss") or fact.weights_after is not None:
            self._residuals.clear()
        else:
            x = fact.y if self._column < 0 else fact.X[:, self._column]
            self._residuals.show(x, fact.y, made, self.seen, squares=self._has_squares)

    def _ring_predictions(self, fact: PhaseFact, made: Floats | None) -> None:
        if made is None or fact.weights_after is not None:
            self._batch.clear()
        else:
            seen = within_height(made, self.seen)
            x = fact.y if self._column < 0 else fact.X[:, self._column]
            self._batch.setData(x[seen], made[seen])

    def _draw_zero(self) -> None:
        ends = list(self.seen[:2])
        if self._zero.xData is None or self._zero.xData.tolist() != ends:
            self._zero.setData(ends, [0.0, 0.0])

    def _draw_boundary(self, weights: Floats) -> None:
        assert self.scene is not None
        before = self._boundary.words
        self._boundary.show(self.scene.problem, weights, self.seen)
        if self._boundary.words != before:
            self._describe()

    def _draw_line(self, weights: Floats) -> None:
        left, right, _, _ = self.seen
        x = np.linspace(left, right, 2 if self._is_straight else _CURVED)
        path = clip_path(np.column_stack([x, self._h(weights, x[:, None])]), self.seen)
        self._line.setData(path[:, 0], path[:, 1], connect="finite")

    def _draw_predicted(self, h: Floats, *, at_start: bool) -> None:
        if at_start and self._column < 0 and not self.framing.is_resting:
            self._follow_predictions(h)
        seen = within_height(h, self.seen)
        self._predicted.setData(self._x[seen], h[seen])

    def _follow_predictions(self, h: Floats) -> None:
        """Have the predictions of the start in the picture, unless they are far away from the labels."""
        low, high, far = float(self._y.min()), float(self._y.max()), far_from(self._y)
        self._fit((low, high), with_predictions(self._y, h))
        self._line.setData([low - far, high + far], [low - far, high + far])

    def _count_lost(self, h: Floats) -> None:
        """Say how many predictions are beyond the picture."""
        lost = int((~within_height(h, self.seen)).sum())
        words = f"{format_count(lost)} of {format_count(len(h))} h(x) beyond the picture" if lost else ""
        if words != self._lost:
            self._lost = words
            self._describe()

    def _mark(self, words: str) -> None:
        if words != self._marked:
            self._marked = words
            self._describe()

    @property
    def _x(self) -> Floats:
        """What the rows are drawn against, (k,)."""
        return self._y if self._column < 0 else self._X[:, self._column]

    @property
    def _is_line(self) -> bool:
        return len(self._X[0]) == 1

    @property
    def _is_straight(self) -> bool:
        """Whether h(x) is a straight line, for which two points are enough."""
        assert self.scene is not None
        layers = self.scene.problem.layers
        return layers is not None and len(layers.sizes) == 2 and not self._has_classes

    @property
    def _has_classes(self) -> bool:
        """Whether what is predicted is the probability of a 1."""
        return self.scene is not None and Trait.CLASSES in self.scene.problem.traits

    def _from_zero(self, ends: Range) -> Range:
        """Return a range that begins at 0; that of somebody's own data only where 0 is near enough."""
        is_own = self.scene is not None and bool(self.scene.problem.spec.feature_names)
        if is_own and ends[1] > _NEAR_ZERO * (ends[1] - ends[0]):
            return ends
        return min(0.0, ends[0]), ends[1]

    @property
    def _has_squares(self) -> bool:
        few = len(self._y) <= _MOST_RESIDUALS
        return self.session.experiment.view.residual_squares and self._is_line and few

    def _set_range(self) -> None:
        x = self._x
        x_range, y_range = (float(x.min()), float(x.max())), (float(self._y.min()), float(self._y.max()))
        if self._is_line and len(x) <= _MOST_RESIDUALS:
            x_range, y_range = (self._from_zero(ends) for ends in (x_range, y_range))
        if self._has_squares:
            x_range, y_range = self._with_squares((x_range, y_range))
        if not self.framing.is_resting:
            self._fit(x_range, y_range)
        if self._is_line:
            self._line.setPen(self.pen("prediction", 3.0))
        else:
            self._line.setPen(self.pen("truth", 2.0, style=Qt.PenStyle.DotLine))

    def _fit(self, x: Range, y: Range) -> None:
        self.framing.fit(padded(*x), padded(*y))

    @override
    def fit(self) -> None:
        """Fit to the data, and to the squares of the start."""
        self.framing.let_go()
        if self.scene is not None:
            self._set_range()
        super().fit()

    def _h(self, weights: Floats, X: Floats) -> Floats:
        """Return the predictions that the run compares with the labels, its mistake included."""
        assert self.scene is not None
        with np.errstate(over="ignore", invalid="ignore"):
            return self.scene.problem.predict(weights, X)

    def _with_squares(self, ranges: Ranges) -> Ranges:
        """Return ranges wide enough for the squares at the run's start, unless those are huge."""
        snapshot = self.session.run.snapshot()
        if self.scene is None or snapshot is None:
            return ranges
        return with_squares(ranges, self._X[:, 0], self._y, self._h(snapshot.weights[0], self._X))

    def _describe(self) -> None:
        """Say what is what, how many rows are drawn, and what is beyond the picture."""
        if self.scene is None:
            return
        rows = len(self.scene.problem.rows)
        every = "" if rows <= _MOST_DRAWN else f" ({len(self._y)} of {format_count(rows)} rows)"
        if self._is_line:
            h, off = ("p(x)", "p − y") if self._has_classes else ("h(x)", "residuals")
            parts = [self.colour("data", f"● data{every}"), self.colour("prediction", f"━ {h}")]
            if len(self._y) <= _MOST_RESIDUALS:
                parts.append(self.colour("residuals", f"│ {off}"))
        elif self._column < 0:
            h = "p(x)" if self._has_classes else "h(x)"
            parts = [self.colour("prediction", f"● {h}{every}"), self.colour("truth", f"┈ {h} = y")]
        else:
            parts = [self.colour("data", f"● data{every}"), self.colour("prediction", "● h(x)")]
        if held := self.editing.held_words:
            parts = [self.colour("data", f"● {held}")]
        if self._marked:
            parts.append(self.colour("data", self._marked))
        lines = [self._lost, *parts], self._boundary.words
        self.note.setText("<br>".join(filter(None, (" &nbsp; ".join(filter(None, line)) for line in lines))))

    @override
    def rescale(self) -> None:
        super().rescale()
        self.editing.fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.editing.fit()

    @override
    def restyle(self) -> None:
        super().restyle()
        self._residuals.restyle()
        self.pins.restyle()
        if self.scene is not None:
            self._set_range()
        self._describe()


def _table_in(panel: PlotPanel, edits: PointEdits) -> PointsTable:
    table = PointsTable(edits)
    panel.beside(table)
    return table
