"""Tables come in by the dialog, by a drop on the window, and by a paste into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from gdstudio.core.problems.kinds.table import MAX_CELLS_TEXT
from gdstudio.core.settings.table_start import TableChoice, begun
from gdstudio.core.tables.encoding import plain_lines
from gdstudio.core.tables.options import AS_FOUND
from gdstudio.lessons.lesson import Lesson, lesson_on
from gdstudio.views.window.table.preview import TablePreview

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QWidget

    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.views.window.banner import Banner

_NO_TEXT = "There is no table on the clipboard; copy the cells of a spreadsheet, and paste them here."
_TOO_LONG = "The text on the clipboard is too long; save the table as CSV, and open that."


class TableOpening(QObject):
    """Shows the preview of a table, and puts on screen what is chosen in it.

    Parameters
    ----------
    window
        Over which the preview opens, and on which files are dropped.
    show
        Puts a lesson on screen.
    open_file
        Opens a file that is dropped.
    """

    def __init__(
        self,
        window: QWidget,
        appearance: Appearance,
        banner: Banner,
        show: Callable[[Lesson], None],
        open_file: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._window, self._appearance, self._banner = window, appearance, banner
        self._show, self._open_file = show, open_file
        self.preview: TablePreview | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open_path(self, path: str) -> None:
        """Show the preview of a file."""
        self._open(TableChoice(str(Path(path).absolute()), None, AS_FOUND))

    def open_text(self, text: str) -> None:
        """Show the preview of a text."""
        self._open(TableChoice(None, plain_lines(text), AS_FOUND))

    @Slot()
    def paste(self) -> None:
        """Show the preview of the table on the clipboard."""
        text = QApplication.clipboard().text()
        if not text.strip():
            self._banner.show_text(_NO_TEXT)
        elif len(text) > MAX_CELLS_TEXT:
            self._banner.show_errors((_TOO_LONG,))
        else:
            self.open_text(text)

    def _open(self, choice: TableChoice) -> None:
        if self.preview is None:
            self.preview = TablePreview(self._window, self._appearance)
            self.preview.chosen.connect(self._on_chosen)
        self.preview.open_table(choice)

    @Slot(object)
    def _on_chosen(self, choice: TableChoice) -> None:
        name = Path(choice.path).stem if choice.path is not None else "pasted table"
        self._show(lesson_on(begun(choice), name))

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent | QDropEvent) and (file := _dropped(event.mimeData())):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._open_file(file)
            return True
        return super().eventFilter(watched, event)


def _dropped(data: QMimeData) -> str:
    """Return the one file that is dropped; empty where there are none or several."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return files[0] if len(files) == 1 else ""
