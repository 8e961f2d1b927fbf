"""The line that a number is typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionFrame
from typing_extensions import override

from gdstudio.views.controls.line_entry import LineEntry
from gdstudio.views.controls.written import fitting, full, typed

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QMouseEvent, QResizeEvent

_LONGEST = 64
_MARGINS = 5  # what Qt leaves free beside the text, and the width of the cursor
_ASIDE = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}


class NumberEntry(LineEntry):
    """Shows a number in full while it has the focus, after that in a form that fits and is not wrong.

    Esc puts the number back.
    """

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._number: float | None = None
        self._words = ""
        self._is_fresh = False
        self._is_wrong = False
        self.setObjectName(f"{name}_entry")
        self.setAccessibleName(f"{title}, typed")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(_LONGEST)

    def show_number(self, value: float) -> None:
        """Show a number instead of what is written."""
        self._number = value
        self._write()

    def show_words(self, words: str) -> None:
        """Show words, such as ``off``, where there is no number."""
        self._number, self._words = None, words
        self._write()

    def keep_wrong_text(self) -> None:
        """Leave what was typed where it is, beside the sentence that says what is wrong with it."""
        self._is_wrong = True

    def _write(self) -> None:
        self._is_wrong = False
        whole = self._words if self._number is None else full(self._number)
        shown = whole
        if self._number is not None:
            shown = (typed if self.hasFocus() else fitting)(self._number, self._has_room)
        if shown != self.text() or self.isModified():
            self.setText(shown)
            self.setCursorPosition(0)  # a long number shows its beginning
        self.setAccessibleDescription(whole if shown != whole else "")

    def _has_room(self, text: str) -> bool:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return self.fontMetrics().horizontalAdvance(text) <= inside.width() - _MARGINS

    def _rewrite(self) -> None:
        """Write what fits now, unless something is being typed or was typed wrongly."""
        if not self.hasFocus() and not self.isModified() and not self._is_wrong:
            self._write()

    @override
    def put_back(self) -> None:
        self._write()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in _ASIDE:
            self._write()
        self._is_fresh = event.reason() is Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        if self.hasSelectedText():
            self._select()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _ASIDE:
            self._write()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select all at the first click, so that typing replaces the number."""
        super().mouseReleaseEvent(event)
        if self._is_fresh and not self.hasSelectedText():
            self._select()
        self._is_fresh = False

    def _select(self) -> None:
        """Select all, with the cursor before it, so that a long number shows its beginning."""
        self.setSelection(len(self.text()), -len(self.text()))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rewrite()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._rewrite()
