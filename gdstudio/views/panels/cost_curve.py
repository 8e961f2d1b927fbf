"""J over one weight: the curve, the point, its tangent, the next move and the trail of steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.core.symbols import symbol
from gdstudio.core.training.next_move import next_move
from gdstudio.views.plotting.arrow import Arrow
from gdstudio.views.plotting.clipping import FARTHEST, beyond_words, clip_path
from gdstudio.views.plotting.guess_marker import GuessMarker, resolved
from gdstudio.views.plotting.pin_layer import PinLayer
from gdstudio.views.plotting.plane import finite_or_nan
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import Reach, exponent_of, height_of
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

_POINTS = 401
_TRAIL = 256


class CostCurve(PlotPanel):
    """The curve is the cost itself; everything else on it comes from the run's weights."""

    kind: ClassVar[str] = "cost_curve"
    title: ClassVar[str] = "Cost over the weight"
    short_title: ClassVar[str] = "Curve"
    wide_from: ClassVar[int] = 760

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._minimum = self.curve("truth", 1.5, style=Qt.PenStyle.DotLine, connect="pairs")
        self._curve = self.curve("cost", 3.0, smooth=True, still=True, connect="finite")
        self._trail = Trail(self)
        self._tangent = self.curve("gradient", 2.5, smooth=True, z=3)
        self._move = Arrow(self, "gradient", 3.0)
        self._guesses = self.dots("cost", 9, hollow=True, z=4)
        self._start = StartMarker(self, "Drag to start from another weight")
        self._start.moved.connect(self._on_dragged)
        self._point = self.dots("weights", 14, z=6)
        self._guess = GuessMarker(self, self._place_of, self._weights_of)
        self._reach = Reach()
        self._centre = 0.0
        self._units = (0, 0)
        self._pinned_away = 0.0
        self._drawn = (0.0, 0.0)
        self._waits = False  # for the pointer to be released, until other data are looked at from elsewhere
        self.framing.settled.connect(self._on_settled)
        self.pins = PinLayer(self)
        self.pins.changed.connect(self._on_pins_changed)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return len(problem.weight_names) == 1

    @override
    def begin(self, scene: Scene) -> None:
        before = self.scene.experiment.run.mistake if self.scene is not None else None
        is_other = self.is_other_data(scene) or scene.experiment.run.mistake != before
        self._waits = self.scene is not None and (is_other or self._waits) and self.framing.is_resting
        super().begin(scene)
        self._look(afresh=is_other)
        self._begin_pins()
        name = symbol(scene.problem.weight_names[0])
        self.heading.setText(f"Cost over the weight, J({name})")

    def _look(self, *, afresh: bool) -> None:
        """Look at the curve from where its problem says, unless the picture rests."""
        assert self.scene is not None
        if self._waits:
            self._reach.begin(afresh=False)
            return
        view = self.scene.problem.viewpoint
        self._centre = 0.0 if view is None else float(view.centre[0])
        self._reach.begin(afresh=afresh, least=None if view is None else view.half_width)

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
        problem = self.scene.problem
        self._follow(snapshot)
        weight = snapshot.latest
        with np.errstate(over="ignore", invalid="ignore"):
            cost, slope = float(problem.cost_at(weight)), float(problem.gradient_at(weight)[0])
        move = next_move(snapshot, self.session.experiment, problem)
        self._draw_trail(snapshot)
        at = float(weight[0])
        self._draw_tangent(at, cost, slope)
        self._draw_arrow(at, cost, math.nan if move is None else float(move[0]))
        self._point.setData(*self._scaled([at], [cost]))
        self._place_start(snapshot)
        self._guess.draw()
        name = symbol(problem.weight_names[0])
        hides_moves = self.session.concealed.hides_moves
        parts = [
            beyond_words(snapshot.weights, snapshot.steps, np.array([self._centre])),
            self.colour("weights", f"{name} = {format_number(at)}"),
            self.colour("cost", f"J = {format_number(cost)}"),
            self.colour("gradient", f"J′ = {format_number(slope)}"),
            "" if move is None or hides_moves else self.colour("gradient", "→ next move"),
        ]
        self.note.setText(" &nbsp; ".join(filter(None, parts)))

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Show no slope until backward has made it, then the batch's slope and move, then the update made."""
        if fact is None or self.scene is None:
            return
        at = float(fact.weights[0])
        cost = float(self.scene.problem.cost_at(fact.weights))
        if fact.gradient is None or not fact.has_made("backward"):
            self._tangent.clear()
            self._move.hide()
        elif fact.weights_after is None:
            slope = float(fact.gradient[0])
            self._draw_tangent(at, cost, slope)
            self._draw_arrow(at, cost, -fact.learning_rate * slope)
        else:
            self._tangent.clear()
            self._draw_arrow(at, cost, float(fact.weights_after[0]) - at)

    @override
    def restyle(self) -> None:
        super().restyle()
        self._trail.restyle()
        self._move.restyle()
        self._start.restyle()
        self.pins.restyle()

    @override
    def fit(self) -> None:
        """Fit the curve to the run, its start and the pins."""
        self._reach.begin(afresh=True)
        super().fit()

    def _follow(self, snapshot: Snapshot) -> None:
        assert self.scene is not None
        near = np.concatenate([snapshot.weights[[0, -1], 0], self.scene.problem.marked_weights])
        away = max(float(np.abs(near - self._centre).max()), self._pinned_away)
        at_start, rests = snapshot.step == 0, self.framing.is_resting
        if self._reach.follow(min(away, FARTHEST), at_start=at_start, rests=rests):
            if not self._waits:
                self._units = exponent_of(self._reach.half), 0
            self._draw_curve(fits=not self._waits)
            self.pins.draw(self._points_of)
        elif self.framing.by_hand and self._drawn != self._seen_weights():
            self._draw_curve(fits=False)
            self.pins.draw(self._points_of)

    def _seen_weights(self) -> tuple[float, float]:
        """Return between which weights the curve is to be drawn."""
        if self.framing.by_hand:
            left, right = self._box.viewRange()[0]
            return left * 10.0 ** self._units[0], right * 10.0 ** self._units[0]
        return self._centre - self._reach.half, self._centre + self._reach.half

    def _points_of(self, pin: PinnedRun) -> tuple[Floats, Floats]:
        """Return a pin's trail, on the curve of its own cost."""
        path = clip_path(self._on_curve(pin.snapshot.weights, pin.problem), self.seen)
        return path[:, 0], path[:, 1]

    def _begin_pins(self) -> None:
        self.pins.begin()
        away = [np.abs(pin.snapshot.weights[:, 0] - self._centre).max() for pin in self.pins.shown]
        self._pinned_away = max(map(float, away), default=0.0)

    @Slot()
    def _on_pins_changed(self) -> None:
        self._begin_pins()
        self._reach.begin(afresh=True)
        self.redraw()

    def _draw_curve(self, *, fits: bool) -> None:
        """Draw the curve where it is seen; one that ``fits`` also sets the ranges and their units."""
        assert self.scene is not None
        problem = self.scene.problem
        self._drawn = low, high = self._seen_weights()
        weights = np.sort(np.concatenate([np.linspace(low, high, _POINTS), problem.jumps(low, high)]))
        with np.errstate(all="ignore"):
            costs = finite_or_nan(problem.cost_at(weights[:, None]))  # elsewhere there is nothing to draw
        if fits:
            bottom, top = height_of(costs)
            self._units = self._units[0], exponent_of(top)
            self._fit_ranges((low, high), bottom, top)
        points = clip_path(np.column_stack(self._scaled(weights, costs)), self.seen)
        self._curve.setData(points[:, 0], points[:, 1])
        self._draw_minima()
        guesses = problem.marked_weights
        self._guesses.setData(*self._scaled(guesses, problem.cost_at(guesses[:, None])))

    def _fit_ranges(self, across: tuple[float, float], bottom: float, top: float) -> None:
        assert self.scene is not None
        ends = [bottom - 0.06 * (top - bottom), top + 0.06 * (top - bottom)]
        (left, right), (down, up) = self._scaled(across, ends)
        self.framing.fit((left, right), (down, up))
        name = symbol(self.scene.problem.weight_names[0])
        x, y = (f"  (×{power_of_ten(unit)})" if unit else "" for unit in self._units)
        self.set_labels(f"weight {name}{x}", f"cost J({name}){y}")

    def _draw_minima(self) -> None:
        """Draw a line through each minimum, as high as the picture."""
        assert self.scene is not None
        minima, (low, high) = self.scene.problem.minima[:, 0], self._box.viewRange()[1]
        x, _ = self._scaled(np.repeat(minima, 2), [])
        self._minimum.setData(x, np.tile([low, high], len(minima)))

    def _draw_trail(self, snapshot: Snapshot) -> None:
        assert self.scene is not None
        path = self._on_curve(snapshot.weights, self.scene.problem)
        self._trail.show(clip_path(path, self.seen), path, count=snapshot.step)

    def _on_curve(self, weights: Floats, problem: Problem) -> Floats:
        """Return where on the curve of a problem weights (k, 1) lie, in the units of the axes: (m, 2)."""
        weights = evenly(weights, _TRAIL)
        with np.errstate(over="ignore"):
            return np.column_stack(self._scaled(weights[:, 0], problem.cost_at(weights)))

    def _draw_tangent(self, at: float, cost: float, slope: float) -> None:
        if self.session.concealed.hides("gradient"):  # a tangent shows its slope
            self._tangent.clear()
            return
        reach = 0.3 * self._reach.half
        if slope:  # a steep tangent must not leave the picture
            visible = float(self.plot.viewRange()[1][1] - self.plot.viewRange()[1][0])
            reach = min(reach, 0.35 * visible * 10.0 ** self._units[1] / abs(slope))
        x, y = self._scaled([at - reach, at + reach], [cost - slope * reach, cost + slope * reach])
        self._tangent.setData(x, y)

    def _draw_arrow(self, at: float, cost: float, move: float) -> None:
        if not math.isfinite(move):
            self._move.hide()
            return
        x, y = self._scaled([at, at + move], [cost, cost])
        self._move.show((float(x[0]), float(x[1])), (float(y[0]), float(y[1])))

    def _place_start(self, snapshot: Snapshot) -> None:
        assert self.scene is not None
        x, y = self._scaled(snapshot.weights[:1, 0], self.scene.problem.cost_at(snapshot.weights[:1]))
        self._start.put(float(x[0]), float(y[0]))

    def _place_of(self, weights: tuple[float, ...]) -> tuple[float, float]:
        """Return where on the curve weights lie."""
        assert self.scene is not None
        with np.errstate(over="ignore"):
            x, y = self._scaled(weights[0], self.scene.problem.cost_at(np.array(weights)))
        return float(x), float(y)

    def _weights_of(self, x: float, _: float, pixel: tuple[float, float]) -> tuple[float, ...]:
        unit = 10.0 ** self._units[0]
        return (resolved(x * unit, pixel[0] * unit),)

    def _on_dragged(self, x: float, _: float) -> None:
        weight = round(x * 10.0 ** self._units[0], 2)
        self.session.edit({"run.initial_weights": (weight,)})

    def _scaled(self, x: object, y: object) -> tuple[np.ndarray, np.ndarray]:
        """Return values divided by the powers of ten that the axes name, so that Qt can draw huge ones."""
        return (
            np.asarray(x, dtype=float) / 10.0 ** self._units[0],
            np.asarray(y, dtype=float) / 10.0 ** self._units[1],
        )
