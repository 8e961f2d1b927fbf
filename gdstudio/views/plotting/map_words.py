"""What is said of a map over learning rate and momentum: its runs, and the best of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.numbers import counted, format_count, format_number

if TYPE_CHECKING:
    from gdstudio.core.settings.experiment import Experiment
    from gdstudio.core.sweep.by_rate_and_momentum import CostsByRateAndMomentum


def runs_words(found: CostsByRateAndMomentum, experiment: Experiment) -> str:
    """Say how many runs there are, and after how many steps their costs are."""
    steps = counted(found.steps, "step")
    if found.steps < experiment.total_steps:
        steps = f"the first {steps}"
    return f"{format_count(found.costs.size)} runs of {steps}"


def best_words(found: CostsByRateAndMomentum) -> str:
    """Say where the least cost is, and how large."""
    if found.best is None:
        return "all runs diverged"
    row, column = found.best
    cost = found.costs[row, column]
    ties = int((found.costs == cost).sum())
    among = f", in {format_count(ties)} cells, as at" if ties > 1 else " at"
    where = f"α = {format_number(found.rates[column], 3)}, β = {format_number(found.momenta[row], 3)}"
    above = ", above the start’s," if cost > found.start_cost else ""
    return f"✕ least J = {format_number(cost, 3)}{above}{among} {where}"
