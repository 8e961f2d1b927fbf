"""J over two weights as a surface that can be turned, with the contour's path and point on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.symbols import symbol
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.plotting.plane import has_plane, others_at
from gdstudio.views.plotting.ranges import Reach
from gdstudio.views.plotting.surface3d.heights import Heights, heights
from gdstudio.views.plotting.surface3d.marks import Marks
from gdstudio.views.plotting.surface3d.opengl import canvas
from gdstudio.views.plotting.thinning import evenly

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.surface3d.view import SurfaceView
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

WITHOUT = "No OpenGL here, so the surface cannot be drawn; the contour shows the same."
_TRAIL = 300
_LARGEST_WEIGHT = 1e140  # larger ones are clipped to this: their squares would overflow


class Surface(Panel):
    """A box with J as the height over the first two weights; any others are held at the minimum."""

    kind: ClassVar[str] = "surface"
    title: ClassVar[str] = "Cost as a surface"
    short_title: ClassVar[str] = "Surface"

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self._marks = Marks(appearance)
        self._reach = Reach()
        self._centre: Floats = np.zeros(2)
        self._heights: Heights | None = None
        self._others = ""
        self._view: SurfaceView | None = None
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
        self._reach.begin(afresh=self.is_other_data(scene), least=view.half_width)
        super().begin(scene)
        first, second = (symbol(name) for name in scene.problem.weight_names[:2])
        self.heading.setText(f"The surface J({first}, {second})")
        self._others = others_at(scene.problem, "surface")

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None or self._view is None:
            return
        away = np.abs(snapshot.weights[[0, -1], :2] - self._centre).max()
        if self._reach.follow(min(float(away), _LARGEST_WEIGHT), at_start=snapshot.step == 0):
            self._build()
        assert self._heights is not None
        path = evenly(np.clip(snapshot.weights[:, :2], -_LARGEST_WEIGHT, _LARGEST_WEIGHT), _TRAIL)
        move, whole = self._move(snapshot, self._heights)
        self._marks.show(self._heights.path_on_surface(path, _TRAIL), move, whole=whole)
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
        parts = [self.colour("cost", f"height = J, {low} to {high}"), self._others]
        self.note.setText(" &nbsp; ".join(filter(None, parts)))

    def _move(self, snapshot: Snapshot, surface: Heights) -> tuple[Floats, bool]:
        """Return the next full-batch move as a path on the surface, and whether it ends inside the box.

        It is empty for mini-batches and mistakes, whose next move is not along the full gradient.
        """
        assert self.scene is not None
        known = self.scene.problem.next_step_is_known and self.scene.experiment.is_full_batch
        if not known or self.session.concealed.hides("move", "direction"):
            return np.empty((0, 3)), True
        at = np.clip(snapshot.latest, -_LARGEST_WEIGHT, _LARGEST_WEIGHT)
        move = -self.session.experiment.run.learning_rate * self.scene.problem.gradient_at(at)
        part = surface.part_inside(at[:2], move[:2])
        return surface.path_on_surface(np.stack([at[:2], at[:2] + part * move[:2]]), 2 * 16), part == 1.0
