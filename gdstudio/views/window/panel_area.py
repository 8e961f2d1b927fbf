"""The area of a lesson's panels: the main one left and largest, the others stacked on its right."""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.views.panels import panel_type
from gdstudio.views.plotting.headline import headline
from gdstudio.views.plotting.panel import Panel, Scene
from gdstudio.views.widgets.no_wheel import NoWheelTabBar
from gdstudio.views.widgets.theme import GRID, SMALL
from gdstudio.views.window.failed_panel import FailedPanel

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.history import Snapshot
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_MAIN_SHARE = (56, 44)
_LARGE_SHARE = 3
_ROOM_FOR_TWO, _ROOM_FOR_TURNS, _ROOM_BELOW_MAIN = 400, 295, 600
"""The least heights, in pixels at 100 %, for two panels in one column, for panels that take turns below
another, with their tabs, and for one below the main panel."""
_LEAST_FOR_TWO = 350
"""The least height for two panels in one column at any scale: text does not become smaller than legible."""
_ROOM_ACROSS = 560
"""The least width for two columns."""
_LEAST_WIDTH, _LEAST_HEIGHT = 240, 300
"""What one picture with its head needs; a page with less is scrolled."""


class Room(Enum):
    """How many panels the area has room for, and where."""

    ALL = "all"
    THREE = "three"
    """The main one and two beside it; of those after the second, one at a time."""
    TWO = "two"
    """The main one and one at a time beside it."""
    STACK = "stack"
    """The main one and, below it, one at a time."""


class PanelArea(QWidget):
    """Makes each panel once and keeps it; a lesson shows up to four of them.

    Where there is no room for all of them, the main one stays and the last ones take turns, chosen by tabs.
    What is not seen is not drawn. In the place of a panel that raises, a card says so from then on; the
    others go on. ``below_main`` is a widget that stands below the main column.
    """

    def __init__(self, session: Session, appearance: Appearance, below_main: QWidget) -> None:
        super().__init__()
        self._session, self._appearance = session, appearance
        self._panels: dict[str, Panel] = {}
        self._shown: list[Panel] = []
        self._broken: list[Panel] = []
        self._aside = QWidget(self)  # the home of panels that are not shown, so that they end with the area
        self._aside.hide()
        self._below_main = below_main
        self._placed = False
        self._divided: set[QObject] = set()
        self.room = Room.ALL
        self.tabs = NoWheelTabBar()
        self.tabs.setObjectName("pictures")
        self.tabs.setAccessibleName("Pictures")
        self.tabs.setExpanding(True)
        self.tabs.setDrawBase(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.hide()
        self.tabs.currentChanged.connect(self._on_tab)
        self._across = QSplitter(Qt.Orientation.Horizontal)
        self._left, self._right, self._turns = (QSplitter(Qt.Orientation.Vertical) for _ in range(3))
        for splitter in (self._across, self._left, self._right, self._turns):
            splitter.setChildrenCollapsible(False)
        for splitter in (self._left, self._right):
            splitter.splitterMoved.connect(self._on_divided)
        self._taking_turns = _column(self.tabs, self._turns)
        self._right.addWidget(self._taking_turns)
        self._across.addWidget(_column(self._left, below_main))
        self._across.addWidget(self._right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._across)
        appearance.changed.connect(self._restyle)
        self._rescale()

    @property
    def shown(self) -> list[Panel]:
        """The lesson's panels, the main one first; those not on screen too."""
        return list(self._shown)

    def panel(self, kind: str) -> Panel:
        """Return the panel of a kind, made at its first use."""
        panel = self._made(kind)
        if panel.parent() is None:
            panel.setParent(self._aside)
        return panel

    def _made(self, kind: str) -> Panel:
        """Return the panel of a kind; one that is new is styled where it is placed, not before."""
        if kind not in self._panels:
            try:
                panel = panel_type(kind)(self._session, self._appearance)
                panel.rescale()
                panel.restyle()
            except Exception as error:  # noqa: BLE001 - a panel of somebody's own may break in any way
                panel = self._failed(kind, error)
            panel.broke.connect(self._on_broke)
            self._panels[kind] = panel
        return self._panels[kind]

    @Slot(object)
    def _on_broke(self, error: Exception) -> None:
        """Put a card that tells the error in the place of the panel that raised it."""
        panel = self.sender()
        if not isinstance(panel, Panel) or self._panels.get(panel.kind) is not panel:
            return  # it has been replaced already
        self._broken.append(panel)  # kept, since it may be in the middle of an event
        failed = self._panels[panel.kind] = self._failed(panel.kind, error)
        self._arrange([failed if one is panel else one for one in self._shown])

    def _failed(self, kind: str, error: Exception) -> Panel:
        logging.getLogger(__name__).error("The panel %r failed", kind, exc_info=error)
        card = FailedPanel(kind, error, self._session, self._appearance)
        card.rescale()
        card.restyle()
        return card

    def is_offered(self, kind: str, scene: Scene) -> bool:
        """Whether a panel has something to show of a scene; one that cannot tell is there, to say so."""
        if isinstance(self._panels.get(kind), FailedPanel):
            return True
        try:
            return panel_type(kind).offered_in(scene)
        except Exception as error:  # noqa: BLE001 - as above
            self._panels[kind] = self._failed(kind, error)
            return True

    @staticmethod
    def title_of(kind: str) -> str:
        """Return the title of a panel, or its name where its file cannot be read."""
        try:
            return panel_type(kind).title or kind
        except Exception:  # noqa: BLE001 - as above; the card says what is wrong
            return kind

    @Slot()
    def begin(self) -> None:
        """Show the panels of the session's experiment, as far as its problem offers them.

        The frame that follows draws in them.
        """
        experiment, problem = self._session.experiment, self._session.run.problem
        kinds = experiment.view.panels
        if problem is not None:
            scene = Scene(experiment, problem)
            kinds = tuple(kind for kind in kinds if self.is_offered(kind, scene))
        self._arrange([self._made(kind) for kind in kinds])
        if problem is None or self._session.run.snapshot() is None:
            return
        for panel in self.shown:
            panel.attempt(panel.begin, Scene(experiment, problem))

    @Slot(object)
    def draw(self, snapshot: Snapshot) -> None:
        """Draw a frame."""
        for panel in self._in_sight():
            panel.attempt(panel.draw_frame, snapshot)
        self._draw_headline(snapshot)

    def places(self) -> QByteArray:
        """Return the position of the divider."""
        return self._across.saveState()

    def put_places(self, places: QByteArray) -> None:
        """Restore the position of the divider."""
        self._placed = self._across.restoreState(places)
        self._orient()

    @override
    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        """Return what the fewest pictures need, so that the area can become so small that it shows them."""
        pictures = 2 if self.room is Room.STACK else 1
        scaled = self._appearance.pixels
        height = pictures * scaled(_LEAST_HEIGHT) + self._height_below()
        return QSize(scaled(_LEAST_WIDTH), height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_room()
        self._divide()

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # what is below the main panel has another height
            self._follow_room()
        return done

    def _follow_room(self) -> None:
        """Place the panels again where the room has become another."""
        if self._appearance.is_applying:
            return  # to place panels would delete dividers between them; `_restyle` follows
        if self._room_now() is not self.room:
            self._place()
            self._redraw()  # what comes into sight has not been drawn while it was out of it

    def _room_now(self) -> Room:
        scale, count = self._appearance.scale, len(self._shown)
        if self.width() < _ROOM_ACROSS * scale and count > 1:
            return Room.STACK
        needed = self._shown[1].least_height + _ROOM_FOR_TURNS if count > 3 else _ROOM_FOR_TWO
        if count > 2 and self.height() < max(needed * scale, _LEAST_FOR_TWO):
            return Room.TWO
        crowded = self.height() - self._height_below() < _ROOM_BELOW_MAIN * scale
        return Room.THREE if count > 3 and crowded else Room.ALL

    def _height_below(self) -> int:
        return 0 if self._below_main.isHidden() else self._below_main.sizeHint().height()

    def _arrange(self, panels: list[Panel]) -> None:
        if panels == self._shown:
            return
        for panel in self._shown:
            panel.hide()
            panel.show_headline("")
            panel.setParent(self._aside)
        self._shown = panels
        self._place()

    def _place(self) -> None:
        """Arrange the panels for the room that there is."""
        self.room = self._room_now()
        self._list_turns()
        self._orient()
        turns = self._turn_takers()
        on_left = (0, 2) if self.room is Room.ALL and len(self._shown) > 3 else (0,)
        for i, panel in enumerate(self._shown):
            home = self._left if i in on_left else self._turns if panel in turns else self._right
            home.insertWidget(home.count(), panel)
        self._right.addWidget(self._taking_turns)
        self._taking_turns.setVisible(bool(turns))
        self._right.setVisible(len(self._shown) > 1)
        if not self._placed:
            self._placed = True
            self._across.setSizes([1000 * share for share in _MAIN_SHARE])
        self._divided.clear()
        self._divide()
        self._show_chosen()

    @Slot()
    def _on_divided(self) -> None:
        self._divided.add(self.sender())

    def _divide(self) -> None:
        """Give the panels of a column their shares of its height, unless the user has chosen others."""
        for splitter in (self._left, self._right):
            if splitter not in self._divided:
                splitter.setSizes([100 * self._share(splitter.widget(i)) for i in range(splitter.count())])

    def _share(self, widget: QWidget | None) -> int:
        """Return the share of its column's height; the main panel has a larger one.

        One above others that take turns, and these, have shares as their least heights are.
        """
        if self.room is Room.THREE and len(self._shown) > 3:
            return widget.least_height if isinstance(widget, Panel) else _ROOM_FOR_TURNS
        if not isinstance(widget, Panel) or widget is self._shown[0]:
            return _LARGE_SHARE
        return widget.height_share

    def _turn_takers(self) -> list[Panel]:
        """Return the panels of which one at a time is seen."""
        first = {Room.ALL: len(self._shown), Room.THREE: 2, Room.TWO: 1, Room.STACK: 1}[self.room]
        turns = self._shown[first:]
        return turns if len(turns) > 1 else []

    def _list_turns(self) -> None:
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for panel in self._turn_takers():
                index = self.tabs.addTab(panel.short_title or panel.title)
                self.tabs.setTabToolTip(index, panel.title)
        self.tabs.setVisible(bool(self.tabs.count()))

    def _orient(self) -> None:
        stacked = self.room is Room.STACK
        self._across.setOrientation(Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal)

    @Slot(int)
    def _on_tab(self, _: int) -> None:
        self._show_chosen()
        self._redraw()

    def _show_chosen(self) -> None:
        turns = self._turn_takers()
        for panel in self._shown:
            panel.setVisible(panel not in turns or turns.index(panel) == self.tabs.currentIndex())

    def _in_sight(self) -> list[Panel]:
        return [panel for panel in self._shown if not panel.isHidden()]

    def _draw_headline(self, snapshot: Snapshot) -> None:
        problem = self._session.run.problem
        if not self._shown or problem is None:
            return
        main = self._shown[0]
        if not main.has_headline:
            return
        said = headline(snapshot, self._session.experiment, problem)
        value = self._session.concealed.shown(said.hidden_with, said.value)
        written = f"{said.symbol} = {value}"
        text = main.colour(said.quantity, written) + self._small(said.moment)
        if text != main.headline.text():
            main.show_headline(text)

    def _small(self, words: str) -> str:
        if not words:
            return ""
        colour, size = self._appearance.theme.muted, self._appearance.type_pixels(SMALL)
        style = f"color:{colour}; font-size:{size}px; font-weight:400"
        return f'<span style="{style}"> &nbsp;{words}</span>'

    def _rescale(self) -> None:
        for splitter in (self._across, self._left, self._right, self._turns):
            splitter.setHandleWidth(self._appearance.pixels(GRID))
        self.updateGeometry()

    @Slot()
    def _restyle(self) -> None:
        self._rescale()
        for panel in list(self._panels.values()):
            panel.attempt(panel.rescale)
            panel.attempt(panel.restyle)
        self._follow_room()
        self._redraw()

    def _redraw(self) -> None:
        snapshot = self._session.run.snapshot()
        if snapshot is not None:
            self._draw_headline(snapshot)
            for panel in self._in_sight():
                if panel.scene is not None:
                    panel.attempt(panel.draw_frame, snapshot)


def _column(above: QWidget, below: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID // 2)
    layout.addWidget(above)
    layout.addWidget(below)
    return column
