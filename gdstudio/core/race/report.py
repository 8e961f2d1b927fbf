"""A race that is over: as a table for a person, as plain values for JSON, and every step as CSV."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from gdstudio.core.numbers import counted, format_count, format_number
from gdstudio.core.race.words import level_in_front, who_is_ahead

if TYPE_CHECKING:
    from gdstudio.core.problems import Problem
    from gdstudio.core.race.race import RaceView, Standing
    from gdstudio.core.settings.experiment import Experiment

_FEW_WEIGHTS = 3
"""So many weights are written into the table."""


def summary(problem: Problem, view: RaceView) -> str:
    """Return the table, in the order of the standing, how those ended that tell more, and who has won."""
    few = len(problem.weight_names) <= _FEW_WEIGHTS
    head = ["", "α", "steps", "evaluations", "cost", *(problem.weight_names if few else ()), ""]
    rows = [head, *(_row(one, few=few) for one in view.order)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        f"{counted(len(rows) - 1, 'run')} from one start, J = {format_number(view.start_cost)}, "
        f"with {counted(view.budget, 'gradient evaluation')} each",
        *("   ".join(_placed(row, widths)).rstrip() for row in rows),
        who_is_ahead(view),
    ]
    return "\n".join(lines) + "\n"


def as_plain(experiment: Experiment, problem: Problem, view: RaceView, seconds: float) -> dict[str, Any]:
    """Return the race as plain values: what stands in the README under ``gdstudio race``."""
    first = level_in_front(view)
    return {
        "experiment": experiment.tables(),
        "device": experiment.run.device,
        "dtype": experiment.run.dtype,
        "budget": view.budget,
        "start_cost": view.start_cost,
        "winners": [one.contestant.name for one in first],
        "sentence": who_is_ahead(view),
        "entrants": [_plain(problem, place, one) for place, one in enumerate(view.order, 1)],
        "seconds": seconds,
    }


def write_csv(problem: Problem, view: RaceView, file: IO[str]) -> None:
    """Write one row a step of each run: its name, step, evaluations, full cost (where known) and weights."""
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["name", "step", "evaluations", "cost", *problem.weight_names])
    for one in view.standings:
        way = one.way
        table = zip(
            way.steps.astype(int).tolist(),
            way.evaluations.astype(int).tolist(),
            way.costs.tolist(),
            way.weights.tolist(),
            strict=True,
        )
        for step, evaluations, cost, weights in table:
            known = "" if np.isnan(cost) else cost
            rows.writerow([one.contestant.name, step, evaluations, known, *weights])


def _row(one: Standing, *, few: bool) -> list[str]:
    weights = [format_number(value, 5) for value in one.way.weights[-1].tolist()] if few else []
    return [
        one.contestant.name,
        format_number(one.contestant.experiment.run.learning_rate, 4),
        format_count(one.step),
        format_count(one.evaluations),
        format_number(one.cost, 5),
        *weights,
        _how_it_ended(one),
    ]


def _placed(row: list[str], widths: list[int]) -> list[str]:
    """Return the cells of a row, the first and the last standing left and the numbers right."""
    first, *numbers, last = (
        cell.ljust(width) if place in {0, len(row) - 1} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return [first, *numbers, last]


def _how_it_ended(one: Standing) -> str:
    """Say how a run ended where it did so before its budget was spent."""
    if one.finish is None or one.finish.reason == "completed":
        return ""
    return str(one.finish.reason)


def _plain(problem: Problem, place: int, one: Standing) -> dict[str, Any]:
    run = one.contestant.experiment.run
    return {
        "place": place,
        "name": one.contestant.name,
        "optimizer": run.optimizer.model_dump(exclude_none=True),
        "learning_rate": run.learning_rate,
        "schedule": run.schedule.model_dump(exclude_none=True),
        "finish_reason": str(one.finish.reason) if one.finish is not None else "completed",
        "steps": one.step,
        "evaluations": one.evaluations,
        "cost": one.cost,
        "weights": dict(zip(problem.weight_names, one.way.weights[-1].tolist(), strict=True)),
    }
