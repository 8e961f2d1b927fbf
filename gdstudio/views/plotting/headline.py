"""The one number of a lesson that can be read from the back row, beside its main picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_count, format_number
from gdstudio.core.symbols import symbol

if TYPE_CHECKING:
    from gdstudio.core.concealment import Quantity
    from gdstudio.core.problems import Problem
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.training.history import Snapshot

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Headline:
    """A symbol with its value, the quantity in whose colour, and of which moment it is.

    ``hidden_with`` is what a question has to hide for the value to be hidden too.
    """

    symbol: str
    value: str
    quantity: str
    hidden_with: Quantity
    moment: str = ""


def headline(snapshot: Snapshot, experiment: Experiment, problem: Problem) -> Headline:
    """Return the number that the view names: by itself the weight where there is only one, else the cost.

    In mini-batches the cost is that of all rows, as the latest epoch ended; a batch's own would flicker.
    """
    named = experiment.view.headline
    if named == "weight" or (named == "auto" and len(problem.weight_names) == 1):
        value = format_number(float(snapshot.latest[0]))
        return Headline(symbol(problem.weight_names[0]), value, "weights", "weights")
    cost, moment = snapshot.cost, ""
    if not experiment.is_full_batch:
        ended = snapshot.epoch_table
        cost, moment = float(snapshot.costs[0]), "at the start"
        if len(ended):
            cost, moment = float(ended[-1, 2]), f"after epoch {format_count(int(ended[-1, 0]))}"
    return Headline("J", format_number(cost, _DIGITS), "cost", "cost", moment)
