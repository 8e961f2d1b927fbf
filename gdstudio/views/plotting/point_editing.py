"""All that edits the points of a plot: the pointer, the button that opens their table, and a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QToolButton

from gdstudio.core.numbers import format_number
from gdstudio.views.plotting.point_grip import PointGrip
from gdstudio.views.widgets.theme import BODY
from gdstudio.worker.point_edits import PointEdits

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from gdstudio.core.problems import Problem
    from gdstudio.core.problems.given_points import GivenPoints
    from gdstudio.core.typing import Floats
    from gdstudio.views.plotting.plot_panel import PlotPanel


class Table(Protocol):
    """The widget that shows the points, to be typed."""

    chosen: Any
    """A signal: the index of the point that is typed."""

    def show_points(self, given: GivenPoints) -> None:
        """Show the points as they are now."""

    def fit(self, scale: float, digit: int, most: int) -> None:
        """Take a scale, the width of a digit, and the most pixels that it may be wide."""

    def say(self, words: str) -> None:
        """Say what was done; nothing where there are no words."""

    def setVisible(self, visible: bool, /) -> None:  # noqa: FBT001, RUF100 - Qt's signature
        """Show it, or hide it."""


class PointEditing(QObject):
    """Lets the points of a panel be dragged and, while its button is down, added, taken away and typed.

    Nothing of it is there where the points are not given as numbers.

    Parameters
    ----------
    panel
        Has the plot, and the button in its head.
    make_table
        Makes the table and puts it into the panel, once it is asked for.
    """

    def __init__(self, panel: PlotPanel, make_table: Callable[[PlotPanel, PointEdits], Table]) -> None:
        super().__init__(panel)
        self._panel, self._make_table = panel, make_table
        self.edits = PointEdits(panel.session)
        self.table: Table | None = None
        self._rows: npt.NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.grip = PointGrip(panel)
        self.grip.taken.connect(self.edits.take)
        self.grip.moved.connect(self._on_moved)
        self.grip.let_go.connect(self.edits.let_go)
        self.grip.put_back.connect(self.edits.put_back)
        self.grip.added.connect(self._on_added)
        self.grip.removed.connect(self._on_removed)
        panel.session.loaded.connect(self.grip.forget)
        self.button = _button()
        self.button.toggled.connect(self._on_toggled)
        self.delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), panel)
        self.delete.setEnabled(False)
        self.delete.activated.connect(self._on_delete)

    @property
    def held_words(self) -> str:
        """The coordinates of the point that is being moved; empty where none is."""
        if not self.grip.is_held:
            return ""
        x, y = self.grip.points[self.grip.chosen].tolist()
        return f"({format_number(x)}, {format_number(y)})"

    def show(self, problem: Problem, rows: npt.NDArray[np.int64], drawn: Floats | None) -> None:
        """Take the points of a problem, whose rows (k,) are drawn at places (k, 2), or None for nowhere."""
        given = problem.spec.given_points
        if given is None or drawn is None:
            self.button.setChecked(False)
            self.button.hide()
            self.grip.show(np.empty((0, 2)))
            return
        self._rows = rows
        self.button.show()
        self._show_table()
        self.grip.moves_across = not given.is_scaled
        self.grip.show(drawn)

    def fit(self) -> None:
        """Give the table its place in the panel, which may have another size or scale."""
        if self.table is not None:
            appearance = self._panel.appearance
            digit = QFontMetrics(appearance.font(BODY)).horizontalAdvance("0")
            self.table.fit(appearance.scale, digit, self._panel.width() // 2)

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:  # noqa: FBT001, RUF100 - Qt's signature
        self.grip.edit(on=on)
        self.delete.setEnabled(on)
        if on and self.table is None:
            self.table = self._make_table(self._panel, self.edits)
            self.table.chosen.connect(self._on_chosen)
            self.fit()
        if self.table is not None:
            self.table.setVisible(on)
            self.table.say("")
        self._show_table()

    def _show_table(self) -> None:
        given = self.edits.given
        if self.table is not None and self.button.isChecked() and given is not None:
            self.table.show_points(given)

    @Slot(int, float, float)
    def _on_moved(self, index: int, x: float, y: float) -> None:
        self.edits.drag(int(self._rows[index]), (x, y))

    @Slot(float, float)
    def _on_added(self, x: float, y: float) -> None:
        self.edits.click((x, y))

    @Slot(int)
    def _on_removed(self, index: int) -> None:
        self.edits.remove(int(self._rows[index]))

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        """Mark the point whose row of the table is written in, where it is drawn."""
        self.grip.choose(int(np.argmax(self._rows == index)) if index in self._rows else -1)

    @Slot()
    def _on_delete(self) -> None:
        """Take the point away that is under the pointer, or was moved or clicked last."""
        if self.grip.marked >= 0 and not self.grip.is_held:
            self._on_removed(self.grip.marked)


def _button() -> QToolButton:
    button = QToolButton()
    button.setText("Edit points")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setObjectName("edit_points")
    button.setAccessibleName("Edit the points")
    button.setCheckable(True)
    button.setToolTip(
        "Type the points, or paste them. A click on free ground then adds a point; "
        "Delete or a right click on a point takes it away."
    )
    button.setProperty("pin", True)
    button.setProperty("link", True)
    return button
