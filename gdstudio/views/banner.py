"""A line inside the window for results and errors: what happened, what to do.

It covers nothing and keeps its place, so that nothing moves when it speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from gdstudio.core.events import FinishReason
from gdstudio.views.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.events import Failure, RunResult
    from gdstudio.worker.session import Session


class Banner(QFrame):
    """Shows the latest result or error until it is closed or something new begins.

    While there is nothing to report, ``quiet`` has the place.
    """

    def __init__(self, session: Session, quiet: QWidget) -> None:
        super().__init__()
        self._quiet = quiet
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
        layout.addWidget(quiet, 1)
        layout.addWidget(self._close)
        session.run_finished.connect(self._on_finished)
        session.run_failed.connect(self._on_failed)
        session.rejected.connect(self.show_errors)
        session.run_started.connect(self._hint)
        session.run_replaced.connect(self._on_replaced)
        session.torch_ready.connect(self._on_torch)
        self._session = session
        self._hint()

    @property
    def text(self) -> str:
        """What is written."""
        return self._label.text()

    def show_text(self, text: str, kind: str = "result") -> None:
        """Write a sentence; ``kind`` is result, diverged or error."""
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._close.setVisible(kind != "hint")
        self._label.setText(text)
        self._label.setVisible(bool(text))
        self._quiet.setVisible(not text)

    @Slot(object)
    def show_errors(self, lines: tuple[str, ...]) -> None:
        """Write what is wrong with something the user gave."""
        self.show_text("\n".join(lines), "error")

    @Slot(object)
    def _on_finished(self, result: RunResult) -> None:
        if result.reason in {FinishReason.STOPPED, FinishReason.FAILED}:
            return
        grown = result.reason is FinishReason.DIVERGED or "has risen" in result.sentence
        self.show_text(result.sentence, "diverged" if grown else "result")

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
        if self._session.problem is not None or not self._session.has_torch:
            self._hint()  # elsewhere the data could not be made, which was just said

    @Slot()
    def _hint(self) -> None:
        """Leave the place to what stands there while there is nothing to report."""
        words = "" if self._session.has_torch else "PyTorch is loading; Play waits for it."
        self.show_text(words, "hint")
