"""The left column: the lessons, what the chosen one is about, and its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from gdstudio.lessons.library import lesson_ids, lesson_title
from gdstudio.views.controls.base import RESTARTS
from gdstudio.views.controls.form import ControlForm
from gdstudio.views.widgets.no_wheel import NoWheelList
from gdstudio.views.widgets.theme import GRID
from gdstudio.views.window.compare_button import CompareButton

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gdstudio.lessons.lesson import Lesson
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session

_SCROLL_BAR = 12


class Sidebar(QWidget):
    """Emits ``lesson_chosen`` with an id; shows whichever lesson it is given."""

    lesson_chosen = Signal(str)

    def __init__(self, session: Session, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setObjectName("sidebar")
        self._list = NoWheelList()
        self._list.setObjectName("lessons")
        self._list.setAccessibleName("Lessons")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        for number, name in enumerate(lesson_ids(), 1):
            self._list.addItem(f"{number}  {lesson_title(name)}")
            self._list.item(number - 1).setToolTip(f"{lesson_title(name)} (key {number})")
        self._list.currentRowChanged.connect(self._on_row)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setProperty("role", "help")
        self.form = ControlForm(session, appearance)
        self.compare = CompareButton(session)
        self._lay_out()
        appearance.changed.connect(self._fit)
        self._fit()

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
        self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()  # only now do the widgets know how wide they are

    def _lay_out(self) -> None:
        page = self._page = QWidget()
        page.setObjectName("sidebar_page")
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
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
    def _fit(self) -> None:
        needed = self._page.minimumSizeHint().width() + _SCROLL_BAR
        titles = self._list.sizeHintForColumn(0) + 4 * GRID + _SCROLL_BAR
        self.setMinimumWidth(max(self._appearance.pixels(264), needed, titles))
        rows = self._list.count()
        self._list.setFixedHeight(rows * self._appearance.pixels(36) + GRID)


def _section(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "section")
    return label
