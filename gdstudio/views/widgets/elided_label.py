"""Labels that shorten what does not fit, and say all of it in their tooltip."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QStyle, QStylePainter
from typing_extensions import override

from gdstudio.views.widgets.steady_label import OTHER_LETTERS, SteadyLabel, plain

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_GAP = re.compile(r"\s*&nbsp;\s*")
_BREAK = re.compile(r"<br\s*/?>")
_PAINTED = re.compile(r"(<span [^>]*>)(.*)(</span>)")
_DOTS = "…"
_SEPARATOR = " &nbsp; "


class _ShortenedLabel(SteadyLabel):
    """A label that may be narrower than its text, and looks again at what fits when its room changes."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setMinimumWidth(1)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in OTHER_LETTERS:
            self._fit()

    def _fit(self) -> None:
        """Show what fits, and the whole as the tooltip where something is left out."""
        raise NotImplementedError

    def _set_tip(self, tip: str) -> None:
        if tip != self.toolTip():
            self.setToolTip(tip)


class ElidedLabel(_ShortenedLabel):
    """One line of plain text; where it is cut, an ellipsis, and the whole of it as the tooltip."""

    @property
    def is_cut(self) -> bool:
        """Whether not all of the text is seen."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    @override
    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    @override
    def needed(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.height())

    @override
    def _fit(self) -> None:
        self._set_tip(self.text() if self.is_cut else "")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        inside = self.contentsRect()
        seen = self.text()
        if self.is_cut:  # Qt would shorten what fits to the pixel, too
            seen = self.fontMetrics().elidedText(seen, Qt.TextElideMode.ElideRight, inside.width())
        alignment = QStyle.visualAlignment(self.layoutDirection(), self.alignment())
        painter = QStylePainter(self)
        painter.drawItemText(
            inside, alignment, self.palette(), self.isEnabled(), seen, QPalette.ColorRole.WindowText
        )


class NoteLabel(_ShortenedLabel):
    """Rich text in parts, with ``&nbsp;`` between them; those at the end that do not fit are left out.

    The whole text stays what ``text`` returns, and is the tooltip where something is left out.
    """

    def __init__(self) -> None:
        self._full = ""
        super().__init__()

    @override
    def text(self) -> str:
        return self._full

    @override
    def setText(self, text: str) -> None:
        if text != self._full:
            self._full = text
            self._fit()

    @property
    def seen(self) -> str:
        """The part of the text that is on screen."""
        return super().text()

    @override
    def _fit(self) -> None:
        """Show what fits; measured as plain text, which is much faster than to lay out rich text."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        lines = _BREAK.split(self._full)
        fitting = [_fitting(line, metrics, width) for line in lines]
        if fitting != super().text().split("<br>"):
            self.show_text("<br>".join(fitting))
        self._set_tip("\n".join(map(plain, lines)) if fitting != lines else "")


def _fitting(line: str, metrics: QFontMetrics, width: int) -> str:
    """Return a line without the parts at its end that would be cut; its first part is shortened."""
    if metrics.horizontalAdvance(plain(line)) <= width:
        return line
    parts = _GAP.split(line)
    for kept in range(len(parts) - 1, 0, -1):
        shorter = _SEPARATOR.join(parts[:kept]) + f" {_DOTS}"
        if metrics.horizontalAdvance(plain(shorter)) <= width:
            return shorter
    cut = html.escape(metrics.elidedText(plain(parts[0]), Qt.TextElideMode.ElideRight, width), quote=False)
    painted = _PAINTED.fullmatch(parts[0])
    return f"{painted[1]}{cut}{painted[3]}" if painted else cut
