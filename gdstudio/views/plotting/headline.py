"""The one number of a lesson that can be read from the back row, beside its main picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Headline:
    """What is written, the quantity in whose colour, and in smaller letters of which moment it is."""

    text: str
    quantity: str
    moment: str = ""


def headline(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> Headline:
    """Return the number that the view names: by itself the weight where there is only one, else the cost.

    In mini-batches the cost is that of all rows, as the latest epoch ended; a batch's own would flicker.
    """
    named = experiment.view.headline
    if named == "weight" or (named == "auto" and len(problem.weight_names) == 1):
        weight = format_number(float(snapshot.latest[0]))
        return Headline(f"{symbol(problem.weight_names[0])} = {weight}", "weights")
    if experiment.is_full_batch:
        return Headline(f"J = {format_number(snapshot.cost, _DIGITS)}", "cost")
    ended = snapshot.epoch_table
    cost, moment = float(snapshot.costs[0]), "at the start"
    if len(ended):
        cost, moment = float(ended[-1, 2]), f"after epoch {format_count(int(ended[-1, 0]))}"
    return Headline(f"J = {format_number(cost, _DIGITS)}", "cost", moment)
