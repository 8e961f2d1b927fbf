"""The curve of the cost that the user expects, drawn before the run."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

Points: TypeAlias = tuple[tuple[float, float], ...]


class Sketch(QObject):
    """A line of steps and costs; ``changed`` tells of another line, or that one is wanted.

    Attributes
    ----------
    paper
        Between which costs there is to be room for a line; None where none is shown or asked for.
    is_wanted
        Whether the pointer draws.
    points
        Steps, which only grow, each with its cost.
    went_back
        Whether the pointer went to earlier steps; what it drew there is left out.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paper: tuple[float, float] | None = None
        self.is_wanted = False
        self.points: Points = ()
        self.went_back = False

    def lay_out(self, paper: tuple[float, float] | None) -> None:
        """Make room between two costs, with nothing drawn yet; None takes the paper away."""
        self.paper, self.points, self.went_back = paper, (), False
        self.is_wanted = False
        self.changed.emit()

    def want(self, *, is_wanted: bool) -> None:
        """Let the pointer draw, or leave the line as it is."""
        if is_wanted != self.is_wanted:
            self.is_wanted = is_wanted
            self.changed.emit()

    def start(self, step: float, cost: float) -> None:
        """Put the pointer down: behind the end of the line it goes on, elsewhere the line begins anew."""
        if self.points and step < self.points[-1][0]:
            self.points = ()
        self.went_back = False
        self.draw(step, cost)

    def draw(self, step: float, cost: float) -> None:
        """Draw on to a step; one that is not after the last is left out."""
        last = self.points[-1][0] if self.points else -1.0
        if step > last:
            self.points = (*self.points, (step, cost))
        elif step < last:
            self.went_back = True
        self.changed.emit()

    def clear(self) -> None:
        """Take the line away, but not the paper."""
        self.points, self.went_back = (), False
        self.changed.emit()
