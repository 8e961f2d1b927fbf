"""A hand on the points of the data plot, and on their table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.views.hands import LEFT, NONE, Hands

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.controls.points_table import PointsTable
    from gdstudio.views.window.main_window import MainWindow


class PointHands(Hands):
    """Takes points by their index and moves them, as the platform would."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        super().__init__(window)
        self._qtbot = qtbot
        self.panel: Any = window.panels.panel("data_plot")
        qtbot.waitUntil(lambda: window.clock.drawn == window.session.run.version)

    @property
    def points(self) -> list[tuple[float, float]]:
        problem: Any = self.window.session.experiment.problem
        return list(zip(problem.x, problem.y, strict=True))

    @property
    def ground(self) -> Any:
        return self.panel.view.viewport()

    def at(self, x: float, y: float) -> QPoint:
        """Return where on the viewport a place of the plot is."""
        place: QPoint = self.panel.view.mapFromScene(self.panel._box.mapViewToScene(QPointF(x, y)))
        return place

    def take(self, index: int, slip: QPoint | None = None) -> QPoint:
        """Press on a point, or beside it by ``slip``; return where."""
        at = self.at(*self.panel.editing.grip.points[index]) + (slip or QPoint())
        self.move(self.ground, at)
        self.press(self.ground, at)
        return at

    def pull(self, at: QPoint, to: QPoint) -> None:
        """Move what is held from a place to another one, in more than one move."""
        for part in (at + (to - at) / 2, to, to):
            QTest.qWait(25)  # pyqtgraph leaves out moves that follow too soon
            self.move(self.ground, part)

    def drag(self, index: int, way: QPoint) -> QPoint:
        """Move a point by so many pixels without letting go; return where the pointer is."""
        at = self.take(index)
        self.pull(at, at + way)
        return at + way

    def drop(self, at: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        """Let go of what is held, with a key held down or without."""
        QTest.mouseRelease(self._screen, LEFT, modifier, self.place(self.ground, at))

    def right_click(self, at: QPoint) -> None:
        QTest.mouseClick(self._screen, Qt.MouseButton.RightButton, NONE, self.place(self.ground, at))


class Editing(PointHands):
    """Hands on a plot whose points are edited."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.click(self.panel.editing.button)
        QTest.qWait(25)
        QApplication.processEvents()

    @property
    def table(self) -> PointsTable:
        found: PointsTable = self.panel.editing.table
        return found

    def cell(self, index: int, axis: str) -> str:
        """Return the name of an entry, for `write`."""
        return f"point_{index + 1}_{axis}"

    def paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.click(self.table.paste)

    def banner(self) -> str:
        return self.window.banner.text
