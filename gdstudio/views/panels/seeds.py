"""Was that luck? The cost of the same experiment with twenty seeds, drawn one by one, then their median."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Slot
from PySide6.QtGui import QPolygonF
from typing_extensions import override

from gdstudio.core.numbers import counted, format_count, format_number, ordinal
from gdstudio.core.sweep.by_seed import (
    HIGH,
    LOW,
    SEEDS,
    SeedCurve,
    SeedSpread,
    chances,
    curve_of_seed,
    followed_steps,
)
from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_BEYOND = 1e300
"""In the place of an infinite cost, so that the line to it can be cut at the border."""
_ALL = len(SEEDS)


class Seeds(PlotPanel):
    """The full training cost over the epochs, a line for each seed that has been asked for.

    Where all rows are in each step, an epoch is a step. The runs are trained beside the one on screen, and
    none before it is asked for. The median and the band stand only beside all twenty lines.
    """

    kind: ClassVar[str] = "seeds"
    title: ClassVar[str] = "Twenty seeds"
    short_title: ClassVar[str] = "Seeds"
    wide_from: ClassVar[int] = 1400

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._band = pg.QtWidgets.QGraphicsPolygonItem()
        self._band.setPen(pg.mkPen(None))
        self._band.setZValue(1)
        self.plot.addItem(self._band, ignoreBounds=True)
        self._lines = [self.curve("cost", 1.5, alpha=0.55) for _ in SEEDS]
        self._latest = self.curve("cost", 3.0, edge=1.5, z=2)
        self._median = self.curve("cost", 3.5, edge=2.0, z=2)
        self._crosses = self.dots("text", 11, symbol="x", z=3)
        self.next_seed = self._button("next_seed", "Next seed", "Draw the run of one more seed")
        self.all_seeds = self._button("all_seeds", "All twenty", "Draw the runs of all twenty seeds")
        self.next_seed.clicked.connect(self._on_next)
        self.all_seeds.clicked.connect(self._on_all)
        self._aside = Aside(self)
        self._aside.done.connect(self._on_made)
        self._aside.failed.connect(self.broke)
        self._about: tuple[object, ...] | None = None
        self._found: list[SeedCurve] = []
        self._spread: SeedSpread | None = None
        self._wanted = 0
        self._is_training = False
        self._axis: CostAxis | None = None
        self._shown: tuple[object, ...] | None = None
        session.experiment_changed.connect(self._follow_experiment)
        session.player.torch_ready.connect(self.redraw)

    def _button(self, name: str, text: str, tip: str) -> TabFocusButton:
        button = TabFocusButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setProperty("pin", True)
        self.tools.addWidget(button)
        return button

    @classmethod
    @override
    def offered_in(cls, scene: Scene) -> bool:
        return bool(chances(scene.experiment))

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._follow_experiment()
        self._axis = self._shown = None
        self.set_labels(*_labels(scene.experiment))
        hides_steps = scene.experiment.is_full_batch and self.session.concealed.hides("updates")
        self.bottom.setStyle(showValues=not hides_steps)

    @override
    def restyle(self) -> None:
        super().restyle()
        self._band.setBrush(pg.mkBrush(self.brush("cost", 0.22)))
        self._shown = None

    @override
    def fit(self) -> None:
        """Show the whole runs again, no more."""
        self._axis = self._shown = None
        super().fit()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow_experiment()
        self._frame(float(snapshot.costs[0]))
        concealed, ready = self.session.concealed.quantities, self.session.player.has_torch
        looks = self.appearance.theme.name, self.appearance.scale, self.view.size()
        wanted = (len(self._found), self._wanted, self._about, concealed, ready, self._axis, self.seen, looks)
        if wanted == self._shown:
            return  # most frames: the lines stay while the run on screen goes on
        self._shown = wanted
        self._draw_lines()
        self._draw_spread()
        self._allow()
        self.note.setText("<br>".join(filter(None, self._words())))

    @property
    def _is_concealed(self) -> bool:
        """Whether the lines would give away what a question hides: they say how such runs end."""
        return self.session.concealed.hides_ends

    @property
    def _drawn(self) -> list[SeedCurve]:
        """The runs to draw: those that are made, unless a question keeps them to itself."""
        return [] if self._is_concealed else self._found

    @Slot()
    def _follow_experiment(self) -> None:
        """Forget the runs of another experiment; its own seed and its pictures make none of it another."""
        experiment = self.session.experiment
        about = (experiment.problem, experiment.run.model_copy(update={"seed": 0}))
        if about == self._about:
            return
        self._aside.forget()
        self._about, self._axis, self._spread = about, None, None
        self._found, self._wanted, self._is_training = [], 0, False

    @Slot()
    def _on_next(self) -> None:
        self._want(self._wanted + 1)

    @Slot()
    def _on_all(self) -> None:
        self._want(_ALL)

    def _want(self, count: int) -> None:
        """Let so many seeds be drawn, each as soon as it is trained."""
        self._wanted = min(count, _ALL)
        self._train_next()
        self.redraw()

    def _train_next(self) -> None:
        if self._is_training or len(self._found) >= self._wanted:
            return
        self._is_training = True
        about, training = self._about, self.session.training
        seed = SEEDS[len(self._found)]

        def goes_on() -> bool:
            return self._about is about and not training.is_closed

        self._aside.ask(partial(curve_of_seed, self.session.experiment, seed, goes_on))

    @Slot(object)
    def _on_made(self, curve: SeedCurve | None) -> None:
        self.attempt(self._take, curve)

    def _take(self, curve: SeedCurve | None) -> None:
        self._is_training = False
        if curve is None:
            return
        self._found = [*self._found, curve]
        if len(self._found) == _ALL:
            self._spread = SeedSpread.of(self.session.experiment, self._found)
        self._train_next()
        self.redraw()

    def _frame(self, start_cost: float) -> None:
        """Fit the ranges to the runs that are drawn; those that diverged leave the picture at its top."""
        experiment = self.session.experiment
        log = experiment.view.cost_scale == "log"
        near = [curve.costs for curve in self._drawn if not curve.has_diverged]
        far = [curve.costs[:1] for curve in self._drawn if curve.has_diverged]
        costs = np.concatenate([*near, *far]) if near or far else np.array([start_cost])
        axis = CostAxis.around(costs / _rows_of(experiment), log=log)
        if self._axis is not None and self._axis.log_wanted == log and self._drawn:
            axis = self._axis.joined(axis)
        if axis == self._axis:
            return
        self._axis = axis
        self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
        epochs = followed_steps(experiment) / experiment.steps_per_epoch
        self.framing.fit((-0.02 * epochs, 1.02 * epochs), axis.room)

    def _path(self, steps: Floats, costs: Floats) -> Floats:
        """Return the line (k, 2) of full costs after some steps, cut where it leaves the picture."""
        return clip_path(self._points(steps, costs), self.seen)

    def _points(self, steps: Floats, costs: Floats) -> Floats:
        assert self._axis is not None
        experiment = self.session.experiment
        costs = np.where(np.isfinite(costs), costs, _BEYOND) / _rows_of(experiment)
        return np.column_stack([steps / experiment.steps_per_epoch, self._axis.place(costs)])

    def _draw_lines(self) -> None:
        drawn = self._drawn
        for curve, item in zip(drawn, self._lines, strict=False):
            self.draw_line(item, *self._path(curve.steps, curve.costs).T)
        for item in (*self._lines[len(drawn) :], self._latest):
            item.clear()
        if drawn and len(drawn) < _ALL:
            self.draw_line(self._latest, *self._path(drawn[-1].steps, drawn[-1].costs).T)
        ends = [self._last_seen(curve) for curve in drawn if curve.has_diverged]
        self._crosses.setData(*np.array(ends).reshape(-1, 2).T)

    def _last_seen(self, curve: SeedCurve) -> Floats:
        """Return the place (2,) of a run's end, or where its line is last in the picture."""
        (left, right), (low, high) = self.plot.viewRange()
        path = clip_path(self._points(curve.steps, curve.costs), (left, right, low, high))
        seen = path[np.isfinite(path).all(axis=1)]
        return seen[-1] if len(seen) else np.full(2, np.nan)

    def _draw_spread(self) -> None:
        spread = None if self._is_concealed else self._spread
        if spread is None:
            self._median.clear()
            self._band.setPolygon(QPolygonF())
            return
        known = np.isfinite(spread.median)  # where most have diverged there is nothing to draw
        self.draw_line(self._median, *self._path(spread.steps[known], spread.median[known]).T)
        low, high = self.seen[2:]
        known = np.isfinite(spread.low)
        sides = [self._points(spread.steps[known], costs[known]) for costs in (spread.low, spread.high)]
        border = np.vstack([sides[0], sides[1][::-1]])
        border[:, 1] = border[:, 1].clip(low, high)
        self._band.setPolygon(QPolygonF([QPointF(x, y) for x, y in border.tolist()]))

    def _allow(self) -> None:
        can = self.session.player.has_torch and not self._is_concealed and self._wanted < _ALL
        for button in (self.next_seed, self.all_seeds):
            button.setEnabled(can and bool(chances(self.session.experiment)))

    def _words(self) -> list[str]:
        """Return what is said, line by line."""
        found, other = self._found, chances(self.session.experiment)
        if not other:
            return ["Nothing is left to chance here: with every seed the run is the same."]
        if self._is_concealed:
            return ["The runs are drawn when the question has been answered."]
        if not self.session.player.has_torch:
            return ["The seeds can be tried as soon as torch is loaded."]
        if not self._wanted:
            return [f"Seeds {SEEDS[0]} to {SEEDS[-1]}: each has {_listed(other)}.", self._extent()]
        median, band = self._spread_words()
        told = [f"{len(found)} of {_ALL} seeds", self._latest_words(), median, self._extent()]
        return [" &nbsp; ".join(filter(None, told)), band, self._diverged_words()]

    def _latest_words(self) -> str:
        found = self._found
        if len(found) == _ALL:
            return ""
        now = f"training seed {SEEDS[len(found)]} …" if len(found) < self._wanted else ""
        if not found:
            return now
        latest = found[-1]
        cost = format_number(float(latest.costs[-1]) / _rows_of(self.session.experiment), 4)
        ends = "diverges" if latest.has_diverged else f"ends at {cost}"
        return " &nbsp; ".join(filter(None, [self.colour("cost", f"━ seed {latest.seed} {ends}"), now]))

    def _spread_words(self) -> tuple[str, str]:
        """Return what is said of the median and of the band, at the end."""
        if self._spread is None:
            return "", ""
        rows = _rows_of(self.session.experiment)
        low, median, high = (
            format_number(float(costs[-1]) / rows, 4)
            for costs in (self._spread.low, self._spread.median, self._spread.high)
        )
        band = f"{ordinal(round(100 * LOW))} to {ordinal(round(100 * HIGH))} percentile"
        told = f"━ median at the end {median}", f"▒ {band} {low} to {high}"
        return self.colour("cost", told[0]), self.colour("cost", told[1])

    def _diverged_words(self) -> str:
        count = sum(curve.has_diverged for curve in self._found)
        if not count:
            return ""
        counts = ", and counts as ∞" if count == 1 else ", and count as ∞"
        return f"✕ {count} of {counted(len(self._found), 'seed')} diverged{counts if self._spread else ''}"

    def _extent(self) -> str:
        """Say where runs are not followed to their end."""
        experiment = self.session.experiment
        steps = followed_steps(experiment)
        if steps == experiment.total_steps or self.session.concealed.hides("updates"):
            return ""
        return f"the first {format_count(steps)} steps of {format_count(experiment.total_steps)}"


def _rows_of(experiment: Experiment) -> int:
    """Return what full costs are divided by, as in the panels of the cost: rows, where batches add up."""
    per_row = experiment.problem.cost_adds_up and not experiment.is_full_batch
    return experiment.problem.row_count if per_row else 1


def _labels(experiment: Experiment) -> tuple[str, str]:
    if experiment.is_full_batch:
        return "step", "cost J"
    return "epoch", "loss per row" if experiment.problem.cost_adds_up else "loss"


def _listed(words: tuple[str, ...]) -> str:
    """Return words as a list: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
