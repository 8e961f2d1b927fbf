"""Is that gradient right? What the code steps along, beside difference quotients of the cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from gdstudio.core.numbers import format_number, power_of_ten
from gdstudio.core.symbols import symbol
from gdstudio.core.training.gradient_check import GradientCheck, check_gradient
from gdstudio.views.plotting.number_table import Column, NumberTable
from gdstudio.views.plotting.plot_panel import PlotPanel
from gdstudio.views.widgets.no_wheel import NoWheelSlider
from gdstudio.worker.aside import Aside

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.panel import Scene
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_COLUMNS = (
    Column("weight", "text"),
    Column("code", "gradient_text", is_bold=True),
    Column("difference", "text"),
    Column("relative error", "muted"),
)
_NOTCHES = 4
"""So many positions of the slider are a decade of h."""
_LEAST, _GREATEST = -16, 0
_EXACT = -17.0
"""Where an error of exactly 0 is drawn; the axis says so."""
_HIGHEST = 0.5
_ROOM_BESIDE_TABLE = 260
"""The least height of the card without its table, in pixels at 100 %, so that the curve has room too."""


class GradientCheckPanel(PlotPanel):
    """The gradient of the code, mistakes included, weight by weight beside (J(w + h) - J(w - h)) / 2h.

    The curve is the relative error over every h, of all weights that are checked, as
    |a - b| / max(|a|, |b|) of the two vectors. It falls with h as long as the difference quotient is cut
    short, and rises where rounding takes over. It is computed beside the run.
    """

    kind: ClassVar[str] = "gradient_check"
    title: ClassVar[str] = "Gradient check"
    short_title: ClassVar[str] = "Check"
    x_label: ClassVar[str] = "step h of the difference quotient"
    y_label: ClassVar[str] = "relative error"
    wide_from: ClassVar[int] = 1100

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.bottom.log = self.left.log = True
        self.left.zero_at = _EXACT
        self._chosen = self.curve("truth", 1.5, style=Qt.PenStyle.DashLine)
        self._errors = self.curve("gradient", 2.5, smooth=True, z=1)
        self._mark = self.dots("gradient", 13, z=2)
        self.table = NumberTable(_COLUMNS, appearance, "Gradient of the code and difference quotients")
        self._layout.insertWidget(1, self.table)
        self._said = QLabel()
        self._said.setProperty("role", "muted")
        self.slider = NoWheelSlider()
        self.slider.setObjectName("difference_step_slider")
        self.slider.setAccessibleName("Step h of the difference quotient")
        self.slider.setToolTip("How far to each side of a weight the cost is taken")
        self.slider.setRange(0, (_GREATEST - _LEAST) * _NOTCHES)
        self.slider.setPageStep(_NOTCHES)
        self.slider.valueChanged.connect(self._on_slid)
        self.tools.insertWidget(1, self._said)
        self.tools.insertWidget(2, self.slider, 1)
        self._aside = Aside(self)
        self._aside.done.connect(self._on_checked)
        self._aside.failed.connect(self.broke)
        self._asked: tuple[object, ...] | None = None
        self._check: GradientCheck | None = None
        self._shown: tuple[object, ...] | None = None
        session.player.torch_ready.connect(self.redraw)

    @override
    def begin(self, scene: Scene) -> None:
        if self.scene is None or self.scene.problem is not scene.problem:
            self._aside.forget()
            self._asked = self._check = None
        super().begin(scene)
        self.framing.fit((_LEAST - 0.4, _GREATEST + 0.4), (_EXACT - 0.4, _HIGHEST))
        self._show()

    @override
    def draw(self, snapshot: Snapshot) -> None:
        if self.scene is None:
            return
        h = self.session.experiment.view.difference_step
        self._show_step(h)
        run = self.session.run
        asked = (run.number, snapshot.step, snapshot.latest.tobytes(), h)
        if asked != self._asked and self.session.player.has_torch:
            self._asked = asked
            self._aside.ask(partial(check_gradient, self.scene.experiment, self.scene.problem, snapshot, h))
        self._show()

    @override
    def fit(self) -> None:
        """Show every h again."""
        super().fit()
        self.framing.fit((_LEAST - 0.4, _GREATEST + 0.4), (_EXACT - 0.4, _HIGHEST))

    @override
    def restyle(self) -> None:
        super().restyle()
        self.table.restyle()
        self._give_room()

    @override
    def arrange_head(self) -> None:
        super().arrange_head()
        self._give_room()

    def _give_room(self) -> None:
        """Show the table where the curve keeps its room; elsewhere the note says the error."""
        needed = self.table.height_in_sight
        self.table.setFixedHeight(needed)
        self.table.setVisible(self.height() >= needed + self.appearance.pixels(_ROOM_BESIDE_TABLE))

    @Slot(object)
    def _on_checked(self, check: GradientCheck | None) -> None:
        self._check = check
        self.attempt(self._show)

    @property
    def _is_hidden(self) -> bool:
        """Whether a question keeps to itself what the check says."""
        return self.session.concealed.hides("gradient", "move", "direction", "mistake")

    def _show(self) -> None:
        """Show the latest check, unless it is on screen already."""
        check, appearance = self._check, self.appearance
        h, is_ready = self.session.experiment.view.difference_step, self.session.player.has_torch
        looks = appearance.theme.name, appearance.scale
        wanted = (self.scene, check, self._asked is None, self._is_hidden, h, is_ready, looks)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._fill(check)
        self._describe(check)
        self._chosen.setData([np.log10(h)] * 2, [_EXACT - 1, _HIGHEST + 1])
        if check is None or self._is_hidden:
            self._errors.clear()
            self._mark.clear()
            return
        errors = check.errors
        self._errors.setData(np.log10(check.slopes.steps), _place(errors), connect="finite")
        self._mark.setData([np.log10(check.h)], _place(np.array([check.error])))

    def _fill(self, check: GradientCheck | None) -> None:
        if self.scene is None:
            return
        count = 0 if check is None else len(check.gradient)
        self.table.set_rows(count or min(4, len(self.scene.problem.weight_names)))
        for row in range(self.table.rowCount()):
            self.table.write(row, 0, symbol(self.scene.problem.weight_names[row]))
            cells = ("", "", "")
            if self._is_hidden:
                cells = ("?", "?", "?")
            elif check is not None:
                cells = _cells(float(check.gradient[row]), float(check.quotients[row]))
            for column, text in enumerate(cells, 1):
                self.table.write(row, column, text)

    def _describe(self, check: GradientCheck | None) -> None:
        self.note.setText(self._words(check))

    def _words(self, check: GradientCheck | None) -> str:
        if self._is_hidden:
            return "The check is shown with the answer."
        if not self.session.player.has_torch:
            return "The check comes as soon as torch is loaded."
        if check is None:
            return "" if self._asked is None else "The gradient of the next step is not known here."
        told = f"relative error {format_number(check.error, 3)}"
        if len(check.gradient) == 1:
            gradient, quotient = (format_number(float(v[0])) for v in (check.gradient, check.quotients))
            told = f"code {gradient}, difference {quotient}, {told}"
        parts = [f"h = {_written(check.h)}: {self.colour('gradient', told)}", self._extent(check)]
        return f"{check.sentence}<br>" + " · ".join(filter(None, parts))

    def _extent(self, check: GradientCheck) -> str:
        assert self.scene is not None
        count, all_of = len(check.gradient), len(self.scene.problem.weight_names)
        some = f"the first {count} of {all_of} weights" if count < all_of else ""
        rows = "" if self.scene.experiment.is_full_batch else "over all rows"
        return ", ".join(filter(None, (some, rows)))

    def _show_step(self, h: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((np.log10(h) - _LEAST) * _NOTCHES))
        self._said.setText(f"h = {_written(h)}")

    @Slot(int)
    def _on_slid(self, position: int) -> None:
        exponent = _LEAST + position / _NOTCHES
        h = float(f"1e{int(exponent)}") if exponent == int(exponent) else float(f"{10.0**exponent:.3g}")
        self.session.edit({"view.difference_step": h})


def _place(errors: Floats) -> Floats:
    """Return where relative errors are drawn: their exponents, and an exact 0 at the foot of the axis."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.where(errors > 0, np.maximum(np.log10(errors), _EXACT), _EXACT))


def _cells(gradient: float, quotient: float) -> tuple[str, str, str]:
    larger = max(abs(gradient), abs(quotient))
    error = abs(gradient - quotient) / larger if larger else 0.0
    return format_number(gradient), format_number(quotient), format_number(error, 3)


def _written(h: float) -> str:
    exponent = float(np.log10(h))
    return power_of_ten(round(exponent)) if exponent == round(exponent) else format_number(h, 3)
