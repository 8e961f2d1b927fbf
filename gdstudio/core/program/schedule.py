"""The text of a schedule of the learning rate: its scheduler, its steps, and what a new rate makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.core.listing import CodeLine, Part, code, listed
from gdstudio.core.settings.schedules.schedule import TorchSchedule

if TYPE_CHECKING:
    from gdstudio.core.listing import Lines
    from gdstudio.core.program.plan import Plan

_RESCALE = (
    "def rescale(scale):",
    '    """Multiply all rates of the schedule, which goes on from where it is."""',
    "    for group in optimizer.param_groups:",
    '        for name in ("lr", "initial_lr", "max_lr", "min_lr"):',
    "            if name in group:",
    "                group[name] = group[name] * scale",
    "    scheduler.base_lrs = [rate * scale for rate in scheduler.base_lrs]",
    "",
    "",
)


def scheduler(plan: Plan) -> Lines:
    """Return what makes the scheduler, and what changes the learning rate on the way."""
    schedule = plan.run.schedule
    if not isinstance(schedule, TorchSchedule):
        return _changed("learning_rates", plan.rates)
    total = plan.experiment.schedule_ticks
    made = code(f"scheduler = {schedule.expression('optimizer', plan.learning_rate, total)}")
    if not plan.rates:
        return made
    return (*made, *_changed("scales", plan.scales), *code("", "", *_RESCALE, part=Part.SCRIPT))


def _changed(name: str, numbers: dict[int, float]) -> Lines:
    if not numbers:
        return ()
    pairs = [f"{step}: {number!r}" for step, number in numbers.items()]
    first, *others = listed(f"{name} = {{", pairs, "}")
    return (CodeLine(first, note="as changed on the way, after these steps"), *code(*others))


def changed_rate(plan: Plan) -> Lines:
    """Return what of a step sets a learning rate that was changed on the way."""
    if not plan.rates:
        return ()
    if not plan.run.schedule.is_constant:
        return code("if step - 1 in scales:", "    rescale(scales[step - 1])")
    return code(
        "if step - 1 in learning_rates:",
        "    for group in optimizer.param_groups:",
        '        group["lr"] = learning_rates[step - 1]',
    )


def after_step(plan: Plan) -> Lines:
    """Return what follows the update of every step."""
    return _goes_on("the rate of the next step", plan) if not _is_by_epoch(plan) else ()


def after_epoch(plan: Plan) -> Lines:
    """Return what follows every epoch of mini-batches."""
    return _goes_on("the rate of the next epoch", plan) if _is_by_epoch(plan) else ()


def _goes_on(note: str, plan: Plan) -> Lines:
    return () if plan.run.schedule.is_constant else (CodeLine("scheduler.step()", note=note),)


def _is_by_epoch(plan: Plan) -> bool:
    return plan.is_mini and plan.experiment.steps_per_tick == plan.experiment.steps_per_epoch
