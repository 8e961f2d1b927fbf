"""Where each start ends: the starts of a picture coloured by the minimum that their runs reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.sweep.basins import MOST_STEPS, Basins, basins_of, why_no_basins
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.basin_colours import coloured, legend
from gdstudio.views.plotting.click_start import ClickStart
from gdstudio.views.plotting.clipping import FARTHEST, beyond_words, clip_path
from gdstudio.views.plotting.cost_map import CostMap, covers, grown
from gdstudio.views.plotting.guess_marker import GuessMarker, resolved
from gdstudio.views.plotting.plane import finite_or_nan
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import half_width_around, height_of
from gdstudio.views.plotting.start_marker import StartMarker
from gdstudio.views.plotting.thinning import evenly
from gdstudio.views.plotting.trail import Trail
from gdstudio.worker.newest import Newest

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.clipping import View
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_TRAIL = 600
_POINTS = 401
"""So many starts are tried of one weight."""
_COARSE, _FINE = 41, 121
"""So many starts are tried along each side of a picture of two weights: at first, and then."""
_AFFORDABLE = 12_000_000
"""So many steps of all the runs together the fine picture takes at most."""
_FARTHEST_START = 64.0
"""How many times as far as the problem's own picture goes a start may be, and is still shown."""
_STALE = 0.25
"""How much of the colours is seen while others are computed."""


class BasinPlot(PlotPanel):
    """A run for each start of the picture, all of them trained as one batch beside the run on screen.

    Of one weight the colours stand behind the curve of the cost, of two behind its level lines. Rounding
    grows where runs leap to and fro over a border, so that there a single run may end elsewhere.
    """

    kind: ClassVar[str] = "basins"
    title: ClassVar[str] = "Where each start ends"
    short_title: ClassVar[str] = "Basins"
    wide_from: ClassVar[int] = 1100

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setZValue(-2.5)
        self.plot.addItem(self._image)
        self._levels = CostMap(self)
        self._levels.image.hide()
        self._curve = self.curve("cost", 3.0, smooth=True, still=True, connect="finite")
        self._least = self.dots("text", 12, symbol="x", z=1)
        self._trail = Trail(self)
        self._start = StartMarker(self, "Drag to start from elsewhere")
        self._start.moved.connect(self._start_from)
        self._guess = GuessMarker(self, self._place_of, self._weights_of)
        ClickStart(self, self._start).clicked.connect(self._start_from)
        self._point = self.dots("weights", 14, z=6)
        self._half = 0.0
        self._found: Basins | None = None
        self._found_in: View | None = None
        self._asked: tuple[object, ...] | None = None
        self._colours_of: tuple[object, ...] | None = None
        self._is_fine = False
        self._drawn: tuple[object, ...] | None = None
        self._costs_of: tuple[object, ...] | None = None
        self._newest = Newest(lambda: session.training.is_closed, self)
        self._newest.done.connect(self._on_found)
        self.framing.settled.connect(self.redraw)
        session.player.torch_ready.connect(self.redraw)

    @classmethod
    @override
    def offered_in(cls, scene: Scene) -> bool:
        return scene.problem.viewpoint is not None and not why_no_basins(scene.experiment, scene.problem)

    @override
    def begin(self, scene: Scene) -> None:
        if self.is_other_data(scene):
            self._found = self._asked = self._found_in = self._costs_of = None
            self._half = 0.0
            self.framing.let_go()  # what was seen of another function says nothing of this one
        super().begin(scene)
        names = [symbol(name) for name in scene.problem.weight_names]
        self._is_plane = len(names) == 2
        self._curve.setVisible(not self._is_plane)
        self._levels.lines.setVisible(self._is_plane)
        self.set_labels(
            f"weight {names[0]}", f"weight {names[1]}" if self._is_plane else f"cost J({names[0]})"
        )

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or not self._is_offered:
            return
        self._frame(snapshot)
        self._ask()
        self._draw_colours()
        path = self._placed(evenly(snapshot.weights, _TRAIL))
        self._trail.show(clip_path(path, self.seen, farthest=FARTHEST), path, count=snapshot.step)
        self._point.setData(*np.clip(path[-1:], -FARTHEST, FARTHEST).T)
        self._start.put(*np.clip(path[0], -FARTHEST, FARTHEST).tolist())
        self._guess.draw()
        self._describe(snapshot)

    @override
    def restyle(self) -> None:
        super().restyle()
        for part in (self._start, self._trail, self._levels):
            part.restyle()
        self._drawn = None

    @override
    def fit(self) -> None:
        """Show the problem's own picture, and the start."""
        self._half = 0.0
        super().fit()

    @property
    def _is_offered(self) -> bool:
        """Whether starts can be tried now; a setting that is no part of the scene may have changed that."""
        assert self.scene is not None
        return not why_no_basins(self.session.experiment, self.scene.problem)

    @property
    def _is_concealed(self) -> bool:
        """Whether the colours would give away what a question hides: they say how each run ends."""
        hides = self.session.concealed.hides("weights", "cost", "move", "direction", "limit")
        return hides or self.session.guess.is_wanted

    @property
    def _region(self) -> View:
        """What is seen: left, right, low and high."""
        (left, right), (low, high) = self._box.viewRange()
        return left, right, low, high

    def _frame(self, snapshot: Snapshot) -> None:
        """Show the problem's own picture, wider where the start lies beside it; it rests under the hand."""
        assert self.scene is not None
        view = self.scene.problem.viewpoint
        assert view is not None  # or the panel would not be offered
        away = float(np.abs(snapshot.weights[0] - view.centre).max())
        least = view.half_width
        half = half_width_around(0.0, away, least) if away <= _FARTHEST_START * least else least
        if self._half and (self.framing.is_resting or self._half >= half):
            half = self._half
        is_other, self._half = half != self._half, half
        if self._is_plane:
            (x, y) = view.centre
            self.framing.fit((x - half, x + half), (y - half, y + half))
            self._levels.cover(self.scene.problem, view, afresh=is_other or self._found is None)
            return
        self._draw_curve(float(view.centre[0]), half)

    def _draw_curve(self, centre: float, half: float) -> None:
        """Draw the cost over the one weight; where it is not finite the curve has a gap."""
        assert self.scene is not None
        low, high = self._region[:2] if self.framing.by_hand else (centre - half, centre + half)
        seen = self._region if self.framing.by_hand else None
        costs_of = (self.scene.experiment.problem, self.scene.experiment.run.seed, low, high, seen)
        if costs_of == self._costs_of:
            return
        self._costs_of = costs_of
        weights = np.linspace(low, high, _POINTS)
        with np.errstate(all="ignore"):
            costs = finite_or_nan(self.scene.problem.cost_at(weights[:, None]))
        least, most = height_of(costs)
        room = 0.06 * (most - least or 1.0)
        self.framing.fit((low, high), (least - room, most + room))
        points = clip_path(np.column_stack([weights, costs]), self.seen)
        self._curve.setData(points[:, 0], points[:, 1])

    def _ask(self) -> None:
        """Let the basins be computed, where they are not those of the experiment and the picture as it is."""
        if self.scene is None or not self.session.player.has_torch:
            return
        experiment = self.session.experiment
        alike = experiment.run.model_copy(update={"change": (), "initial_weights": None})
        wanted = (experiment.problem, alike)
        is_covered = self._found_in is not None and covers(self._found_in, self._sides())
        if wanted == self._asked and is_covered:
            return
        self._asked, self._is_fine = wanted, False
        self._found_in = grown(self._sides())
        self._compute(_COARSE if self._is_plane else _POINTS)

    def _sides(self) -> View:
        """Return what is seen; of one weight, only left and right count."""
        left, right, low, high = self._region
        return (left, right, low, high) if self._is_plane else (left, right, 0.0, 0.0)

    def _compute(self, count: int) -> None:
        """Try so many starts along each side, in a thread of its own."""
        assert self.scene is not None
        assert self._found_in is not None
        experiment, problem = self.session.experiment, self.scene.problem
        starts, half = _grid(self._found_in, count, is_plane=self._is_plane), self._half
        self._newest.ask(lambda goes_on: basins_of(experiment, problem, starts, half, goes_on))

    def _fine_count(self) -> int:
        steps = min(self.session.experiment.total_steps, MOST_STEPS)
        return min(_FINE, int((_AFFORDABLE / steps) ** 0.5))

    def _draw_colours(self) -> None:
        if self._found is None or self._is_concealed:
            self._image.hide()
            self._least.clear()
            self._drawn = None
            return
        self._image.show()
        self._image.setOpacity(1.0 if self._is_current else _STALE)
        drawn = (self._found, self._region if not self._is_plane else None)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        starts = self._found.starts
        across = np.unique(starts[:, 0])
        up = np.unique(starts[:, 1]) if self._is_plane else np.zeros(1)
        table = self._found.basin.reshape(len(up), len(across))
        self._image.setImage(coloured(self.appearance.theme, table, len(self._found.minima)), levels=(0, 255))
        wide = across[1] - across[0]
        bottom, top = (up[0], up[-1]) if self._is_plane else self._region[2:]
        tall = up[1] - up[0] if self._is_plane else 0.0
        self._image.setRect(
            QRectF(across[0] - wide / 2, bottom - tall / 2, len(across) * wide, top - bottom + tall)
        )
        self._least.setData(*self._placed(self._found.minima).T)

    @property
    def _is_current(self) -> bool:
        """Whether the colours are those of the experiment as it is now."""
        return self._asked is not None and self._colours_of == self._asked

    def _placed(self, weights: Floats) -> Floats:
        """Return where weights (k, P) lie in the picture: (k, 2)."""
        if self._is_plane:
            return weights
        assert self.scene is not None
        with np.errstate(all="ignore"):
            return np.column_stack([weights[:, 0], self.scene.problem.cost_at(weights)])

    def _describe(self, snapshot: Snapshot) -> None:
        if self._is_concealed:
            self.note.setText("The colours are drawn when the question has been answered")
            return
        assert self.scene is not None
        view = self.scene.problem.viewpoint
        assert view is not None
        parts = [beyond_words(snapshot.weights, snapshot.steps, view.centre)]
        if self._found is not None and self._is_current:
            parts.append(legend(self.appearance.theme, self._found, self._half))
        else:
            parts.append(
                f"Trying the starts with α = {format_number(self.session.experiment.run.learning_rate, 4)}"
            )
        if self.session.run.rate_changes:
            parts.append("the run has changed its rate")
        text = " &nbsp; ".join(filter(None, parts))
        if text != self.note.text():
            self.note.setText(text)

    @Slot(float, float)
    def _start_from(self, x: float, y: float) -> None:
        self.session.edit({"run.initial_weights": self._weights_of(x, y, (0.01, 0.01))})

    def _place_of(self, weights: tuple[float, ...]) -> tuple[float, float]:
        x, y = self._placed(np.array([weights]))[0].tolist()
        return x, y

    def _weights_of(self, x: float, y: float, pixel: tuple[float, float]) -> tuple[float, ...]:
        both = resolved(x, pixel[0]), resolved(y, pixel[1])
        return both if self._is_plane else both[:1]

    @Slot(object)
    def _on_found(self, found: object) -> None:
        self.attempt(self._take, found)

    def _take(self, found: object) -> None:
        if isinstance(found, Exception):
            raise found
        if not isinstance(found, Basins):
            return
        self._found, self._colours_of = found, self._asked
        if self._is_plane and not self._is_fine and self._fine_count() > _COARSE:
            self._is_fine = True
            self._compute(self._fine_count())
        self.redraw()


def _grid(region: View, count: int, *, is_plane: bool) -> Floats:
    """Return starts (R, P) all over a region, row by row: so many along each side."""
    left, right, low, high = region
    across = np.linspace(left, right, count)
    if not is_plane:
        return across[:, None]
    grid: Floats = np.stack(np.meshgrid(across, np.linspace(low, high, count)), axis=-1).reshape(-1, 2)
    return grid
