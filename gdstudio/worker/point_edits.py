"""Edits of the points that a problem is fitted to, each of which can be taken back as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gdstudio.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.core.problems.given_points import Changes, GivenPoints, Point
    from gdstudio.worker.session import Session

_SCALED = (
    "x is drawn scaled here, so that a click does not say which x is meant; type the point in the table, or "
    "choose the raw feature x."
)


class PointEdits(QObject):
    """Moves, adds and takes away points of the session's experiment.

    Each edit tells whether it was made; the session's ``rejected`` says why where it was not.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._before: GivenPoints | None = None

    @property
    def given(self) -> GivenPoints | None:
        """The points now; None where the rows of the problem are drawn, or there are none."""
        return self._session.experiment.problem.given_points

    @Slot()
    def take(self) -> None:
        """Begin to move a point; all moves up to `let_go` are one edit."""
        self._before = self.given
        self._session.undo.open()

    @Slot()
    def let_go(self) -> None:
        """End a move."""
        self._before = None
        self._session.undo.close()

    @Slot()
    def put_back(self) -> None:
        """Put all points where they were when one was taken, to the last digit."""
        if self._before is not None:
            self._session.edit(dict(self._before.all()))

    def drag(self, index: int, to: Point) -> bool:
        """Move a point that has been taken; one of a scaled feature keeps its x."""
        given = self.given
        if given is None or index >= len(given):
            return False
        x = given.x[index] if given.is_scaled else to[0]
        return self._session.edit(dict(given.moved(index, (x, to[1]))))

    def click(self, point: Point) -> bool:
        """Add a point where the user has clicked in the plot."""
        if self.given is not None and self.given.is_scaled:
            self._session.rejected.emit((_SCALED,))
            return False
        return self.add(point)

    def move(self, index: int, to: Point) -> bool:
        """Put a point elsewhere."""
        return self._make(lambda given: given.moved(index, to))

    def add(self, point: Point) -> bool:
        """Add a point."""
        return self._make(lambda given: given.added(point))

    def remove(self, index: int) -> bool:
        """Take a point away."""
        return self._make(lambda given: given.without(index))

    def replace(self, points: Sequence[Point]) -> bool:
        """Put other points in the place of all."""
        return self._make(lambda given: given.replaced(points))

    def _make(self, changes: Callable[[GivenPoints], Changes]) -> bool:
        given = self.given
        if given is None:
            return False
        try:
            wanted = changes(given)
        except InputError as error:
            self._session.rejected.emit(error.problems)
            return False
        with self._session.undo.one():
            return self._session.edit(dict(wanted))
