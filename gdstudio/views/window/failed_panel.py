"""The card that stands in the place of a panel that does not work."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gdstudio.views.plotting.panel import Panel

if TYPE_CHECKING:
    from gdstudio.views.widgets.theme import Appearance
    from gdstudio.worker.session import Session


class FailedPanel(Panel):
    """Tells which panel has failed, and by what error; it draws nothing.

    ``text`` is the label that says so.
    """

    title = "Failed panel"

    def __init__(self, kind: str, error: Exception, session: Session, appearance: Appearance) -> None:
        super().__init__(session, appearance)
        self.setObjectName(kind)
        self.heading.setText(f"Panel {kind}")
        self.text = QLabel(f"This panel failed: {type(error).__name__}: {escape(str(error))}")
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body(self.text)
