"""Where the user expects a run to end, marked in the pictures before the run."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Guess(QObject):
    """Weights that a question asks to mark; ``changed`` tells of another mark, or that one is wanted.

    Attributes
    ----------
    is_wanted
        Whether a click in a picture of the cost marks a place, rather than set the start.
    weights
        What is marked, one number a weight; None where nothing is.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_wanted = False
        self.weights: tuple[float, ...] | None = None

    def want(self, *, is_wanted: bool) -> None:
        """Let clicks mark a place, or set the start again; what is marked stays."""
        if is_wanted != self.is_wanted:
            self.is_wanted = is_wanted
            self.changed.emit()

    def mark(self, weights: tuple[float, ...] | None) -> None:
        """Mark weights, or take the mark away."""
        if weights != self.weights:
            self.weights = weights
            self.changed.emit()
