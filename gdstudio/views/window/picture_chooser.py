"""The button "Pictures": a menu of what the problem offers, of which one to four are shown at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton
from typing_extensions import override

from gdstudio.core.panels import MOST_PANELS, panel_names
from gdstudio.views.plotting.panel import Scene

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from gdstudio.views.window.panel_area import PanelArea
    from gdstudio.worker.session import Session

_FULL = "Four at most: untick one to show another."
_LAST = "One stays: tick another one first."
_BETWEEN = "One to four at a time."


class PictureButton(QToolButton):
    """Opens the menu; what is ticked there is in ``view.panels`` at once, and so in the saved file.

    Where four pictures are shown, no fifth can be ticked, and where one is shown, it stays: the last line of
    the menu says so.
    """

    def __init__(self, session: Session, panels: PanelArea) -> None:
        super().__init__()
        self._session, self._panels = session, panels
        self.setObjectName("choose_pictures")
        self.setText("Pictures ▾")
        self.setToolTip("Choose the pictures on the page, one to four at a time")
        self.setAccessibleName("Choose the pictures on the page, one to four at a time")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pictures = _StayingMenu(self)
        self.pictures.setAccessibleName("Pictures")
        self.pictures.aboutToShow.connect(self._fill)
        self.pictures.triggered.connect(self._on_triggered)
        self.setMenu(self.pictures)
        session.experiment_changed.connect(self._follow)

    @Slot()
    def _fill(self) -> None:
        """List every picture that there is for the problem now, in an order that stays the same."""
        self.pictures.clear()
        offered, shown = self._offered(), self._shown()
        for kind in offered:
            action = self.pictures.addAction(_plain(self._panels.title_of(kind)))
            action.setData(kind)
            action.setCheckable(True)
        self.pictures.addSeparator()
        self._main = self.pictures.addMenu("Main picture")
        self._sentence = self.pictures.addAction("")
        self._sentence.setEnabled(False)
        self._synchronise(shown)

    @Slot()
    def _follow(self) -> None:
        if self.pictures.isVisible():
            self._synchronise(self._shown())

    def _synchronise(self, shown: Sequence[str]) -> None:
        for action in self._actions():
            is_shown = action.data() in shown
            action.setChecked(is_shown)
            action.setEnabled(len(shown) > 1 if is_shown else len(shown) < MOST_PANELS)
        count = len(shown)
        self._sentence.setText(_FULL if count >= MOST_PANELS else _LAST if count == 1 else _BETWEEN)
        self._main.clear()
        group = QActionGroup(self._main)
        for kind in shown:
            action = QAction(_plain(self._panels.title_of(kind)), group)
            action.setData(kind)
            action.setCheckable(True)
            action.setChecked(kind == shown[0])
            self._main.addAction(action)

    def _actions(self) -> list[QAction]:
        return [action for action in self.pictures.actions() if action.isCheckable()]

    def _offered(self) -> list[str]:
        problem = self._session.run.problem
        if problem is None:
            return self._shown()
        scene = Scene(self._session.experiment, problem)
        return [kind for kind in panel_names() if self._panels.is_offered(kind, scene)]

    def _shown(self) -> list[str]:
        return [panel.kind for panel in self._panels.shown]

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        panels, kind = self._session.experiment.view.panels, str(action.data())
        if action in self.pictures.actions():
            panels = toggled(panels, kind, self._offered())
        else:  # it is of the menu of the main picture
            panels = (kind, *(other for other in panels if other != kind))
        self._session.edit({"view.panels": panels})
        self._synchronise(self._shown())


class _StayingMenu(QMenu):
    """A menu that stays open while boxes are ticked in it, by a click, Space or Enter."""

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._tick(self.actionAt(event.position().toPoint())):
            super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() not in keys or not self._tick(self.activeAction()):
            super().keyPressEvent(event)

    def _tick(self, action: QAction | None) -> bool:
        if action is None or not action.isCheckable():
            return False
        action.trigger()  # which does nothing where it is disabled
        return True


def toggled(panels: Sequence[str], kind: str, offered: Container[str]) -> tuple[str, ...]:
    """Return a list of panels with one more, at its end, or without one that was in it.

    Those that are not offered now stay, since another problem may offer them, unless there is no room. The
    same list comes back where the fifth would be added, or the last one on screen taken out.
    """
    before = tuple(panels)
    if kind in before:
        after = tuple(other for other in before if other != kind)
        return after if any(other in offered for other in after) else before
    seen = tuple(other for other in before if other in offered)
    if len(seen) >= MOST_PANELS:
        return before
    return (*(before if len(before) < MOST_PANELS else seen), kind)


def _plain(title: str) -> str:
    """Return a title in which no letter is taken for a shortcut."""
    return title.replace("&", "&&")
