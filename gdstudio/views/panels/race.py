"""A race over two weights: the paths of several optimizers from one start, on the map of J."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from typing_extensions import override

from gdstudio.core.problems.viewpoint import Viewpoint
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.click_start import ClickStart
from gdstudio.views.plotting.clipping import FARTHEST, clip_path
from gdstudio.views.plotting.cost_map import CostMap
from gdstudio.views.plotting.plane import NOT_A_NUMBER, has_plane, others_at
from gdstudio.views.plotting.race_panel import RacePanel
from gdstudio.views.plotting.ranges import half_width_around
from gdstudio.views.plotting.start_marker import StartMarker
from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_TRAIL = 300
_FLATTEST = 0.2
_MARKED = 2.0 ** np.arange(20)
"""After so many steps a path has a mark."""
_LEAST_HEIGHT, _LEAST_BESIDE_COSTS = 280, 400
"""The least height, in pixels at 100 %, of a card with a key below its picture: alone, and where the other
picture of the race has one, too."""


class RaceOnContour(RacePanel):
    """A map of J over the first two weights, and the path of each contestant, cut at the border.

    The picture is that of the problem, wider where the start lies beside it; it stays while all run.
    """

    kind: ClassVar[str] = "race"
    title: ClassVar[str] = "Race over two weights"
    short_title: ClassVar[str] = "Race"
    wide_from: ClassVar[int] = 1400

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance, with_costs=False)
        self._map = CostMap(self)
        self._least = self.dots("truth", 16, symbol="x", z=1)
        self._start = StartMarker(self, "Drag, or click elsewhere, to start all from other weights")
        self._start.moved.connect(self._start.start_from)
        self.plot.setAspectLocked(True)
        self._half = 0.0
        self._is_new = True
        self._looked = Viewpoint(np.zeros(2), 1.0)
        ClickStart(self, self._start).clicked.connect(self._start.start_from)
        self.put_below(below=True)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return has_plane(problem)

    @override
    def begin(self, scene: Scene) -> None:
        if self.is_other_data(scene):
            self._half = 0.0
        super().begin(scene)
        self._is_new = True
        looked = scene.problem.viewpoint
        assert looked is not None  # or the panel would not be offered
        self._looked = looked
        minima = scene.problem.minima
        self._least.setData(minima[:, 0], minima[:, 1])
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        self.set_labels(f"weight {first}", f"weight {second}")

    @override
    def prepare(self, view: RaceView, snapshot: Snapshot) -> None:
        assert self.scene is not None
        looked = self._looked
        half, (x, y) = self._half_width(looked, snapshot), looked.centre[:2]
        if self._half and (self.framing.is_resting or self._half >= half):
            half = self._half
        is_other, self._half = half != self._half or self._is_new, half
        self._is_new = False
        up = half * self._flatness
        self.framing.fit((x - half, x + half), (y - up, y + up))
        self._map.cover(self.scene.problem, looked, afresh=is_other)
        self._start.put(*np.clip(snapshot.weights[0, :2], -FARTHEST, FARTHEST).tolist())

    @property
    def _flatness(self) -> float:
        """How high the plot is, in parts of its width: the weights have one scale on both axes."""
        return max(float(self._box.height() / (self._box.width() or 1.0)), _FLATTEST)

    def _half_width(self, looked: Viewpoint, snapshot: Snapshot) -> float:
        """Return how far the picture goes across: it shows the start and the minima that are near."""
        assert self.scene is not None
        minima = self.scene.problem.minima[:, :2]
        away = np.abs(np.concatenate([snapshot.weights[:1, :2], minima]) - looked.centre[:2])
        away[1:] = away[1:].clip(max=looked.half_width)
        needed = max(float(away[:, 0].max()), float(away[:, 1].max()) / self._flatness)
        return half_width_around(0.0, needed, looked.half_width)

    @override
    def points_of(self, standing: Standing) -> tuple[Floats, Floats]:
        path = clip_path(evenly(standing.way.weights[:, :2], _TRAIL), self.seen, farthest=FARTHEST)
        return path[:, 0], path[:, 1]

    @override
    def marks_of(self, standing: Standing) -> tuple[Floats, Floats]:
        rows = np.searchsorted(standing.way.steps, _MARKED)  # the early steps are the long ones
        places = standing.way.weights[rows[rows < len(standing.way.steps)], :2]
        left, right, low, high = self.seen
        seen = (places >= (left, low)).all(axis=1) & (places <= (right, high)).all(axis=1)
        return places[seen, 0], places[seen, 1]

    @override
    def remark(self, view: RaceView) -> str:
        assert self.scene is not None
        gap = NOT_A_NUMBER if self._map.has_gap else ""
        return " · ".join(filter(None, [others_at(self.scene.problem, "map"), gap]))

    @override
    def fit(self) -> None:
        """Show the problem's own picture again."""
        self._half = 0.0
        super().fit()

    @override
    def restyle(self) -> None:
        super().restyle()
        for part in (self._map, self._start):
            part.restyle()

    @override
    def arrange_key(self) -> None:
        least = _LEAST_BESIDE_COSTS if self.beside_it else _LEAST_HEIGHT
        self.key.setVisible(self.height() >= self.appearance.pixels(least))
        self.key.fit()
