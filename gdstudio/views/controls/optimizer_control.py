"""The update rule and the hyperparameters that belong to it."""

from __future__ import annotations

from gdstudio.core.hyperparameter import Hyperparameter
from gdstudio.core.settings.optimizers import optimizer_titles
from gdstudio.views.controls.kind_control import KindControl

_RULE = Hyperparameter(
    name="optimizer",
    path="run.optimizer",
    kind="choice",
    title="Optimizer",
    symbol="",
    help="The update rule",
    scale="linear",
    applies="restart",
    default="sgd",
    optional=False,
)


class OptimizerControl(KindControl):
    """A choice of rule; below it, the rows of the chosen one alone."""

    def __init__(self) -> None:
        super().__init__(_RULE, optimizer_titles())
