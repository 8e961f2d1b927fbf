"""The base of every control of the form."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gdstudio.views.widgets.theme import GRID

if TYPE_CHECKING:
    from gdstudio.core.hyperparameter import Hyperparameter
    from gdstudio.core.settings.experiment import Experiment

RESTARTS = "↻"
"""Marks what restarts the run; the heading of the form says so."""


def value_at(experiment: Experiment, path: str) -> Any:
    """Return the value at a path such as ``run.learning_rate``."""
    value: Any = experiment
    for key in path.split("."):
        value = getattr(value, key)
    return value


def tooltip(parameter: Hyperparameter, allowed: str = "") -> str:
    """Return what a hyperparameter is, a sentence of what is ``allowed``, and when a change of it acts."""
    acts = "Acts at once." if parameter.is_live else "A change restarts the run."
    return " ".join(filter(None, (f"{parameter.help}.", allowed, acts)))


def error_line(name: str) -> QLabel:
    """Return the line, hidden yet, that says what is wrong with the control of a name."""
    line = QLabel()
    line.setObjectName(f"{name}_error")
    line.setProperty("role", "error")
    line.setWordWrap(True)
    line.hide()
    return line


def set_tab_order(stops: list[QWidget]) -> None:
    """Make the Tab key go through the widgets in this order."""
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


class Control(QWidget):
    """A labelled control of one hyperparameter: it proposes values and shows the one in force."""

    edited = Signal(str, object)  # a path and its proposed value

    def __init__(self, parameter: Hyperparameter, title: str = "") -> None:
        super().__init__()
        self.parameter = parameter
        self.setObjectName(parameter.name)
        self.setAccessibleName(title or parameter.label)
        self.setToolTip(tooltip(parameter))
        self.label = QLabel(_unbroken(title or parameter.label, parameter.symbol))
        self.label.setWordWrap(True)
        self.acts = QLabel("" if parameter.is_live else RESTARTS)
        self.acts.setToolTip("A change restarts the run")
        self.acts.setProperty("role", "muted")
        self.head = QHBoxLayout()
        self.head.setSpacing(GRID // 2)
        self.head.addWidget(self.label, 1)
        self.head.addWidget(self.acts)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, GRID)
        self.column.setSpacing(GRID // 2)
        self.column.addLayout(self.head)
        self._error: QLabel | None = None

    @property
    def tab_stops(self) -> list[QWidget]:
        """The widgets that the Tab key goes through, in order."""
        return []

    def show_error(self, words: str) -> None:
        """Say below the control why a proposal was not taken; nothing where there are no words."""
        if self._error is None:
            self._error = error_line(self.objectName())
            self.column.addWidget(self._error)
        self._error.setText(words)
        self._error.setVisible(bool(words))

    def show_value(self, experiment: Experiment) -> None:
        """Show the value that is in force, without proposing it."""

    def propose(self, value: Any) -> None:
        """Propose a value."""
        self.edited.emit(self.parameter.path, value)


def _unbroken(title: str, symbol: str) -> str:
    """Keep a title's symbol on the same line as its last word, unless the title is a single word."""
    joined = f"\N{NO-BREAK SPACE}{symbol}"
    return title.replace(f" {symbol}", joined) if symbol and title.count(" ") > 1 else title
