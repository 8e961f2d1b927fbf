"""A line inside the window for errors, and for what was saved or exported: what happened, what to do.

It covers nothing and always takes the same room, so that nothing moves when a message comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget
from typing_extensions import override

from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gdstudio.core.training.events import Failure
    from gdstudio.worker.session import Session


class Banner(QFrame):
    """Shows the latest error or note until it is closed or something new begins.

    While there is no message, ``formula_line`` is shown in its place, unless that is switched off.
    """

    def __init__(self, session: Session, formula_line: QWidget) -> None:
        super().__init__()
        self._formula_line = formula_line
        self._shows_formula = True
        self.setObjectName("banner")
        self.setAccessibleName("Message")
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = QToolButton()
        self._close.setObjectName("close_banner")
        self._close.setText("×")
        self._close.setAccessibleName("Close the message")
        self._close.setToolTip("Close the message")
        self._close.clicked.connect(self._hint)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.addWidget(self._label, 1)
        layout.addWidget(formula_line, 1)
        layout.addWidget(self._close)
        session.training.run_failed.connect(self._on_failed)
        session.rejected.connect(self.show_errors)
        session.training.run_started.connect(self._hint)
        session.run_replaced.connect(self._on_replaced)
        session.player.torch_ready.connect(self._on_torch)
        self._session = session
        self._hint()

    @property
    def text(self) -> str:
        """What is written."""
        return self._label.text()

    def show_text(self, text: str, kind: str = "result") -> None:
        """Write a sentence; ``kind`` is result (a note), hint or error."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            for widget in (self, self._label):  # the colour of the words follows the frame's kind
                self.style().unpolish(widget)
                self.style().polish(widget)
        self._close.setVisible(kind != "hint")
        self._label.setText(text)
        self._label.setVisible(bool(text))
        self._formula_line.setVisible(self._shows_formula and not text)
        self._keep_height()

    @property
    def shows_formula(self) -> bool:
        """Whether the formula line is shown while there is no message."""
        return self._shows_formula

    @Slot()
    def toggle_formula(self) -> None:
        """Switch the formula line on or off."""
        self.set_shows_formula(not self._shows_formula)

    def set_shows_formula(self, shows: bool) -> None:
        """Set whether the formula line is shown while there is no message."""
        self._shows_formula = shows
        self._formula_line.setVisible(shows and not self._label.text())
        self._keep_height()

    def _keep_height(self) -> None:
        """Give a message the height of the formula line, so that the pictures keep their size."""
        height = self._formula_line.heightForWidth(self.width() - 3 * GRID) if self._shows_formula else 0
        self._label.setMinimumHeight(max(0, height))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_height()

    @Slot(object)
    def show_errors(self, lines: tuple[str, ...]) -> None:
        """Write what is wrong with something the user gave."""
        self.show_text("\n".join(lines), "error")

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        self.show_text(failure.message, "error")
        self._label.setToolTip(failure.detail)

    @Slot()
    def _on_torch(self) -> None:
        if self.property("kind") == "hint":
            self._hint()

    @Slot()
    def _on_replaced(self) -> None:
        if self._session.run.problem is not None or not self._session.player.has_torch:
            self._hint()  # elsewhere the data could not be made, which was just said

    @Slot()
    def _hint(self) -> None:
        """Show the formula line instead of a message, with a hint while PyTorch is loading."""
        words = "" if self._session.player.has_torch else "PyTorch is loading; Play waits for it."
        self.show_text(words, "hint")
