"""Learning rate and momentum at once: the cost that a run of two weights ends at, as a map over both."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.core.sweep.by_rate_and_momentum import (
    LARGEST,
    CostsByRateAndMomentum,
    costs_by_rate_and_momentum,
    limit_symbol,
    limits_by_momentum,
    momentum_of,
    why_no_map,
)
from gdstudio.views.plotting.cell_region import CellRegion
from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.colour_bar import ColourBar
from gdstudio.views.plotting.colour_ramp import cells, cost_ramp
from gdstudio.views.plotting.map_words import best_words, runs_words
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.rate_and_momentum_handle import RateAndMomentumHandle
from gdstudio.views.plotting.rate_axes import axis_of, decades_of_rates
from gdstudio.worker.promptly import Promptly

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.cost_axis import CostAxis
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

    Compute = Callable[[Callable[[], bool]], CostsByRateAndMomentum | None]

_COARSE, _FINE, _FINEST = (12, 25), (34, 73), (100, 121)
"""How many momenta and rates a map has under the hand, and when the hand rests."""
_FINEST_STEPS = 500
"""Runs of up to so many steps have the finest map."""
_QUICK = 0.010
"""A coarse map that took at most so many seconds is computed at once when it is asked for again."""
_BOTTOM, _TOP = -0.05, 1.0
"""Between these momenta lies the picture."""
_LOW = 320
"""A card lower than so many pixels at 100 % says it in two lines, so that there is room for the plot."""
_DEPTH = 0.9
"""How much of the cost's colour the cost of the start has."""


class RateAndMomentum(PlotPanel):
    """Some thousand runs, one for each cell, trained as one batch: coarse at once, fine when the hand rests.

    The ring is rate and momentum of the run on screen. Beyond the dotted line runs move away from the
    minimum in the end; the cross is the cell of least cost.
    """

    kind: ClassVar[str] = "rate_and_momentum"
    title: ClassVar[str] = "Learning rate and momentum"
    short_title: ClassVar[str] = "Momentum"
    wide_from: ClassVar[int] = 1400

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.log = True
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(-3)
        self.plot.addItem(self._image)
        self._above = CellRegion(self, "muted", Qt.BrushStyle.BDiagPattern)
        self._diverged = CellRegion(self, "groove", Qt.BrushStyle.SolidPattern)
        self._wall = self.curve("text", 2.5, style=Qt.PenStyle.DotLine, edge=1.5, z=1)
        self._best = self.dots("text", 14, symbol="x", z=2)
        self._handle = RateAndMomentumHandle(self)
        self._bar = ColourBar(self)
        self._decades = (-3.0, 0.0)
        self._found: CostsByRateAndMomentum | None = None
        self._wanted: tuple[object, ...] | None = None
        self._known: tuple[object, ...] | None = None
        self._is_fine_asked = False
        self._axis: CostAxis | None = None
        self._shown: tuple[object, ...] | None = None
        self._walled: tuple[object, ...] | None = None
        self._costs = Promptly(_QUICK, lambda: session.training.is_closed, self)
        self._costs.done.connect(self._on_found)
        session.player.torch_ready.connect(self._on_torch_ready)

    @classmethod
    @override
    def offered_in(cls, scene: Scene) -> bool:
        return not why_no_map(scene.experiment, scene.problem)

    @override
    def begin(self, scene: Scene) -> None:
        if self.scene is not None and scene.experiment.problem.kind != self.scene.experiment.problem.kind:
            self._found, self._axis, self._wanted, self._known = None, None, None, None
        super().begin(scene)
        self.set_labels("learning rate α", "momentum β")
        self._ask()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        experiment = self.session.experiment
        if self.scene is None or why_no_map(experiment, self.scene.problem):
            return
        self._ask()
        self._handle.put_at(experiment.run.learning_rate, momentum_of(experiment.run.optimizer))
        self._frame()
        self._draw_map()
        self._draw_wall(experiment)
        self.note.setText("<br>".join(self._words(experiment)))

    @override
    def restyle(self) -> None:
        super().restyle()
        colours = cost_ramp(self.appearance.theme, _DEPTH)
        self._image.setColorMap(colours)
        self._bar.restyle(colours)
        for part in (self._handle, self._above, self._diverged):
            part.restyle()

    @override
    def fit(self) -> None:
        """Show all rates and momenta that are tried, and the costs of this start."""
        self._axis = None
        super().fit()

    def _ask(self) -> None:
        """Let a coarse map of the experiment of now be computed, unless there is one, then a fine one."""
        if self.scene is None or not self.session.player.has_torch:
            return
        experiment = self.session.experiment
        rests = self.framing.is_resting
        if not rests or self._wanted is None:
            self._decades = self._decades_of(experiment)
        optimizer = experiment.run.optimizer.model_copy(update={"momentum": 0.0})
        alike = {"learning_rate": 1.0, "change": (), "optimizer": optimizer}
        wanted = (experiment.problem, experiment.run.model_copy(update=alike), self._decades)
        if wanted != self._wanted:
            self._wanted, self._is_fine_asked = wanted, False
            size = (experiment.problem.kind, len(self.scene.problem.rows), experiment.total_steps, optimizer)
            self._take(self._costs.ask(size, self._compute(*_COARSE)))
        if self._known == self._wanted and not rests and not self._is_fine_asked:
            self._is_fine_asked = True
            grid = _FINEST if experiment.total_steps <= _FINEST_STEPS else _FINE
            self._costs.ask_beside(self._compute(*grid))

    def _compute(self, momenta: int, rates: int) -> Compute:
        """Return what computes a map of the experiment as it is now."""
        assert self.scene is not None
        experiment, problem = self.session.experiment, self.scene.problem
        alphas = np.geomspace(10.0 ** self._decades[0], 10.0 ** self._decades[1], rates)
        betas = np.linspace(0.0, LARGEST, momenta)
        return lambda goes_on: costs_by_rate_and_momentum(experiment, problem, alphas, betas, goes_on)

    def _decades_of(self, experiment: Experiment) -> tuple[float, float]:
        limits = self._limits(experiment, np.array([0.0, LARGEST]))
        # Half of the largest limit, as twice of what is given is in the picture.
        return decades_of_rates(None if limits is None else limits.max() / 2, experiment.run.learning_rate)

    def _limits(self, experiment: Experiment, momenta: Floats) -> Floats | None:
        assert self.scene is not None
        return limits_by_momentum(experiment, self.scene.problem, momenta)

    def _frame(self) -> None:
        """Fit the ranges to what has been found; they rest while something is dragged."""
        log = self.session.experiment.view.cost_scale == "log"
        rests = self.framing.is_resting and self._axis is not None and self._axis.log_wanted == log
        if self._found is not None and not rests:
            self._axis = axis_of(self._found.start_cost, self._found.costs, log=log, with_higher=False)
        self.framing.fit(self._decades, (_BOTTOM, _TOP))

    def _draw_map(self) -> None:
        """Draw what has been found, unless that is on screen."""
        wanted = (self._found, self._axis, self.session.concealed.hides_ends)
        if wanted == self._shown:
            return
        self._shown = wanted
        found, axis = self._found, self._axis
        if found is None or axis is None or self.session.concealed.hides_ends:
            self._image.clear()
            self._above.clear()
            self._diverged.clear()
            self._best.clear()
            self._bar.hide()
            return
        rect = cells(np.log10(found.rates), found.momenta)
        placed = axis.place(np.where(np.isfinite(found.costs), found.costs, 1.0).ravel())
        shown = np.where(found.ended_above | found.diverged, np.nan, placed.reshape(found.costs.shape))
        self._image.setImage(shown, levels=(axis.low, axis.high))
        self._image.setRect(rect)
        self._above.show_cells(found.ended_above, rect)
        self._diverged.show_cells(found.diverged, rect)
        self._bar.show(axis)
        if found.best is None:
            self._best.clear()
        else:
            row, column = found.best
            self._best.setData(np.log10(found.rates[[column]]), found.momenta[[row]])

    def _draw_wall(self, experiment: Experiment) -> None:
        assert self.scene is not None
        hidden = self.session.concealed.hides("limit")
        wanted = (self.scene.problem, experiment.run.optimizer, self.seen, hidden)
        if wanted == self._walled:
            return
        self._walled = wanted
        _, _, low, high = self.seen
        betas = np.linspace(max(low, 0.0), min(high, 1.0), 60)
        limits = self._limits(experiment, betas)
        if limits is None or hidden or betas[0] >= betas[-1]:
            self._wall.clear()
            return
        path = clip_path(np.column_stack([np.log10(limits), betas]), self.seen)
        self.draw_line(self._wall, path[:, 0], path[:, 1])

    def _words(self, experiment: Experiment) -> list[str]:
        """Return what is said, line by line."""
        run = experiment.run
        rate, momentum = (format_number(v, 4) for v in (run.learning_rate, momentum_of(run.optimizer)))
        own = [self.colour("weights", f"○ α = {rate}, β = {momentum}")]
        if self.session.run.rate_changes:
            own.append("the run has changed its rate")
        if self.session.concealed.hides_ends:
            lines = [["The map is drawn when the question has been answered"], own]
        elif self._found is None or self._axis is None:
            lines = [["computing …"], own]
        else:
            runs = runs_words(self._found, experiment)
            own += [runs if self._known == self._wanted else "computing …", self._cut(self._found)]
            lines = [[best_words(self._found)], self._legend(self._found), own]
            if self.height() < self.appearance.pixels(_LOW):
                lines = [lines[0], [own[0], *lines[1], *own[1:]]]
        return [" &nbsp; ".join(filter(None, line)) for line in lines]

    def _legend(self, found: CostsByRateAndMomentum) -> list[str]:
        above = f"▨ above the start’s {format_number(found.start_cost, 4)}" if found.ended_above.any() else ""
        diverged = "■ diverged" if found.diverged.any() else ""
        has_wall = self._wall.xData is not None and len(self._wall.xData)
        symbol = limit_symbol(self.session.experiment).replace("max", "<sub>max</sub>")
        note = self._axis.note if self._axis is not None else ""
        return [above, diverged, f"┊ the limit {symbol}" if has_wall else "", note]

    def _cut(self, found: CostsByRateAndMomentum) -> str:
        """Say where the colours end, if there are costs below."""
        axis = self._axis
        if axis is None or not axis.log or found.costs.min() >= 10.0**axis.low:
            return ""
        return f"the colours end at {power_of_ten(round(axis.low))}"

    @Slot(object)
    def _on_found(self, found: object) -> None:
        self.attempt(self._take_and_draw, found)

    def _take_and_draw(self, found: object) -> None:
        if isinstance(found, Exception):
            raise found
        self._take(found)
        self.redraw()

    def _take(self, found: object) -> None:
        if isinstance(found, CostsByRateAndMomentum):
            self._found, self._known = found, self._wanted

    @Slot()
    def _on_torch_ready(self) -> None:
        self.redraw()
