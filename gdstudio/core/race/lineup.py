"""Who takes part in a race: the experiment's own run, and one for each entrant of its ``[race]`` table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdstudio.core.numbers import format_number
from gdstudio.core.settings.optimizers import OPTIMIZERS
from gdstudio.core.settings.race import MOST_ENTRANTS, Entrant
from gdstudio.core.settings.schedules import SCHEDULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gdstudio.core.settings.experiment import Experiment


@dataclass(frozen=True, slots=True)
class Contestant:
    """One that takes part: its name, and the experiment that its run alone would be.

    Its ``place`` in the line-up, a number from 0, chooses its colour, dash and mark; the experiment's own run
    has place 0. ``has_own_rate`` says that changes of the run's learning rate do not concern it.
    """

    place: int
    name: str
    experiment: Experiment
    has_own_rate: bool = False


def line_up(experiment: Experiment) -> tuple[Contestant, ...]:
    """Return who takes part, the experiment's own run first; an entrant that would repeat it is left out.

    Where the experiment names no entrants, every optimizer takes part that can train its problem, in the
    forms that it has for this (`Optimizer.contestants`), or every schedule.
    """
    own = own_experiment(experiment)
    found: list[tuple[Entrant | None, Experiment]] = [(None, own)]
    for entrant in experiment.race.entrant or _all(experiment):
        made = own.with_entrant(entrant)
        if made != own:
            found.append((entrant, made))
        elif entrant.name:
            found[0] = entrant, own
    found = found[: MOST_ENTRANTS + 1]
    names = _names(found)
    return tuple(
        Contestant(place, name, made, entrant is not None and entrant.learning_rate is not None)
        for place, (name, (entrant, made)) in enumerate(zip(names, found, strict=True))
    )


def own_experiment(experiment: Experiment) -> Experiment:
    """Return the experiment by itself, without its race and without planned changes of the rate.

    A race makes the changes itself, for all whom they concern.
    """
    run = experiment.run.model_copy(update={"change": ()})
    return experiment.model_copy(update={"run": run, "race": type(experiment.race)()})


def _all(experiment: Experiment) -> Iterable[Entrant]:
    """Yield every optimizer in each of its forms, or every schedule, as far as the run can have it."""
    if experiment.race.between == "schedules":
        for schedule in SCHEDULES.classes().values():
            entrant = Entrant(schedule=schedule.model_validate({}))
            made = experiment.with_entrant(entrant)
            if not made.run.schedule.objection(made.schedule_ticks):
                yield entrant
        return
    for cls in OPTIMIZERS.classes().values():
        for optimizer in cls.contestants():
            if not experiment.why_not(optimizer):
                yield Entrant(optimizer=optimizer)


def _names(found: Sequence[tuple[Entrant | None, Experiment]]) -> list[str]:
    """Return a name for each: its own, or its optimizer's, with the rate where rates differ; no two alike."""
    rates = {made.run.learning_rate for _, made in found}
    optimizers = {made.run.optimizer for _, made in found}
    has_schedules = len({made.run.schedule for _, made in found}) > 1
    names: list[str] = []
    for entrant, made in found:
        run = made.run
        name = entrant.name if entrant is not None else ""
        if not name:
            schedule = f"α {run.schedule.title}" if has_schedules else ""
            alone = len(optimizers) == 1 and schedule
            parts = ["" if alone else run.optimizer.called, schedule]
            parts.append(f"α = {format_number(run.learning_rate, 4)}" if len(rates) > 1 else "")
            name = ", ".join(filter(None, parts))
        count = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return names
