"""One pinned run: its line and mark, its name, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
)
from typing_extensions import override

from gdstudio.views.plotting.pin_layer import SYMBOLS, pin_colour, pin_pen
from gdstudio.views.widgets.tab_focus_button import TabFocusButton
from gdstudio.worker.pins import DIVERGED

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.pins import PinnedRun, Pins

_ICON = QSize(24, 14)
_LEAST_WIDTH = 64
_HIDDEN = 0.35
_GAP = 4  # what Qt leaves between the icon and the text


class PinChip(QFrame):
    """A click shows or hides the run, F2 or a double click renames it, Delete or × unpins it."""

    def __init__(self, slot: int, pins: Pins, appearance: Appearance) -> None:
        super().__init__()
        self._slot, self._pins, self._appearance = slot, pins, appearance
        self._name, self._settings, self._is_shown = "", "", True
        self.setObjectName(f"pin_{slot + 1}")
        self.button = _ElidedButton()
        self.button.setProperty("pin", True)
        self.button.setCheckable(True)
        self.button.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.button.clicked.connect(self._on_clicked)
        self.button.double_clicked.connect(self._on_double_clicked)
        self.edit = _NameEdit()
        self.edit.setAccessibleName("Name of the pinned run")
        self.edit.setPlaceholderText("its settings")
        self.edit.hide()
        self.edit.editingFinished.connect(self._on_named)
        self.unpin = QToolButton()
        self.unpin.setText("×")
        self.unpin.setProperty("pin", True)
        self.unpin.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete on the name does the same
        self.unpin.clicked.connect(self._on_unpin)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget in (self.button, self.edit, self.unpin):
            row.addWidget(widget)
        self._act("Rename", "F2", self.rename)
        self._act("Show or hide", "", self.button.click)
        self._act("Unpin", "Del", self._on_unpin)

    def show_pin(self, pin: PinnedRun, label: str) -> None:
        """Show a pin under a name."""
        self._name, self._is_shown = pin.name, pin.is_shown
        self._settings = label.removesuffix(DIVERGED)
        self.button.setChecked(pin.is_shown)
        self.button.setText(label)
        state = "shown" if pin.is_shown else "hidden"
        self.button.setAccessibleName(f"Pinned run {label}, {state}")
        self.button.setToolTip(
            f"{label}: up to step {pin.snapshot.step:,}. A click shows or hides it, F2 renames it."
        )
        self.unpin.setAccessibleName(f"Unpin {label}")
        self.unpin.setToolTip(f"Unpin {label} (Delete)")
        self.restyle()

    def restyle(self) -> None:
        """Draw its line and mark in the theme's colours."""
        scale = self._appearance.scale
        self.button.setIconSize(_ICON * scale)
        self.button.setIcon(self._icon(scale))

    @Slot()
    def rename(self) -> None:
        """Replace the name by a line in which it can be edited."""
        self.edit.setText(self._name or self._settings)
        self.button.hide()
        self.edit.show()
        self.edit.setFocus()
        self.edit.selectAll()

    def _icon(self, scale: float) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(_ICON * scale * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        theme, middle = self._appearance.theme, QPointF(_ICON.width() * scale / 2, _ICON.height() * scale / 2)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self._is_shown else _HIDDEN)
        painter.setPen(pin_pen(theme, self._slot, 2 * scale))
        painter.drawLine(QPointF(0, middle.y()), QPointF(2 * middle.x(), middle.y()))
        painter.translate(middle)
        colour = pin_colour(theme, self._slot)
        drawSymbol(painter, SYMBOLS[self._slot], 11 * scale, pg.mkPen(None), pg.mkBrush(colour))
        painter.end()
        return QIcon(pixmap)

    def _act(self, words: str, key: str, command: object) -> None:
        action = QAction(words, self.button)
        if key:
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(command)
        self.button.addAction(action)

    @Slot(bool)
    def _on_clicked(self, shown: bool) -> None:
        self._pins.show(self._slot, shown)

    @Slot()
    def _on_named(self) -> None:
        if not self.edit.isVisible():
            return
        had_focus = self.edit.hasFocus()
        self.edit.hide()
        self.button.show()
        if had_focus:
            self.button.setFocus()
        if self.edit.text() != (self._name or self._settings):
            self._pins.rename(self._slot, self.edit.text())

    @Slot()
    def _on_double_clicked(self) -> None:
        self._pins.show(self._slot, not self._is_shown)  # the first of the two clicks has changed it
        self.rename()

    @Slot()
    def _on_unpin(self) -> None:
        self._pins.unpin(self._slot)


class _NameEdit(QLineEdit):
    """A line to edit a name; Escape restores the name that it had."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            while self.isUndoAvailable():
                self.undo()
            self.editingFinished.emit()
        else:
            super().keyPressEvent(event)


class _ElidedButton(TabFocusButton):
    """A button that shortens its text where there is no room, and tells of a double click."""

    double_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2 * _GAP, 0)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        room = inside.width() - self.iconSize().width() - _GAP
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
