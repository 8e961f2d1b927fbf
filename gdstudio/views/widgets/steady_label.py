"""A label for words that change with every frame, which has the page laid out anew only where it must."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter, QPalette, QTextDocument, QTextOption
from PySide6.QtWidgets import QLabel
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

OTHER_LETTERS = (QEvent.Type.FontChange, QEvent.Type.StyleChange)
"""What tells a widget that its letters have become others."""
_SPARE = 2
"""So many letters m may be spare, before a label asks for less room again."""
_TAG = re.compile(r"<[^>]*>")


class SteadyLabel(QLabel):
    """Rich text in as many lines as it has breaks.

    A QLabel has the whole page laid out, and then painted twice, with each text that it is given. This one
    keeps its room while the text fits into it and leaves little of it empty.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._seen = ""
        self._room = QSize()
        self._document = QTextDocument(self)
        self._document.setDocumentMargin(0)
        self.show_text(text)

    @override
    def text(self) -> str:
        return self._seen

    @override
    def setText(self, text: str) -> None:
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show a text, and ask for other room where it needs some."""
        if text != self._seen:
            self._seen = text
            self.setAccessibleName(plain(text))
            self._measure_again()
            self.update()

    @override
    def sizeHint(self) -> QSize:
        self.ensurePolished()  # else its letters may be others yet
        return self._room.grownBy(self.contentsMargins())

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in OTHER_LETTERS:
            self._room = QSize()
            self._measure_again()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        inside = QRectF(self.contentsRect())
        self._document.setTextWidth(inside.width())
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        self._document.setDefaultTextOption(option)
        context = QAbstractTextDocumentLayout.PaintContext()
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        context.palette.setColor(QPalette.ColorRole.Text, colour)
        painter = QPainter(self)
        painter.translate(inside.topLeft() + QPointF(0, self._spare_above(inside.height())))
        self._document.documentLayout().draw(painter, context)
        painter.end()

    def needed(self) -> QSize:
        """Return the size, in pixels, of the text that is shown."""
        if not self._seen:
            return QSize(0, self.fontMetrics().height())
        self._document.setDefaultFont(self.font())
        self._document.setHtml(self._seen)
        self._document.setTextWidth(-1)
        size = self._document.size().toSize()
        return QSize(round(self._document.idealWidth() + 0.5), size.height())

    def _measure_again(self) -> None:
        needed, room = self.needed(), self._room
        spare = room.width() - needed.width()
        if needed.height() == room.height() and 0 <= spare <= _SPARE * self.fontMetrics().horizontalAdvance(
            "m"
        ):
            return
        self._room = needed
        self.updateGeometry()

    def _spare_above(self, height: float) -> float:
        spare = height - self._document.size().height()
        if self.alignment() & Qt.AlignmentFlag.AlignVCenter:
            return spare / 2
        return spare if self.alignment() & Qt.AlignmentFlag.AlignBottom else 0.0


def plain(rich: str) -> str:
    """Return the words of rich text."""
    return html.unescape(_TAG.sub("", rich)).replace("\N{NO-BREAK SPACE}", " ")
