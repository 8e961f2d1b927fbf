"""The learning rate of every step: what has been made with it, and what is to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from typing_extensions import override

from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.settings.rates import rates_after
from gdstudio.core.training.stopping import step_limit
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import WHOLE_STEPS, length_ahead

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_MOST_POINTS = 2000
_FEW_STEPS = 40
"""Up to so many steps each rate has a point of its own."""


class LearningRate(PlotPanel):
    """The rate of each step over its number, solid as far as the run has come, dashed from there on.

    A rate that is changed by hand scales what is to come. Where 2/L bounds the rate of one step, it is drawn
    where it lies in the picture: a step above it leads away from the minimum, and one below it does not.
    """

    kind: ClassVar[str] = "learning_rate"
    title: ClassVar[str] = "Learning rate at each step"
    short_title: ClassVar[str] = "Rate"
    x_label: ClassVar[str] = "step"
    y_label: ClassVar[str] = "learning rate α"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._limit = self.curve("muted", 1.5, style=Qt.PenStyle.DotLine, z=-1)
        self._ahead = self.curve("text", 1.5, style=Qt.PenStyle.DashLine)
        self._made = self.curve("text", 3.0, z=1)
        self._few = self.dots("text", 7, z=1)
        self._latest = self.dots("text", 13, z=2)
        self._steps = self._top = 0.0

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._steps = self._top = 0.0
        self.bottom.setStyle(showValues=not self.session.concealed.hides("updates"))

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        experiment, step = self.session.experiment, snapshot.step
        wanted = length_ahead(experiment.total_steps, step, whole_up_to=WHOLE_STEPS)
        self._steps = max(self._steps, wanted)
        numbers = _numbers(self._steps, step)
        rates = self._rates_of(numbers)
        self._top = max(self._top, float(rates.max()))
        self.framing.fit((-0.02 * self._steps, 1.02 * self._steps), (0.0, 1.08 * self._top))
        now = max(1, step)
        made, ahead = numbers <= step, numbers >= now
        self.draw_course(self._made, numbers[made], rates[made])
        self.draw_course(self._ahead, numbers[ahead], rates[ahead])
        few = made if np.count_nonzero(made) <= _FEW_STEPS else made & False
        self._few.setData(numbers[few], rates[few])
        self._latest.setData([now], [float(rates[numbers == now][0])])
        limit = self._limit_of(experiment)
        self._limit.setData([0, self._steps], [limit[1]] * 2) if limit is not None else self._limit.clear()
        self._describe(now, float(rates[numbers == now][0]), limit)

    def _rates_of(self, numbers: Floats) -> Floats:
        """Return the rates of steps by their numbers (m,), those changed on the way and planned included."""
        run = self.session.run
        return rates_after(run.first_experiment, numbers - 1, run.rate_changes)

    def _limit_of(self, experiment: Experiment) -> tuple[str, float] | None:
        """Return the symbol and the value of the limit of a step's rate, if it is known and in sight."""
        assert self.scene is not None
        limit = step_limit(experiment, self.scene.problem)
        if limit is None or self.session.concealed.hides("limit"):
            return None
        return (limit.symbol, limit.value) if limit.value <= 1.08 * self._top else None

    def _describe(self, now: int, rate: float, limit: tuple[str, float] | None) -> None:
        experiment = self.session.experiment
        name = "α" if experiment.run.schedule.is_constant else "αₜ"
        step = "?" if self.session.concealed.hides("updates") else format_count(now)
        rate_now = self.colour("text", f"● step {step}: {name} = {format_number(rate, 4)}")
        parts = [rate_now, "━ made", "╌ to come"]
        if limit is not None:
            symbol = limit[0].replace("max", "<sub>max</sub>")
            parts.append(f"┊ {symbol} = {format_number(limit[1], 4)}")
        self.note.setText(" &nbsp; ".join(parts))

    @override
    def fit(self) -> None:
        """Show the whole run again, no more."""
        self._steps = self._top = 0.0
        super().fit()


def _numbers(steps: float, step: int) -> Floats:
    """Return the numbers of steps to draw, ascending: all of few, the latest and the next among them."""
    last = max(1.0, steps)
    spread = np.round(np.linspace(1.0, last, min(int(last), _MOST_POINTS)))
    here = np.clip(np.array([step, step + 1.0]), 1.0, last)
    return np.unique(np.concatenate([spread, here]))
