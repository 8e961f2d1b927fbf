"""A look at an earlier step of a run, which stays where it is meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training.history import cut

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot


class Preview:
    """What is shown of the whole picture that was on screen when the look back began.

    ``shown`` is None while nobody looks back; ``count`` changes with every look.
    """

    def __init__(self) -> None:
        self._whole: Snapshot | None = None
        self.shown: Snapshot | None = None
        self.count = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody looks back."""
        return self._whole is not None

    def open(self, whole: Snapshot | None) -> None:
        """Begin to look back in a picture; without one there is nothing to see."""
        self._whole = whole

    def look_at(self, step: int) -> None:
        """Show what is kept nearest before a step."""
        if self._whole is not None:
            self.shown = cut(self._whole, max(0, step))
            self.count += 1

    def close(self) -> None:
        """Look at the run itself again."""
        self._whole = self.shown = None
