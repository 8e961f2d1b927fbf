"""A choice with its words before it, as the preview of a table has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gdstudio.views.widgets.no_wheel import NoWheelComboBox

if TYPE_CHECKING:
    from collections.abc import Sequence


class Choice(NoWheelComboBox):
    """A list of values with words; ``caption`` is the label to put before it."""

    def __init__(self, name: str, words: str, tip: str) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setToolTip(tip)
        self.setMinimumContentsLength(13)
        self.caption = QLabel(words)
        self.caption.setProperty("role", "help")
        self.caption.setBuddy(self)

    def offer(self, values: Sequence[tuple[Any, str]], chosen: Any) -> None:
        """Offer values with their words; the chosen one is shown, without a signal."""
        self.blockSignals(True)
        self.clear()
        for value, words in values:
            self.addItem(words, value)
        self.setCurrentIndex(next((i for i, (value, _) in enumerate(values) if value == chosen), 0))
        self.blockSignals(False)
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 24)

    def show_only(self, *, visible: bool) -> None:
        """Show or hide it with its words."""
        self.setVisible(visible)
        self.caption.setVisible(visible)

    @property
    def value(self) -> Any:
        """The value chosen."""
        return self.currentData()
