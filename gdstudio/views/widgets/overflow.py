"""A button that stands for those that have no room: its menu holds them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QComboBox, QMenu, QToolButton

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class OverflowButton(QToolButton):
    """Hides buttons and choosers, and offers them in a menu.

    Parameters
    ----------
    name
        Its object name.
    title
        What it holds, for its tooltip.
    parts
        What can be folded away; a button with a menu becomes a menu in this one, as a chooser does.
    """

    def __init__(self, name: str, title: str, parts: Sequence[QAbstractButton | QComboBox]) -> None:
        super().__init__()
        self._parts = tuple(parts)
        self._folded: tuple[QAbstractButton | QComboBox, ...] = ()
        self.setObjectName(name)
        self.setText("⋯")
        self.setToolTip(title)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.held = QMenu(self)
        self.held.setToolTipsVisible(True)
        self.held.aboutToShow.connect(self._fill)
        self.setMenu(self.held)
        self.hide()

    def fold(self, folded: Collection[QAbstractButton | QComboBox]) -> None:
        """Hide these of the parts and no others; without any, the button itself."""
        wanted = tuple(part for part in self._parts if part in folded)
        if wanted == self._folded:
            return
        self._folded = wanted
        for part in self._parts:
            part.setVisible(part not in wanted)
        self.setVisible(bool(wanted))

    @Slot()
    def _fill(self) -> None:
        """List the parts as they are now."""
        self.held.clear()
        for part in self._folded:
            if isinstance(part, QComboBox):
                self._list(part)
            elif isinstance(part, QToolButton) and part.menu() is not None:
                self.held.addMenu(part.menu()).setText(_title(part))
            else:
                action = self.held.addAction(_title(part))
                action.setToolTip(part.toolTip())
                action.setEnabled(part.isEnabled())
                action.triggered.connect(part.click)

    def _list(self, chooser: QComboBox) -> None:
        menu = self.held.addMenu(chooser.accessibleName())
        menu.setEnabled(chooser.isEnabled())
        for index in range(chooser.count()):
            action = menu.addAction(_plain(chooser.itemText(index)))
            action.setCheckable(True)
            action.setChecked(index == chooser.currentIndex())
            flags = chooser.model().flags(chooser.model().index(index, 0))
            action.setEnabled(bool(flags & Qt.ItemFlag.ItemIsEnabled))
            action.triggered.connect(partial(chooser.activated.emit, index))


def _title(button: QAbstractButton) -> str:
    """Return what is written on a button, or its name where that is a sign."""
    text = button.text().removesuffix("▾").strip()
    return _plain(text if any(map(str.isalpha, text)) else button.accessibleName())


def _plain(title: str) -> str:
    """Return a title in which no letter is taken for a shortcut."""
    return title.replace("&", "&&")
