"""Shows an earlier step of a run, while the timeline is dragged, without moving the run itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.training.history import cut

if TYPE_CHECKING:
    from gdstudio.core.training.history import Snapshot


class Preview:
    """The earlier part of a snapshot, cut where the user looks.

    ``shown`` is that part, None while no preview is shown; ``count`` changes whenever it does.
    """

    def __init__(self) -> None:
        self._whole: Snapshot | None = None
        self.shown: Snapshot | None = None
        self.count = 0

    @property
    def is_open(self) -> bool:
        """Whether a preview has begun."""
        return self._whole is not None

    def open(self, whole: Snapshot | None) -> None:
        """Begin a preview of a snapshot; None, where there is no snapshot, begins none."""
        self._whole = whole

    def look_at(self, step: int) -> None:
        """Show the snapshot as far as a step, or as far as the last kept step before it."""
        if self._whole is not None:
            self.shown = cut(self._whole, max(0, step))
            self.count += 1

    def close(self) -> None:
        """Show the run itself again."""
        self._whole = self.shown = None
