"""A part of a page that scrolls up and down, and is no higher than what is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget
from typing_extensions import override


class LowArea(QScrollArea):
    """Shows a widget as high as it wants to be where there is room, and scrolls it elsewhere."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._inside = widget
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(widget)
        for part in (self.viewport(), widget):  # what is below shows through
            part.setAutoFillBackground(False)

    @override
    def sizeHint(self) -> QSize:
        wanted = self._inside.sizeHint()
        return QSize(wanted.width(), wanted.height() + 2 * self.frameWidth())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, 2 * self.fontMetrics().height())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
