"""J over two weights: level lines over a colour map, the path, and the gradient's next move."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.core.problems.viewpoint import Viewpoint
from gdstudio.core.settings.rates import rate_after
from gdstudio.core.symbols import symbol
from gdstudio.core.training.next_move import next_move
from gdstudio.views.plotting.arrow import Arrow
from gdstudio.views.plotting.click_start import ClickStart
from gdstudio.views.plotting.clipping import FARTHEST, MARGIN, beyond_words, clip_path, widened
from gdstudio.views.plotting.cost_map import CostMap
from gdstudio.views.plotting.eigen_lines import EigenLines
from gdstudio.views.plotting.guess_marker import GuessMarker, resolved
from gdstudio.views.plotting.pin_layer import PinLayer
from gdstudio.views.plotting.plane import NOT_A_NUMBER, curvature_words, has_plane, local_words, others_at
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import Reach, exponent_of
from gdstudio.views.plotting.start_marker import StartMarker
from gdstudio.views.plotting.thinning import evenly
from gdstudio.views.plotting.trail import Trail

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun
    from gdstudio.worker.session import Session

_TRAIL = 600
_BATCH_TIMES = 10.0
"""How many times as long as they are the moves of mini-batches are drawn."""


class Contour(PlotPanel):
    """A map of J over the first two weights; any others are held at the centre of the view.

    The centre is the minimum where one is known.

    The aspect is equal, so that the gradient is perpendicular to the lines. The lines lie at equal steps
    of the root of J above its least value: on a quadratic cost they are equally far apart.
    """

    kind: ClassVar[str] = "contour"
    title: ClassVar[str] = "Cost over two weights"
    short_title: ClassVar[str] = "Contour"
    wide_from: ClassVar[int] = 880

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._map = CostMap(self)
        self.eigen_lines = EigenLines(self)
        self._least = self.dots("truth", 16, symbol="x", z=1)
        self._trail = Trail(self)
        self._move = Arrow(self, "gradient", 3.0)
        self._batch_move = Arrow(self, "gradient", 3.0, Qt.PenStyle.DashLine)
        self._plain_move = Arrow(self, "gradient", 1.5)
        self._start = StartMarker(self, "Drag, or click elsewhere, to start from other weights")
        self._start.moved.connect(self._on_dragged)
        self._point = self.dots("weights", 14, z=6)
        self._guess = GuessMarker(self, _first_two, self._weights_of)
        self.plot.setAspectLocked(True)
        self._reach = Reach()
        self._view_from = Viewpoint(np.zeros(2), 1.0)
        self._pinned_away = 0.0
        self._waits = False  # for the pointer to be released, until other data are looked at from elsewhere
        self._middle: Floats = np.zeros(2)
        self.framing.settled.connect(self._on_settled)
        self._is_placed = False
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)
        self._shape = self._others = self._beyond = self._local = ""
        ClickStart(self, self._start).clicked.connect(self._on_clicked)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return has_plane(problem)

    @override
    def begin(self, scene: Scene) -> None:
        view = scene.problem.viewpoint
        assert view is not None  # or the contour would not be offered
        self._view_from = view
        is_other = self.is_other_data(scene)
        self._waits = self.scene is not None and (is_other or self._waits) and self.framing.is_resting
        super().begin(scene)
        self._look(afresh=is_other)
        self._begin_pins()
        self._shape = curvature_words(scene.experiment, scene.problem, self.session.concealed)
        self._others = others_at(scene.problem, "map")
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        self.heading.setText(f"Cost over the weights, J({first}, {second})")
        self._names = first, second
        self.eigen_lines.begin(scene)  # last, as its box may move the picture, which draws it

    def _look(self, *, afresh: bool) -> None:
        """Look at the map from where its problem says, unless the picture rests."""
        if self._waits:
            self._reach.begin(afresh=False)
            return
        self._middle = self._view_from.centre[:2]
        self._reach.begin(afresh=afresh, least=self._view_from.half_width)

    @Slot()
    def _on_settled(self) -> None:
        if self._waits and self.scene is not None:
            self._waits = False
            self._look(afresh=True)
            self.redraw()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow(snapshot)
        self._local = local_words(
            self.session.experiment, self.scene.problem, snapshot.latest, self.session.concealed
        )
        self._beyond = beyond_words(snapshot.weights, snapshot.steps, self._middle)
        rows = evenly(snapshot.weights[:, :2], _TRAIL)
        self._trail.show(
            clip_path(rows, self.seen, farthest=FARTHEST), self._in_sight(rows), count=snapshot.step
        )
        point = self._in_sight(snapshot.weights[-1:, :2])
        self._point.setData(point[:, 0], point[:, 1])
        self._start.put(*np.clip(snapshot.weights[0, :2], -FARTHEST, FARTHEST).tolist())
        self.eigen_lines.draw(rate_after(self.session.experiment, snapshot.step))
        self._draw_moves(snapshot)
        self._guess.draw()

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Show no gradient before backward makes it, then the batch's with the full one, then the update."""
        if fact is None or self.scene is None:
            return
        for arrow in self._arrows:
            arrow.hide()
        if fact.gradient is None or not fact.has_made("backward"):
            self._describe("")
            return
        if fact.weights_after is not None:
            self._show(self._move, fact.weights, fact.weights_after - fact.weights)
            self._describe("━ the move of this step")
            return
        full_batch = self.scene.experiment.is_full_batch
        rate = fact.learning_rate * (1.0 if full_batch else _BATCH_TIMES)
        if full_batch:
            self._show(self._plain_move, fact.weights, -rate * fact.gradient)
            self._describe("─ −α∇J")
            return
        self._show(self._batch_move, fact.weights, -rate * fact.gradient)
        self._show(self._move, fact.weights, -rate * self.scene.problem.gradient_at(fact.weights))
        self._describe("━ all ╌ batch, −α∇J 10× as long")

    @override
    def fit(self) -> None:
        """Fit the map to the run, its start and the pins."""
        self._reach.begin(afresh=True)
        self._is_placed = False
        super().fit()

    @override
    def restyle(self) -> None:
        super().restyle()
        for part in (*self._arrows, self._start, self._trail, self._map, self.eigen_lines, self.pins):
            part.restyle()

    @property
    def _arrows(self) -> tuple[Arrow, Arrow, Arrow]:
        return self._move, self._batch_move, self._plain_move

    def _follow(self, snapshot: Snapshot) -> None:
        """Let the view follow the run, but neither a hand that drags nor a click within the picture."""
        assert self.scene is not None
        self._is_placed = self._is_placed and snapshot.step == 0
        ends = snapshot.weights[[0, -1], :2]
        away = max(self._away(ends), self._pinned_away)
        at_start = snapshot.step == 0
        rests = self._is_placed or self.framing.is_resting
        # One side of the view shows more than the half width, since the aspect is locked.
        seen = len(self._in_sight(ends, 0.0)) == 2 and self._pinned_away <= self._reach.half
        moved = self._reach.follow(min(away, FARTHEST), at_start=at_start, rests=rests, seen=seen)
        if moved:
            (x, y), half = self._middle, self._reach.half
            self.framing.fit((x - half, x + half), (y - half, y + half))
            self._name_axes()
            minima = self.scene.problem.minima
            self._least.setData(minima[:, 0], minima[:, 1])
        if self._reach.is_off and self._is_placed:
            self.framing.offer()
        if self._map.cover(self.scene.problem, self._view_from, afresh=moved):
            self.pins.draw(self._points_of)

    def _away(self, points: Floats) -> float:
        """Return how far points (k, 2) are from the centre, across or up."""
        with np.errstate(over="ignore", invalid="ignore"):
            away = np.abs(points - self._middle)
        return float(np.nan_to_num(away, nan=FARTHEST).max(initial=0.0))

    def _name_axes(self) -> None:
        exponent = exponent_of(self._reach.half)
        self.bottom.exponent = self.left.exponent = exponent
        unit = f"  (×{power_of_ten(exponent)})" if exponent else ""
        first, second = self._names
        self.set_labels(f"weight {first}{unit}", f"weight {second}{unit}")

    def _in_sight(self, points: Floats, margin: float = MARGIN) -> Floats:
        """Return those of points (k, 2) that are in the view, or beside it in its margin."""
        across, up = self._box.viewRange()
        left, right, low, high = widened(across, up, margin)
        seen = (points >= (left, low)).all(axis=1) & (points <= (right, high)).all(axis=1)
        kept: Floats = points[seen]
        return kept

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        path = clip_path(evenly(pin.snapshot.weights[:, :2], _TRAIL), self.seen, farthest=FARTHEST)
        return path[:, 0], path[:, 1]

    def _begin_pins(self) -> None:
        self.pins.begin()
        away = [self._away(pin.snapshot.weights[:, :2]) for pin in self.pins.shown]
        self._pinned_away = max(away, default=0.0)

    @Slot()
    def _on_pins_changed(self) -> None:
        self._begin_pins()
        self._reach.begin(afresh=True)
        self.redraw()

    def _draw_moves(self, snapshot: Snapshot) -> None:
        """Draw the move that the next step makes; in mini-batches the last one beside that of all rows."""
        assert self.scene is not None
        experiment, problem = self.session.experiment, self.scene.problem
        for arrow in self._arrows:
            arrow.hide()
        if not experiment.is_full_batch:
            self._draw_batch_moves(snapshot)
            return
        gradient, move = problem.gradient_at(snapshot.latest), next_move(snapshot, experiment, problem)
        legend = ""
        if move is not None:
            self._show(self._move, snapshot.latest, move)
            legend = "━ next move"
            if not experiment.run.optimizer.is_plain:
                self._show(
                    self._plain_move, snapshot.latest, -rate_after(experiment, snapshot.step) * gradient
                )
                legend += " ─ −α∇J"
        self._describe(legend, gradient)

    def _draw_batch_moves(self, snapshot: Snapshot) -> None:
        """Draw the move of the last batch, and where all rows would have led at the same rate."""
        assert self.scene is not None
        run, at = self.session.experiment.run, snapshot.came_from
        known = snapshot.learning_rate
        rate = rate_after(self.session.experiment, snapshot.step) if known is None else known
        here = snapshot.latest if at is None else at
        gradient = self.scene.problem.gradient_at(here)
        legend = "━ all"
        if self.scene.problem.next_step_is_known:
            arrow = self._move if run.optimizer.is_plain else self._plain_move
            legend = legend if run.optimizer.is_plain else "─ −α∇J of all"
            self._show(arrow, here, -_BATCH_TIMES * rate * gradient)
        if at is not None:
            self._show(self._batch_move, at, _BATCH_TIMES * (snapshot.latest - at))
        self._describe(f"{legend} ╌ batch, 10× as long", gradient)

    def _show(self, arrow: Arrow, at: Floats, move: Floats) -> None:
        with np.errstate(over="ignore"):
            tip = at[:2] + move[:2]
        arrow.show((float(at[0]), float(tip[0])), (float(at[1]), float(tip[1])))

    def _describe(self, legend: str, gradient: Floats | None = None) -> None:
        parts = []
        if gradient is not None:
            values = ", ".join(format_number(float(g), 5) for g in gradient[:2])
            parts.append(self.colour("gradient", f"∇J = ({values})"))
        if self._beyond:
            parts.append(self._beyond)
        elif legend and not self.session.concealed.hides_moves:
            parts.append(self.colour("gradient", legend))
        gap = NOT_A_NUMBER if self._map.has_gap else ""
        below = " · ".join(filter(None, (self._others, self._shape, self._local, gap)))
        text = " &nbsp; ".join(parts) + (f"<br>{below}" if below else "")
        if text != self.note.text():
            self.note.setText(text)

    @Slot(float, float)
    def _on_clicked(self, x: float, y: float) -> None:
        self._is_placed = True
        self._start.start_from(x, y)

    def _weights_of(self, x: float, y: float, pixel: tuple[float, float]) -> tuple[float, ...]:
        return resolved(x, pixel[0]), resolved(y, pixel[1])

    def _on_dragged(self, x: float, y: float) -> None:
        self._is_placed = False
        self._start.start_from(x, y)


def _first_two(weights: tuple[float, ...]) -> tuple[float, float]:
    return weights[0], weights[1]
