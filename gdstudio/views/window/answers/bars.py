"""The share of the hands that went up for one answer: a bar for each time they were counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_ROUNDS = (QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Highlight)
"""The colours of the first and the second count."""


class Bars(QWidget):
    """Horizontal bars, one below the other, each as long as its share of the whole width."""

    def __init__(self) -> None:
        super().__init__()
        self.shares: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_shares(self, shares: tuple[float, ...]) -> None:
        """Show the share of each count, 0 to 1."""
        self.shares = shares
        self.setAccessibleName(", then ".join(f"{share:.0%} of the hands" for share in shares))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(6 * self.fontMetrics().height(), self.fontMetrics().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        high = self.height() / len(_ROUNDS)
        for i, (role, share) in enumerate(zip(_ROUNDS, (*self.shares, 0.0, 0.0), strict=False)):
            line = QRectF(0, i * high, self.width(), high - 2)
            painter.fillRect(line, palette.color(QPalette.ColorRole.AlternateBase))
            line.setWidth(share * line.width())
            painter.fillRect(line, palette.color(role))
