"""The distance to the minimum, split along the eigenvectors of a constant Hessian, at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from typing_extensions import override

from gdstudio.core.numbers import format_number
from gdstudio.core.settings.rates import rate_after
from gdstudio.core.training.principal_axes import PrincipalAxes, principal_axes, steps_by_factors
from gdstudio.views.plotting.cost_axis import CostAxis
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.plotting.ranges import WHOLE_STEPS, length_ahead

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_STYLES = (
    (Qt.PenStyle.SolidLine, "━"),
    (Qt.PenStyle.DashLine, "╌"),
    (Qt.PenStyle.DotLine, "┈"),
    (Qt.PenStyle.DashDotLine, "┉"),
)
"""How the lines are drawn, the steepest direction first, with the sign of each in the note."""
_ROUNDING = 1e-15
"""Where the minimum is as large as 1, its own float64 entries are not known better."""


class ErrorSplit(PlotPanel):
    """The sizes of the distances along the eigenvectors, on a log axis.

    Where every step is plain descent with all rows, each is a straight line: a step multiplies it by
    |1 - alpha lambda|. With other steps the distances are as true, and no factor is told.
    """

    kind: ClassVar[str] = "error_split"
    title: ClassVar[str] = "Distance along each eigenvector"
    short_title: ClassVar[str] = "Split"
    x_label: ClassVar[str] = "step"
    y_label: ClassVar[str] = "distance"
    wide_from: ClassVar[int] = 900

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.whole = True
        self._curves = [self.curve("weights", 2.5, style=style) for style, _ in _STYLES]
        self._dots = [self.dots("weights", 8, z=1, hollow=i > 0) for i in range(len(_STYLES))]
        self._axes: PrincipalAxes | None = None
        self._axis: CostAxis | None = None
        self._steps = 0.0

    @classmethod
    @override
    def offered(cls, problem: Problem) -> bool:
        return 2 <= len(problem.weight_names) <= len(_STYLES) and principal_axes(problem) is not None

    @override
    def begin(self, scene: Scene) -> None:
        if self.scene is None or self.scene.problem is not scene.problem:
            self._axes = principal_axes(scene.problem)
        self._axis, self._steps = None, 0.0
        super().begin(scene)
        self.bottom.setStyle(showValues=not self.session.concealed.hides("updates"))

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self._axes is None:
            return
        sizes = np.abs(self._axes.split(snapshot.weights))
        sizes = np.where(np.isfinite(sizes), sizes, np.finfo(np.float64).max)
        self._follow(sizes, snapshot)
        hidden = self.session.concealed.hides("weights")
        for i, (curve, dots) in enumerate(zip(self._curves, self._dots, strict=True)):
            if hidden or i >= sizes.shape[1]:
                curve.clear()
                dots.clear()
                continue
            self._show(curve, dots, snapshot.steps, sizes[:, i])
        self._describe(snapshot.step, sizes[-1])

    def _show(self, curve: object, dots: object, steps: Floats, sizes: Floats) -> None:
        assert self._axis is not None
        x, y = self.draw_course(curve, steps, self._axis.place(sizes))
        few = len(x) <= 25
        dots.setData(x, y) if few else dots.setData(x[-1:], y[-1:])  # type: ignore[attr-defined]  # the same

    def _follow(self, sizes: Floats, snapshot: Snapshot) -> None:
        assert self.scene is not None
        axis = CostAxis.around(sizes.ravel(), log=True)
        axis = axis if self._axis is None else self._axis.joined(axis)
        total = self.scene.experiment.total_steps
        steps = max(self._steps, length_ahead(total, snapshot.step, whole_up_to=WHOLE_STEPS))
        if axis == self._axis and steps == self._steps:
            return
        self._axis, self._steps = axis, steps
        self.left.show_scale(log=axis.log, zero_at=axis.zero_at)
        self.framing.fit((-0.02 * steps, 1.02 * steps), axis.room)

    def _describe(self, step: int, latest: Floats) -> None:
        assert self.scene is not None
        assert self._axes is not None
        experiment, concealed = self.session.experiment, self.session.concealed
        told = steps_by_factors(experiment, self.scene.problem)
        factors = self._axes.factors(rate_after(experiment, step))
        hides_limit = concealed.hides("limit", "condition", "move", "direction")
        parts = []
        for i, curvature in enumerate(self._axes.curvatures.tolist()):
            curved = "?" if hides_limit else format_number(curvature, 4)
            factor = "?" if hides_limit else format_number(float(factors[i]))
            words = f"{_STYLES[i][1]} λ = {curved}"
            parts.append(words + (f", 1 − αλ = {factor}" if told else ""))
        size = max(1.0, float(np.abs(self._axes.minimum).max()))
        lines = _pairs(parts)
        if not concealed.hides("weights") and (latest < _ROUNDING * size).any():
            lines.append(f"below about {format_number(_ROUNDING * size, 1)} a distance is rounding alone")
        self.note.setText("<br>".join(lines))

    @override
    def fit(self) -> None:
        """Show the whole run again, no more."""
        self._axis, self._steps = None, 0.0
        super().fit()


def _pairs(parts: list[str]) -> list[str]:
    """Put two and two parts on a line."""
    return [" &nbsp; ".join(parts[i : i + 2]) for i in range(0, len(parts), 2)]
