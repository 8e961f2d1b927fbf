"""The area of a lesson's panels: the main one left and largest, the others stacked on its right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.views.panels import panel_type
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.widgets.no_wheel import NoWheelTabBar

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_MAIN_SHARE = (56, 44)
_ROOM_FOR_TWO = 420
"""The least height, in pixels at 100 %, for two panels one above the other."""


class PanelArea(QWidget):
    """Makes each panel once and keeps it; a lesson shows up to four of them.

    Where the window is too low for two pictures one above the other, the main one stays and the others take
    turns beside it, chosen by tabs. What is not seen is not drawn.
    """

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._panels: dict[str, Panel] = {}
        self._shown: list[Panel] = []
        self._placed = False
        self._is_low = False
        self.tabs = NoWheelTabBar()
        self.tabs.setObjectName("pictures")
        self.tabs.setAccessibleName("Pictures")
        self.tabs.setExpanding(True)
        self.tabs.setDrawBase(False)
        self.tabs.hide()
        self.tabs.currentChanged.connect(self._on_tab)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._right = QSplitter(Qt.Orientation.Vertical)
        for splitter in (self._across, self._left, self._right):
            splitter.setHandleWidth(8)
            splitter.setChildrenCollapsible(False)
        self._across.addWidget(self._left)
        self._beside = QWidget()
        column = QVBoxLayout(self._beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.tabs)
        column.addWidget(self._right, 1)
        self._across.addWidget(self._beside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._across)
        appearance.changed.connect(self._restyle)

    @property
    def shown(self) -> list[Panel]:
        """The panels on screen, the main one first."""
        return list(self._shown)

    def panel(self, kind: str) -> Panel:
        """Return the panel of a kind, made at its first use."""
        if kind not in self._panels:
            panel = panel_type(kind)(self._session, self._appearance)
            panel.restyle()
            self._panels[kind] = panel
        return self._panels[kind]

    @Slot()
    def begin(self) -> None:
        """Show the panels of the session's experiment, as far as its problem offers them.

        The frame that follows draws in them.
        """
        experiment, problem = self._session.experiment, self._session.run.problem
        kinds = experiment.view.panels
        if problem is not None:
            kinds = tuple(kind for kind in kinds if panel_type(kind).offered(problem))
        self._arrange([self.panel(kind) for kind in kinds])
        if problem is None or self._session.run.snapshot() is None:
            return
        for panel in self._shown:
            panel.begin(Scene(experiment, problem))

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Draw a frame."""
        for panel in self._in_sight():
            panel.draw_frame(snapshot)

    def places(self) -> QByteArray:
        """Return the position of the divider."""
        return self._across.saveState()

    def put_places(self, places: QByteArray) -> None:
        """Restore the position of the divider."""
        self._placed = self._across.restoreState(places)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wants_low() != self._is_low:
            self._place()

    def _wants_low(self) -> bool:
        return len(self._shown) > 2 and self.height() < _ROOM_FOR_TWO * self._appearance.scale

    def _arrange(self, panels: list[Panel]) -> None:
        if panels == self._shown:
            return
        for panel in self._shown:
            panel.hide()
            panel.setParent(None)
        self._shown = panels
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for panel in panels[1:]:
                index = self.tabs.addTab(panel.short_title or panel.title)
                self.tabs.setTabToolTip(index, panel.title)
        self._place()

    def _place(self) -> None:
        """Arrange the panels for the height of the area."""
        self._is_low = self._wants_low()
        self.tabs.setVisible(self._is_low)
        on_left = (0,) if self._is_low or len(self._shown) < 4 else (0, 2)
        for i, panel in enumerate(self._shown):
            (self._left if i in on_left else self._right).addWidget(panel)
        self._beside.setVisible(len(self._shown) > 1)
        if not self._placed:
            self._placed = True
            self._across.setSizes([1000 * share for share in _MAIN_SHARE])
        for splitter in (self._left, self._right):
            inside = [panel for panel in self._shown if panel.parentWidget() is splitter]
            inside.sort(key=splitter.indexOf)
            splitter.setSizes([1000 * panel.height_share for panel in inside])
        self._show_chosen()

    @Slot(int)
    def _on_tab(self, _: int) -> None:
        self._show_chosen()
        self._redraw()

    def _show_chosen(self) -> None:
        for i, panel in enumerate(self._shown):
            panel.setVisible(not self._is_low or i in {0, self.tabs.currentIndex() + 1})

    def _in_sight(self) -> list[Panel]:
        return [panel for panel in self._shown if not panel.isHidden()]

    @Slot()
    def _restyle(self) -> None:
        for panel in self._panels.values():
            panel.restyle()
        self._redraw()

    def _redraw(self) -> None:
        snapshot = self._session.run.snapshot()
        if snapshot is not None:
            for panel in self._in_sight():
                if panel.scene is not None:
                    panel.draw_frame(snapshot)
