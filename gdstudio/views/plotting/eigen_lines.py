"""The eigenvectors of a constant Hessian on the contour, each with the factor 1 - alpha lambda of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QSignalBlocker, Slot

from gdstudio.core.numbers import format_number
from gdstudio.core.training.principal_axes import PrincipalAxes, principal_axes, steps_by_factors
from gdstudio.views.plotting.clipping import clip_segment
from gdstudio.views.plotting.line_labels import LineLabels
from gdstudio.views.widgets.tab_focus_button import TabFocusBox

if TYPE_CHECKING:
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.plotting.plot_panel import PlotPanel

_LABEL_AT = 0.75
"""How far along the way from the minimum to the border of the picture a label stands."""


class EigenLines(QObject):
    """Two lines through the minimum, and a box in the panel's head that shows them.

    They are there where the problem has two weights, one minimum and a constant Hessian, and where each step
    is plain descent with all rows. Whether they are shown is in the file, as ``view.eigenvectors``. While a
    question hides the limit or the condition number, or where a step leads, they are not drawn.
    """

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._lines = [panel.curve("truth", 1.5, smooth=True, z=2) for _ in range(2)]
        self._labels = LineLabels(panel)
        self._axes: PrincipalAxes | None = None
        self.box = TabFocusBox("1 − αλ")
        self.box.setObjectName("eigenvectors")
        self.box.setAccessibleName("Eigenvectors of the Hessian, with 1 − αλ of each")
        self.box.setToolTip(
            "Show the eigenvectors of the Hessian, and by what each step multiplies the distance along them"
        )
        self.box.hide()
        self.box.toggled.connect(self._on_toggled)
        panel.tools.addWidget(self.box)

    def begin(self, scene: Scene) -> None:
        """Find the eigenvectors of another problem, and offer them where they tell what a step does."""
        two = len(scene.problem.weight_names) == 2
        known = two and steps_by_factors(scene.experiment, scene.problem)
        self._axes = principal_axes(scene.problem) if known else None
        self.box.setVisible(self._axes is not None)

    def draw(self, learning_rate: float) -> None:
        """Draw the lines over what is seen of the plane, with the factors of a step at a learning rate."""
        session = self._panel.session
        wanted = session.experiment.view.eigenvectors
        with QSignalBlocker(self.box):
            self.box.setChecked(wanted)
        if self._axes is None or not wanted or _gives_away(self._panel):
            self.clear()
            return
        labels = []
        factors = self._axes.factors(learning_rate)
        for i, line in enumerate(self._lines):
            ends = self._ends(self._axes.vectors[:, i])
            line.setData(ends[:, 0], ends[:, 1])
            if len(ends):
                place = self._axes.minimum + _LABEL_AT * (ends[1] - self._axes.minimum)
                labels.append((*place.tolist(), f"1 − αλ = {format_number(float(factors[i]))}"))
        self._labels.show_at(labels)

    def clear(self) -> None:
        """Draw nothing."""
        for line in self._lines:
            line.clear()
        self._labels.show_at([])

    def restyle(self) -> None:
        """Apply the theme and the size of text to the labels."""
        self._labels.restyle(self._panel.tick_font)

    def _ends(self, vector: Floats) -> Floats:
        """Return where the line through the minimum enters and leaves the picture, (2, 2), or (0, 2).

        The upper end, or of a level line the right one, comes last.
        """
        assert self._axes is not None
        across, up = self._panel.plot.getViewBox().viewRange()
        view = (across[0], across[1], up[0], up[1])
        reach = vector * (np.ptp(across) + np.ptp(up) + np.abs(self._axes.minimum).sum())
        cut = clip_segment(self._axes.minimum - reach, self._axes.minimum + reach, view)
        if cut is None:
            return np.empty((0, 2))
        ends = np.array(cut[:2])
        return ends if (ends[1, 1], ends[1, 0]) > (ends[0, 1], ends[0, 0]) else ends[::-1]

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001, RUF100 - Qt's signature
        self._panel.session.edit({"view.eigenvectors": on})


def _gives_away(panel: PlotPanel) -> bool:
    """Whether the factors would answer the question on screen."""
    return panel.session.concealed.hides("limit", "condition", "move", "direction")
