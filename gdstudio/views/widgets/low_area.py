"""A part of a page that scrolls up and down, and is no higher than what is in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget
from typing_extensions import override


class LowArea(QScrollArea):
    """Shows a widget as high as it wants to be where there is room, and scrolls it elsewhere.

    In a layout it has a stretch, which it does not use beyond the height of the widget.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._inside = widget
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setWidget(widget)
        for part in (self.viewport(), widget):  # what is below shows through
            part.setAutoFillBackground(False)

    @override
    def sizeHint(self) -> QSize:
        """Return a single line's size, so that it yields to what is beside it where there is little room."""
        return QSize(self._inside.sizeHint().width(), 2 * self.fontMetrics().height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            self.setMaximumHeight(self._inside.sizeHint().height() + 2 * self.frameWidth())
        return super().eventFilter(watched, event)
