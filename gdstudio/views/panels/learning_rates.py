"""All learning rates at once: the cost after the steps made so far, and after all steps, over the rate."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import counted, format_number
from gdstudio.core.sweep.batch import RATE, why_no_batch
from gdstudio.core.sweep.by_rate import CostsByRate, costs_by_rate
from gdstudio.core.training.stopping import step_limit
from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.rate_axes import axis_of, decades_of_rates, rates_between
from gdstudio.views.plotting.rate_handle import RateHandle
from gdstudio.worker.promptly import Promptly

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.cost_axis import CostAxis
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_QUICK = 0.005
"""Costs that took at most so many seconds are computed at once when they are asked for again."""
_BEYOND = 1e300
"""In the place of an infinite cost, so that the line to it can be cut at the border."""


class LearningRates(PlotPanel):
    """Two hundred runs with one rate each, trained as a batch; in a thread of its own unless that is quick.

    The strong line is the cost after as many steps as the run on screen has made, the thin one that after
    all of its steps. The upright handle is the rate of the run on screen, the dot its cost.
    """

    kind: ClassVar[str] = "learning_rates"
    title: ClassVar[str] = "All learning rates at once"
    short_title: ClassVar[str] = "Rates"
    wide_from: ClassVar[int] = 760

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.log = True
        self._wall = self.curve("truth", 2.0, style=Qt.PenStyle.DotLine, z=-1)
        self._at_end = self.curve("cost", 2.0, alpha=0.75)
        self._now = self.curve("cost", 3.0, z=1)
        self._handle = RateHandle(self)
        self._point = self.dots("weights", 14, z=4)
        self._decades = (-3.0, 0.0)
        self._found: CostsByRate | None = None
        self._asked: tuple[object, ...] | None = None
        self._axis: CostAxis | None = None
        self._costs = Promptly(_QUICK, lambda: session.training.is_closed, self)
        self._costs.done.connect(self._on_found)
        session.player.torch_ready.connect(self._on_torch_ready)

    @classmethod
    @override
    def offered_in(cls, scene: Scene) -> bool:
        return not why_no_batch(scene.experiment, scene.problem, RATE)

    @override
    def begin(self, scene: Scene) -> None:
        if self.is_other_data(scene):
            self._found, self._axis, self._asked = None, None, None
        super().begin(scene)
        self.set_labels("learning rate α", "cost J")
        self._ask()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._ask()
        experiment = self.session.experiment
        self._handle.put(experiment.run.learning_rate)
        self._frame()
        self._draw_wall(experiment)
        if self._found is None or self._axis is None or self._is_concealed:
            for item in (self._at_end, self._now, self._point):
                item.setData([], [])
        else:
            self._draw_costs(self._at_end, self._found.costs[-1])
            self._draw_costs(self._now, self._found.after(snapshot.step))
            at = np.log10([experiment.run.learning_rate])
            self._point.setData(at, self._placed(np.array([float(snapshot.cost)])))
        self._describe(snapshot)

    @override
    def restyle(self) -> None:
        super().restyle()
        self._handle.restyle()

    @override
    def fit(self) -> None:
        """Show all rates that are tried, and the costs of this start."""
        self._axis = None
        super().fit()

    @property
    def _is_concealed(self) -> bool:
        """Whether the lines would give away what a question hides: they say how each rate ends."""
        return self.session.concealed.hides_ends

    def _limit(self, experiment: Experiment) -> tuple[str, float] | None:
        assert self.scene is not None
        limit = step_limit(experiment, self.scene.problem)
        return None if limit is None else (limit.symbol, limit.value)

    def _ask(self) -> None:
        """Let the costs be computed, where they are not those of the experiment as it is now."""
        if self.scene is None or not self.session.player.has_torch:
            return
        experiment, problem = self.session.experiment, self.scene.problem
        limit = self._limit(experiment)
        if not self.framing.is_resting or self._asked is None:
            self._decades = decades_of_rates(limit[1] if limit else None, experiment.run.learning_rate)
        alike = experiment.run.model_copy(update={"learning_rate": 1.0, "change": ()})
        wanted = (problem, alike, self._decades)
        if wanted == self._asked or why_no_batch(experiment, problem, RATE):
            return
        self._asked = wanted
        rates = rates_between(self._decades)
        size = (experiment.problem.kind, len(problem.rows), experiment.total_steps, experiment.run.optimizer)
        found = self._costs.ask(size, lambda goes_on: costs_by_rate(experiment, problem, rates, goes_on))
        self._found = found or self._found  # at once, as under the hand that drags the start, or later

    def _frame(self) -> None:
        """Fit the ranges to what has been found; they rest while something is dragged."""
        if self._found is None:
            return
        log = self.session.experiment.view.cost_scale == "log"
        rests = self.framing.is_resting and self._axis is not None and self._axis.log_wanted == log
        if not rests:
            axis = axis_of(float(self._found.costs[0, 0]), self._found.costs[-1], log=log)
            if axis != self._axis:
                self._axis = axis
                self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
        assert self._axis is not None
        self.framing.fit(self._decades, self._axis.room)

    def _placed(self, costs: Floats) -> Floats:
        assert self._axis is not None
        costs = np.where(np.isfinite(costs), costs, _BEYOND)
        # What is 0, or as small as rounding, lies below the picture, where no line of 0 stands.
        return np.log10(np.maximum(costs, 1 / _BEYOND)) if self._axis.log else costs

    def _draw_costs(self, item: object, costs: Floats) -> None:
        assert self._found is not None
        path = clip_path(np.column_stack([np.log10(self._found.rates), self._placed(costs)]), self.seen)
        self.draw_line(item, path[:, 0], path[:, 1])

    def _draw_wall(self, experiment: Experiment) -> None:
        limit = self._limit(experiment)
        is_bounded = experiment.run.schedule.is_constant  # else the limit is that of each step's own rate
        if limit is None or not is_bounded or self.session.concealed.hides("limit"):
            self._wall.clear()
            return
        _, _, low, high = self.seen
        self._wall.setData(np.log10([limit[1]] * 2), [low, high])

    def _describe(self, snapshot: Snapshot) -> None:
        experiment = self.session.experiment
        if self._is_concealed:
            self.note.setText("The lines are drawn when the question has been answered")
            return
        parts = [self._axis.note if self._axis is not None else ""]
        if self._found is not None:
            now = min(snapshot.step, self._found.steps)
            parts.append(self.colour("cost", f"━ after {counted(now, 'step')}"))
            if now < self._found.steps:
                parts.append(self.colour("cost", f"─ after {counted(self._found.steps, 'step')}"))
        if self.session.run.rate_changes:
            parts.append("the run has changed its rate")
        if not experiment.run.schedule.is_constant:
            parts.append(f"each by the schedule “{experiment.run.schedule.title}”")
        elif limit := self._limit(experiment):
            symbol = limit[0].replace("max", "<sub>max</sub>")
            parts.append(f"┊ {symbol} = {format_number(limit[1], 4)}")
        parts.append(self.colour("weights", f"● α = {format_number(experiment.run.learning_rate, 4)}"))
        self.note.setText(" &nbsp; ".join(filter(None, parts)))

    @Slot(object)
    def _on_found(self, found: object) -> None:
        self.attempt(self._take, found)

    def _take(self, found: object) -> None:
        if isinstance(found, Exception):
            raise found
        if isinstance(found, CostsByRate):
            self._found = found
            self.redraw()

    @Slot()
    def _on_torch_ready(self) -> None:
        self.redraw()
