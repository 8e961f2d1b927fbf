"""A slice of the cost surface along the path: the two directions in which the weights have moved the most."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Slot
from typing_extensions import override

from gdstudio.core.numbers import format_count, format_fixed
from gdstudio.core.training.path_slice import LEAST_PLACES, PathSlice
from gdstudio.views.plotting.cost_map import CostMap
from gdstudio.views.plotting.plane import grid
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.thinning import evenly
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_PLACES = 300
"""So many of the weights seen are looked at, and drawn."""
_CELLS = 40
"""Cells of the map along the shorter side of what is seen."""
_PREDICTIONS = 4_000_000
"""Of many rows the map is coarser, so that so many predictions are made for it at most."""
_MORE = 1.25
"""While a run goes on, another slice is made when it has so many times as many steps."""
_PAD = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class _Map:
    """A slice, what is seen of it, and the costs there; of which problem it is."""

    problem: Problem
    slice: PathSlice
    view: View
    xs: Floats
    ys: Floats
    costs: Floats


class PathSlicePanel(PlotPanel):
    """The cost over a plane through the latest weights, and the path, as far as it lies above that plane.

    It is computed beside the run. While that goes on, the plane is now and then another one.
    """

    kind: ClassVar[str] = "path_slice"
    title: ClassVar[str] = "Cost along the path"
    short_title: ClassVar[str] = "Slice"
    wide_from: ClassVar[int] = 880

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._map = CostMap(self)
        self._path = self.curve("weights", 3.0, edge=1.5, z=2)
        self._begin = self.dots("weights", 10, hollow=True, z=3)
        self._point = self.dots("weights", 14, z=4)
        self.plot.setAspectLocked(True)
        self._made: _Map | None = None
        self._asked: tuple[object, int] | None = None
        self._aside = Aside(self)
        self._aside.done.connect(self._on_done)
        self._aside.failed.connect(self.broke)
        session.player.torch_ready.connect(self.redraw)
        session.player.state_changed.connect(self.redraw)
        self.set_labels("along the first direction", "along the second")

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return problem.layers is not None and len(problem.weight_names) > 2

    @override
    def begin(self, scene: Scene) -> None:
        super().begin(scene)
        self._aside.forget()
        self._asked = self._made = None

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        self._ask(snapshot)
        if self._made is None:
            for item in (self._path, self._begin, self._point):
                item.setData([], [])
            self._map.clear()
            self.note.setText(self._waiting(snapshot))
            return
        kept = evenly(np.arange(float(len(snapshot.steps))), _PLACES).astype(np.int64)
        places = self._made.slice.place(snapshot.weights[kept])
        self.draw_line(self._path, places[:, 0], places[:, 1])
        self._begin.setData(places[:1, 0], places[:1, 1])
        self._point.setData(places[-1:, 0], places[-1:, 1])

    @override
    def restyle(self) -> None:
        super().restyle()
        self._map.restyle()

    @override
    def fit(self) -> None:
        """Show the whole path again."""
        self._asked = None
        super().fit()

    def _ask(self, snapshot: Snapshot) -> None:
        """Let another slice be made where the one shown is of too long ago."""
        assert self.scene is not None
        if not self.session.player.has_torch or len(snapshot.steps) < LEAST_PLACES:
            return
        wanted = (self.scene.problem, snapshot.step)
        made, playing = self._made, self.session.player.is_playing
        latest = self._asked[1] if self._asked is not None else -1
        if latest == snapshot.step or (playing and 0 <= latest <= snapshot.step < _MORE * latest + 1):
            return
        self._asked = wanted
        kept = evenly(np.arange(float(len(snapshot.steps))), _PLACES).astype(np.int64)
        before = made.slice if made is not None else None
        ratio = max(self._box.width(), 1.0) / max(self._box.height(), 1.0)
        path = np.array(snapshot.weights[kept])
        self._aside.ask(partial(_made, self.scene.problem, path, snapshot.step, before, ratio))

    @Slot(object)
    def _on_done(self, made: object) -> None:
        self.attempt(self._take, made)

    def _take(self, made: object) -> None:
        if self.scene is None or not isinstance(made, _Map) or made.problem is not self.scene.problem:
            return
        self._made = made
        left, right, low, high = made.view
        self.framing.fit((left, right), (low, high))
        self._map.show(made.xs, made.ys, made.costs, None, made.view)
        self._describe(made.slice)
        self.redraw()

    def _describe(self, made: PathSlice) -> None:
        first, second = (100 * share for share in made.shares)
        shares = f"{format_fixed(first, 1)} % + {format_fixed(second, 1)} % of the variance"
        points = self.colour("weights", "━ path ○ start ● now")
        self.note.setText(f"{points} &nbsp; plane through step {format_count(made.step)}<br>{shares}")

    def _waiting(self, snapshot: Snapshot) -> str:
        few = len(snapshot.steps) < LEAST_PLACES
        return "The slice is made when a few steps have been made" if few else "measuring …"


def _made(problem: Problem, path: Floats, step: int, before: PathSlice | None, ratio: float) -> _Map | None:
    """Make a slice and its costs; ``ratio`` is that of the picture's width to its height."""
    made = PathSlice.through(path, step, before)
    if made is None:
        return None
    view = _view(made.place(path), ratio)
    cells = min(_CELLS, int((_PREDICTIONS / max(1, len(problem.rows)) / max(ratio, 1 / ratio)) ** 0.5))
    cell = min(view[1] - view[0], view[3] - view[2]) / max(cells, 8)
    xs, ys = grid(view, cell)
    return _Map(problem, made, view, xs, ys, made.costs(problem, xs, ys))


def _view(places: Floats, ratio: float) -> View:
    """Return what to look at: all places, with room around them, in a picture of this shape."""
    low, high = places.min(axis=0), places.max(axis=0)
    middle, half = (low + high) / 2, (0.5 + _PAD) * (high - low)
    across = max(float(half[0]), ratio * float(half[1]), 1e-6)
    up = across / ratio
    return middle[0] - across, middle[0] + across, middle[1] - up, middle[1] + up
