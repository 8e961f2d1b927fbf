"""Shows and goes to other steps of the run on screen than its latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.worker.player import Player


class TimeTravel:
    """Moves the run of a player back and forth through its steps."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def preview(self, step: int) -> None:
        """Pause, and show at once the last kept step up to ``step``; `seek` then goes there."""
        preview = self._player.run.preview
        if not preview.is_open:
            self._player.pause()
            preview.open(self._player.run.snapshot())
        preview.look_at(step)

    def seek(self, step: int) -> None:
        """Go to any step and pause there; its weights, batches and learning rate are those of the first time.

        To go forward is to make the steps between. To go back is to repeat the run from the last checkpoint
        before the step; until it gets there, the picture shows the last kept step before it. Later changes
        of the learning rate are forgotten.
        """
        run = self._player.run
        run.preview.close()
        if run.problem is None or not self._player.has_torch:
            return
        step = max(0, min(step, run.experiment.total_steps))
        here = max(run.shown_step, run.goal)
        if step > here:
            self._player.step(step - here)
        elif step < here:
            self._player.replay(step)

    def step_back(self) -> None:
        """Go one step back from the step shown, or from the step that the run is on its way back to."""
        run = self._player.run
        run.preview.close()
        here = run.goal if run.is_going_back else run.shown_step
        if here > 0:
            self.seek(here - 1)
