"""The left column: the lessons, what the chosen one is about, and its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.lessons.library import lesson_ids, lesson_title
from gdstudio.views.controls.base import RESTARTS
from gdstudio.views.controls.form import ControlForm
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.compare_button import CompareButton
from gdstudio.views.window.lesson_list import LessonList

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gdstudio.lessons.lesson import Lesson
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_SCROLL_BAR, _ANY_WIDTH = 12, 16_777_215
SIDEBAR_WIDTH = 300.0
"""How wide it is at first, in pixels at 100 %."""
SIDEBAR_SHARE = 0.42
"""How much of the window's width it may have; what is wider than that is scrolled."""


class Sidebar(QWidget):
    """Emits ``lesson_chosen`` with an id; shows whichever lesson it is given.

    ``width_needed`` tells that its least width is another.
    """

    lesson_chosen = Signal(str)
    width_needed = Signal()

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setObjectName("sidebar")
        self._list = LessonList()
        self._list.setObjectName("lessons")
        self._list.setAccessibleName("Lessons")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for number, name in enumerate(lesson_ids(), 1):
            self._list.addItem(f"{number}  {lesson_title(name)}")
            self._list.item(number - 1).setToolTip(f"{lesson_title(name)} (key {number})")
        self._list.currentRowChanged.connect(self._on_row)
        self._list.opened_again.connect(self._on_row)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setProperty("role", "help")
        self.form = ControlForm(session, appearance)
        self.compare = CompareButton(session)
        self._lay_out()
        appearance.changed.connect(self.fit)
        self.fit()

    def show_lesson(self, shown: Lesson) -> None:
        """Show a lesson's text and controls, and mark it in the list where it is one of the course."""
        ids = lesson_ids()
        self._list.blockSignals(True)
        self._list.setCurrentRow(ids.index(shown.id) if shown.id in ids else -1)
        self._list.blockSignals(False)
        self._text.setText(shown.text.strip())
        self._text.setVisible(bool(shown.text.strip()))
        self.form.show_lesson(shown)
        self.compare.setVisible("batch_size" in self.form.controls)
        self.fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()  # only now do the widgets know how wide they are

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # the page has other parts, or others of another size
            self.fit()
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        page = self._page = QWidget()
        page.setObjectName("sidebar_page")
        page.installEventFilter(self)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        inner.setSpacing(GRID)
        inner.addWidget(_section("Lessons"))
        inner.addWidget(self._list)
        inner.addWidget(self._text)
        inner.addSpacing(GRID)
        inner.addWidget(_section(f"Controls   ({RESTARTS} restarts the run)"))
        inner.addWidget(self.form)
        inner.addWidget(self.compare)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    @Slot(int)
    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.lesson_chosen.emit(lesson_ids()[row])

    @Slot()
    def fit(self) -> None:
        """Be as wide as the controls and titles need, up to a share of the window; the rest is scrolled."""
        pixels = self._appearance.pixels
        titles = self._list.sizeHintForColumn(0) + pixels(5 * GRID)
        needed = max(self._page.minimumSizeHint().width(), titles) + pixels(_SCROLL_BAR)
        widest = round(SIDEBAR_SHARE * self.window().width()) if self.isVisible() else needed
        before = self.minimumWidth()
        self.setMinimumWidth(min(max(pixels(240), needed), widest))
        self.setMaximumWidth(max(widest, self.minimumWidth()) if self.isVisible() else _ANY_WIDTH)
        rows = self._list.count()
        line = max(self._list.sizeHintForRow(0), pixels(32)) if rows else 0
        self._list.setFixedHeight(rows * line + pixels(GRID))
        if self.minimumWidth() != before:
            self.width_needed.emit()


def _section(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "section")
    label.setWordWrap(True)
    return label
