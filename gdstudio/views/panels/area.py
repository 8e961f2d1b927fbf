"""Where the panels of a lesson stand: the main picture left and largest, the others stacked beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gdstudio.views.panels.base import Panel, Scene
from gdstudio.views.panels.registry import PANEL_TYPES

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from gdstudio.core.history import Snapshot
    from gdstudio.views.theme import Appearance
    from gdstudio.worker.session import Session

_MAIN_SHARE = (56, 44)
_HEIGHTS = {"weights_table": 1}


class PanelArea(QWidget):
    """Makes each panel once and keeps it; a lesson shows up to four of them."""

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._panels: dict[str, Panel] = {}
        self._shown: list[Panel] = []
        self._placed = False
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._left = QSplitter(Qt.Orientation.Vertical)
        self._right = QSplitter(Qt.Orientation.Vertical)
        for splitter in (self._across, self._left, self._right):
            splitter.setHandleWidth(8)
            splitter.setChildrenCollapsible(False)
        self._across.addWidget(self._left)
        self._across.addWidget(self._right)
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
            panel = PANEL_TYPES[kind](self._session, self._appearance)
            panel.restyle()
            self._panels[kind] = panel
        return self._panels[kind]

    @Slot()
    def begin(self) -> None:
        """Show the panels of the session's experiment, as far as its problem offers them."""
        experiment, problem = self._session.experiment, self._session.problem
        kinds = experiment.view.panels
        if problem is not None:
            kinds = tuple(kind for kind in kinds if PANEL_TYPES[kind].offered(problem))
        self._arrange([self.panel(kind) for kind in kinds])
        snapshot = self._session.snapshot()
        if problem is None or snapshot is None:
            return
        for panel in self._shown:
            panel.begin(Scene(experiment, problem))
            panel.draw_frame(snapshot)

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Draw a frame."""
        for panel in self._shown:
            panel.draw_frame(snapshot)

    def places(self) -> QByteArray:
        """Return where the user has put the divider."""
        return self._across.saveState()

    def put_places(self, places: QByteArray) -> None:
        """Put the divider where the user had it."""
        self._placed = self._across.restoreState(places)

    def _arrange(self, panels: list[Panel]) -> None:
        if panels == self._shown:
            return
        for panel in self._shown:
            panel.hide()
            panel.setParent(None)
        self._shown = panels
        on_left = 1 if len(panels) < 4 else 2
        for i, panel in enumerate(panels):
            (self._left if i in ((0,) if on_left == 1 else (0, 2)) else self._right).addWidget(panel)
            panel.show()
        self._right.setVisible(len(panels) > 1)
        if not self._placed:
            self._placed = True
            self._across.setSizes([1000 * share for share in _MAIN_SHARE])
        for splitter in (self._left, self._right):
            inside = [panel for panel in panels if panel.parentWidget() is splitter]
            inside.sort(key=splitter.indexOf)
            splitter.setSizes([1000 * _HEIGHTS.get(panel.kind, 2) for panel in inside])

    @Slot()
    def _restyle(self) -> None:
        for panel in self._panels.values():
            panel.restyle()
        snapshot = self._session.snapshot()
        if snapshot is not None:
            for panel in self._shown:
                if panel.scene is not None:
                    panel.draw_frame(snapshot)
