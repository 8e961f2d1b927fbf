"""A race by its costs: the cost of each contestant over the gradient evaluations that it has spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from typing_extensions import override

from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.race_panel import RacePanel
from gdstudio.views.plotting.ranges import WHOLE_STEPS, length_ahead
from gdstudio.views.plotting.thinning import thin_to_columns

if TYPE_CHECKING:
    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_HIGHEST = 1e3
"""A line is followed up to so many times the cost at the start; above, it is cut."""
_COLUMNS, _MARKS = 400, 10
_LEAST_WIDTH = 300
"""The least width, in pixels at 100 %, of a plot with the standing and its costs beside it."""
_LEAST_BESIDE_NAMES = 150
"""The same with names alone; where there is less, the key gives way: the other picture has one."""
_ANY_WIDTH = (1 << 24) - 1  # Qt's own limit
_LEAST_HEIGHT = 280
"""The least height, in pixels at 100 %, of the rest of a card with the standing below the plot."""


class RaceCosts(RacePanel):
    """Full training costs, whatever the batches are; the standing is beside them, or below them."""

    kind: ClassVar[str] = "race_costs"
    title: ClassVar[str] = "Race: cost by gradient evaluations"
    short_title: ClassVar[str] = "Race: J"
    wide_from: ClassVar[int] = 1400

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance, with_costs=True)
        self.bottom.whole = True
        self._axis: CostAxis | None = None
        self._length = 0.0
        self._is_cut = False

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._axis = None
        self.set_labels("gradient evaluations", "cost J")

    @override
    def prepare(self, view: RaceView, snapshot: Snapshot) -> None:
        log = self.session.experiment.view.cost_scale == "log"
        top = _HIGHEST * abs(view.start_cost) if view.start_cost else np.inf
        seen = [costs[costs <= top] for costs in (_costs(one) for one in view.standings)]
        self._is_cut = any(one.cost > top for one in view.standings)
        axis = CostAxis.around(np.concatenate([np.array([view.start_cost]), *seen]), log=log)
        if self._axis is not None and self._axis.log_wanted == log:
            axis = self._axis.joined(axis)
        length = length_ahead(view.budget, view.clock, whole_up_to=WHOLE_STEPS)
        if axis != self._axis or length != self._length:
            self._axis, self._length = axis, length
            self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
            self.framing.fit((-0.02 * length, 1.02 * length), axis.room)

    @override
    def points_of(self, standing: Standing) -> tuple[Floats, Floats]:
        assert self._axis is not None
        known = np.isfinite(standing.way.costs)
        known[-1] = True
        x, y = standing.way.evaluations[known], self._axis.place(_costs(standing))
        path = clip_path(np.column_stack(thin_to_columns(x, y, _COLUMNS)), self.seen)
        return path[:, 0], path[:, 1]

    @override
    def marks_of(self, standing: Standing) -> tuple[Floats, Floats]:
        assert self._axis is not None
        way, wanted = standing.way, np.arange(0.0, self._length, self._length / _MARKS)
        rows = np.unique(np.searchsorted(way.evaluations, wanted))
        rows = rows[rows < len(way.steps) - 1]  # the last one is where it is now
        rows = rows[np.isfinite(way.costs[rows])]
        x, y = way.evaluations[rows], self._axis.place(way.costs[rows])
        seen = (y >= self.seen[2]) & (y <= self.seen[3])
        return x[seen], y[seen]

    @override
    def remark(self, view: RaceView) -> str:
        assert self._axis is not None
        cut = "lines are cut above 1,000 times the start" if self._is_cut else ""
        return " &nbsp; ".join(filter(None, [self._axis.note, cut]))

    @override
    def fit(self) -> None:
        """Show all that there is, no more."""
        self._axis = None
        super().fit()

    @override
    def arrange_key(self) -> None:
        pixels, key = self.appearance.pixels, self.key
        key.show_costs(shown=True)
        is_wide = self.width() >= key.column_width + pixels(_LEAST_WIDTH)
        below = not is_wide and self.height() >= key.heightForWidth(self.width()) + pixels(_LEAST_HEIGHT)
        key.show_costs(shown=is_wide or below)  # in a small card the order alone tells who is ahead
        key.setVisible(is_wide or below or self.width() >= key.column_width + pixels(_LEAST_BESIDE_NAMES))
        self.put_below(below=below)
        key.setMinimumWidth(0 if below else key.column_width)
        key.setMaximumWidth(_ANY_WIDTH if below else key.column_width)
        key.fit()


def _costs(standing: Standing) -> Floats:
    """Return the full costs that are known, that of now among them."""
    costs = standing.way.costs
    known = np.isfinite(costs)
    known[-1] = True
    found = costs[known]
    found[-1] = standing.cost
    return found
