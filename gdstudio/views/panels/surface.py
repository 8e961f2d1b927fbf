"""J over two weights as a surface that can be turned, with the contour's path and point on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol
from gdstudio.core.training.next_move import next_move
from gdstudio.views.plotting.clipping import FARTHEST, beyond_words, clip_path
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.plotting.plane import NOT_A_NUMBER, has_plane, others_at
from gdstudio.views.plotting.ranges import Reach
from gdstudio.views.plotting.surface3d.heights import Heights, heights
from gdstudio.views.plotting.surface3d.marks import Marks
from gdstudio.views.plotting.surface3d.opengl import canvas
from gdstudio.views.plotting.thinning import evenly
from gdstudio.views.widgets.pointer_hold import PointerHold

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.training.phases import PhaseFact
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.surface3d.view import SurfaceView
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

WITHOUT = "No OpenGL here, so the surface cannot be drawn; the contour shows the same."
_TRAIL = 300
_OUTSIDE = 1e140  # far outside of every box; the squares of larger weights would overflow


class Surface(Panel):
    """A box with J as the height over the first two weights; any others are held at the minimum."""

    kind: ClassVar[str] = "surface"
    title: ClassVar[str] = "Cost as a surface"
    short_title: ClassVar[str] = "Surface"
    least_height: ClassVar[int] = 195  # no axes

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._marks = Marks(appearance)
        self._reach = Reach()
        self._centre: Floats = np.zeros(2)
        self._heights: Heights | None = None
        self._others = self._beyond = ""
        self._view: SurfaceView | None = None
        self._hold = PointerHold(self)
        self._hold.released.connect(self.redraw)
        drawn_on = canvas()
        if drawn_on is None:
            self.missing = QLabel(WITHOUT)
            self.missing.setProperty("role", "muted")
            self.missing.setWordWrap(True)
            self.missing.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body(self.missing)
            return
        from gdstudio.views.plotting.surface3d.view import SurfaceView  # imports OpenGL

        self._view = SurfaceView(drawn_on, self._marks)
        self._view.setAccessibleName(self.title)
        self._view.setAccessibleDescription("Drag turns the surface, the wheel zooms")
        self.body(self._view)

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return has_plane(problem)

    @override
    def begin(self, scene: Scene) -> None:
        view = scene.problem.viewpoint
        assert view is not None  # or the surface would not be offered
        self._centre = view.centre[:2]
        rests = self.scene is not None and self._hold.is_held()  # the box keeps its size while data are moved
        self._reach.begin(afresh=self.is_other_data(scene) and not rests, least=view.half_width)
        super().begin(scene)
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        self.heading.setText(f"The surface J({first}, {second})")
        self._others = others_at(scene.problem, "surface")

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or self._view is None:
            return
        with np.errstate(over="ignore", invalid="ignore"):
            away = np.abs(snapshot.weights[[0, -1], :2] - self._centre).max()
        at_start, rests = snapshot.step == 0, self._hold.is_held()
        if self._reach.follow(min(float(away), FARTHEST), at_start=at_start, rests=rests):
            self._build()
        assert self._heights is not None
        self._beyond = beyond_words(snapshot.weights, snapshot.steps, self._centre)
        self._describe(self._heights)
        steps = evenly(snapshot.weights[:, :2], _TRAIL)
        path = clip_path(steps, self._heights.square, farthest=FARTHEST)
        ends = self._heights.on_surface(np.clip(steps[[0, -1]], -_OUTSIDE, _OUTSIDE))
        move = self._move(snapshot, self._heights)
        self._marks.show(self._heights.path_on_surface(path, _TRAIL), move, ends)
        self._view.show_marks()

    @override
    def draw_phase(self, fact: PhaseFact | None) -> None:
        """Show no move before the update has made it, then the move that it made."""
        if fact is None or self._heights is None or self._view is None:
            return
        laid = np.empty((0, 3))
        if fact.weights_after is not None:
            laid = self._laid(fact.weights, fact.weights_after - fact.weights, self._heights)
        self._marks.show(self._marks.path, laid, self._marks.ends)
        self._view.show_marks()

    @override
    def restyle(self) -> None:
        super().restyle()
        if self._view is not None and self._heights is not None:
            self._view.show_heights(self._heights, self.appearance.theme)
            self._describe(self._heights)

    def _build(self) -> None:
        assert self.scene is not None
        assert self._view is not None
        problem = self.scene.problem
        self._heights = heights(problem, self._reach.half)
        first, second = (symbol(name) for name in problem.weight_names[:2])
        self._marks.begin(self._heights, (f"weight {first}", f"weight {second}"))
        self._view.show_heights(self._heights, self.appearance.theme)
        self._describe(self._heights)

    def _describe(self, drawn: Heights) -> None:
        low, high = format_number(drawn.bottom, 4), format_number(drawn.top, 4)
        gap = NOT_A_NUMBER if drawn.has_gap else ""
        parts = [self.colour("cost", f"height = J, {low} to {high}"), self._others, gap, self._beyond]
        text = " &nbsp; ".join(filter(None, parts))
        if text != self.note.text():
            self.note.setText(text)

    def _move(self, snapshot: Snapshot, surface: Heights) -> Floats:
        """Return the move that the next step makes as a path on the surface, as far as it is in the box.

        It is empty where the move is not known, and for mini-batches.
        """
        assert self.scene is not None
        if self.session.concealed.hides_moves:
            return np.empty((0, 3))
        move = next_move(snapshot, self.session.experiment, self.scene.problem)
        return np.empty((0, 3)) if move is None else self._laid(snapshot.latest, move, surface)

    @staticmethod
    def _laid(at: Floats, move: Floats, surface: Heights) -> Floats:
        """Return a move from some weights as a path on the surface, as far as it is in the box."""
        start, way = (np.clip(values[:2], -_OUTSIDE, _OUTSIDE) for values in (at, move))
        part = surface.part_inside(start, way)
        return surface.path_on_surface(np.stack([start, start + part * way]), 2 * 16)
