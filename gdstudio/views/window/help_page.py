"""The help, inside the window: every key, and every control of the lesson on screen.

Both come from their one declaration: the table of keys, and the hyperparameters with their bounds.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
)
from typing_extensions import override

from gdstudio.views.controls.base import tooltip
from gdstudio.views.controls.bounds import Bounds
from gdstudio.views.widgets.theme import BODY, GRID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.views.window.shortcuts import Key


_HANDS = (
    ("Tab", "Go to the next control, as the page is read"),
    ("Enter", "Take what is typed, and give the keys back to the run"),
    ("Esc", "Put the old number back, and give the keys back to the run"),
    ("Delete", "Take the marked point away, while points are edited"),
    ("Numbers", "Type 0.22 or 0,22, 1e-3, 3/14, or the name of a chip such as 2/L"),
)
"""What the keys of a control do, and what can be typed."""
_TWO_COLUMNS = 1000
"""The least width, in pixels at 100 %, at which the controls are shown beside the keys, not below."""


class HelpPage(QFrame):
    """Covers part of its parent until it is closed; a run goes on behind it.

    Parameters
    ----------
    over
        The widget that it is laid over.
    place
        Returns the part of it that may be covered.
    """

    def __init__(self, over: QWidget, appearance: Appearance, place: Callable[[], QRect]) -> None:
        super().__init__(over)
        self._over, self._appearance, self._place = over, appearance, place
        self._keys: Sequence[Key] = ()
        self._hyperparameters: tuple[Hyperparameter, ...] = ()
        self._before: QWidget | None = None
        self.setObjectName("help")
        self.setAccessibleName("Help")
        self.setProperty("card", True)
        title = QLabel("Keys and controls")
        title.setProperty("role", "title")
        self._close = QToolButton()
        self._close.setObjectName("close_help")
        self._close.setText("×")
        self._close.setAccessibleName("Close the help")
        self._close.setToolTip("Close the help (Esc)")
        self._close.clicked.connect(self.close_page)
        self.page = QTextBrowser()
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setAccessibleName("Keys and controls")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.addLayout(head)
        layout.addWidget(self.page, 1)
        appearance.changed.connect(self._write)
        self.hide()

    def tell(self, keys: Sequence[Key], hyperparameters: Iterable[Hyperparameter]) -> None:
        """Set the contents: the window's keys and the lesson's hyperparameters."""
        self._keys, self._hyperparameters = keys, tuple(hyperparameters)
        self._write()

    def open_page(self) -> None:
        """Show it, and give it the focus, so that it can be scrolled by keys."""
        self._before = QApplication.focusWidget()
        self._over.installEventFilter(self)
        self.setGeometry(self._place())
        self.raise_()
        self.show()
        self._write()
        self.page.setFocus()

    @Slot()
    def close_page(self) -> None:
        """Hide it, and give the focus back; nothing where it is not open."""
        if self.isHidden():
            return
        self._over.removeEventFilter(self)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        self._before = None

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self.setGeometry(self._place())
            self._write()
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_page()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _write(self) -> None:
        if self.isHidden():
            return
        theme = self._appearance.theme
        style = f"color: {theme.text}; font-size: {self._appearance.pixels(BODY)}px"
        keys = self._table([*key_rows(self._keys), *_HANDS])
        told = self._table([(p.label, control_words(p)) for p in self._hyperparameters])
        if self.width() < _TWO_COLUMNS * self._appearance.scale:
            page = f"{keys}<p></p>{told}"
        else:
            page = f'<table><tr><td width="46%">{keys}</td><td>{told}</td></tr></table>'
        self.page.setHtml(f'<div style="{style}">{page}</div>')

    def _table(self, rows: list[tuple[str, str]]) -> str:
        """Return rows of a name, on one line, and words as a table."""
        bold = QFontMetrics(self._appearance.font(BODY, bold=True))
        width = 2 * GRID + max((bold.horizontalAdvance(name) for name, _ in rows), default=0)
        cells = (
            f'<tr><td width="{width}"><b>{escape(name)}</b></td><td>{escape(words)}</td></tr>'
            for name, words in rows
        )
        return f'<table cellpadding="3">{"".join(cells)}</table>'


def key_rows(keys: Iterable[Key]) -> list[tuple[str, str]]:
    """Return the keys and the words of each row; numbered ones, such as those of lessons, share one."""
    rows: list[tuple[str, str]] = []
    first: dict[str, int] = {}
    for key in keys:
        names = " or ".join(
            QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in key.keys
        )
        words, _, number = key.words.rpartition(" ")
        if not number.isdigit():
            rows.append((names, key.words))
        elif words not in first:
            first[words] = len(rows)
            rows.append((names, words))
        else:
            at = first[words]
            so_far = rows[at][0]
            rows[at] = (f"{so_far}, 0" if names == "0" else f"{so_far.split(' … ')[0]} … {names}", words)
    return rows


def control_words(parameter: Hyperparameter) -> str:
    """Say what a hyperparameter is, what may be given, and when a change of it acts."""
    allowed = ""
    if parameter.choices:
        allowed = f"One of: {', '.join(words for _, words in parameter.choices)}."
    elif parameter.kind in {"number", "integer"}:
        allowed = f"Give {Bounds.of(parameter).words()}."
    return tooltip(parameter, allowed)
