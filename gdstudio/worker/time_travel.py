"""Looking at and going to other steps of the run on screen than its latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdstudio.worker.player import Player


class TimeTravel:
    """Takes a player's run through its time; a run keeps by itself how far it has been taken."""

    def __init__(self, player: Player) -> None:
        self._player = player

    def preview(self, step: int) -> None:
        """Pause and show at once what is kept nearest before an earlier step; `seek` goes there."""
        preview = self._player.run.preview
        if not preview.is_open:
            self._player.pause()
            preview.open(self._player.run.snapshot())
        preview.look_at(step)

    def seek(self, step: int) -> None:
        """Go to any step and pause there, with the weights, batches and rates of the first time.

        Going on goes forward. Going back takes the run up from the last checkpoint before the step, unseen,
        while the picture shows what it kept of that step. Later changes of the learning rate are forgotten.
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
        """Go one step back from the step shown, or from the one that is being gone back to."""
        run = self._player.run
        run.preview.close()
        here = run.goal if run.is_going_back else run.shown_step
        if here > 0:
            self.seek(here - 1)
