"""The schedule of the learning rate and the hyperparameters that belong to it."""

from __future__ import annotations

from gdstudio.core.hyperparameter import Hyperparameter
from gdstudio.core.settings.schedules import schedule_titles
from gdstudio.views.controls.kind_control import KindControl

_SCHEDULE = Hyperparameter(
    name="schedule",
    path="run.schedule",
    kind="choice",
    title="Schedule of α",
    symbol="",
    help="How the learning rate goes on over the steps; its picture is “Learning rate at each step”",
    scale="linear",
    applies="restart",
    default="constant",
    optional=False,
)


class ScheduleControl(KindControl):
    """A choice of schedule; below it, the rows of the chosen one alone."""

    def __init__(self) -> None:
        super().__init__(_SCHEDULE, schedule_titles())
