"""Is the last 1e-4 noise or alpha? The cost above the minimum at which runs settle, over alpha / B."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt, Slot
from typing_extensions import override

from gdstudio.core.numbers import counted, format_number
from gdstudio.core.sweep.floor_runs import (
    RUNS,
    SMALLEST,
    Decay,
    Floor,
    batch_sizes,
    decay,
    find_floor,
    why_no_decay,
)
from gdstudio.core.training.noise_floor import RowNoise, why_no_floor
from gdstudio.views.plotting.clipping import clip_path
from gdstudio.views.plotting.floor_marks import SETS, FloorMarks, places
from gdstudio.views.plotting.floor_walls import FloorWalls
from gdstudio.views.plotting.floor_words import (
    falling_words,
    how_rows_come,
    limit_words,
    theory_words,
    waiting_words,
)
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import decades
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.core.sweep.floor_runs import Sampling
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

    Task = tuple[str, int, Sampling, float]

_HEADROOM = 30.0
"""The picture ends so many times above the highest floor below the limits."""
_EDGE = 0.03
"""How far from the border, in parts of the height, stands what is beyond it."""
_DRAW_ANEW, _SHUFFLE = "Draw rows anew", "Shuffle epochs"
_MEAN_OF = (f"mean of {RUNS} runs", "begun at the minimum, over the second half of their steps")
_LOW = 320
"""A card lower than so many pixels at 100 % says the half, so that there is room for the plot."""


class NoiseFloor(PlotPanel):
    """Twenty runs for each of about twenty rates and three batch sizes, measured beside the run on screen.

    The button goes from shuffled epochs, as those of the run on screen are, to rows that are drawn anew at
    each step, of which the theory is exact, and back. The large dot is the run on screen, the dashed line one
    whose rate falls.
    """

    kind: ClassVar[str] = "noise_floor"
    title: ClassVar[str] = "Noise floor"
    short_title: ClassVar[str] = "Noise"
    wide_from: ClassVar[int] = 1600
    least_height: ClassVar[int] = 300

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.log = self.left.log = True
        self._walls = FloorWalls(self)
        self._marks = [FloorMarks(self, slot) for slot in range(SETS)]
        self._above = self.dots("text", 11, symbol="x", z=2)
        self._falling = self.curve("text", 2.5, edge=1.5, style=Qt.PenStyle.DashLine, z=3)
        self._fallen = self.dots("text", 13, symbol="d", z=3)
        self._point = self.dots("weights", 15, z=4)
        self.rows_anew = TabFocusButton(_DRAW_ANEW)
        self.rows_anew.setObjectName("rows_anew")
        self.rows_anew.setProperty("pin", True)
        self.rows_anew.clicked.connect(self._on_sampling)
        self.tools.addWidget(self.rows_anew)
        self._aside = Aside(self)
        self._aside.done.connect(self._on_made)
        self._aside.failed.connect(self.broke)
        self._sampling: Sampling = "shuffled"
        self._noise: RowNoise | None = None
        self._floors: dict[Task, Floor] = {}
        self._decays: dict[Task, Decay] = {}
        self._tasks: tuple[Task, ...] = ()
        self._is_busy = False
        self._beyond = 0
        self._shown: tuple[object, ...] | None = None
        session.player.torch_ready.connect(self.redraw)

    @classmethod
    @override
    def offered_in(cls, scene: Scene) -> bool:
        return not why_no_floor(scene.experiment, scene.problem)

    @override
    def begin(self, scene: Scene) -> None:
        if self.scene is None or self.scene.problem is not scene.problem:
            self._aside.forget()
            self._floors, self._decays, self._is_busy, self._noise = {}, {}, False, None
        if self._noise is None and not why_no_floor(scene.experiment, scene.problem):
            self._noise = RowNoise(scene.problem)
        super().begin(scene)
        self._shown = None
        self.set_labels("α / B", "J − min J")

    @override
    def restyle(self) -> None:
        super().restyle()
        self._walls.restyle()
        for marks in self._marks:
            marks.restyle()
        self._shown = None

    @override
    def fit(self) -> None:
        """Show all that is measured again."""
        self._shown = None
        super().fit()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._follow()
        known = tuple(task for task in self._tasks if task in self._floors or task in self._decays)
        looks = self.appearance.theme.name, self.appearance.scale, self.view.size()
        wanted = (self._tasks, known, self._rate(snapshot), self.seen, self.framing.is_resting, looks)
        if wanted != self._shown:  # in most frames the run's own point alone moves
            for axis in (self.bottom, self.left):
                axis.setStyle(showValues=not self._is_concealed)
            self._frame(self._rate(snapshot))
            self._draw_floors()
            self._shown = (*wanted[:3], self.seen, *wanted[4:])
        self._draw_point(snapshot)
        self.note.setText("<br>".join(filter(None, self._words(snapshot))))

    @property
    def _is_concealed(self) -> bool:
        """Whether the marks would give away what a question hides: they say how such runs end."""
        return self.session.concealed.hides_ends

    def _follow(self) -> None:
        """Let what is not known yet of the experiment as it is now be computed, one thing at a time."""
        experiment, noise = self.session.experiment, self._noise
        own = experiment.batch_size
        tasks: list[Task] = []
        if not self._why_nothing() and noise is not None:
            others = (size for size in batch_sizes(noise.rows, own) if size != own)
            tasks = [("floor", size, self._sampling, 0.0) for size in (own, *others)]
            rate = experiment.run.learning_rate
            if not why_no_decay(noise, own, rate):
                tasks.insert(1, ("decay", own, self._sampling, rate))
        self._tasks = tuple(tasks)
        self.rows_anew.setEnabled(bool(tasks))
        self._compute_next()

    def _compute_next(self) -> None:
        known = self._floors.keys() | self._decays.keys()
        task = next((task for task in self._tasks if task not in known), None)
        if task is None or self._is_busy or self._noise is None:
            return
        self._is_busy = True
        noise, training = self._noise, self.session.training

        def goes_on() -> bool:
            return self._noise is noise and task in self._tasks and not training.is_closed

        self._aside.ask(partial(_computed, noise, task, goes_on))

    @Slot(object)
    def _on_made(self, made: tuple[Task, Floor | Decay | None]) -> None:
        self.attempt(self._take, *made)

    def _take(self, task: Task, made: Floor | Decay | None) -> None:
        self._is_busy = False
        if isinstance(made, Floor):
            self._floors[task] = made
        elif isinstance(made, Decay):
            self._decays = {task: made}
        self._compute_next()
        self.redraw()

    @Slot()
    def _on_sampling(self) -> None:
        self._sampling = "anew" if self._sampling == "shuffled" else "shuffled"
        self.rows_anew.setText(_DRAW_ANEW if self._sampling == "shuffled" else _SHUFFLE)
        self.redraw()

    @property
    def _floor_tasks(self) -> list[Task]:
        """The batch sizes that are shown, that of the run first; none while nothing is."""
        return [task for task in self._tasks if task[0] == "floor"]

    @property
    def _decay(self) -> Decay | None:
        return next((self._decays[task] for task in self._tasks if task in self._decays), None)

    def _rate(self, snapshot: Snapshot) -> float:
        """Return the learning rate of the latest step, or of the first where none is made."""
        made = snapshot.learning_rate
        return self.session.experiment.run.learning_rate if made is None else made

    def _frame(self, rate: float) -> None:
        """Fit the ranges to the rates of all batch sizes, and to the floors that are known of them."""
        noise, tasks = self._noise, self._floor_tasks
        if noise is None or not tasks or self.framing.is_resting:
            return
        x = [rate / tasks[0][1], 1.3 * noise.step_limit / tasks[0][1]]
        for _, size, _, _ in tasks:
            limit = noise.mean_square_limit(size)
            x += [SMALLEST * limit / size, min(2 * limit, 1.3 * noise.step_limit) / size]
        y = [noise.slope * min(x), noise.slope * max(x)]
        for floor in (self._floors[task] for task in tasks if task in self._floors):
            y += [*floor.line[:1], *floor.runs.means[floor.runs.rates <= 0.9 * floor.limit]]
        if self._decay is not None:
            x.append(float(self._decay.rates[-1]) / tasks[0][1])
            y += [*self._decay.costs]
        values = np.array([value for value in y if 0 < value < np.inf])
        sides = np.log10(min(x)) - 0.1, np.log10(max(x)) + 0.1
        self.framing.fit(sides, decades(float(values.min()), _HEADROOM * float(values.max())))

    def _draw_floors(self) -> None:
        tasks = self._floor_tasks
        _, (low, high) = self.plot.viewRange()
        above = np.empty((0, 2))
        for i, marks in enumerate(self._marks):
            floor = self._floors.get(tasks[i]) if i < len(tasks) else None
            above = np.vstack([above, marks.draw(floor, high)])
        self._beyond = len(above)
        self._above.setData(above[:, 0], np.full(len(above), high - _EDGE * (high - low)))
        falls_to = self._draw_falling()
        if self._noise is None or not tasks:
            self._walls.clear()
        else:
            self._walls.draw(self._noise, tasks[0][1], falls_to)

    def _draw_falling(self) -> Floats | None:
        """Draw the runs whose rate falls; return the place (2,) that they come to, if there are any."""
        falling = self._decay
        if falling is None:
            self._falling.clear()
            self._fallen.clear()
            return None
        rates = np.append(falling.first_rate, falling.rates)
        costs = np.append(falling.first_cost, falling.costs)
        path = places(rates, costs, self.session.experiment.batch_size)
        self._falling.setData(*clip_path(path, self.seen).T)
        self._fallen.setData(*path[-1:].T)
        return np.asarray(path[-1])

    def _draw_point(self, snapshot: Snapshot) -> None:
        """Draw the run on screen, as a triangle at the border where it is beyond the picture."""
        if self._noise is None or not self._tasks:
            self._point.clear()
            return
        _, (low, high) = self.plot.viewRange()
        rate, cost = np.array([self._rate(snapshot)]), self._own(snapshot)[:1]
        place = places(rate, cost, self.session.experiment.batch_size)
        symbol = "t1" if place[0, 1] > high else "t" if place[0, 1] < low else "o"
        edge = _EDGE * (high - low)
        self._point.setSymbol(symbol)
        self._point.setData(place[:, 0], place[:, 1].clip(low + edge, high - edge))

    def _own(self, snapshot: Snapshot) -> Floats:
        """Return the mean cost above the minimum in the run's last epoch, and of how many steps it is."""
        assert self._noise is not None
        per_epoch = self.session.experiment.steps_per_epoch
        last = snapshot.steps > max(0, snapshot.step - per_epoch)
        last[-1] = True
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self._noise.above_minimum(snapshot.weights[last]).mean()
        return np.array([np.inf if np.isnan(mean) else mean, last.sum()])

    def _why_nothing(self) -> str:
        """Return why no runs are made; empty where they are."""
        if self.scene is None:
            return "…"
        if why := why_no_floor(self.session.experiment, self.scene.problem):
            return f"There is no noise floor to show: {why}."
        if self._is_concealed:
            return "The runs are drawn when the question has been answered."
        if not self.session.player.has_torch:
            return "The runs are made as soon as torch is loaded."
        if self._noise is not None and self._noise.is_exact_fit:
            return "Every row fits exactly at the minimum: batches agree there, and no floor stands."
        return ""

    def _words(self, snapshot: Snapshot) -> list[str]:
        """Return what is said, line by line."""
        nothing, noise = self._why_nothing(), self._noise
        if nothing or noise is None:
            return [nothing]
        size = self.session.experiment.batch_size
        median = "○ median run" if any(len(marks.medians.data) for marks in self._marks) else ""
        above = f"✕ {counted(self._beyond, 'mean')} above" if self._beyond else ""
        lines = [
            self._legend(),
            [*theory_words(self._sampling), median, above, waiting_words(noise, size)],
            limit_words(noise, size, self._sampling),
            [self.colour("weights", self._own_words(snapshot)), *self._falling_words(noise)],
        ]
        if self.height() < self.appearance.pixels(_LOW):
            lines = [lines[0], lines[-1]]
        return [" &nbsp; ".join(filter(None, line)) for line in lines]

    def _legend(self) -> list[str]:
        tasks = self._floor_tasks
        sizes = [marks.in_words(f"B = {task[1]}") for marks, task in zip(self._marks, tasks, strict=False)]
        waits = any(task not in self._floors for task in tasks)
        return [f"{how_rows_come(self._sampling)}:", *sizes, "measuring …" if waits else "", *_MEAN_OF]

    def _falling_words(self, noise: RowNoise) -> list[str]:
        falling, run = self._decay, self.session.experiment
        if falling is not None:
            return falling_words(falling)
        why = why_no_decay(noise, run.batch_size, run.run.learning_rate)
        return [f"no falling rate is tried: {why}" if why else ""]

    def _own_words(self, snapshot: Snapshot) -> str:
        cost, steps = self._own(snapshot).tolist()
        per_epoch = self.session.experiment.steps_per_epoch
        when = "now" if steps == 1 else "so far" if snapshot.step < per_epoch else "last epoch"
        return f"● run, {when}: {format_number(cost, 3)}"


def _computed(noise: RowNoise, task: Task, goes_on: Callable[[], bool]) -> tuple[Task, Floor | Decay | None]:
    kind, size, sampling, rate = task
    if kind == "floor":
        return task, find_floor(noise, size, sampling, goes_on)
    return task, decay(noise, size, sampling, rate, goes_on)
