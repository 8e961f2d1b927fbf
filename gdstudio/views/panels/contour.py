"""J over two weights: level lines over a colour map, the path, and the gradient's next move."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import contourpy
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.problems.viewpoint import Viewpoint
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.arrow import Arrow
from gdstudio.views.plotting.panel import PlotPanel, Scene
from gdstudio.views.plotting.pin_layer import PinLayer
from gdstudio.views.plotting.plane import curvature_words, has_plane, others_at, plane
from gdstudio.views.plotting.ranges import Reach, clip_path_to_distance, clip_to_distance
from gdstudio.views.plotting.start_marker import StartMarker
from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_DENSITY = 30  # points of the grid in one half width
_LEVELS = 14  # between the least cost and the highest in the square around it
_MOST_LEVELS = 80
_SHAPE_STEP = 1.4
_TRAIL = 600
_DEPTH = 0.45  # how much of the cost's colour the highest cost has, so that the path stands out
_CLIP_DISTANCE = 1e12  # larger coordinates are clipped to this: Qt cannot scale them
_LONGEST_ARROW = 50.0  # in half widths of the view; a longer arrow is cut there and keeps its direction


class Contour(PlotPanel):
    """A map of J over the first two weights; any others are held at the centre of the view.

    The centre is the minimum where one is known.

    The aspect is equal, so that the gradient is perpendicular to the lines. The lines lie at equal steps
    of the root of J above its least value: on a quadratic cost they are equally far apart.
    """

    kind: ClassVar[str] = "contour"
    title: ClassVar[str] = "Cost over two weights"
    short_title: ClassVar[str] = "Contour"
    wide_from: ClassVar[int] = 720

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._map = pg.ImageItem(axisOrder="row-major")
        self._map.setZValue(-3)
        self.plot.addItem(self._map)
        self._lines = self.curve("cost", 1.0, connect="finite", alpha=0.8, z=-2)
        self._least = self.dots("truth", 14, symbol="x", z=1)
        self._trail = self.curve("weights", 2.0, connect="finite", z=2)
        self._trail_dots = self.dots("weights", 5, z=3)
        self._move = Arrow(self, "gradient", 3.0)
        self._batch_move = Arrow(self, "gradient", 1.5, Qt.PenStyle.DashLine)
        self._start = StartMarker(self, "Drag, or click elsewhere, to start from other weights")
        self._start.moved.connect(self._on_dragged)
        self._point = self.dots("weights", 13, z=6)
        self.plot.setAspectLocked(True)
        self._reach = Reach()
        self._view_from = Viewpoint(np.zeros(2), 1.0)
        self._spread = (1.0, 1.0)
        self._pinned_away = 0.0
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)
        self._shape = self._others = ""
        self._is_beyond = False
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return has_plane(problem)

    @override
    def begin(self, scene: Scene) -> None:
        view = scene.problem.viewpoint
        assert view is not None  # or the contour would not be offered
        self._view_from = view
        self._reach.begin(afresh=self.is_other_data(scene), least=view.half_width)
        super().begin(scene)
        self._begin_pins()
        self._shape = curvature_words(scene.problem)
        self._others = others_at(scene.problem, "map")
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        self.heading.setText(f"Cost over the weights, J({first}, {second})")
        self.set_labels(f"weight {first}", f"weight {second}")

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow(snapshot)
        path = clip_path_to_distance(evenly(snapshot.weights[:, :2], _TRAIL), _CLIP_DISTANCE)
        self._is_beyond = bool(np.abs(snapshot.latest[:2] - self._centre[:2]).max() > self._reach.half)
        self._trail.setData(path[:, 0], path[:, 1])
        few = len(snapshot.weights) <= 200
        dots = path[np.isfinite(path[:, 0])]
        self._trail_dots.setData(dots[:, 0], dots[:, 1]) if few else self._trail_dots.clear()
        ends = clip_to_distance(snapshot.weights[[0, -1], :2], _CLIP_DISTANCE)
        self._point.setData(ends[1:, 0], ends[1:, 1])
        self._start.put(float(ends[0, 0]), float(ends[0, 1]))
        self._draw_moves(snapshot)

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Show no gradient before backward makes it, then the batch's with the full one, then the update."""
        if fact is None or self.scene is None:
            return
        self._move.hide()
        self._batch_move.hide()
        if fact.gradient is None or not fact.has_made("backward"):
            return
        if fact.weights_after is not None:
            if np.isfinite(fact.weights_after).all():
                self._show(self._move, fact.weights, fact.weights_after - fact.weights, 1.0)
            self.note.setText(self.colour("gradient", "━ the move of this step"))
            return
        full_batch = self.scene.experiment.is_full_batch
        times = -fact.learning_rate * (1.0 if full_batch else 10.0)
        self._show(self._move if full_batch else self._batch_move, fact.weights, fact.gradient, times)
        if not full_batch:
            self._show(self._move, fact.weights, self.scene.problem.gradient_at(fact.weights), times)

    @override
    def restyle(self) -> None:
        super().restyle()
        for part in (self._move, self._batch_move, self._start):
            part.restyle()
        self._colour_map()
        self.pins.restyle()

    @property
    def _centre(self) -> Floats:
        return self._view_from.centre

    def _follow(self, snapshot: Snapshot) -> None:
        away = np.abs(snapshot.weights[[0, -1], :2] - self._centre[:2]).max()
        away = min(max(float(away), self._pinned_away), _CLIP_DISTANCE / _LONGEST_ARROW)
        moved = self._reach.follow(away, at_start=snapshot.step == 0)
        if moved or self._spread != self._spread_now():
            self._draw_map()
            self.pins.draw(self._points_of)

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        path = clip_path_to_distance(evenly(pin.snapshot.weights[:, :2], _TRAIL), _CLIP_DISTANCE)
        return path[:, 0], path[:, 1]

    def _begin_pins(self) -> None:
        self.pins.begin()
        away = [np.abs(pin.snapshot.weights[:, :2] - self._centre[:2]).max() for pin in self.pins.shown]
        self._pinned_away = max(map(float, away), default=0.0)

    @Slot()
    def _on_pins_changed(self) -> None:
        self._begin_pins()
        self._reach.begin(afresh=True)
        self.redraw()

    def _spread_now(self) -> tuple[float, float]:
        """Return how many half widths the view shows across and up, a little more than it does.

        The aspect is locked, so that one side shows more than the other; in coarse steps, so that a window
        that is being resized does not make a new map for every pixel.
        """
        size = self.plot.getViewBox().size()
        if size.width() < 1 or size.height() < 1:  # not laid out yet
            return 1.0, 1.0
        ratio = size.width() / size.height()
        steps = [
            _SHAPE_STEP ** np.ceil(np.log(max(r, 1.0)) / np.log(_SHAPE_STEP)) for r in (ratio, 1 / ratio)
        ]
        return 1.05 * float(steps[0]), 1.05 * float(steps[1])

    def _draw_map(self) -> None:
        assert self.scene is not None
        (x, y), half = self._centre[:2], self._reach.half
        self._spread = self._spread_now()
        (width, height), (columns, rows) = (
            [half * part for part in self._spread],
            map(_points, self._spread),
        )
        xs, ys = np.linspace(x - width, x + width, columns), np.linspace(y - height, y + height, rows)
        cost = self.scene.problem.cost_at(plane(self._centre, xs, ys))
        least = self._view_from.least
        root = np.sqrt(np.maximum(cost - (cost.min() if least is None else least), 0.0))
        top = float(root[np.abs(ys - y) <= half][:, np.abs(xs - x) <= half].max())
        self._map.setImage(root, levels=(0.0, top))
        across, up = xs[1] - xs[0], ys[1] - ys[0]
        self._map.setRect(QRectF(xs[0] - across / 2, ys[0] - up / 2, columns * across, rows * up))
        made = contourpy.contour_generator(xs, ys, root, line_type=contourpy.LineType.ChunkCombinedNan)
        spacing = top / _LEVELS
        count = min(_MOST_LEVELS, int(root.max() / spacing)) if spacing > 0 else 0
        pieces = [made.lines(spacing * i)[0][0] for i in range(1, count + 1)]
        gap = np.full((1, 2), np.nan)
        kept = [part for piece in pieces if piece is not None for part in (piece, gap)]
        lines = np.concatenate(kept) if kept else gap
        self._lines.setData(lines[:, 0], lines[:, 1])
        minima = self.scene.problem.minima
        self._least.setData(minima[:, 0], minima[:, 1])
        self.plot.setRange(xRange=(x - half, x + half), yRange=(y - half, y + half), padding=0)

    def _draw_moves(self, snapshot: Snapshot) -> None:
        """Draw the next full-batch move; in a mini-batch run the last batch's move beside the full one."""
        assert self.scene is not None
        rate = self.session.experiment.run.learning_rate
        full_batch = self.scene.experiment.is_full_batch
        at = snapshot.latest if full_batch or snapshot.came_from is None else snapshot.came_from
        gradient = self.scene.problem.gradient_at(at)
        longer = 1.0 if full_batch else 10.0
        if self.scene.problem.next_step_is_known:
            self._show(self._move, at, gradient, -rate * longer)
        else:
            self._move.hide()  # the next move is not along this gradient
        if full_batch or snapshot.gradient is None:
            self._batch_move.hide()
        else:
            self._show(self._batch_move, at, snapshot.gradient, -rate * longer)
        self._describe(gradient, full_batch=full_batch)

    def _show(self, arrow: Arrow, at: Floats, gradient: Floats, times: float) -> None:
        start, move = clip_to_distance(np.stack([at[:2], gradient[:2]]), _CLIP_DISTANCE)
        move = times * move
        far = _LONGEST_ARROW * self._reach.half
        tip = start + move * (far / max(float(np.hypot(*move)), far))
        arrow.show((float(start[0]), float(tip[0])), (float(start[1]), float(tip[1])))

    def _describe(self, gradient: Floats, *, full_batch: bool) -> None:
        values = ", ".join(format_number(float(g), 5) for g in gradient[:2])
        parts = [self.colour("gradient", f"∇J = ({values})")]
        if self._is_beyond:
            parts.append("the point is beyond the map")
        elif not full_batch:
            parts.append(self.colour("gradient", "━ all ╌ batch, 10× as long"))
        below = " · ".join(filter(None, (self._others, self._shape)))
        text = " &nbsp; ".join(parts) + (f"<br>{below}" if below else "")
        if text != self.note.text():
            self.note.setText(text)

    def _colour_map(self) -> None:
        low, high = QColor(self.appearance.theme.card), QColor(self.appearance.theme.cost)
        ends = np.array([[c.red(), c.green(), c.blue()] for c in (low, high)], dtype=float)
        ends[1] = (1 - _DEPTH) * ends[0] + _DEPTH * ends[1]
        self._map.setColorMap(pg.ColorMap([0.0, 1.0], ends.round().astype(np.ubyte)))

    def _on_clicked(self, event: MouseClickEvent) -> None:
        box, at = self.plot.getViewBox(), event.scenePos()
        free = event.button() == Qt.MouseButton.LeftButton and not self._start.is_at(at)
        if free and box.sceneBoundingRect().contains(at):
            place = box.mapSceneToView(at)
            self._on_dragged(place.x(), place.y())

    def _on_dragged(self, x: float, y: float) -> None:
        snapshot = self.session.run.snapshot()
        if snapshot is None:
            return
        others = snapshot.weights[0, 2:].tolist()
        self.session.edit({"run.initial_weights": (round(x, 2), round(y, 2), *others)})


def _points(half_widths: float) -> int:
    return 2 * int(np.ceil(_DENSITY * half_widths)) + 1
